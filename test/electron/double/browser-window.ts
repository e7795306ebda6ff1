import { EventEmitter } from 'node:events';
import { app, preventable, provideWindows } from './app.ts';
import { afterReady, violation } from './state.ts';
import { WebContents, type WebPreferences } from './web-contents.ts';

interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface WindowOptions extends Partial<Bounds> {
  readonly show?: boolean;
  readonly webPreferences?: WebPreferences & Readonly<Record<string, unknown>>;
}

/** What the project demands of every window; the values in force when an option is not given. */
const DEMANDED: Readonly<Record<string, { readonly value: boolean; readonly byDefault: boolean }>> =
  {
    sandbox: { value: true, byDefault: true },
    contextIsolation: { value: true, byDefault: true },
    webSecurity: { value: true, byDefault: true },
    nodeIntegration: { value: false, byDefault: false },
    nodeIntegrationInWorker: { value: false, byDefault: false },
    nodeIntegrationInSubFrames: { value: false, byDefault: false },
    webviewTag: { value: false, byDefault: false },
    allowRunningInsecureContent: { value: false, byDefault: false },
    experimentalFeatures: { value: false, byDefault: false },
  };

const open: BrowserWindow[] = [];

/** https://www.electronjs.org/docs/latest/api/browser-window without anything to look at. */
export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;
  private bounds: Bounds;
  private visible: boolean;
  private focused = false;
  private minimized = false;
  private maximized = false;

  constructor(options: WindowOptions = {}) {
    super();
    afterReady('BrowserWindow');
    const preferences = options.webPreferences ?? {};
    for (const [name, { value, byDefault }] of Object.entries(DEMANDED))
      if ((preferences[name] ?? byDefault) !== value)
        violation(`webPreferences.${name} must be ${String(value)}`);
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    if (![x, y, width, height].every(Number.isInteger)) violation('window bounds must be integers');
    this.bounds = { x, y, width, height };
    this.visible = options.show !== false;
    this.webContents = new WebContents(preferences);
    open.push(this);
    app.emit('browser-window-created', {}, this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...open];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return open.find((window) => window.focused) ?? null;
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return open.find((window) => window.webContents === contents) ?? null;
  }

  async loadURL(address: string): Promise<void> {
    await this.webContents.loadURL(address);
    this.emit('ready-to-show');
  }

  show(): void {
    this.visible = true;
    this.focus();
    this.emit('show');
  }

  focus(): void {
    for (const window of open) window.focused = window === this;
  }

  isFocused(): boolean {
    return this.focused;
  }

  isVisible(): boolean {
    return this.visible;
  }

  isMinimized(): boolean {
    return this.minimized;
  }

  minimize(): void {
    this.minimized = true;
    this.focused = false;
  }

  restore(): void {
    this.minimized = false;
  }

  isMaximized(): boolean {
    return this.maximized;
  }

  maximize(): void {
    this.maximized = true;
  }

  isDestroyed(): boolean {
    return !open.includes(this);
  }

  getBounds(): Bounds {
    return this.bounds;
  }

  getNormalBounds(): Bounds {
    return this.bounds;
  }

  setBounds(bounds: Partial<Bounds>): void {
    this.bounds = { ...this.bounds, ...bounds };
  }

  close(): void {
    void this.closeInOrder();
  }

  /** Closes unless a listener prevents it; tells whether it is closed. */
  async closeInOrder(): Promise<boolean> {
    const event = preventable();
    this.emit('close', event);
    if (event.defaultPrevented) return false;
    open.splice(open.indexOf(this), 1);
    await this.webContents.destroy();
    this.emit('closed');
    if (open.length === 0) app.lastWindowClosed();
    return true;
  }
}

provideWindows({
  async closeAll() {
    for (const window of [...open]) if (!(await window.closeInOrder())) return false;
    return true;
  },
});
