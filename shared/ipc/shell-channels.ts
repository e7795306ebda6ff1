import type { FailureRecord } from '../failure/failure.ts';

/** The scheme the packaged page is served under. */
export const APP_SCHEME = 'app';

/** The only host of that scheme. */
export const APP_HOST = 'segwright';

/** The address of the page. */
export const APP_PAGE = `${APP_SCHEME}://${APP_HOST}/`;

/** The names of the IPC channels between the preload script and the shell. */
export const SHELL_CHANNELS = {
  /** Preload asks, the shell answers with a {@link ShellAnswer}. */
  chooseArchives: 'segwright:choose-archives',
  chooseProject: 'segwright:choose-project',
  chooseSavePath: 'segwright:choose-save-path',
  saveFile: 'segwright:save-file',
  /** Preload tells the shell. */
  connectEngine: 'segwright:connect-engine',
  openPathsWanted: 'segwright:open-paths-wanted',
  /** The shell tells preload. */
  enginePort: 'segwright:engine-port',
  engineRestarted: 'segwright:engine-restarted',
  menuCommand: 'segwright:menu-command',
  openPaths: 'segwright:open-paths',
} as const;

/**
 * What the shell answers. It never throws across: Electron would reduce the error to its text
 * (https://www.electronjs.org/docs/latest/api/ipc-renderer#ipcrendererinvokechannel-args).
 */
export type ShellAnswer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: FailureRecord };

/** The argument that carries Segwright's version into the preload script; the version follows it. */
export const VERSION_ARGUMENT = '--segwright-version=';
