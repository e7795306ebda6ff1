import { EventEmitter } from 'node:events';
import path from 'node:path';
import { releaseLock, takeLock } from './instance-lock.ts';
import { beforeReady, configured, isReady, record, strict, violation } from './state.ts';

/** What the app needs of the windows, given by them to avoid a circle. */
interface Windows {
  closeAll(): Promise<boolean>;
}

let windows: Windows | undefined;
let exit: ((code: number) => void) | undefined;

/** Called once by the window module. */
export function provideWindows(given: Windows): void {
  windows = given;
}

/** Called once by the runner: what ending the app means. */
export function provideExit(given: (code: number) => void): void {
  exit = given;
}

/** An event whose default can be prevented. */
export function preventable(): { preventDefault(): void; readonly defaultPrevented: boolean } {
  let prevented = false;
  return {
    preventDefault() {
      prevented = true;
    },
    get defaultPrevented() {
      return prevented;
    },
  };
}

class App extends EventEmitter {
  quitting = false;
  private appUserModelId = '';
  private readonly readiness = new Promise<void>((resolve) => {
    this.once('ready', () => {
      resolve();
    });
  });

  get isPackaged(): boolean {
    return configured().packaged;
  }

  isReady(): boolean {
    return isReady();
  }

  whenReady(): Promise<void> {
    return this.readiness;
  }

  getVersion(): string {
    return configured().version;
  }

  getName(): string {
    return 'Segwright';
  }

  getAppPath(): string {
    return configured().appPath;
  }

  getPath(name: string): string {
    const { userData } = configured();
    const places: Record<string, string> = {
      userData,
      home: path.dirname(userData),
      documents: path.join(userData, 'documents'),
      downloads: path.join(userData, 'downloads'),
    };
    return places[name] ?? violation(`app.getPath('${name}') has no value in the double`);
  }

  enableSandbox(): void {
    beforeReady('app.enableSandbox');
    record.calls.push('app.enableSandbox');
  }

  setAppUserModelId(id: string): void {
    this.appUserModelId = id;
    record.calls.push(`app.setAppUserModelId ${this.appUserModelId}`);
  }

  setAboutPanelOptions(options: object): void {
    record.calls.push(`app.setAboutPanelOptions ${JSON.stringify(options)}`);
  }

  showAboutPanel(): void {
    record.calls.push('app.showAboutPanel');
  }

  requestSingleInstanceLock(data?: unknown): boolean {
    return takeLock(configured().userData, data, (argv, cwd, given) => {
      const tell = () => this.emit('second-instance', {}, argv, cwd, given);
      if (isReady()) tell();
      else this.once('ready', tell);
    });
  }

  quit(): void {
    void this.quitInOrder();
  }

  exit(code = 0): void {
    exit?.(code);
  }

  /** Called when the last window was closed. */
  lastWindowClosed(): void {
    if (this.quitting) return;
    if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed');
    else this.quit();
  }

  private async quitInOrder(): Promise<void> {
    if (this.prevents('before-quit')) return;
    this.quitting = true;
    const closed = (await windows?.closeAll()) ?? true;
    if (!closed || this.prevents('will-quit')) {
      this.quitting = false;
      return;
    }
    this.emit('quit', {}, 0);
    await releaseLock();
    exit?.(0);
  }

  private prevents(name: string): boolean {
    const event = preventable();
    this.emit(name, event);
    return event.defaultPrevented;
  }
}

/** The module `app`. */
export const app = strict('app', new App());
