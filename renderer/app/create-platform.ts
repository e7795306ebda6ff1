import type { ShellApi } from '../../shared/ipc/shell-contract.ts';
import { createBrowserPlatform } from './browser-platform.ts';
import { createElectronPlatform } from './electron-platform.ts';
import type { Platform } from './platform.ts';

declare global {
  interface Window {
    /** Exposed by the Electron preload. */
    readonly segwright?: ShellApi;
  }
}

/** The platform the window lives on. */
export function createPlatform(window: Window): Platform {
  return window.segwright === undefined
    ? createBrowserPlatform(window)
    : createElectronPlatform(window, window.segwright);
}
