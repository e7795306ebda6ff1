import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CLI = path.join(ROOT, 'dist/main/cli.js');
/** No build takes longer. */
const BUILD_MS = 100_000;

/** How a run of the command line ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command line. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until standard output matches. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

/** A folder of a test file's own in which the built command line runs, as its users run it. */
export interface Workplace {
  /** The folder, deleted afterwards. */
  readonly folder: string;
  start(...args: string[]): Running;
  run(...args: string[]): Promise<Ended>;
}

/** Test files run side by side; only one of them may build. */
async function lockBuild(): Promise<() => void> {
  const lock = path.join(ROOT, 'dist', '.building');
  mkdirSync(path.dirname(lock), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      return () => rmSync(lock, { recursive: true, force: true });
    } catch {
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      // Left behind by a run that was killed.
      if (since > 0 && Date.now() - since > BUILD_MS)
        rmSync(lock, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function ensureBuilt(): Promise<void> {
  const unlock = await lockBuild();
  try {
    const script =
      "const { ensureBuilt } = await import('./main/tools/setup.mjs'); await ensureBuilt();";
    // The test runner's NODE_ENV would make it a build for tests.
    const env = { ...process.env, NODE_ENV: 'production' };
    const args = ['--input-type=module', '--eval', script];
    const done = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`the build failed: ${done.stderr}`);
  } finally {
    unlock();
  }
}

function follow(child: ChildProcess): Running {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  return {
    child,
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(stdout);
          if (match !== null) resolve(match);
        };
        child.stdout?.on('data', look);
        look();
        void ended.then(() => {
          reject(new Error(`it ended without printing ${String(pattern)}: ${stdout}${stderr}`));
        });
      }),
  };
}

/** Builds Segwright if need be and makes a {@link Workplace} for the tests of a file. */
export function useBuiltCli(): Workplace {
  const folder = mkdtempSync(path.join(tmpdir(), 'segwright-cli-'));
  const running = new Set<ChildProcess>();
  beforeAll(ensureBuilt);
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  function start(...args: string[]): Running {
    const home = path.join(folder, 'home');
    const env = { ...process.env, XDG_CONFIG_HOME: home, APPDATA: home };
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env });
    running.add(child);
    child.once('close', () => running.delete(child));
    return follow(child);
  }

  return { folder, start, run: (...args) => start(...args).ended };
}

/** Checks that a run ended with the code and one clear line on standard error, and returns the line. */
export function oneLine({ code, stderr }: Ended, wanted: number): string {
  expect({ code, stderr }).toEqual({ code: wanted, stderr: expect.any(String) as unknown });
  expect(stderr).toMatch(/^segwright: [A-Z"-].+[.)]\n$/);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  return stderr;
}
