import { app, BrowserWindow, protocol } from 'electron';
import { fileURLToPath } from 'node:url';

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true } },
]);
void app.whenReady().then(() => {
  protocol.handle('app', () => new Response('<!doctype html>'));
  const preload = fileURLToPath(import.meta.url);
  return new BrowserWindow({ webPreferences: { preload } }).loadURL('app://bad/');
});
