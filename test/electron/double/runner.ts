/** The process an app runs in on the double; a test steers it over Node's own channel. */
import { once } from 'node:events';
import { register } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { app, preventable, provideExit } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import type {
  DoubleSetup,
  MadeUpFrame,
  Order,
  OrderMessage,
  Report,
  RunMessage,
} from './control.ts';
import { ipcMain } from './ipc-main.ts';
import { clickMenu, menuView } from './menu.ts';
import { respond } from './protocol.ts';
import { becomeReady, configure, record, scripted, violation } from './state.ts';
import { utilityProcesses } from './utility-process.ts';

const setup = JSON.parse(process.argv[2] ?? '') as DoubleSetup;

function tell(message: RunMessage): void {
  process.send?.(message);
}

register(
  `data:text/javascript,${encodeURIComponent(`
    const double = ${JSON.stringify(new URL('./electron.js', import.meta.url).href)};
    export async function resolve(specifier, context, next) {
      if (specifier === 'electron' || specifier === 'electron/main') return { url: double, shortCircuit: true };
      if (/(^|\\/)electron($|\\/)/.test(specifier) && !specifier.startsWith('file:')) throw new Error('not in the double: ' + specifier);
      return next(specifier, context);
    }`)}`,
);

const browser = await chromium.connect(setup.browser);
const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
configure(setup, context);
provideExit((code) => {
  void browser.close().finally(() => process.exit(code));
});
Object.assign(process, { resourcesPath: setup.resourcesPath });
process.argv = [process.execPath, ...(setup.packaged ? [] : [setup.appPath]), ...setup.args];
process.on('unhandledRejection', (reason) => {
  if (!record.violations.includes(reason instanceof Error ? reason.message : ''))
    record.violations.push(`unhandled rejection: ${String(reason)}`);
});
process.on('disconnect', () => {
  void endWithEngines();
});
process.on('message', (message: OrderMessage) => {
  void obey(message);
});

try {
  await loadEntry();
  for (const path of setup.openBeforeReady) openFile(path);
  becomeReady();
  app.emit('ready', {}, {});
  tell({ kind: 'booted' });
} catch (thrown) {
  if (!record.violations.includes(String(thrown).replace(/^Error: /, '')))
    record.violations.push(String(thrown));
  tell({ kind: 'failed', text: String(thrown), violations: record.violations });
}

/** `ready` waits for the whole entry, so an entry that waits for `ready` never gets there. */
async function loadEntry(): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('the entry waits at its top level for something that needs ready'));
    }, setup.entryTimeout);
  });
  await Promise.race([import(pathToFileURL(setup.entry).href), late]);
  clearTimeout(timer);
}

function openFile(path: string): void {
  const event = preventable();
  app.emit('open-file', event, path);
  if (!event.defaultPrevented) violation('open-file was not prevented');
}

/** The test is over: nothing may write to its folder any more once this process has ended. */
async function endWithEngines(): Promise<void> {
  await Promise.all(
    utilityProcesses().map((engine) => {
      engine.removeAllListeners('exit');
      const gone = once(engine, 'exit');
      engine.crash();
      return gone;
    }),
  );
  process.exit(0);
}

async function obey({ id, order }: OrderMessage): Promise<void> {
  try {
    tell({ kind: 'answer', id, value: (await carryOut(order)) ?? null });
  } catch (thrown) {
    tell({ kind: 'error', id, text: thrown instanceof Error ? thrown.message : String(thrown) });
  }
}

function window(): BrowserWindow {
  const [first] = BrowserWindow.getAllWindows();
  if (first === undefined) throw new Error('There is no window.');
  return first;
}

function page() {
  const { page: opened } = window().webContents;
  if (opened === undefined) throw new Error('The window has no page yet.');
  return opened;
}

async function carryOut(order: Order): Promise<unknown> {
  switch (order.kind) {
    case 'report':
      return report();
    case 'evaluate':
      return page().evaluate(order.source);
    case 'wait':
      await waitInPage(order.source, order.timeout);
      return null;
    case 'dialog':
      scripted.push(order.answer);
      return null;
    case 'menu':
      clickMenu(order.id);
      return null;
    case 'open-file':
      openFile(order.path);
      return null;
    case 'invoke-as':
      return ipcMain.invoke(madeUpEvent(order.frame), order.channel, order.args);
    case 'send-as':
      ipcMain.hear(madeUpEvent(order.frame), order.channel, []);
      return null;
    case 'contents-event': {
      const event = preventable();
      window().webContents.emit(order.name, event, {}, {});
      return event.defaultPrevented;
    }
    case 'request': {
      const response = await respond(new Request(order.url, { method: order.method }), false);
      return response === undefined
        ? null
        : { status: response.status, headers: Object.fromEntries(response.headers) };
    }
    case 'drop-file':
      await page().setInputFiles(order.selector, {
        name: order.name,
        mimeType: 'text/plain',
        buffer: Buffer.from('x'),
      });
      return null;
    case 'kill-engine':
      for (const engine of utilityProcesses()) engine.crash();
      return null;
    case 'reload':
      window().webContents.reload();
      return null;
    case 'close-window':
      window().close();
      return null;
    case 'quit':
      app.quit();
      return null;
  }
}

/**
 * Asks the page again and again: while it is loading, an error counts as "not yet". Playwright's own
 * waiting compiles text inside the page, which the page's policy forbids.
 */
async function waitInPage(source: string, timeout: number): Promise<void> {
  const end = Date.now() + timeout;
  while (
    !(await page()
      .evaluate(`Boolean(${source})`)
      .catch(() => false))
  ) {
    if (Date.now() > end) {
      const { violations, pageErrors, console: said, cspReports } = record;
      throw new Error(
        `Waited in vain: ${source}\n${JSON.stringify({ violations, pageErrors, said, cspReports }, null, 2)}`,
      );
    }
    await sleep(50);
  }
}

function madeUpEvent(frame: MadeUpFrame): unknown {
  const told = () => {
    throw new Error('a made-up sender was answered');
  };
  return {
    sender: window().webContents,
    senderFrame:
      frame === null
        ? null
        : { url: frame.url, parent: frame.inner ? {} : null, send: told, postMessage: told },
  };
}

function report(): Report {
  return {
    ...record,
    windows: BrowserWindow.getAllWindows().map((each) => ({
      url: each.webContents.getURL(),
      visible: each.isVisible(),
      focused: each.isFocused(),
      bounds: each.getBounds(),
    })),
    menu: menuView(),
    enginePids: utilityProcesses().flatMap(({ pid }) => pid ?? []),
  };
}
