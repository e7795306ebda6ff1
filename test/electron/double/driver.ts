import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserServer } from 'playwright-core';
import { ensureChromium } from '../../../main/tools/chromium.mjs';
import { buildDouble, type BuiltDouble } from './build.ts';
import type {
  DialogAnswer,
  DoubleSetup,
  MadeUpFrame,
  Order,
  OrderMessage,
  Report,
  RunMessage,
} from './control.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  // Electron adds a close event to the page's ports
  // (https://www.electronjs.org/docs/latest/tutorial/message-ports#extension-close-event).
  '--enable-blink-features=MessagePortCloseEvent',
];

/** What a test may say about a run; the rest has good defaults. */
export interface RunOptions extends Partial<Omit<DoubleSetup, 'browser'>> {
  readonly env?: Readonly<Record<string, string>>;
}

/** An app running on the double. */
export interface AppRun {
  readonly userData: string;
  /** Resolves once `ready` was emitted; rejects with the reason the app did not get there. */
  readonly booted: Promise<void>;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  report(): Promise<Report>;
  /** Runs a function in the page. It is sent as text: it sees nothing of the test but its argument. */
  evaluate<Value, Argument = undefined>(
    inPage: (argument: Argument) => Value | Promise<Value>,
    argument?: Argument,
  ): Promise<Value>;
  /** Waits until a function in the page returns something true. */
  waitFor(inPage: () => unknown, timeout?: number): Promise<void>;
  /** Waits until the first window is shown. */
  shown(): Promise<void>;
  script(answer: DialogAnswer): Promise<void>;
  clickMenu(id: string): Promise<void>;
  openFile(file: string): Promise<void>;
  invokeAs(frame: MadeUpFrame, channel: string, ...args: readonly unknown[]): Promise<unknown>;
  sendAs(frame: MadeUpFrame, channel: string): Promise<void>;
  /** Emits an event of the page's contents; tells whether its default was prevented. */
  contentsEvent(name: string): Promise<boolean>;
  request(
    url: string,
    method?: string,
  ): Promise<{
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
  } | null>;
  dropFile(selector: string, name: string): Promise<void>;
  killEngine(): Promise<void>;
  reload(): Promise<void>;
  closeWindow(): Promise<void>;
  quit(): Promise<number | null>;
}

/** The double with its browser, for one test file. */
export interface DoubleHost {
  start(options?: RunOptions): AppRun;
  /** Ends every run that is still there and removes its files. */
  endRuns(): Promise<void>;
  close(): Promise<void>;
}

/** Bundles the double and starts the browser, which is installed where there is none. */
export async function openDouble(): Promise<DoubleHost> {
  const executablePath = ensureChromium();
  if (executablePath === undefined) throw new Error('These tests need a Chromium.');
  const [double, browser] = await Promise.all([
    buildDouble(),
    chromium.launchServer({ executablePath, args: CHROMIUM_ARGUMENTS }),
  ]);
  const children = new Set<ChildProcess>();
  const folders: string[] = [];

  function newFolder(): string {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'segwright-shell-'));
    folders.push(folder);
    return folder;
  }

  async function endRuns(): Promise<void> {
    await Promise.all([...children].map(kill));
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }

  return {
    start(options = {}) {
      const setup = setupOf(options, options.userData ?? newFolder(), browser);
      const child = launch(double, setup, options.env ?? {});
      children.add(child);
      child.once('exit', () => children.delete(child));
      return steer(child, setup.userData);
    },
    endRuns,
    async close() {
      await endRuns();
      await browser.close();
      double.remove();
    },
  };
}

function setupOf(options: RunOptions, userData: string, browser: BrowserServer): DoubleSetup {
  return {
    entry: path.join(root, 'dist/main/shell.js'),
    appPath: root,
    args: [],
    version: '9.8.7',
    packaged: false,
    resourcesPath: path.join(root, 'dist'),
    openBeforeReady: [],
    filePaths: {},
    entryTimeout: 10_000,
    ...options,
    userData,
    browser: browser.wsEndpoint(),
  };
}

