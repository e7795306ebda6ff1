/**
 * Runs in the page's own world before the page's scripts: the receiving end of the context bridge,
 * and the browser functions whose answer an Electron main process decides. `startPage` is called with
 * the word that names the events between the worlds.
 */
import { openBridge } from './bridge.ts';

interface PermissionAnswer {
  readonly id: number;
  readonly granted: boolean;
}

const waiting = new Map<number, (granted: boolean) => void>();
let lastId = 0;

export function startPage(secret: string): void {
  if (window !== window.top) return;
  const bridge = openBridge(`${secret}-main`, `${secret}-isolated`, (note) => {
    const { id, granted } = note as PermissionAnswer;
    waiting.get(id)?.(granted);
    waiting.delete(id);
  });

  const asked = (name: string, check: boolean) =>
    new Promise<boolean>((resolve) => {
      waiting.set(++lastId, resolve);
      bridge.note({ kind: 'permission', id: lastId, name, check });
    });
  const denied = (text: string) => new DOMException(text, 'NotAllowedError');

  document.addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI, sourceFile, lineNumber } = event;
    bridge.note({
      kind: 'csp',
      text: `${effectiveDirective} blocked ${blockedURI} (${sourceFile}:${lineNumber.toString()})`,
    });
  });

  window.open = (url) => {
    bridge.note({ kind: 'window-open', url: String(url ?? '') });
    return null;
  };
  Notification.requestPermission = async () =>
    (await asked('notifications', false)) ? 'granted' : 'denied';
  navigator.geolocation.getCurrentPosition = (_, onError) => {
    void asked('geolocation', false).then((granted) => {
      if (granted) throw new Error('The double has no place to tell.');
      const error = { code: 1, message: 'User denied Geolocation' };
      onError?.({ ...error, PERMISSION_DENIED: 1, POSITION_UNAVAILABLE: 2, TIMEOUT: 3 });
    });
  };
  if (isSecureContext)
    navigator.mediaDevices.getUserMedia = async () => {
      await asked('media', false);
      throw denied('Permission denied');
    };
  navigator.permissions.query = async ({ name }) => {
    const state = (await asked(name, true)) ? 'granted' : 'denied';
    return Object.assign(new EventTarget(), { name, state, onchange: null }) as PermissionStatus;
  };
}
