/**
 * A strict double of the module `electron` for the main process, over a stock Chromium. What
 * Electron refuses, or what would silently not work there, is a violation and fails the test. Only
 * what Segwright uses is here: an unknown member is a violation too.
 */
import { afterReady, strict } from './state.ts';

export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export { dialog } from './dialog.ts';
export { ipcMain } from './ipc-main.ts';
export { Menu } from './menu.ts';
export { MessageChannelMain } from './ports.ts';
export { protocol } from './protocol.ts';
export { session } from './session.ts';
export { utilityProcess } from './utility-process.ts';

const WORK_AREA = { x: 0, y: 0, width: 1920, height: 1080 };

/** The module `screen`: one display. */
export const screen = strict('screen', {
  getAllDisplays() {
    afterReady('screen');
    return [{ workArea: WORK_AREA, bounds: WORK_AREA, scaleFactor: 1 }];
  },
});
