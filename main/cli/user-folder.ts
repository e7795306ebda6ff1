import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder for what Segwright remembers about its user, the same one Electron's
 * `app.getPath('userData')` names, so that window and command line share settings
 * (https://www.electronjs.org/docs/latest/api/app#appgetpathname).
 */
export function userFolder(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const home = homedir();
  const base = {
    win32: env['APPDATA'] ?? path.join(home, 'AppData', 'Roaming'),
    darwin: path.join(home, 'Library', 'Application Support'),
    other: env['XDG_CONFIG_HOME'] ?? path.join(home, '.config'),
  };
  return path.join(
    platform === 'win32' || platform === 'darwin' ? base[platform] : base.other,
    'Segwright',
  );
}

/** The program's top folder; this code runs as dist/main/cli.js. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The sample archive of a checkout. */
export const SAMPLE = path.join(ROOT, 'test', 'fixtures', 'sample', 'books-small.tgz');

/** The file of remembered settings. */
export function settingsFile(): string {
  return path.join(userFolder(), 'settings.json');
}
