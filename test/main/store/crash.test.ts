import { spawn } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../../main/engine/store/database.ts';
import { numberOf, textOf } from '../../../main/engine/store/rows.ts';
import { fixed } from '../../../main/engine/store/sql.ts';
import { FLOW_KEYS } from '../../../shared/domain/flow.ts';
import { NO_FILTER } from '../../../shared/domain/filter.ts';
import { createPrng, type Prng } from '../../sample/prng.ts';
import { aLine, aLog } from '../../support/archives.ts';
import { aFolder, anEngine, type TestFolder } from '../../support/engine.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const bundles = path.join(root, 'dist/test/crash');
const SEED = Number(process.env['SEGWRIGHT_CRASH_SEED'] ?? Date.now() % 1_000_000);
const KILLS = 50;

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

/** Statements during which the process is killed; each of them is met by every load. */
const STATEMENTS = [
  'insert into packed_event',
  'insert into source',
  'update source set',
  'append to name',
  'delete from flow',
  'insert into flow',
  'insert into minute',
  'append to leaf_member',
  'insert into node',
  'insert into inventory',
  '^commit',
  '^checkpoint',
] as const;

/** A way to kill a load: after some time, at some byte, or during some statement. */
interface Kill {
  readonly kind: 'time' | 'bytes' | 'statement';
  readonly what: string;
  readonly nth: number;
  readonly waitMs: number;
}

function aKill(prng: Prng, number: number, bytes: number): Kill {
  if (number % 5 === 0) return { kind: 'time', what: '', nth: 1, waitMs: prng.int(0, 900) };
  if (number % 5 === 1) {
    return { kind: 'bytes', what: String(prng.int(0, bytes)), nth: 1, waitMs: prng.int(0, 3) };
  }
  const what = STATEMENTS[number % STATEMENTS.length] ?? STATEMENTS[0];
  const isRepeated = what === '^commit';
  return { kind: 'statement', what, nth: isRepeated ? prng.int(1, 4) : 1, waitMs: prng.int(0, 6) };
}