function launch(
  double: BuiltDouble,
  setup: DoubleSetup,
  env: Readonly<Record<string, string>>,
): ChildProcess {
  return fork(double.runner, [JSON.stringify(setup)], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => {
    child.once('exit', resolve);
    if (child.connected) child.disconnect();
    setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
  });
}

function steer(child: ChildProcess, userData: string): AppRun {
  const waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (reason: Error) => void }
  >();
  let lastId = 0;
  let errors = '';
  child.stderr?.on('data', (part: Buffer) => {
    errors += part.toString();
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      resolve(code);
      for (const { reject } of waiting.values()) reject(new Error(`The app ended. ${errors}`));
      waiting.clear();
    });
  });
  const booted = new Promise<void>((resolve, reject) => {
    void ended.then((code) => {
      reject(new Error(`The app ended with ${String(code)} before it was ready. ${errors}`));
    });
    child.on('message', (message: RunMessage) => {
      if (message.kind === 'booted') resolve();
      else if (message.kind === 'failed') reject(new Error(message.violations.join('; ')));
      else settle(message);
    });
  });
  booted.catch(() => undefined);

  function settle(message: Extract<RunMessage, { id: number }>): void {
    const order = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'answer') order?.resolve(message.value);
    else order?.reject(new Error(message.text));
  }

  async function ask<Value>(order: Order): Promise<Value> {
    await booted;
    const message: OrderMessage = { id: ++lastId, order };
    // The runner answers each order with the type its method states.
    return new Promise<unknown>((resolve, reject) => {
      waiting.set(message.id, { resolve, reject });
      if (child.connected) child.send(message);
      else reject(new Error(`The app has ended. ${errors}`));
    }) as Promise<Value>;
  }

  return {
    userData,
    booted,
    ended,
    report: () => ask({ kind: 'report' }),
    evaluate: (inPage, argument) =>
      ask({ kind: 'evaluate', source: `(${String(inPage)})(${JSON.stringify(argument ?? null)})` }),
    waitFor: (inPage, timeout = 10_000) =>
      ask({ kind: 'wait', source: `(${String(inPage)})()`, timeout }),
    async shown() {
      let violations: readonly string[] = [];
      await until(async () => {
        const report = await ask<Report>({ kind: 'report' });
        violations = report.violations;
        return report.windows.some(({ visible }) => visible);
      }).catch((cause: unknown) => {
        throw new Error(`No window was shown. ${violations.join(' ')}`, { cause });
      });
    },
    script: (answer) => ask({ kind: 'dialog', answer }),
    clickMenu: (id) => ask({ kind: 'menu', id }),
    openFile: (file) => ask({ kind: 'open-file', path: file }),
    invokeAs: (frame, channel, ...args) => ask({ kind: 'invoke-as', frame, channel, args }),
    sendAs: (frame, channel) => ask({ kind: 'send-as', frame, channel }),
    contentsEvent: (name) => ask({ kind: 'contents-event', name }),
    request: (url, method = 'GET') => ask({ kind: 'request', url, method }),
    dropFile: (selector, name) => ask({ kind: 'drop-file', selector, name }),
    killEngine: () => ask({ kind: 'kill-engine' }),
    reload: () => ask({ kind: 'reload' }),
    closeWindow: () => ask({ kind: 'close-window' }),
    async quit() {
      await ask({ kind: 'quit' }).catch(() => undefined);
      return ended;
    },
  };
}

/** Asks again and again, 20 times a second, until the answer is yes. Throws after the timeout, in milliseconds. */
export async function until(check: () => Promise<boolean>, timeout = 15_000): Promise<void> {
  const end = Date.now() + timeout;
  while (!(await check())) {
    if (Date.now() > end) throw new Error('Waited in vain.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
