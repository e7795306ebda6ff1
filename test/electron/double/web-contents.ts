import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CDPSession, Page, Route } from 'playwright-core';
import { preventable } from './app.ts';
import { ipcMain } from './ipc-main.ts';
import { PortTunnel, takeEnds } from './ports.ts';
import {
  DELIVER,
  HOST_BINDING,
  ISOLATED_WORLD,
  type FromPage,
  type IsolatedSetup,
  type ToPage,
} from './protocol-names.ts';
import { respond, toAppUrl, toBrowserUrl } from './protocol.ts';
import { sharedSession } from './session.ts';
import { browserContext, configured, record, violation } from './state.ts';
import { cloned, decode, encode } from './wire.ts';

/** What of a window's options concerns its page. */
export interface WebPreferences {
  readonly preload?: string;
  readonly additionalArguments?: readonly string[];
}

type OpenHandler = (details: { url: string }) => { action?: unknown } | undefined;

const VERSIONS = { electron: '45.4.1', chrome: '156.0.0.0', node: '24.20.0' };

let lastId = 0;

/** The frame a message comes from, as the main process sees it. */
export interface Frame {
  readonly url: string;
  readonly parent: unknown;
  send(channel: string, ...args: unknown[]): void;
  postMessage(channel: string, message: unknown, transfer?: readonly unknown[]): void;
}

/** https://www.electronjs.org/docs/latest/api/web-contents over a Chromium page. */
export class WebContents extends EventEmitter {
  readonly id = ++lastId;
  readonly session = sharedSession();
  readonly mainFrame: Frame;
  page: Page | undefined;
  private readonly preferences: WebPreferences;
  private devtools: CDPSession | undefined;
  private world: number | undefined;
  private loading = false;
  private destroyed = false;
  private openHandler: OpenHandler | undefined;
  private readonly tunnel = new PortTunnel({
    message: (port, value) => {
      this.deliver({ kind: 'port', port, value });
    },
    close: (port) => {
      this.deliver({ kind: 'port-close', port });
    },
  });