/** Loads the paths in a process of its own that is killed. True where it came to its end before. */
async function loadAndKill(project: string, paths: readonly string[], kill: Kill) {
  const args = [kill.kind, kill.what, String(kill.nth), String(kill.waitMs)];
  const child = spawn(
    process.execPath,
    [path.join(bundles, 'crash-child.js'), project, ...args, ...paths],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  child.stdout.on('data', (part: Buffer) => {
    if (said === '' && kill.kind === 'time') setTimeout(() => child.kill('SIGKILL'), kill.waitMs);
    said += part.toString();
  });
  const [code, signal] = await new Promise<readonly [number | null, string | null]>((resolve) => {
    child.once('close', (...end) => {
      resolve(end);
    });
  });
  expect([code, signal], said).toEqual(signal === null ? [0, null] : [null, 'SIGKILL']);
  return signal === null;
}

/** Logs with everything that is counted: rejects, other lines, blank lines, repeats and overlaps. */
function writeLogs(folder: TestFolder): readonly string[] {
  const soiled = `${aLine(1)} extra->\nnot a firewall line\n\n2026-03-02T08:00:00.000Z No(13) FIREWALL-PKTLOG[7]: 8b4a1980 INET match PASS x OUT\n`;
  const write = (name: string, bytes: string | Uint8Array) => {
    const file = folder.file(name);
    writeFileSync(file, bytes);
    return file;
  };
  return [
    write('a.log', aLog(60, 11).repeat(200) + soiled),
    write('b.log.gz', gzipSync(aLog(60, 12).repeat(300))),
    write('c.log', aLog(60, 13, 'SGTSAPP').repeat(4_300)),
    write('overlap.log', aLog(40, 11).repeat(50) + aLog(20, 14, 'SGTSDB').repeat(50)),
    write('e.log', soiled + aLog(60, 15).repeat(100)),
  ];
}

/** Everything a user can see of a project, without its path. */
async function contentOf(project: string) {
  await using engine = await anEngine(project);
  const { sources, totals, window } = await engine.client.call('project.read', {});
  const flows = await engine.client.call('flow.list', {
    filter: NO_FILTER,
    by: FLOW_KEYS,
    order: 'events',
    offset: 0,
    limit: 10_000,
  });
  const rejects = await engine.client.call('reject.list', { offset: 0, limit: 1_000 });
  const histogram = await engine.client.call('flow.histogram', { filter: NO_FILTER, buckets: 60 });
  const inventory = await engine.client.call('inventory.read', {});
  const byText = (all: readonly unknown[]) => all.map((each) => JSON.stringify(each)).sort();
  return {
    sources: byText(sources),
    totals,
    window,
    flows: byText(flows.rows),
    events: flows.totalEvents,
    rejects: byText(rejects.rows),
    histogram,
    inventory,
  };
}

/** What must hold after every kill: a source is whole or not there at all, and sums are of whole ones. */
async function expectWhole(project: string, clue: string): Promise<number> {
  const stored = await (async () => {
    await using engine = await anEngine(project);
    const { sources } = await engine.client.call('project.read', {});
    for (const source of sources) expect(['done', 'unfinished'], clue).toContain(source.state);
    const flows = await engine.client.call('flow.list', {
      filter: NO_FILTER,
      by: [],
      order: 'events',
      offset: 0,
      limit: 1,
    });
    const done = sources.filter((source) => source.state === 'done');
    const kept = done.reduce((sum, { events, duplicates }) => sum + events - duplicates, 0);
    expect(flows.totalEvents, clue).toBe(kept);
    return { kept, done };
  })();
  const database = await Database.open(project);
  try {
    const count = async (statement: string) => {
      const [row] = await database.query(fixed(statement));
      return row === undefined ? Number.NaN : numberOf(row, 'n');
    };
    expect(await count('select count(*) as n from event'), clue).toBe(stored.kept);
    expect(
      await count(`select count(*) as n from reject where source not in
        (select id from source where state = 'done')`),
      clue,
    ).toBe(0);
    const twice = await database.query(
      fixed('select kind as text from name group by kind, code having count(*) > 1'),
    );
    expect(twice.map((row) => textOf(row, 'text'), clue)).toEqual([]);
    expect(await count('select coalesce(sum(events), 0)::bigint as n from minute'), clue).toBe(
      stored.kept,
    );
  } finally {
    database.close();
  }
  return stored.done.length;
}

describe('a process killed while it loads', () => {
  it(
    `${KILLS} times leaves every source whole or unfinished, and loading again gives the totals of an undisturbed load`,
    { timeout: 600_000 },
    async () => {
      process.stdout.write(`crash seed ${SEED}: SEGWRIGHT_CRASH_SEED=${SEED} repeats the points\n`);
      const prng = createPrng(SEED);
      await using folder = await aFolder();
      const paths = writeLogs(folder);
      const bytes = paths.reduce((sum, file) => sum + statSync(file).size, 0);
      const undisturbed = folder.file('undisturbed.segw');
      {
        await using engine = await anEngine(undisturbed);
        await engine.client.call('archive.open', { paths });
      }
      const wanted = await contentOf(undisturbed);
      const project = folder.file('p.segw');
      const killedAt = new Map<string, number>();
      let kills = 0;
      let resumed = 0;
      for (let number = 0; kills < KILLS; number++) {
        if (number > 4 * KILLS) throw new Error(`only ${kills} loads of ${number} were killed`);
        const kill = aKill(prng, number, bytes);
        const clue = `seed ${SEED}, load ${number}: ${JSON.stringify(kill)}`;
        const wasDone = await loadAndKill(project, paths, kill);
        if (!wasDone) {
          kills++;
          const site = kill.kind === 'statement' ? kill.what : kill.kind;
          killedAt.set(site, (killedAt.get(site) ?? 0) + 1);
        }
        const done = await expectWhole(project, clue);
        if (done < paths.length) continue;
        expect(await contentOf(project), clue).toEqual(wanted);
        resumed++;
        await rm(project);
        await rm(`${project}.wal`, { force: true });
      }
      process.stdout.write(
        `killed at ${JSON.stringify([...killedAt])}, resumed ${resumed} times\n`,
      );
      expect([...killedAt.keys()].sort()).toEqual(['bytes', 'time', ...STATEMENTS].sort());
      {
        await using engine = await anEngine(project);
        await engine.client.call('archive.open', { paths });
      }
      expect(await contentOf(project)).toEqual(wanted);
    },
  );
});
