import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { hasDisplay } from './desktop.ts';

/** Electron's program, or the sentence that says why there is none to start. */
export type ElectronFound =
  { readonly ok: true; readonly program: string } | { readonly ok: false; readonly why: string };

/** A window that ended sooner and with an error has not really started, in milliseconds. */
const START_MS = 10_000;

/**
 * Where the `electron` package keeps its program, as its index.js finds it. The package is not
 * imported: that would start a download.
 */
function programOf(packageFolder: string, env: NodeJS.ProcessEnv): string | undefined {
  const mark = path.join(packageFolder, 'path.txt');
  const relative = existsSync(mark) ? readFileSync(mark, 'utf8').trim() : undefined;
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'] ?? '';
  let program: string | undefined;
  if (override !== '') program = path.join(override, relative ?? 'electron');
  else if (relative !== undefined) program = path.join(packageFolder, 'dist', relative);
  return program !== undefined && existsSync(program) ? program : undefined;
}

/** Looks for an Electron that can open a window here. */
export function findElectron(
  root: string,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  userId: number | undefined = process.getuid?.(),
): ElectronFound {
  const program = programOf(path.join(root, 'node_modules', 'electron'), env);
  if (program === undefined) return { ok: false, why: 'Electron is not installed here' };
  if (!hasDisplay(env, platform)) return { ok: false, why: 'there is no display for a window' };
  if (platform === 'linux' && userId === 0) {
    return { ok: false, why: 'Electron does not run its sandbox as root' };
  }
  return { ok: true, program };
}

/** How a window ended: with an exit code, or before it had started. */
export type WindowEnd =
  { readonly started: true; readonly exitCode: number } | { readonly started: false };

/** Runs the window until it is closed. Ctrl-C closes it. */
export function runWindow(
  program: string,
  root: string,
  paths: readonly string[],
): Promise<WindowEnd> {
  return new Promise((resolve) => {
    const begun = performance.now();
    const child = spawn(program, [root, ...paths], { stdio: 'inherit' });
    const stop = () => child.kill('SIGTERM');
    process.on('SIGINT', stop).on('SIGTERM', stop);
    const end = (result: WindowEnd) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve(result);
    };
    child.once('error', () => {
      end({ started: false });
    });
    child.once('exit', (code, signal) => {
      const exitCode = code ?? (child.killed ? 0 : 3);
      const isCrash = exitCode !== 0 && signal !== 'SIGTERM';
      if (isCrash && performance.now() - begun < START_MS) end({ started: false });
      else end({ started: true, exitCode });
    });
  });
}
