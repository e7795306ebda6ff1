import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './setup.mjs';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
    const folder = process.env[name];
    return folder === undefined
      ? []
      : [path.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')];
  }),
];

/** The Chromium Playwright downloads for itself, where it has done so. */
function playwrightOwn() {
  try {
    const { chromium } = createRequire(import.meta.url)('@playwright/test');
    return [chromium.executablePath()];
  } catch {
    return [];
  }
}

/** @returns {string | undefined} the program of a Chromium or Chrome for the end-to-end tests */
export function findChromium() {
  const named = process.env['SEGWRIGHT_CHROMIUM'];
  if (named) return existsSync(named) ? named : undefined;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((each) => each !== '');
  const inPath = COMMANDS.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...playwrightOwn(), ...inPath, ...PLACES].find((each) => existsSync(each));
}

/** @param {string} command */
function exists(command) {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Installs Debian's Chromium, with fonts for the screenshots. */
function installDebian() {
  const lock = ['-o', 'DPkg::Lock::Timeout=300'];
  const packages = ['chromium', 'fonts-liberation', 'fonts-dejavu-core'];
  return (
    run('apt-get', ['update', '-qq', ...lock]) &&
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...lock, ...packages])
  );
}

/**
 * Finds a Chromium and installs one where there is none: Debian's as root, else Playwright's.
 *
 * @returns {string | undefined} its program; where it could not be had, a sentence was printed
 */
export function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  const named = process.env['SEGWRIGHT_CHROMIUM'];
  if (named) {
    process.stderr.write(`SEGWRIGHT_CHROMIUM names "${named}", which does not exist.\n`);
    return undefined;
  }
  process.stderr.write('Installing Chromium for the end-to-end tests …\n');
  const isRoot = process.getuid?.() === 0;
  if (isRoot && exists('apt-get')) installDebian();
  if (findChromium() === undefined) run('npx', ['playwright', 'install', 'chromium']);
  const installed = findChromium();
  if (installed === undefined) {
    process.stderr.write(
      'The end-to-end tests need Chromium, and it could not be installed. Install Chromium or ' +
        'Chrome, or name the program in SEGWRIGHT_CHROMIUM.\n',
    );
  }
  return installed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const program = ensureChromium();
  if (program === undefined) process.exit(1);
  process.stdout.write(`${program}\n`);
}
