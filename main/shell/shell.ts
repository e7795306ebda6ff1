import { app, BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import { Failure } from '../../shared/failure/failure.ts';
import { SHELL_CHANNELS } from '../../shared/ipc/shell-channels.ts';
import type { MenuCommand } from '../../shared/ipc/shell-contract.ts';
import { serveAppScheme } from './app-protocol.ts';
import { createDialogs, type Dialogs } from './dialogs.ts';
import { superviseEngine, type EngineSupervisor } from './engine-supervisor.ts';
import { hardenSession } from './hardening.ts';
import { installMenu } from './menu.ts';
import type { OpenPaths } from './open-paths.ts';
import { makeFolderOf, type ShellPaths } from './paths.ts';
import { createMemory, type Memory } from './remembered.ts';
import { answer, hear } from './sender-guard.ts';
import { writeChosen } from './save-file.ts';
import { bringForward, openWindow } from './window.ts';

/** The running shell, as far as the app's events concern it. */
export interface Shell {
  /** Shows the window; makes one where there is none. */
  showWindow(): void;
  stop(): Promise<void>;
}

/** Starts everything. Only once the app is ready. */
export function startShell(paths: ShellPaths, openPaths: OpenPaths): Shell {
  hardenSession();
  serveAppScheme(paths.page);
  makeFolderOf(paths.defaultProject);
  const memory = createMemory(paths.remembered);
  const dialogs = createDialogs(memory);
  const engine = superviseEngine({
    entry: paths.engine,
    start: {
      projectPath: openPaths.takeProject() ?? paths.defaultProject,
      settingsPath: paths.settings,
      version: app.getVersion(),
      samplePath: paths.sample,
    },
    onDeath: (failure) => {
      tellWindows(SHELL_CHANNELS.engineRestarted, failure.message);
    },
  });
  answerDialogs(dialogs);
  hearPage(engine, openPaths);
  installMenu({
    command: (command) => {
      tellFront(command);
    },
    openFolder: () => void openFolder(dialogs, openPaths),
  });
  showWindow(paths, memory, openPaths);
  return {
    showWindow: () => {
      showWindow(paths, memory, openPaths);
    },
    stop: () => engine.stop(),
  };
}

function answerDialogs(dialogs: Dialogs): void {
  answer(SHELL_CHANNELS.chooseArchives, (event) => dialogs.archives(windowOf(event)));
  answer(SHELL_CHANNELS.chooseProject, (event) => dialogs.project(windowOf(event)));
  answer(SHELL_CHANNELS.chooseSavePath, (event, fileName) =>
    dialogs.savePath(windowOf(event), fileName),
  );
  answer(SHELL_CHANNELS.saveFile, async (event, fileName, content) =>
    writeChosen(await dialogs.savePath(windowOf(event), fileName), content),
  );
}

function windowOf(event: IpcMainInvokeEvent): Electron.BrowserWindow {
  const window = BrowserWindow.fromWebContents(event.sender);
  if (window === null) throw new Failure('internal');
  return window;
}

function hearPage(engine: EngineSupervisor, openPaths: OpenPaths): void {
  hear(SHELL_CHANNELS.connectEngine, (frame) => {
    const port = engine.connect();
    if (port instanceof Failure) frame.send(SHELL_CHANNELS.engineRestarted, port.message);
    else frame.postMessage(SHELL_CHANNELS.enginePort, null, [port]);
  });
  hear(SHELL_CHANNELS.openPathsWanted, (frame) => {
    openPaths.deliverTo((given) => {
      frame.send(SHELL_CHANNELS.openPaths, given);
    });
  });
}

function showWindow(paths: ShellPaths, memory: Memory, openPaths: OpenPaths): void {
  const existing = frontWindow();
  if (existing !== undefined) {
    bringForward(existing);
    return;
  }
  const window = openWindow(paths.preload, memory);
  window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) openPaths.hold();
  });
  window.webContents.on('render-process-gone', () => {
    openPaths.hold();
  });
  window.on('closed', () => {
    openPaths.hold();
  });
}

async function openFolder(dialogs: Dialogs, openPaths: OpenPaths): Promise<void> {
  const window = frontWindow();
  if (window !== undefined) openPaths.add(await dialogs.folders(window));
}

function frontWindow(): Electron.BrowserWindow | undefined {
  return BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
}

function tellFront(command: MenuCommand): void {
  frontWindow()?.webContents.send(SHELL_CHANNELS.menuCommand, command);
}

function tellWindows(channel: string, sentence: string): void {
  for (const window of BrowserWindow.getAllWindows()) window.webContents.send(channel, sentence);
}
