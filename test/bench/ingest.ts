import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeBenchLog } from './log-writer.ts';

interface Measured {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

interface Opened extends Measured {
  readonly lines: number;
  readonly events: number;
  readonly peakMegabytes: number;
  readonly projectBytes: number;
}

const { values } = parseArgs({
  options: {
    lines: { type: 'string', multiple: true, default: ['1000000'] },
    pairs: { type: 'string', default: '3' },
    folder: { type: 'string', default: path.join(os.tmpdir(), 'segwright-bench') },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);
const openOnce = new URL('./open-once.js', import.meta.url).pathname;

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Times a shell command with bash's own clock. */
function timed(command: string): Measured {
  const script = `TIMEFORMAT='%R %U %S'; time { ${command}; }`;
  const run = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  const [wall = 0, user = 0, system = 0] = (run.stderr.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  return { wallSeconds: wall, cpuSeconds: user + system };
}

function open(project: string, archive: string): Opened {
  return JSON.parse(
    execFileSync(process.execPath, [openOnce, project, archive], { encoding: 'utf8' }),
  ) as Opened;
}

function hasCommand(name: string): boolean {
  return spawnSync('bash', ['-c', `command -v ${name}`]).status === 0;
}

function range(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const text = (value: number | undefined) => (value ?? Number.NaN).toFixed(2);
  return `${text(sorted[0])}/${text(median(sorted))}/${text(sorted.at(-1))}`;
}

function compare(name: string, runs: readonly Measured[], limits: readonly Measured[]): void {
  const ratio = (pick: (each: Measured) => number) =>
    range(runs.map((run, index) => pick(run) / pick(limits[index] ?? run)));
  say(
    `  ${name.padEnd(34)} CPU ${ratio((r) => r.cpuSeconds)}  wall ${ratio((r) => r.wallSeconds)}`,
  );
}

async function measure(lines: number): Promise<void> {
  mkdirSync(values.folder, { recursive: true });
  const plain = path.join(values.folder, `${lines}.log`);
  const packed = `${plain}.gz`;
  if (!existsSync(packed)) {
    say(`writing ${lines.toLocaleString('en')} lines …`);
    await writeBenchLog({ lines, seed: 1 }, plain, packed);
  }
  const plainBytes = statSync(plain).size;
  const packedBytes = statSync(packed).size;
  say(
    `\n${lines.toLocaleString('en')} lines, ${(plainBytes / 1e6).toFixed(0)} MB, gzipped ${(packedBytes / 1e6).toFixed(0)} MB`,
  );
  const project = path.join(values.folder, 'bench.segw');
  const results = {
    gzip: [] as Measured[],
    packed: [] as Opened[],
    plain: [] as Opened[],
    mawk: [] as Measured[],
  };
  const awk = hasCommand('mawk') ? 'mawk' : undefined;
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    results.gzip.push(timed(`gzip -dc '${packed}' > /dev/null`));
    results.packed.push(open(project, packed));
    results.plain.push(open(project, plain));
    if (awk !== undefined)
      results.mawk.push(timed(`${awk} '{n+=NF} END {print n}' '${plain}' > /dev/null`));
  }
  for (const [name, runs] of [
    ['.gz', results.packed],
    ['plain', results.plain],
  ] as const) {
    const speed = median(runs.map((run) => run.lines / run.wallSeconds));
    const peak = median(runs.map((run) => run.peakMegabytes));
    const perEvent = median(runs.map((run) => run.projectBytes / run.events));
    const cpu = median(runs.map((run) => run.cpuSeconds));
    const wall = median(runs.map((run) => run.wallSeconds));
    say(
      `  ${name.padEnd(6)} ${(speed / 1e6).toFixed(2)} M lines/s, ${((speed * plainBytes) / lines / 1e6).toFixed(0)} MB/s, wall ${wall.toFixed(2)} s, CPU ${cpu.toFixed(2)} s, peak ${peak.toFixed(0)} MB, ${perEvent.toFixed(1)} project bytes/event`,
    );
  }
  const packedProject = median(results.packed.map((run) => run.projectBytes / packedBytes));
  say(
    `  project / .gz size ${packedProject.toFixed(2)}; gzip -dc wall ${range(results.gzip.map((run) => run.wallSeconds))} s`,
  );
  say('  ratios, min/median/max over pairs:');
  compare('.gz opened / gzip -dc', results.packed, results.gzip);
  compare('plain opened / gzip -dc', results.plain, results.gzip);
  if (awk !== undefined) compare('plain opened / mawk field count', results.plain, results.mawk);
}

for (const lines of values.lines) await measure(Number(lines));
