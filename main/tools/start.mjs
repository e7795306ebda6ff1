import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt, ensurePackages, root } from './setup.mjs';

const ELECTRON_DEADLINE_MS = 60_000;

/** Whether Electron could show a window: it refuses to run as root on Linux. */
function canShowWindow() {
  if (process.platform !== 'linux') return true;
  const { DISPLAY = '', WAYLAND_DISPLAY = '' } = process.env;
  return (DISPLAY !== '' || WAYLAND_DISPLAY !== '') && process.getuid?.() !== 0;
}

/**
 * Fetches Electron's program where a window could be shown. The npm package comes without it. A
 * failure is no trouble: the workbench then runs in a browser and says so.
 */
function tryElectron() {
  const folder = path.join(root, 'node_modules/electron');
  if (!canShowWindow() || process.env['ELECTRON_OVERRIDE_DIST_PATH']) return;
  if (existsSync(path.join(folder, 'path.txt'))) return;
  process.stderr.write('Fetching Electron once, for at most a minute …\n');
  spawnSync(process.execPath, [path.join(folder, 'install.js')], {
    stdio: 'ignore',
    timeout: ELECTRON_DEADLINE_MS,
  });
}

ensurePackages();
await ensureBuilt();
tryElectron();
const ui = spawn(
  process.execPath,
  [path.join(root, 'dist/main/cli.js'), 'ui', '--sample', ...process.argv.slice(2)],
  { stdio: 'inherit', cwd: process.env['INIT_CWD'] ?? process.cwd() },
);
// A terminal's Ctrl-C reaches both processes; a second, different signal does the page no harm.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => process.platform !== 'win32' && ui.kill('SIGTERM'));
}
ui.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
