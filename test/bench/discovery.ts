import { parseArgs } from 'node:util';
import { discoverWorld } from '../worlds/discover-world.ts';
import { calibrate, calibrationError, type Judged } from '../worlds/judge.ts';
import type { Measure } from '../worlds/measure.ts';
import type { WorldOptions } from '../worlds/options.ts';
import { LARGE, MEDIUM, SMALL } from '../worlds/options.ts';
import type { Score } from '../worlds/score.ts';
import type { Setting } from '../worlds/settings.ts';
import { ARCHIVE, SETTINGS } from '../worlds/settings.ts';
import { fittedScales } from './fit-confidence.ts';
import { timeDiscovery, type DiscoveryTime } from './time-discovery.ts';

const SIZES: Readonly<Record<string, WorldOptions>> = {
  small: SMALL,
  medium: MEDIUM,
  large: LARGE,
};

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    seeds: { type: 'string', default: '20' },
    first: { type: 'string', default: '1' },
    setting: { type: 'string', multiple: true, default: SETTINGS.map(({ name }) => name) },
    size: { type: 'string', default: 'medium' },
    show: { type: 'string', default: '0' },
    fit: { type: 'boolean', default: false },
  },
});

const ALL: readonly Setting[] = [...SETTINGS, ARCHIVE];

const say = (text: string) => process.stdout.write(`${text}\n`);

const KINDS = [
  'members',
  'nesting',
  'vips',
  'snat',
  'pools',
  'tiers',
  'applications',
  'names',
  'shared',
  'sharedServices',
  'spurious',
] as const;

interface Run {
  readonly seed: number;
  readonly score: Score;
  readonly time: DiscoveryTime;
}

const mean = (numbers: readonly number[]) =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

const share = (value: number) => value.toFixed(3);

function row(cells: readonly string[]): string {
  const [first = '', ...rest] = cells;
  return `  ${first.padEnd(16)}${rest.map((cell) => cell.padStart(11)).join('')}`;
}

function measureRow(kind: (typeof KINDS)[number], runs: readonly Run[]): string {
  const held = runs.flatMap(({ seed, score }) => {
    const measure: Measure | null = score[kind];
    return measure === null ? [] : [{ seed, ...measure }];
  });
  if (held.length === 0) return row([kind, '-']);
  const worst = held.reduce((low, each) => (each.f1 < low.f1 ? each : low));
  return row([
    kind,
    share(mean(held.map(({ precision }) => precision))),
    share(mean(held.map(({ recall }) => recall))),
    share(mean(held.map((each) => each.f1))),
    share(worst.f1),
    worst.f1 === 1 ? '' : `seed ${worst.seed}`,
    `${held.filter((each) => each.f1 === 1).length}/${held.length}`,
  ]);
}

/** The mean of a figure, and the worst of them by `compareWorst`, which is negative where its first is worse. */
function numberRow(
  name: string,
  figures: readonly (readonly [number, number])[],
  compareWorst: (a: number, b: number) => number,
): string {
  const [worst] = [...figures].sort(([, a], [, b]) => compareWorst(a, b));
  if (worst === undefined) return row([name, '-']);
  const average = mean(figures.map(([, value]) => value));
  return row([name, '', '', share(average), share(worst[1]), `seed ${worst[0]}`]);
}

function showFailures({ seed, score }: Run, most: number): void {
  for (const kind of KINDS) {
    const measure = score[kind];
    if (measure === null) continue;
    for (const [word, list] of [
      ['missed', measure.missed],
      ['wrong', measure.wrong],
    ] as const) {
      if (list.length === 0) continue;
      const rest = list.length > most ? ` and ${list.length - most} more` : '';
      say(`    seed ${seed} ${kind} ${word}: ${list.slice(0, most).join('; ')}${rest}`);
    }
  }
}

function sayCalibration(findings: readonly Judged[]): void {
  say(`\ncalibration of ${findings.length} findings, error ${share(calibrationError(findings))}`);
  say(row(['confidence', 'count', 'said', 'right']));
  for (const { from, count, said, right } of calibrate(findings)) {
    if (count > 0) say(row([`from ${from}`, String(count), share(said), share(right)]));
  }
  for (const kind of new Set(findings.map((finding) => finding.kind))) {
    const own = findings.filter((finding) => finding.kind === kind);
    const filled = calibrate(own).filter(({ count }) => count > 0);
    const cells = filled.map(({ from, count, right }) => `${from}: ${share(right)} of ${count}`);
    say(`  ${kind.padEnd(12)} error ${share(calibrationError(own))}  ${cells.join('  ')}`);
  }
}

async function measure(setting: Setting, size: WorldOptions): Promise<readonly Judged[]> {
  const runs: Run[] = [];
  const most = Number(values.show);
  const { lines } = setting.options(Number(values.first), size);
  say(`\n${setting.name}, ${values.seeds} seeds from ${values.first}, about ${lines} lines each`);
  for (let i = 0; i < Number(values.seeds); i++) {
    const seed = Number(values.first) + i;
    let time: DiscoveryTime = { flows: 0, wallSeconds: 0, cpuSeconds: 0 };
    const { score } = await discoverWorld(seed, setting.options(seed, size), async (project) => {
      time = await timeDiscovery(project);
    });
    const run = { seed, score, time };
    runs.push(run);
    if (most > 0) showFailures(run, most);
  }
  say(row(['', 'precision', 'recall', 'F1', 'worst F1', '', 'perfect']));
  for (const kind of KINDS) say(measureRow(kind, runs));
  const rated = runs.flatMap(({ seed, score }) =>
    score.ari === null ? [] : [[seed, score.ari] as const],
  );
  const times = (pick: (time: DiscoveryTime) => number) =>
    runs.map(({ seed, time }) => [seed, pick(time)] as const);
  say(numberRow('ARI of roles', rated, (a, b) => a - b));
  say(
    numberRow(
      'seconds',
      times(({ wallSeconds }) => wallSeconds),
      (a, b) => b - a,
    ),
  );
  say(
    numberRow(
      'CPU seconds',
      times(({ cpuSeconds }) => cpuSeconds),
      (a, b) => b - a,
    ),
  );
  const flows = Math.max(...runs.map(({ time }) => time.flows));
  say(`  up to ${flows.toLocaleString('en')} flows`);
  return runs.flatMap(({ score }) => score.findings);
}

const size = SIZES[values.size];
if (size === undefined) throw new Error(`${values.size} is no size: small, medium or large.`);
const findings: Judged[] = [];
for (const name of values.setting) {
  const setting = ALL.find((each) => each.name === name);
  if (setting === undefined) {
    throw new Error(`${name} is no setting: ${ALL.map((each) => each.name).join(', ')}.`);
  }
  findings.push(...(await measure(setting, size)));
}
sayCalibration(findings);
if (values.fit) {
  say(
    `\nSCALES of main/engine/discover/confidence.ts, fitted on these findings\n${fittedScales(findings)}`,
  );
}
