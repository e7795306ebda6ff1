import { app, dialog, type OpenDialogOptions } from 'electron';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import type { Memory } from './remembered.ts';

type Purpose = 'archive' | 'folder' | 'project' | 'export';

/** The native dialogs. Each remembers its own folder: since Electron 43 the system does not. */
export interface Dialogs {
  /** Log files and archives; on macOS folders too. Empty when cancelled. */
  archives(window: Electron.BrowserWindow): Promise<readonly string[]>;
  /** Folders of logs: Windows and Linux cannot offer files and folders in one dialog. */
  folders(window: Electron.BrowserWindow): Promise<readonly string[]>;
  /** `null` when cancelled. */
  project(window: Electron.BrowserWindow): Promise<string | null>;
  /** `null` when cancelled. `fileName` is the page's proposal; folders in it are dropped. */
  savePath(window: Electron.BrowserWindow, fileName: unknown): Promise<string | null>;
}

const fileNameSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(255));

const ARCHIVE_FILTERS = [
  {
    name: 'Logs and archives',
    extensions: ['log', 'gz', 'tgz', 'tar', 'zip', 'txt', 'bz2', 'xz', 'zst'],
  },
  { name: 'All files', extensions: ['*'] },
];

const PROJECT_FILTERS = [{ name: 'Segwright project', extensions: ['segw'] }];

/** Makes the dialogs over the shell's memory. */
export function createDialogs(memory: Memory): Dialogs {
  function folderOf(purpose: Purpose): string {
    const folder = memory.read().folders[purpose];
    if (folder !== undefined && existsSync(folder)) return folder;
    return app.getPath(purpose === 'export' || purpose === 'project' ? 'documents' : 'downloads');
  }

  function remember(purpose: Purpose, chosen: string): void {
    const { folders } = memory.read();
    memory.write({ folders: { ...folders, [purpose]: path.dirname(chosen) } });
  }

  async function open(
    window: Electron.BrowserWindow,
    purpose: Purpose,
    options: OpenDialogOptions,
  ): Promise<readonly string[]> {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      ...options,
      defaultPath: folderOf(purpose),
    });
    const [first] = filePaths;
    if (canceled || first === undefined) return [];
    remember(purpose, first);
    return filePaths;
  }

  return {
    archives: (window) =>
      open(window, 'archive', {
        title: 'Open archive',
        filters: ARCHIVE_FILTERS,
        properties:
          process.platform === 'darwin'
            ? ['openFile', 'openDirectory', 'multiSelections']
            : ['openFile', 'multiSelections'],
      }),
    folders: (window) =>
      open(window, 'folder', {
        title: 'Open folder of logs',
        properties: ['openDirectory', 'multiSelections'],
      }),
    async project(window) {
      const [chosen] = await open(window, 'project', {
        title: 'Open project',
        filters: PROJECT_FILTERS,
        properties: ['openFile'],
      });
      return chosen ?? null;
    },
    async savePath(window, fileName) {
      const name = path.basename(v.parse(fileNameSchema, fileName));
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        title: 'Export',
        defaultPath: path.join(folderOf('export'), name),
        properties: ['createDirectory', 'showOverwriteConfirmation'],
      });
      if (canceled || filePath === '') return null;
      remember('export', filePath);
      return filePath;
    },
  };
}
