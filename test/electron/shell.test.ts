import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sentenceFor } from '../../shared/failure/messages.ts';
import { SHELL_CHANNELS } from '../../shared/ipc/shell-channels.ts';
import { MENU_COMMANDS } from '../../shared/ipc/shell-contract.ts';
import { ensureBuilt } from '../../main/tools/setup.mjs';
import type { MadeUpFrame } from './double/control.ts';
import {
  openDouble,
  until,
  type AppRun,
  type DoubleHost,
  type RunOptions,
} from './double/driver.ts';

const page = fileURLToPath(new URL('page', import.meta.url));

let host: DoubleHost;

beforeAll(async () => {
  await ensureBuilt();
  host = await openDouble();
});
afterEach(() => host.endRuns());
afterAll(() => host.close());

/** The app with the test page, its window shown. */
async function shown(options: RunOptions = {}): Promise<AppRun> {
  const app = host.start({ env: { SEGWRIGHT_PAGE: page }, ...options });
  await app.shown();
  await app.waitFor(() => window.seen.ports > 0);
  return app;
}

async function expectClean(app: AppRun): Promise<void> {
  const { violations, cspReports, pageErrors, blocked } = await app.report();
  expect({ violations, cspReports, pageErrors, blocked }).toEqual({
    violations: [],
    cspReports: [],
    pageErrors: [],
    blocked: [],
  });
}

describe('starting', () => {
  it('shows the page in a window without a violation and without a CSP report', async () => {
    const app = await shown();
    const { windows, calls } = await app.report();
    expect(windows).toMatchObject([{ url: 'app://segwright/', visible: true }]);
    expect(calls).toContain('app.enableSandbox');
    await expectClean(app);
  });

  it('gives the page frozen verbs and nothing of Node or Electron', async () => {
    const app = await shown();
    const found = await app.evaluate(() => ({
      frozen: Object.isFrozen(window.segwright) && Object.isFrozen(window.segwright.info),
      replaced: Reflect.set(window, 'segwright', null),
      globals: [
        'require',
        'process',
        'module',
        'exports',
        'Buffer',
        'global',
        'ipcRenderer',
      ].filter((name) => name in window),
      verbs: Object.keys(window.segwright).sort(),
      info: window.segwright.info,
    }));
    expect(found).toEqual({
      frozen: true,
      replaced: false,
      globals: [],
      verbs: [
        'chooseArchives',
        'chooseProject',
        'chooseSavePath',
        'connectEngine',
        'info',
        'onEngineRestarted',
        'onMenuCommand',
        'onOpenPaths',
        'pathOf',
        'saveFile',
      ],
      info: { host: 'electron', platform: process.platform, version: '9.8.7' },
    });
  });
});

describe('the real page', () => {
  const sample = path.join(import.meta.dirname, '../fixtures/sample/books-small.tgz');
  const { totals } = v.parse(
    v.object({ totals: v.object({ events: v.number() }) }),
    JSON.parse(readFileSync(sample.replace('.tgz', '.truth.json'), 'utf8')),
  );
  const loaded = `${totals.events.toLocaleString('en-US')} events`;

  it('is shown without a violation and without a CSP report', async () => {
    const app = host.start();
    await app.shown();
    await app.waitFor(() => (document.querySelector('main')?.textContent ?? '') !== '');
    await expectClean(app);
  });

  it('loads an archive chosen from the menu, and shows it again after the engine died', async () => {
    const app = host.start();
    await app.shown();
    const filePaths = [sample];
    await app.script({ kind: 'showOpenDialog', value: { canceled: false, filePaths } });
    await app.waitFor(() => (document.querySelector('main')?.textContent ?? '') !== '');
    await app.clickMenu('open-archive');
    const text = () => app.evaluate(() => document.body.innerText).catch(() => '');
    await until(async () => (await text()).includes(loaded), 30_000);

    await app.killEngine();
    const sentence = sentenceFor('engine-stopped', {});
    await until(async () => (await text()).includes(sentence));
    await app.evaluate(() => {
      const buttons = [...document.querySelectorAll('button')];
      buttons.find((button) => button.textContent.trim() === 'Reload')?.click();
    });
    await until(async () => {
      const shown = await text();
      return shown.includes(loaded) && !shown.includes(sentence);
    });
    await expectClean(app);
  });
});

