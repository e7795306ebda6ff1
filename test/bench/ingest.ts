import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeBenchLog } from './log-writer.ts';
import {
  hasCommand,
  type Measured,
  median,
  range,
  ratios,
  runScript,
  timedCommand,
} from './measured.ts';
import { progressCost } from './progress-cost.ts';

interface Opened extends Measured {
  readonly lines: number;
  readonly events: number;
  readonly peakMegabytes: number;
  readonly projectBytes: number;
  readonly stallMilliseconds: number;
  readonly reports: number;
}

interface Asked {
  readonly warm: Readonly<Record<string, number>>;
  readonly cancelReading: number | null;
  readonly cancelSummingUp: number | null;
  readonly duringMedian: number;
  readonly duringP95: number;
  readonly duringCount: number;
  readonly rawMedian: number;
}

const { values } = parseArgs({
  options: {
    lines: { type: 'string', multiple: true, default: ['1000000'] },
    pairs: { type: 'string', default: '3' },
    folder: { type: 'string', default: path.join(os.tmpdir(), 'segwright-bench') },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);
const project = path.join(values.folder, 'bench.segw');

/** The archive of so many lines, plain and gzipped, written where it is not there yet. */
async function archiveOf(lines: number, seed: number): Promise<{ plain: string; packed: string }> {
  const plain = path.join(values.folder, seed === 1 ? `${lines}.log` : `${lines}-${seed}.log`);
  const packed = `${plain}.gz`;
  if (!existsSync(packed)) {
    say(`writing ${lines.toLocaleString('en')} lines …`);
    await writeBenchLog({ lines, seed }, plain, packed);
  }
  return { plain, packed };
}

/** All runs of one size; what stands beside each other was run one after the other. */
function runPairs(plain: string, packed: string) {
  const runs = {
    gzip: [] as Measured[],
    packed: [] as Opened[],
    plain: [] as Opened[],
    flowsOnly: [] as Opened[],
    mawk: [] as Measured[],
    sql: [] as Measured[],
    wasm: [] as Measured[],
    typescript: [] as Measured[],
  };
  const hasMawk = hasCommand('mawk');
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    runs.gzip.push(timedCommand(`gzip -dc '${packed}' > /dev/null`));
    runs.packed.push(runScript('open-once', project, packed) as Opened);
    runs.flowsOnly.push(runScript('open-once', project, packed, '--keep', 'flows') as Opened);
    runs.plain.push(runScript('open-once', project, plain) as Opened);
    runs.sql.push(runScript('sql-once', `${project}.sql`, plain) as Measured);
    if (hasMawk)
      runs.mawk.push(timedCommand(`mawk '{n+=NF} END {print n}' '${plain}' > /dev/null`));
    runs.wasm.push(runScript('parse-once', plain, 'wasm') as Measured);
    runs.typescript.push(runScript('parse-once', plain, 'typescript') as Measured);
  }
  return runs;
}

type Runs = ReturnType<typeof runPairs>;

function sayRuns(runs: Runs, lines: number, plainBytes: number, packedBytes: number): void {
  for (const [name, of] of [
    ['.gz', runs.packed],
    ['plain', runs.plain],
    ['.gz, flows only', runs.flowsOnly],
  ] as const) {
    const middle = (pick: (run: Opened) => number) => median(of.map(pick));
    const speed = middle((run) => run.lines / run.wallSeconds);
    say(
      `  ${name.padEnd(16)} ${(speed / 1e6).toFixed(2)} M lines/s, ${((speed * plainBytes) / lines / 1e6).toFixed(0)} MB/s, wall ${middle((run) => run.wallSeconds).toFixed(2)} s, CPU ${middle((run) => run.cpuSeconds).toFixed(2)} s, peak ${middle((run) => run.peakMegabytes).toFixed(0)} MB, ${middle((run) => run.projectBytes / run.events).toFixed(1)} project bytes/event, stall ${middle((run) => run.stallMilliseconds).toFixed(0)} ms`,
    );
  }
  const size = (of: readonly Opened[]) => median(of.map((run) => run.projectBytes / packedBytes));
  say(
    `  project / .gz size ${size(runs.packed).toFixed(2)}, flows only ${size(runs.flowsOnly).toFixed(3)}; gzip -dc CPU ${range(runs.gzip.map((run) => run.cpuSeconds))} s, wall ${range(runs.gzip.map((run) => run.wallSeconds))} s`,
  );
  const compare = (
    name: string,
    goal: string,
    own: readonly Measured[],
    limits: readonly Measured[],
  ) => {
    if (limits.length > 0) say(`  ${name.padEnd(38)} ${ratios(own, limits)}  (${goal})`);
  };
  say('  ratios, min/median/max over pairs; goals are of ten million lines: good, great');
  compare('.gz opened / gzip -dc', 'I2 CPU 2.5, 2.0; I1 wall 1.6, 1.25', runs.packed, runs.gzip);
  compare('plain opened / gzip -dc', 'I4 CPU 2.1, 1.6; I3 wall 1.3, 0.95', runs.plain, runs.gzip);
  compare('.gz flows only / gzip -dc', 'I8 wall 1.3, 0.95', runs.flowsOnly, runs.gzip);
  compare('plain opened / read_csv with SQL', 'I7 CPU 0.4, 0.25', runs.plain, runs.sql);
  compare('plain opened / mawk fields', 'no goal', runs.plain, runs.mawk);
  compare('parser alone / mawk fields', 'I5 CPU 1.6, 0.8', runs.wasm, runs.mawk);
  compare('parser in TypeScript / mawk fields', 'I5 CPU 1.6, 0.8', runs.typescript, runs.mawk);
}

async function sayProgress(runs: Runs): Promise<void> {
  const each = await progressCost();
  const share = median(runs.packed.map((run) => (run.reports * each) / run.cpuSeconds));
  say(
    `  progress: ${median(runs.packed.map((run) => run.reports))} messages of ${(each * 1e6).toFixed(0)} µs CPU, ${(share * 100).toFixed(3)} % of the load (goal 1 %)`,
  );
}

function sayAsked(asked: Asked): void {
  const of = (goal: 'Q1' | 'Q2') =>
    Object.entries(asked.warm)
      .filter(([name]) => name.startsWith(goal))
      .map(([name, ms]) => `${name.slice(3)} ${ms.toFixed(1)}`)
      .join(', ');
  say(`  Q1 warm median, ms (50, 15): ${of('Q1')}`);
  say(`  Q2 warm median, ms (100, 50): ${of('Q2')}`);
  const list = asked.warm['Q1 flow list'] ?? Number.NaN;
  say(
    `  Q4 flow list / the same of events: ${list.toFixed(1)} / ${asked.rawMedian.toFixed(0)} ms = 1/${(asked.rawMedian / list).toFixed(0)} (1/20, 1/40)`,
  );
  say(
    `  Q5 while loading: median ${asked.duringMedian.toFixed(0)} ms, p95 ${asked.duringP95.toFixed(0)} ms of ${asked.duringCount} (p95 150, 75)`,
  );
  const ms = (value: number | null) =>
    value === null ? 'came too late' : `${value.toFixed(0)} ms`;
  say(
    `  cancel: while reading ${ms(asked.cancelReading)}, while summing up ${ms(asked.cancelSummingUp)} (goal 1,000 ms)`,
  );
}

/** Ratios of the largest archive to the smallest. */
function sayGrowth(sizes: readonly { readonly lines: number; readonly runs: Runs }[]): void {
  const sorted = [...sizes].sort((a, b) => a.lines - b.lines);
  const [small] = sorted;
  const large = sorted.at(-1);
  if (small === undefined || large === undefined || small === large) return;
  const factor = large.lines / small.lines;
  say(
    `\ngrowth from ${small.lines.toLocaleString('en')} to ${large.lines.toLocaleString('en')} lines, ${factor} times:`,
  );
  for (const name of ['packed', 'plain', 'flowsOnly'] as const) {
    const grown = (pick: (run: Opened) => number) =>
      (median(large.runs[name].map(pick)) / median(small.runs[name].map(pick))).toFixed(2);
    say(
      `  ${name.padEnd(10)} CPU ${grown((run) => run.cpuSeconds)} (G1 11.5, 10.5), wall ${grown((run) => run.wallSeconds)} (13, 12), peak memory ${grown((run) => run.peakMegabytes)} (M2, of 100 M to 10 M: 1.3, 1.15), project ${grown((run) => run.projectBytes)}`,
    );
  }
}

async function measure(lines: number) {
  const { plain, packed } = await archiveOf(lines, 1);
  const plainBytes = statSync(plain).size;
  const packedBytes = statSync(packed).size;
  say(
    `\n${lines.toLocaleString('en')} lines, ${(plainBytes / 1e6).toFixed(0)} MB, gzipped ${(packedBytes / 1e6).toFixed(0)} MB; load of the machine ${os.loadavg()[0]?.toFixed(1)}`,
  );
  const runs = runPairs(plain, packed);
  sayRuns(runs, lines, plainBytes, packedBytes);
  await sayProgress(runs);
  const other = await archiveOf(1_000_000, 2);
  const small = await archiveOf(1_000, 3);
  for (const suffix of ['', '.wal']) rmSync(`${project}${suffix}`, { force: true });
  sayAsked(runScript('query-once', project, packed, other.packed, small.packed) as Asked);
  return { lines, runs };
}

mkdirSync(values.folder, { recursive: true });
const sizes: Awaited<ReturnType<typeof measure>>[] = [];
for (const lines of values.lines) sizes.push(await measure(Number(lines)));
sayGrowth(sizes);
