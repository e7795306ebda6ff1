import { EventEmitter } from 'node:events';
import { afterReady, record, strict, violation } from './state.ts';

type RequestHandler = (
  contents: unknown,
  permission: string,
  callback: (granted: boolean) => void,
  details: unknown,
) => void;
type CheckHandler = (
  contents: unknown,
  permission: string,
  origin: string,
  details: unknown,
) => boolean;

class Session extends EventEmitter {
  private onRequest: RequestHandler | undefined;
  private onCheck: CheckHandler | undefined;

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    this.onRequest = handler ?? undefined;
  }

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    this.onCheck = handler ?? undefined;
  }

  setDevicePermissionHandler(): void {
    record.calls.push('session.setDevicePermissionHandler');
  }

  /** Decides as Electron would: without a handler everything is granted, which no app should want. */
  async decide(contents: unknown, name: string, check: boolean): Promise<boolean> {
    if ((check ? this.onCheck : this.onRequest) === undefined)
      violation(`permission "${name}" would be granted: there is no handler`);
    const granted = check
      ? this.onCheck?.(contents, name, '', {})
      : await new Promise<boolean>((resolve) => this.onRequest?.(contents, name, resolve, {}));
    record.permissions.push({ name, granted: granted === true });
    return granted === true;
  }
}

const onlySession = new Session();

/** The session all windows share. */
export function sharedSession(): Session {
  return onlySession;
}

/** The module `session`. */
export const session = strict('session', {
  get defaultSession(): Session {
    afterReady('session.defaultSession');
    return onlySession;
  },
});