describe('the engine', () => {
  it('answers the page through a port of its own process', async () => {
    const app = await shown();
    const { value } = await app.evaluate(() => window.call('project.read'));
    expect(value).toMatchObject({
      path: path.join(app.userData, 'projects', 'default.segw'),
      sources: [],
    });
    const { enginePids } = await app.report();
    expect(enginePids).toHaveLength(1);
  });

  it('is started again when it dies, tells the page one sentence, and serves a new port', async () => {
    const app = await shown();
    const before = await app.report();
    await app.killEngine();
    await app.waitFor(() => window.seen.sentences.length > 0 && window.seen.ports > 1);
    const answer = await app.evaluate(() => window.call('project.read'));
    expect(answer.kind).toBe('reply');
    expect(await app.evaluate(() => window.seen.sentences)).toEqual([
      sentenceFor('engine-stopped', {}),
    ]);
    expect((await app.report()).enginePids).not.toEqual(before.enginePids);
    await expectClean(app);
  });

  it('is given up after the third death within a minute, and says so', async () => {
    const app = await shown();
    for (const deaths of [1, 2, 3]) {
      await until(async () => (await app.report()).enginePids.length === 1);
      await app.killEngine();
      await until(async () => (await app.evaluate(() => window.seen.sentences.length)) >= deaths);
    }
    const sentences = await app.evaluate(() => window.seen.sentences);
    expect(sentences[2]).toBe(sentenceFor('engine-down', { times: 3 }));
    expect((await app.report()).enginePids).toEqual([]);
  });

  it('tells every call why the project could not be opened, and still opens another one', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'segwright-foreign-'));
    const foreign = path.join(folder, 'foreign.segw');
    writeFileSync(foreign, 'not a project');
    const app = await shown({ args: [foreign] });
    const refused = await app.evaluate(() => window.call('project.read'));
    expect(refused.kind).toBe('failure');
    const fresh = path.join(folder, 'fresh.segw');
    const opened = await app.evaluate((file) => window.call('project.open', { path: file }), fresh);
    expect(opened).toMatchObject({ kind: 'reply', value: { path: fresh } });
    const read = await app.evaluate(() => window.call('project.read'));
    expect(read).toMatchObject({ kind: 'reply', value: { path: fresh } });
    await app.quit();
    rmSync(folder, { recursive: true });
  });

  it('opens the project again that the page had opened before the engine died', async () => {
    const app = await shown();
    const file = path.join(app.userData, 'chosen.segw');
    await app.evaluate((wanted) => window.call('project.open', { path: wanted }), file);
    await app.killEngine();
    await app.waitFor(() => window.seen.ports > 1);
    const read = await app.evaluate(() => window.call('project.read'));
    expect(read).toMatchObject({ value: { path: file } });
  });

  it('saves and ends before the app does', async () => {
    const app = await shown();
    await app.evaluate(() => window.call('project.read'));
    expect(await app.quit()).toBe(0);
    expect(existsSync(path.join(app.userData, 'projects', 'default.segw'))).toBe(true);
    expect(existsSync(path.join(app.userData, 'projects', 'default.segw.wal'))).toBe(false);
  });
});

describe('ways out of the page', () => {
  it('are closed: navigation stays where it is and asks nobody', async () => {
    const app = await shown();
    await app.evaluate(() => {
      document.getElementById('link')?.click();
    });
    await app.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect(await app.evaluate(() => document.title)).toBe('Shell test page');
    const { windows, blocked } = await app.report();
    expect(windows[0]?.url).toBe('app://segwright/');
    expect(blocked).toEqual([]);
    for (const name of [
      'will-navigate',
      'will-frame-navigate',
      'will-redirect',
      'will-attach-webview',
    ])
      expect(await app.contentsEvent(name), name).toBe(true);
  });

  it('leave one door: the page may load itself again', async () => {
    const app = await shown();
    await app.evaluate(() => {
      window.seen.ports = 100;
      location.reload();
    });
    await app.waitFor(() => window.seen.ports === 1);
    await expectClean(app);
  });

  it('are closed: no window opens, neither by script nor by link', async () => {
    const app = await shown();
    expect(await app.evaluate(() => window.open('https://example.com/'))).toBeNull();
    await app.evaluate(() => {
      document.getElementById('blank')?.click();
    });
    await until(async () => (await app.report()).opened.length >= 2);
    const { opened, windows, violations } = await app.report();
    expect(opened.map(({ action }) => action)).toEqual(['deny', 'deny']);
    expect(windows).toHaveLength(1);
    expect(violations).toEqual([]);
  });

  it('are closed: every permission is refused', async () => {
    const app = await shown();
    const answers = await app.evaluate(async () => [
      await Notification.requestPermission(),
      await new Promise((resolve) => {
        navigator.geolocation.getCurrentPosition(resolve, (error) => {
          resolve(error.code);
        });
      }),
      await navigator.mediaDevices
        .getUserMedia({ audio: true })
        .catch((error: unknown) => String(error)),
      (await navigator.permissions.query({ name: 'notifications' })).state,
    ]);
    expect(answers).toEqual(['denied', 1, 'NotAllowedError: Permission denied', 'denied']);
    const { permissions } = await app.report();
    expect(permissions).toEqual(
      ['notifications', 'geolocation', 'media', 'notifications'].map((name) => ({
        name,
        granted: false,
      })),
    );
  });

  it('are closed: the policy stops requests to other hosts and inline scripts', async () => {
    const app = await shown();
    await app.evaluate(async () => {
      await fetch('https://example.com/').catch(() => undefined);
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.body.append(script);
    });
    expect(await app.evaluate(() => 'inlineRan' in window)).toBe(false);
    await until(async () => (await app.report()).cspReports.length >= 2);
    const { cspReports, blocked } = await app.report();
    expect(cspReports.map((text) => text.split(' ')[0]).sort()).toEqual([
      'connect-src',
      'script-src-elem',
    ]);
    expect(blocked).toEqual([]);
  });
});

