import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { FLOW_KEYS } from '../../../shared/domain/flow.ts';
import { NO_FILTER } from '../../../shared/domain/filter.ts';
import { aLog } from '../../support/archives.ts';
import { aFolder, anEngine, type TestFolder } from '../../support/engine.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const bundles = path.join(root, 'dist/test/crash-flows');

beforeAll(async () => {
  await build({
    entryPoints: [
      { in: path.join(root, 'test/main/store/crash-child.ts'), out: 'crash-child' },
      { in: path.join(root, 'main/engine/parse-worker.ts'), out: 'parse-worker' },
    ],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    loader: { '.sql': 'text' },
    outdir: bundles,
    logLevel: 'warning',
  });
});

/** Statements during which the process is killed, and which time they run. */
const KILLS = [
  ['insert into source', 2],
  ['insert into temp.summed', 2],
  ['insert into kept_flow', 1],
  ['insert into kept_flow', 3],
  ['insert into kept_minute', 2],
  ['update source set', 2],
  ['^commit', 3],
  ['insert into flow', 1],
] as const;

function writeLogs(folder: TestFolder): readonly string[] {
  const write = (name: string, bytes: string | Uint8Array) => {
    const file = folder.file(name);
    writeFileSync(file, bytes);
    return file;
  };
  return [
    write('a.log', aLog(60, 11).repeat(200)),
    write('b.log.gz', gzipSync(aLog(60, 12).repeat(300))),
    write('c.log', aLog(60, 13, 'SGTSAPP').repeat(400)),
  ];
}

/** Loads the paths, flows only, in a process of its own that is killed. */
async function killed(project: string, paths: readonly string[], what: string, nth: number) {
  const args = [project, 'statement', what, String(nth), '0', ...paths];
  const child = spawn(process.execPath, [path.join(bundles, 'crash-child.js'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, SEGWRIGHT_CRASH_KEEP: 'flows' },
  });
  return new Promise<string | null>((resolve) => {
    child.once('close', (_, signal) => {
      resolve(signal);
    });
  });
}

async function contentOf(project: string) {
  await using engine = await anEngine(project);
  const { sources, totals } = await engine.client.call('project.read', {});
  const question = { filter: NO_FILTER, by: FLOW_KEYS, order: 'events', offset: 0, limit: 1_000 };
  const flows = await engine.client.call('flow.list', { ...question, order: 'events' });
  const histogram = await engine.client.call('flow.histogram', { filter: NO_FILTER, buckets: 60 });
  return { sources, totals, flows, histogram };
}

describe('a process killed while it loads flows only', () => {
  it.each(KILLS)(
    'during "%s", time %i, leaves every source whole or unfinished, and nothing counts twice',
    async (what, nth) => {
      await using folder = await aFolder();
      const paths = [...writeLogs(folder)];
      const undisturbed = folder.file('undisturbed.segw');
      {
        await using engine = await anEngine(undisturbed);
        await engine.client.call('archive.open', { paths, keep: 'flows' });
      }
      const project = folder.file('p.segw');
      expect(await killed(project, paths, what, nth)).toBe('SIGKILL');
      const { sources, flows } = await contentOf(project);
      const done = sources.filter(({ state }) => state === 'done');
      for (const { state } of sources) expect(['done', 'unfinished']).toContain(state);
      expect(flows.totalEvents).toBe(done.reduce((sum, { events }) => sum + events, 0));
      {
        await using engine = await anEngine(project);
        await engine.client.call('archive.open', { paths, keep: 'flows' });
      }
      expect(await contentOf(project)).toEqual(await contentOf(undisturbed));
    },
  );
});
