import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { NO_FILTER } from '../../../shared/domain/filter.ts';
import { aLog } from '../../support/archives.ts';
import { aFolder, anEngine } from '../../support/engine.ts';

const bundle = new URL('../../../dist/test/crash-loader.mjs', import.meta.url).pathname;

const loader = `
import { createEngine } from '../../main/engine/engine.ts';
const [projectPath, ...paths] = process.argv.slice(2);
const engine = await createEngine({ projectPath, settingsPath: projectPath + '.json', version: 't' });
process.stdout.write('open');
const never = { aborted: false, addEventListener() {}, removeEventListener() {} };
await engine.handlers['archive.open']({ paths }, { signal: never, report() {} });
await engine.close();
process.stdout.write('done');
`;

beforeAll(async () => {
  await build({
    stdin: { contents: loader, resolveDir: new URL('..', import.meta.url).pathname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    loader: { '.sql': 'text' },
    outfile: bundle,
    logLevel: 'warning',
  });
});

/** Loads the paths in a process of its own and kills it after the given time. */
async function loadAndKill(project: string, paths: readonly string[], killAfterMs: number) {
  const child = spawn(process.execPath, [bundle, project, ...paths], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (part: Buffer) => {
    if (said === '') setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    said += part.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  return said.endsWith('done');
}

describe('a process killed while it loads', () => {
  it('leaves every source whole or unfinished, and loading again gives the same totals', async () => {
    await using folder = await aFolder();
    const paths = [11, 12, 13, 14].map((host) => {
      const file = folder.file(`h${host}.log`);
      writeFileSync(file, aLog(60, host).repeat(1_000));
      return file;
    });
    const project = folder.file('p.segw');
    for (const killAfterMs of [0, 60, 120, 200, 300, 450]) {
      await loadAndKill(project, paths, killAfterMs);
      await using engine = await anEngine(project);
      const { sources } = await engine.client.call('project.read', {});
      for (const source of sources) {
        expect(source.state === 'done' ? source.events : 0).toBe(
          source.state === 'done' ? 60_000 : source.events,
        );
      }
      const finished = sources.filter((source) => source.state === 'done').length;
      const flows = await engine.client.call('flow.list', {
        filter: NO_FILTER,
        by: [],
        order: 'events',
        offset: 0,
        limit: 1,
      });
      expect(flows.totalEvents).toBe(finished * 60_000);
    }
    await using engine = await anEngine(project);
    await engine.client.call('archive.open', { paths });
    const { totals, sources } = await engine.client.call('project.read', {});
    expect(totals.events).toBe(4 * 60_000);
    expect(sources.map((source) => source.state)).toEqual(['done', 'done', 'done', 'done']);
  });
});
