import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createEngine, type Engine } from '../../main/engine/engine.ts';
import { Database } from '../../main/engine/store/database.ts';
import { textOf } from '../../main/engine/store/rows.ts';
import { fixed } from '../../main/engine/store/sql.ts';
import { NO_FILTER, parseFilter, type FlowFilter } from '../../shared/domain/filter.ts';
import type { FlowKey } from '../../shared/domain/flow.ts';
import { NEVER } from '../../shared/ipc/cancel.ts';
import { writeBenchLog } from './log-writer.ts';

// What the screens ask, on a generated archive: `npm run bench -- queries [--lines N] [--rounds N] [--project FILE]`.
// Each figure stands beside a limit measured in the same run: one pass over the columns of the roll-up (Q1 to Q3,
// `pass`), the same sums over all events (Q4), and the same questions while nothing is loaded (Q5).
const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '10000000' },
    rounds: { type: 'string', default: '15' },
    project: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const quiet = { signal: NEVER, report: () => undefined };

/** What every answer should stay under at the 95th percentile, in milliseconds. */
const GOAL_MS = 50;

interface Times {
  readonly median: number;
  readonly p95: number;
}

function timesOf(list: readonly number[]): Times {
  const sorted = list.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { median: at(0.5), p95: at(0.95) };
}

async function timed(work: () => Promise<unknown>, times = rounds): Promise<Times> {
  await work();
  const list: number[] = [];
  for (let round = 0; round < times; round++) {
    const before = performance.now();
    await work();
    list.push(performance.now() - before);
  }
  return timesOf(list);
}

function filterOf(text: string, window: FlowFilter['window'] = null): FlowFilter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return { terms: parsed.terms, window };
}

const ENDS = ['direction', 'source', 'destination', 'service', 'action', 'rule', 'tag'] as const;

function questionsOf({ handlers }: Engine, window: NonNullable<FlowFilter['window']>) {
  const list = (by: readonly FlowKey[], filter: FlowFilter = NO_FILTER) =>
    handlers['flow.list']({ filter, by: [...by], order: 'bytes', offset: 0, limit: 100 }, quiet);
  const histogram = (filter: FlowFilter) =>
    handlers['flow.histogram']({ filter, buckets: 200 }, quiet);
  const middle = window.from + Math.floor((window.to - window.from) / 2);
  const hour = { from: middle, to: middle + 3_600_000 };
  const half = { from: window.from, to: middle };
  return {
    'Q1 flow list': () => list(ENDS),
    'Q1 flow list, page 100': () =>
      handlers['flow.list'](
        { filter: NO_FILTER, by: [...ENDS], order: 'bytes', offset: 10_000, limit: 100 },
        quiet,
      ),
    'Q1 without sides': () => list(ENDS.slice(1)),
    'Q1 verdicts': () => list(['action']),
    'Q1 top talkers': () => list(['source']),
    'Q1 services': () => list(['service']),
    'Q1 histogram': () => histogram(NO_FILTER),
    'Q1 one tag': () => list(ENDS, filterOf('tag:SG-APP3-WEB')),
    'Q1 one address': () => list(ENDS, filterOf('address:10.3.0.23')),
    'Q1 a block, a service': () => list(ENDS, filterOf('src:10.20.0.0/16 svc:443')),
    'Q1 lines of a flow': () =>
      handlers['flow.evidence'](
        { filter: filterOf('address:10.3.0.23 svc:443'), limit: 200 },
        quiet,
      ),
    'Q1 lines of everything': () =>
      handlers['flow.evidence']({ filter: NO_FILTER, limit: 200 }, quiet),
    'Q2 groups': () => list(['sourceGroup', 'destinationGroup']),
    'Q2 groups and services': () => list(['sourceGroup', 'destinationGroup', 'service']),
    'Q2 map': () => handlers['graph.read']({ filter: NO_FILTER }, quiet),
    'Q2 hits per group over time': () =>
      handlers['flow.groups']({ filter: NO_FILTER, buckets: 96 }, quiet),
    'brush 1 h: list': () => list(ENDS, { terms: [], window: hour }),
    'brush 1 h: map': () => handlers['graph.read']({ filter: { terms: [], window: hour } }, quiet),
    'brush half: list': () => list(ENDS, { terms: [], window: half }),
    'brush half: map': () => handlers['graph.read']({ filter: { terms: [], window: half } }, quiet),
    'brush half: hits per group': () =>
      handlers['flow.groups']({ filter: { terms: [], window: half }, buckets: 96 }, quiet),
    'tag: histogram': () => histogram(filterOf('tag:SG-APP3-WEB')),
    'action: histogram': () => histogram(filterOf('action:DROP')),
    'host: list': () => list(ENDS, filterOf(`host:${host}`)),
    'host: histogram': () => histogram(filterOf(`host:${host}`)),
    'seen: list': () => list(ENDS, filterOf('seen:vnic')),
    'tag: hits per group': () =>
      handlers['flow.groups']({ filter: filterOf('tag:SG-APP3-WEB'), buckets: 96 }, quiet),
  } satisfies Readonly<Record<string, () => Promise<unknown>>>;
}

