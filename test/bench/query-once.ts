import { DuckDBConnection } from '@duckdb/node-api';
import { createEngine, type Engine } from '../../main/engine/engine.ts';
import { Database } from '../../main/engine/store/database.ts';
import { fixed } from '../../main/engine/store/sql.ts';
import { type FlowFilter, NO_FILTER, parseFilter } from '../../shared/domain/filter.ts';
import type { FlowKey, FlowOrder } from '../../shared/domain/flow.ts';
import { Cancelled } from '../../shared/failure/failure.ts';
import { NEVER } from '../../shared/ipc/cancel.ts';

// Asks what the screens ask of a project that holds a bench archive, before, while and after another
// is loaded, and cancels loads: `query-once.js PROJECT ARCHIVE OTHER SMALL`.
const [projectPath = '', archive = '', other = '', small = ''] = process.argv.slice(2);
const ROUNDS = 7;

const options = { projectPath, settingsPath: `${projectPath}.json`, version: 'bench' };
const quiet = { signal: NEVER, report: () => undefined };

function filterOf(text: string): FlowFilter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return { terms: parsed.terms, window: null };
}

const list = (by: readonly FlowKey[], order: FlowOrder, filter: FlowFilter = NO_FILTER) => ({
  filter,
  by: [...by],
  order,
  offset: 0,
  limit: 100,
});

/** The questions of the screens: of single flows (Q1), and of groups (Q2). */
function questions({ handlers }: Engine): Readonly<Record<string, () => Promise<unknown>>> {
  const flows = handlers['flow.list'];
  const ends = ['source', 'destination', 'service', 'action', 'rule', 'tag'] as const;
  return {
    'Q1 flow list': () => flows(list(ends, 'bytes'), quiet),
    'Q1 talkers': () => flows(list(['source'], 'bytes'), quiet),
    'Q1 histogram': () => handlers['flow.histogram']({ filter: NO_FILTER, buckets: 200 }, quiet),
    'Q1 one tag': () => flows(list(ends, 'bytes', filterOf('tag:SG-APP3-WEB')), quiet),
    'Q1 one address': () => flows(list(ends, 'bytes', filterOf('address:10.3.0.23')), quiet),
    'Q2 groups': () => flows(list(['sourceGroup', 'destinationGroup'], 'sessions'), quiet),
    'Q2 groups and services': () =>
      flows(list(['sourceGroup', 'destinationGroup', 'service'], 'sessions'), quiet),
    'Q2 map': () => handlers['graph.read']({ filter: NO_FILTER }, quiet),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Opens the archive and cancels once `isTime`; how long the engine took to stop, in milliseconds. */
async function cancelled(
  engine: Engine,
  path: string,
  arm: (
    cancel: () => void,
  ) => (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void,
): Promise<number | null> {
  const stop = new AbortController();
  let at = 0;
  const report = arm(() => {
    if (at > 0) return;
    at = performance.now();
    stop.abort();
  });
  const opening = engine.handlers['archive.open'](
    { paths: [path] },
    { signal: stop.signal, report },
  );
  return opening.then(
    () => null,
    (thrown: unknown) => {
      if (!(thrown instanceof Cancelled)) throw thrown;
      return performance.now() - at;
    },
  );
}

/** Fires when a statement with the words begins. */
function atStatement(words: string, fire: () => void): () => void {
  const { prototype } = DuckDBConnection;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the connection below
  const { runAndReadAll } = prototype;
  prototype.runAndReadAll = function (...args) {
    const running = runAndReadAll.apply(this, args);
    if (args[0].includes(words)) setTimeout(fire, 20);
    return running;
  };
  return () => {
    prototype.runAndReadAll = runAndReadAll;
  };
}

const engine = await createEngine(options);
await engine.handlers['archive.open']({ paths: [archive] }, quiet);
const warm: Record<string, number> = {};
for (const [name, ask] of Object.entries(questions(engine))) {
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) times.push(await timed(ask));
  warm[name] = percentile(times.slice(1), 0.5);
}

const cancelReading = await cancelled(engine, other, (cancel) => ({ doneBytes, totalBytes }) => {
  if (doneBytes > totalBytes / 2) cancel();
});
let fire: () => void = () => undefined;
const restore = atStatement('insert into flow', () => {
  fire();
});
const cancelSummingUp = await cancelled(engine, small, (cancel) => {
  fire = cancel;
  return () => undefined;
});
restore();

const during: number[] = [];
let isLoading = true;
const loading = engine.handlers['archive.open']({ paths: [other] }, quiet).finally(() => {
  isLoading = false;
});
while (isLoading) {
  for (const ask of Object.values(questions(engine))) {
    if (isLoading) during.push(await timed(ask));
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
}
await loading;
await engine.close();

const database = await Database.open(projectPath);
const raw: number[] = [];
for (let round = 0; round < 4; round++) {
  const question = fixed(`select src, dst, protocol, dst_port, action, rule, tag,
    count(*) as events, sum(bytes_forward + bytes_back) as bytes
    from event group by all order by bytes desc limit 100`);
  raw.push(await timed(() => database.query(question)));
}
database.close();
process.stdout.write(
  JSON.stringify({
    warm,
    cancelReading,
    cancelSummingUp,
    duringMedian: percentile(during, 0.5),
    duringP95: percentile(during, 0.95),
    duringCount: during.length,
    rawMedian: percentile(raw.slice(1), 0.5),
  }),
);