describe('the app scheme', () => {
  const secret = path.basename(import.meta.filename);

  it('serves nothing outside its folder', async () => {
    const app = await shown();
    const statuses = await Promise.all(
      [
        `app://segwright/../${secret}`,
        `app://segwright/..%2f${secret}`,
        `app://segwright/%2e%2e/${secret}`,
        `app://segwright/..%5c${secret}`,
        `app://segwright//${path.dirname(import.meta.filename)}/${secret}`,
        `app://segwright/%00`,
        `app://segwright/%`,
        `app://segwright/missing.js`,
        `app://elsewhere/index.html`,
      ].map(async (url) => [url, (await app.request(url))?.status]),
    );
    expect(statuses).toEqual(statuses.map(([url]) => [url, 404]));
    expect(await app.request('app://segwright/index.html')).toMatchObject({ status: 200 });
  });

  it('serves files with their type, the policy and nosniff, and only to GET', async () => {
    const app = await shown();
    const answer = await app.request('app://segwright/page.js');
    expect(answer?.status).toBe(200);
    expect(answer?.headers).toEqual({
      'content-type': 'text/javascript; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    });
    expect(await app.request('app://segwright/page.js', 'POST')).toMatchObject({ status: 405 });
    const fetched = await app.evaluate(async () => {
      const response = await fetch('..%2fshell.test.ts');
      return [response.status, await response.text()];
    });
    expect(fetched).toEqual([404, '']);
  });
});

describe('dialogs', () => {
  it('give the chosen paths to the page and start where they ended the last time', async () => {
    const app = await shown();
    const folder = path.join(app.userData, 'logs');
    mkdirSync(folder);
    const filePaths = [path.join(folder, 'a.log'), path.join(folder, 'b.tgz')];
    await app.script({ kind: 'showOpenDialog', value: { canceled: false, filePaths } });
    expect(await app.evaluate(() => window.segwright.chooseArchives())).toEqual(filePaths);
    await app.script({ kind: 'showOpenDialog', value: { canceled: true, filePaths: [] } });
    expect(await app.evaluate(() => window.segwright.chooseArchives())).toEqual([]);
    const { dialogs } = await app.report();
    expect(dialogs[0]?.options).toMatchObject({
      defaultPath: path.join(app.userData, 'downloads'),
    });
    expect(dialogs[1]?.options).toMatchObject({ defaultPath: folder });
  });

  it('choose a project and a place to save, or nothing', async () => {
    const app = await shown();
    const chosen = path.join(app.userData, 'x.segw');
    await app.script({ kind: 'showOpenDialog', value: { canceled: false, filePaths: [chosen] } });
    expect(await app.evaluate(() => window.segwright.chooseProject())).toBe(chosen);
    await app.script({ kind: 'showOpenDialog', value: { canceled: true, filePaths: [] } });
    expect(await app.evaluate(() => window.segwright.chooseProject())).toBeNull();

    const target = path.join(app.userData, 'out.json');
    await app.script({ kind: 'showSaveDialog', value: { canceled: false, filePath: target } });
    expect(await app.evaluate(() => window.segwright.chooseSavePath('../../policy.json'))).toBe(
      target,
    );
    await app.script({ kind: 'showSaveDialog', value: { canceled: true, filePath: '' } });
    expect(await app.evaluate(() => window.segwright.chooseSavePath('policy.json'))).toBeNull();
    const options = (await app.report()).dialogs.map((each) => each.options);
    expect(options[2]).toMatchObject({
      defaultPath: path.join(app.userData, 'documents', 'policy.json'),
    });
    expect(options[3]).toMatchObject({ defaultPath: path.join(app.userData, 'policy.json') });
    await expectClean(app);
  });

  it('save what the page made where the user chose, and nowhere else', async () => {
    const app = await shown();
    const target = path.join(app.userData, 'map.svg');
    await app.script({ kind: 'showSaveDialog', value: { canceled: false, filePath: target } });
    const save = () =>
      window.segwright
        .saveFile('../../etc/map.svg', Uint8Array.of(60, 115, 118, 103, 47, 62))
        .catch((error: unknown) => String(error));
    expect(await app.evaluate(save)).toBe(target);
    expect(readFileSync(target, 'utf8')).toBe('<svg/>');
    await app.script({ kind: 'showSaveDialog', value: { canceled: true, filePath: '' } });
    expect(await app.evaluate(save)).toBeNull();
    const missing = path.join(app.userData, 'no-folder', 'map.svg');
    await app.script({ kind: 'showSaveDialog', value: { canceled: false, filePath: missing } });
    expect(await app.evaluate(save)).toContain('no-folder');
    const [first] = (await app.report()).dialogs;
    expect(first?.options).toMatchObject({
      defaultPath: path.join(app.userData, 'documents', 'map.svg'),
    });
    await expectClean(app);
  });

  it('tell the page in a sentence when its request is wrong', async () => {
    const app = await shown();
    const said = await app.evaluate(() =>
      window.segwright.chooseSavePath('').catch((error: unknown) => String(error)),
    );
    expect(said).toMatch(/^Error: Something went wrong inside Segwright/);
  });
});

describe('the menu', () => {
  it('passes every command on to the page', async () => {
    const app = await shown();
    for (const command of MENU_COMMANDS) await app.clickMenu(command);
    await app.waitFor(() => window.seen.commands.at(-1) === 'about');
    expect(await app.evaluate(() => window.seen.commands)).toEqual([...MENU_COMMANDS]);
  });

  it('has the accelerators people expect, and developer tools only while developing', async () => {
    const app = await shown();
    const items = (await app.report()).menu.flatMap(({ submenu }) => submenu);
    const keys = items.map(({ id, accelerator }) => [id, accelerator]);
    expect(keys).toEqual(
      expect.arrayContaining([
        ['open-archive', 'CmdOrCtrl+O'],
        ['export', 'CmdOrCtrl+E'],
        ['undo', 'CmdOrCtrl+Z'],
        ['redo', 'Shift+CmdOrCtrl+Z'],
        ['show-open', 'CmdOrCtrl+1'],
        ['show-check', 'CmdOrCtrl+7'],
        ['show-export', 'CmdOrCtrl+8'],
        ['preferences', 'CmdOrCtrl+,'],
      ]),
    );
    expect(items.map(({ role }) => role)).toContain('toggleDevTools');

    const packaged = host.start({ packaged: true, env: { SEGWRIGHT_PAGE: page } });
    await packaged.booted;
    const shipped = (await packaged.report()).menu.flatMap(({ submenu }) => submenu);
    expect(shipped.map(({ role }) => role)).not.toContain('toggleDevTools');
  });

  it('opens a folder by handing its path to the page', async () => {
    const app = await shown();
    await app.script({
      kind: 'showOpenDialog',
      value: { canceled: false, filePaths: [app.userData] },
    });
    await app.clickMenu('open-folder');
    await app.waitFor(() => window.seen.paths.length > 0);
    expect(await app.evaluate(() => window.seen.paths)).toEqual([app.userData]);
  });

  it('reloads the page, which then gets a port again', async () => {
    const app = await shown();
    await app.evaluate(() => {
      window.seen.ports = 100;
    });
    await app.reload();
    await app.waitFor(() => window.seen.ports === 1);
    expect((await app.evaluate(() => window.call('project.read'))).kind).toBe('reply');
    await expectClean(app);
  });
});

describe('paths of the system', () => {
  it('come from the command line: archives to the page, a project to the engine', async () => {
    const app = await shown({ args: ['--inspect', 'logs/a.log', 'mine.segw', '--', '-b.log'] });
    await app.waitFor(() => window.seen.paths.length > 0);
    expect(await app.evaluate(() => window.seen.paths)).toEqual([
      path.resolve('logs/a.log'),
      path.resolve('-b.log'),
    ]);
  });

  it('come from a double click on macOS, before and after the app is ready', async () => {
    const app = await shown({ openBeforeReady: ['/logs/early.log'] });
    await app.openFile('/logs/late.segw');
    await app.waitFor(() => window.seen.paths.length > 1);
    expect(await app.evaluate(() => window.seen.paths)).toEqual([
      '/logs/early.log',
      '/logs/late.segw',
    ]);
    await expectClean(app);
  });

  it('wait while the page is reloaded', async () => {
    const app = await shown();
    await app.reload();
    await app.openFile('/logs/meanwhile.log');
    await app.waitFor(() => window.seen.paths.length > 0);
    expect(await app.evaluate(() => window.seen.paths)).toEqual(['/logs/meanwhile.log']);
  });

  it('come from a second start, which ends while the first one comes to the front', async () => {
    const app = await shown();
    const second = host.start({
      userData: app.userData,
      args: ['second.log'],
      env: { SEGWRIGHT_PAGE: page },
    });
    expect(await second.ended).toBe(0);
    await app.waitFor(() => window.seen.paths.length > 0);
    expect(await app.evaluate(() => window.seen.paths)).toEqual([path.resolve('second.log')]);
    const { windows } = await app.report();
    expect(windows).toMatchObject([{ focused: true }]);
    await expectClean(app);
  });

  it('come from a dropped file', async () => {
    const app = await shown({ filePaths: { 'dropped.log': '/logs/dropped.log' } });
    await app.dropFile('#file', 'dropped.log');
    const paths = await app.evaluate(() => {
      const input = document.querySelector('input');
      return [window.segwright.pathOf(input?.files?.[0]), window.segwright.pathOf('nonsense')];
    });
    expect(paths).toEqual(['/logs/dropped.log', '']);
  });
});

describe('senders', () => {
  it('other than the page are refused', async () => {
    const app = await shown();
    const strangers: readonly MadeUpFrame[] = [
      { url: 'https://example.com/', inner: false },
      { url: 'app://elsewhere/', inner: false },
      { url: 'app://segwright/', inner: true },
      { url: '', inner: false },
      null,
    ];
    for (const frame of strangers) {
      const answer = await app.invokeAs(frame, SHELL_CHANNELS.chooseArchives);
      const expected = { ok: false, failure: { code: 'bad-arguments' } };
      expect(answer, JSON.stringify(frame)).toMatchObject(expected);
      await app.sendAs(frame, SHELL_CHANNELS.connectEngine);
      await app.sendAs(frame, SHELL_CHANNELS.openPathsWanted);
    }
    const { dialogs, violations } = await app.report();
    expect({ dialogs, violations }).toEqual({ dialogs: [], violations: [] });
    const script = { kind: 'showOpenDialog', value: { canceled: true, filePaths: [] } } as const;
    await app.script(script);
    const ours = { url: 'app://segwright/', inner: false };
    expect(await app.invokeAs(ours, SHELL_CHANNELS.chooseArchives)).toEqual({
      ok: true,
      value: [],
    });
  });
});

describe('the window', () => {
  it('is remembered, and brought back where its display has gone', async () => {
    const app = await shown();
    const { userData } = app;
    expect((await app.report()).windows[0]?.bounds).toMatchObject({ width: 1440, height: 900 });
    await app.quit();
    const memory = path.join(userData, 'shell.json');
    const saved: unknown = JSON.parse(readFileSync(memory, 'utf8'));
    expect(saved).toMatchObject({ window: { width: 1440, height: 900, maximized: false } });

    const remember = (x: number) => {
      const place = { x, y: 20, width: 1000, height: 700, maximized: false };
      writeFileSync(memory, JSON.stringify({ window: place, folders: {} }));
    };
    remember(300);
    const moved = await shown({ userData });
    expect((await moved.report()).windows[0]?.bounds).toMatchObject({ x: 300, y: 20 });
    await moved.quit();
    remember(9_000);
    const lost = await shown({ userData });
    const bounds = { x: 0, y: 0, width: 1000, height: 700 };
    expect((await lost.report()).windows[0]?.bounds).toEqual(bounds);
    await lost.quit();
    writeFileSync(memory, 'spoilt');
    const forgotten = await shown({ userData });
    expect((await forgotten.report()).windows[0]?.bounds).toMatchObject({ width: 1440 });
  });

  it('closed, ends the app, except on macOS', async () => {
    const app = await shown();
    await app.closeWindow();
    if (process.platform === 'darwin') expect((await app.report()).windows).toEqual([]);
    else expect(await app.ended).toBe(0);
  });
});
