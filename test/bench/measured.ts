import { execFileSync, spawnSync } from 'node:child_process';

/** What a process took. */
export interface Measured {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

/** The middle one of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The least, the middle and the greatest of some numbers. */
export function range(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const text = (value: number | undefined) => (value ?? Number.NaN).toFixed(2);
  return `${text(sorted[0])}/${text(median(sorted))}/${text(sorted.at(-1))}`;
}

/** Times a shell command with bash's own clock. */
export function timedCommand(command: string): Measured {
  const script = `TIMEFORMAT='%R %U %S'; time { ${command}; }`;
  const run = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  const [wall = 0, user = 0, system = 0] = (run.stderr.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  return { wallSeconds: wall, cpuSeconds: user + system };
}

/** Whether the shell knows a command. */
export function hasCommand(name: string): boolean {
  return spawnSync('bash', ['-c', `command -v ${name}`]).status === 0;
}

/** Runs a script of this folder in a process of its own and reads what it says in JSON. */
export function runScript(name: string, ...args: readonly string[]): unknown {
  const script = new URL(`./${name}.js`, import.meta.url).pathname;
  return JSON.parse(
    execFileSync(process.execPath, [script, ...args], { encoding: 'utf8', maxBuffer: 1 << 24 }),
  );
}

/** Ratios of runs to the limits measured next to them, pair by pair, in processor and wall seconds. */
export function ratios(runs: readonly Measured[], limits: readonly Measured[]): string {
  const of = (pick: (each: Measured) => number) =>
    range(runs.map((run, index) => pick(run) / pick(limits[index] ?? run)));
  return `CPU ${of((run) => run.cpuSeconds)}  wall ${of((run) => run.wallSeconds)}`;
}
