/** The checks of shell.test.ts in short, on a real Electron. Where there is none they are skipped, with the reason. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, expect, test, type ElectronApplication, type Page } from '@playwright/test';
import { findElectron } from '../../main/cli/electron.ts';
import { sentenceFor } from '../../shared/failure/messages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const testPage = fileURLToPath(new URL('page', import.meta.url));
const electron = findElectron(root);

test.skip(!electron.ok, electron.ok ? '' : `No real Electron is run: ${electron.why}.`);
test.describe.configure({ mode: 'serial' });

let folder: string;
let app: ElectronApplication;
let page: Page;

function launchArguments(...paths: readonly string[]): string[] {
  return [root, `--user-data-dir=${folder}`, ...paths];
}

function environment(): Record<string, string> {
  const own = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(own), SEGWRIGHT_PAGE: testPage };
}

/** Playwright's own waiting compiles text inside the page, which the page's policy forbids. */
async function inPage(condition: () => boolean): Promise<void> {
  await expect.poll(() => page.evaluate(condition).catch(() => false)).toBe(true);
}

test.beforeAll(async () => {
  if (!electron.ok) return;
  folder = mkdtempSync(path.join(os.tmpdir(), 'segwright-electron-'));
  app = await _electron.launch({
    executablePath: electron.program,
    args: launchArguments(),
    env: environment(),
  });
  page = await app.firstWindow();
  await inPage(() => window.seen.ports > 0);
});

test.afterAll(async () => {
  if (!electron.ok) return;
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the page is shown, has frozen verbs, and nothing of Node', async () => {
  expect(page.url()).toBe('app://segwright/');
  const visible = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => window.isVisible()),
  );
  expect(visible).toEqual([true]);
  const found = await page.evaluate(() => ({
    frozen: Object.isFrozen(window.segwright),
    globals: ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
    host: window.segwright.info.host,
    styled: getComputedStyle(document.querySelector('h1') ?? document.body).color,
  }));
  expect(found).toEqual({ frozen: true, globals: [], host: 'electron', styled: 'rgb(1, 2, 3)' });
});

test('the engine answers from its own process, with DuckDB', async () => {
  const answer = await page.evaluate(() => window.call('project.read'));
  expect(answer).toMatchObject({
    kind: 'reply',
    value: { path: path.join(folder, 'projects', 'default.segw') },
  });
});

test('ways out of the page are closed', async () => {
  expect(await page.evaluate(() => window.open('https://example.com/'))).toBeNull();
  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
  const answers = await page.evaluate(async () => [
    (await fetch('..%2f..%2fpackage.json')).status,
    await fetch('https://example.com/').then(
      () => 'reached',
      () => 'refused',
    ),
  ]);
  expect(answers).toEqual([404, 'refused']);
  expect(page.url()).toBe('app://segwright/');
  expect(app.windows()).toHaveLength(1);
});

test('dialogs and the menu reach the page', async () => {
  await app.evaluate(({ dialog }) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: ['/logs/a.log'] });
  });
  expect(await page.evaluate(() => window.segwright.chooseArchives())).toEqual(['/logs/a.log']);
  await app.evaluate(({ Menu }) => {
    Menu.getApplicationMenu()?.getMenuItemById('show-map')?.click();
  });
  await inPage(() => window.seen.commands.includes('show-map'));
});

test('a second start hands over its paths and ends', async () => {
  if (!electron.ok) return;
  const second = spawn(electron.program, launchArguments('second.log'), {
    env: environment(),
    cwd: folder,
    stdio: 'ignore',
  });
  const code = await new Promise((resolve) => second.once('exit', resolve));
  expect(code).toBe(0);
  await inPage(() => window.seen.paths.length > 0);
  expect(await page.evaluate(() => window.seen.paths)).toEqual([path.join(folder, 'second.log')]);
});

test('an engine that was killed is started again, and the page is told', async () => {
  const pids = await app.evaluate(({ app: inMain }) =>
    inMain
      .getAppMetrics()
      .filter(({ name, serviceName }) => `${name ?? ''}${serviceName ?? ''}`.includes('Segwright'))
      .map(({ pid }) => pid),
  );
  expect(pids).toHaveLength(1);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await inPage(() => window.seen.sentences.length > 0 && window.seen.ports > 1);
  expect(await page.evaluate(() => window.seen.sentences)).toEqual([
    sentenceFor('engine-stopped', {}),
  ]);
  expect((await page.evaluate(() => window.call('project.read'))).kind).toBe('reply');
});
