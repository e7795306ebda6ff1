import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

/** The repository's top folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

const at = (/** @type {string[]} */ ...parts) => path.join(root, ...parts);

/**
 * Runs a command with its output passed through.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {boolean} whether it ended with exit code 0
 */
export function run(command, args) {
  const done = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: onWindows(command) });
  return done.status === 0;
}

/**
 * npm and npx are command files on Windows, which only a shell can start.
 *
 * @param {string} command
 */
function onWindows(command) {
  return process.platform === 'win32' && /^(npm|npx)$/.test(command);
}

/**
 * Whether exactly the packages of the lock file are installed, by npm's own record of what it did.
 * Packages of other platforms may be missing.
 */
function hasPackages() {
  const record = at('node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '') return true;
    const version = installed[name]?.version;
    return version === undefined ? entry.optional === true : version === entry.version;
  });
}

/** Installs the npm packages of the lock file unless exactly these are installed already. */
export function ensurePackages() {
  if (hasPackages()) return;
  process.stderr.write('Installing the npm packages of package-lock.json …\n');
  if (!run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])) {
    process.stderr.write(
      'npm could not install the packages. Check the connection to the npm registry, then try again.\n',
    );
    process.exit(1);
  }
}

/**
 * The newest change under the given files and folders, in milliseconds since 1970.
 *
 * @param {string[]} paths
 * @returns {number}
 */
function newest(paths) {
  let latest = 0;
  for (const each of paths) {
    const stat = statSync(each, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (stat.isDirectory()) {
      latest = Math.max(latest, newest(readdirSync(each).map((name) => path.join(each, name))));
    } else {
      latest = Math.max(latest, stat.mtimeMs);
    }
  }
  return latest;
}

/** Builds `dist/` unless it is newer than every source file. */
export async function ensureBuilt() {
  const mark = at('dist/.built');
  const sources = ['main', 'renderer', 'shared', 'test/sample', 'package-lock.json'].map((name) =>
    at(name),
  );
  const built = statSync(mark, { throwIfNoEntry: false });
  if (built !== undefined && built.mtimeMs > newest(sources)) return;
  const { buildMain, buildRenderer } = await import('./build.mjs');
  await Promise.all([buildMain(), buildRenderer()]);
  writeFileSync(mark, '');
}
