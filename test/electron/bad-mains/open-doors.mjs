import { app, BrowserWindow, ipcMain, protocol } from 'electron';
import { fileURLToPath } from 'node:url';

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true } },
]);
ipcMain.handle('fail', () => {
  throw new Error('thrown across');
});
void app.whenReady().then(() => {
  protocol.handle(
    'app',
    () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }),
  );
  const preload = fileURLToPath(new URL('greedy-preload.cjs', import.meta.url));
  return new BrowserWindow({ webPreferences: { preload } }).loadURL('app://bad/');
});
