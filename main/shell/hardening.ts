import { app, session } from 'electron';
import { APP_PAGE } from '../../shared/ipc/shell-channels.ts';

/**
 * Closes every way out of the page: no navigation, no new windows, no embedded pages
 * (https://www.electronjs.org/docs/latest/tutorial/security). The page may only load itself again,
 * which it offers when the engine was lost. To be called before the first window.
 */
export function hardenContents(): void {
  app.on('web-contents-created', (_, contents) => {
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || event.url !== APP_PAGE) event.preventDefault();
    });
    contents.on('will-navigate', (event) => {
      if (event.url !== APP_PAGE) event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** Refuses every permission, device and download. Only once the app is ready. */
export function hardenSession(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, callback) => {
    callback(false);
  });
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.on('will-download', (event) => {
    event.preventDefault();
  });
}