function line(name: string, { median, p95 }: Times, limit: number, limitName: string): void {
  const mark = p95 <= GOAL_MS ? '' : `  over ${GOAL_MS} ms`;
  process.stdout.write(
    `${name.padEnd(30)} median ${median.toFixed(1).padStart(7)} ms  p95 ${p95.toFixed(1).padStart(7)} ms  ${(median / limit).toFixed(2).padStart(7)} of ${limitName}${mark}\n`,
  );
}

const folder = await mkdtemp(path.join(os.tmpdir(), 'segwright-bench-'));
const projectPath = values.project ?? path.join(folder, 'bench.segw');
const options = { projectPath, settingsPath: path.join(folder, 'settings.json'), version: 'bench' };
let host = '';
try {
  if (!existsSync(projectPath)) {
    const archive = path.join(folder, 'bench.log');
    await writeBenchLog({ lines: Number(values.lines), seed: 1, hosts: 8 }, archive);
    const loading = await createEngine(options);
    await loading.handlers['archive.open']({ paths: [archive] }, quiet);
    await loading.close();
    await rm(archive);
  }
  const store = await Database.open(projectPath);
  const ask = (text: string) => timed(() => store.query(fixed(text)));
  const counts = await store.query(
    fixed(`select (select count(*) from packed_event) as events, (select count(*) from flow) as flows,
      (select min(text) from name where kind = 'host' and text <> '') as host`),
  );
  host = counts[0] === undefined ? '' : textOf(counts[0], 'host');
  const pass = await ask(
    'select bit_xor(hash(source, destination, port, action, rule, tag, events)) from flow',
  );
  const raw = await ask(
    `select source, destination, protocol, port, action, rule, tag, count(*) as events, sum(bytes) as bytes
     from session_event group by all order by bytes desc limit 100`,
  );
  store.close();
  process.stdout.write(
    `${String(counts[0]?.['events'])} events, ${String(counts[0]?.['flows'])} flows, ${rounds} rounds each.\n` +
      `One pass over the roll-up: median ${pass.median.toFixed(1)} ms. The flow list from all events: ${raw.median.toFixed(0)} ms.\n`,
  );
  const engine = await createEngine(options);
  const { window } = await engine.handlers['project.read']({}, quiet);
  const questions = questionsOf(engine, window ?? { from: 0, to: 1 });
  for (const [name, question] of Object.entries(questions)) {
    const times = await timed(question);
    line(name, times, pass.median, 'a pass');
    if (name === 'Q1 flow list') line('Q4 flow list', times, raw.median, 'raw events');
  }
  const small = path.join(folder, 'more.log');
  await writeBenchLog({ lines: 1_000_000, seed: 2, hosts: 8 }, small);
  const names = ['Q1 flow list', 'Q1 histogram', 'Q2 groups'] as const;
  const idle = new Map<string, Times>();
  for (const name of names) idle.set(name, await timed(questions[name]));
  const busy = new Map<string, number[]>(names.map((name) => [name, []]));
  let isDone = false;
  const opening = engine.handlers['archive.open']({ paths: [small] }, quiet).finally(() => {
    isDone = true;
  });
  const over = () => isDone;
  while (!over()) {
    for (const name of names) {
      const before = performance.now();
      await questions[name]();
      busy.get(name)?.push(performance.now() - before);
    }
  }
  await opening;
  for (const name of names) {
    const { median } = idle.get(name) ?? { median: NaN };
    line(
      name.replace(/^Q\d/, 'Q5 while loading:'),
      timesOf(busy.get(name) ?? []),
      median,
      'the same, idle',
    );
  }
  await engine.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}
