import { app, BrowserWindow, screen, type Rectangle } from 'electron';
import { APP_PAGE, VERSION_ARGUMENT } from '../../shared/ipc/shell-channels.ts';
import { log } from './log.ts';
import type { Memory, Remembered } from './remembered.ts';

const DEFAULT_SIZE = { width: 1440, height: 900 };

/** How much of a window must lie on a display for it to be found again, in screen pixels. */
const LEAST_VISIBLE = 100;

/** Makes the window, where it was the last time, and shows it once the page has been drawn. */
export function openWindow(preload: string, memory: Memory): BrowserWindow {
  const remembered = memory.read().window;
  const window = new BrowserWindow({
    ...placeOf(remembered),
    minWidth: 900,
    minHeight: 600,
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged,
      additionalArguments: [`${VERSION_ARGUMENT}${app.getVersion()}`],
    },
  });
  if (remembered?.maximized === true) window.maximize();
  window.once('ready-to-show', () => {
    window.show();
  });
  window.on('close', () => {
    const { x, y, width, height } = window.getNormalBounds();
    memory.write({ window: { x, y, width, height, maximized: window.isMaximized() } });
  });
  window.loadURL(APP_PAGE).catch((thrown: unknown) => {
    log(thrown);
    window.show();
  });
  return window;
}

/** Brings a window to the front, wherever it hides. */
export function bringForward(window: Electron.BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function placeOf(remembered: Remembered['window']): Partial<Rectangle> {
  if (remembered === null) return DEFAULT_SIZE;
  const { x, y, width, height } = remembered;
  return isOnDisplay({ x, y, width, height }) ? { x, y, width, height } : { width, height };
}

function isOnDisplay(place: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const width = overlap(place.x, place.width, workArea.x, workArea.width);
    const height = overlap(place.y, place.height, workArea.y, workArea.height);
    return width >= LEAST_VISIBLE && height >= LEAST_VISIBLE;
  });
}

function overlap(start: number, size: number, otherStart: number, otherSize: number): number {
  return Math.min(start + size, otherStart + otherSize) - Math.max(start, otherStart);
}