  constructor(preferences: WebPreferences) {
    super();
    this.preferences = preferences;
    this.mainFrame = this.makeFrame();
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  getURL(): string {
    return this.page === undefined ? '' : toAppUrl(this.page.url());
  }

  reload(): void {
    this.loading = true;
    this.emitStart(this.getURL());
    void this.page?.reload().finally(() => {
      this.loading = false;
    });
  }

  send(channel: string, ...args: unknown[]): void {
    if (typeof channel !== 'string') violation('Missing required channel argument');
    if (this.destroyed) violation('Object has been destroyed');
    this.deliver({ kind: 'message', channel, args: cloned(args), ports: [] });
  }

  postMessage(channel: string, message: unknown, transfer: readonly unknown[] = []): void {
    const copy = cloned(message);
    const ports = takeEnds(transfer).map((end) => this.tunnel.enter(end));
    this.deliver({ kind: 'message', channel, args: [copy], ports });
    for (const port of ports) this.tunnel.start(port);
  }

  async loadURL(address: string): Promise<void> {
    const page = await this.open();
    this.loading = true;
    this.emitStart(address);
    try {
      await page.goto(toBrowserUrl(address), { waitUntil: 'load' });
    } catch (thrown) {
      throw new Error(`ERR_FAILED (-2) loading '${address}'`, { cause: thrown });
    } finally {
      this.loading = false;
    }
  }

  loadFile(): never {
    return violation('a page must not be loaded from file:');
  }

  async destroy(): Promise<void> {
    this.destroyed = true;
    this.tunnel.closeAll();
    await this.page?.close();
    this.emit('destroyed');
  }

  private makeFrame(): Frame {
    const url = () => this.getURL();
    return {
      get url() {
        return url();
      },
      parent: null,
      send: (channel, ...args) => {
        this.send(channel, ...args);
      },
      postMessage: (channel, message, transfer) => {
        this.postMessage(channel, message, transfer);
      },
    };
  }

  private async open(): Promise<Page> {
    if (this.page !== undefined) return this.page;
    const page = await browserContext().newPage();
    this.page = page;
    page.on('pageerror', (error) => record.pageErrors.push(error.message));
    page.on('console', (message) => {
      record.console.push(`${message.type()}: ${message.text()}`);
    });
    page.on('popup', (popup) => {
      this.askToOpen(toAppUrl(popup.url()));
      void popup.close();
    });
    page.on('load', () => this.emit('did-finish-load'));
    await page.route('**/*', (route) => this.route(route));
    await this.installWorlds(page);
    return page;
  }

  private async installWorlds(page: Page): Promise<void> {
    const devtools = await browserContext().newCDPSession(page);
    this.devtools = devtools;
    const { frameTree } = await devtools.send('Page.getFrameTree');
    devtools.on('Runtime.executionContextCreated', ({ context }) => {
      const { frameId } = (context.auxData ?? {}) as { frameId?: unknown };
      if (context.name !== ISOLATED_WORLD || frameId !== frameTree.frame.id) return;
      this.world = context.id;
      this.tunnel.closeAll();
    });
    devtools.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === HOST_BINDING) void this.hear(decode(payload) as FromPage);
    });
    await devtools.send('Runtime.enable');
    await devtools.send('Page.enable');
    await devtools.send('Runtime.addBinding', {
      name: HOST_BINDING,
      executionContextName: ISOLATED_WORLD,
    });
    const secret = randomUUID();
    await devtools.send('Page.addScriptToEvaluateOnNewDocument', {
      source: `(() => {${bundled('page-main.js')}
        electronDoublePage.startPage(${JSON.stringify(secret)});
      })();`,
    });
    await devtools.send('Page.addScriptToEvaluateOnNewDocument', {
      source: this.isolatedSource(secret),
      worldName: ISOLATED_WORLD,
    });
  }

  private isolatedSource(secret: string): string {
    const { preload, additionalArguments = [] } = this.preferences;
    const setup: IsolatedSetup = {
      secret,
      platform: process.platform,
      argv: ['electron', '--type=renderer', ...additionalArguments],
      versions: VERSIONS,
      filePaths: configured().filePaths,
    };
    const text = preload === undefined ? '' : preloadText(preload);
    return `(() => {${bundled('page-isolated.js')}
      electronDoublePage.runPreload(${JSON.stringify(setup)}, function (require, process, exports, module, Buffer, global, setImmediate, clearImmediate) {${text}
      });
    })();`;
  }

  private async route(route: Route): Promise<void> {
    const request = route.request();
    const address = toAppUrl(request.url());
    const isMain = request.isNavigationRequest() && request.frame() === this.page?.mainFrame();
    if (isMain && !this.allowsNavigation(address)) {
      await route.abort('aborted');
      return;
    }
    if (address === request.url()) {
      record.blocked.push(address);
      await route.abort('internetdisconnected');
      return;
    }
    const byFetch = ['fetch', 'xhr'].includes(request.resourceType());
    const response = await respond(new Request(address, { method: request.method() }), byFetch);
    if (response === undefined) {
      await route.abort('failed');
      return;
    }
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }

  private emitStart(url: string): void {
    this.emit('did-start-navigation', { url, isMainFrame: true, isSameDocument: false });
  }

  private allowsNavigation(url: string): boolean {
    if (this.loading) return true;
    for (const name of ['will-frame-navigate', 'will-navigate']) {
      const event = Object.assign(preventable(), {
        url,
        isMainFrame: true,
        isSameDocument: false,
      });
      this.emit(name, event, url);
      if (event.defaultPrevented) return false;
    }
    this.emitStart(url);
    return true;
  }

  private askToOpen(url: string): void {
    const action = this.openHandler?.({ url })?.action;
    record.opened.push({ url, action: String(action) });
    if (action !== 'deny') record.violations.push(`a window would open for ${url}`);
  }

  private deliver(message: ToPage): void {
    if (this.devtools === undefined || this.world === undefined || this.destroyed) return;
    this.devtools
      .send('Runtime.callFunctionOn', {
        executionContextId: this.world,
        functionDeclaration: `(text) => globalThis.${DELIVER}?.(text)`,
        arguments: [{ value: encode(message) }],
      })
      .catch(() => undefined);
  }

  private async hear(message: FromPage): Promise<void> {
    try {
      await this.take(message);
    } catch (thrown) {
      if (!record.violations.includes(thrown instanceof Error ? thrown.message : ''))
        record.violations.push(String(thrown));
    }
  }

  private async take(message: FromPage): Promise<void> {
    const event = { sender: this, senderFrame: this.mainFrame, ports: [] };
    switch (message.kind) {
      case 'invoke':
        try {
          const value = await ipcMain.invoke(event, message.channel, message.args);
          this.deliver({ kind: 'answer', id: message.id, value });
        } catch (thrown) {
          this.deliver({ kind: 'error', id: message.id, text: String(thrown) });
        }
        return;
      case 'send':
        ipcMain.hear(event, message.channel, message.args);
        return;
      case 'port':
        this.tunnel.receive(message.port, message.value);
        return;
      case 'port-close':
        this.tunnel.close(message.port);
        return;
      case 'preload-error':
        this.emit('preload-error', {}, this.preferences.preload, new Error(message.text));
        return violation(`Unable to load preload script: ${message.text}`);
      case 'window-open':
        this.askToOpen(toAppUrl(message.url));
        return;
      case 'csp':
        record.cspReports.push(message.text);
        return;
      case 'permission': {
        const granted = await sharedSession().decide(this, message.name, message.check);
        this.deliver({ kind: 'permission', id: message.id, granted });
      }
    }
  }
}

function bundled(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

function preloadText(file: string): string {
  if (!path.isAbsolute(file)) violation('the preload script must have an absolute path');
  if (file.endsWith('.mjs')) violation('a sandboxed preload script cannot be an ES module');
  const text = readFileSync(file, 'utf8');
  if (/^\s*(import|export)\s/m.test(text))
    violation('Unable to load preload script: Cannot use import statement outside a module');
  return text;
}
