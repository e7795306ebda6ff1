import { contextBridge, ipcRenderer, webUtils } from 'electron';
import {
  SHELL_CHANNELS,
  VERSION_ARGUMENT,
  type ShellAnswer,
} from '../../shared/ipc/shell-channels.ts';
import {
  ENGINE_PORT_MESSAGE,
  type MenuCommand,
  type ShellApi,
} from '../../shared/ipc/shell-contract.ts';

async function ask<Value>(channel: string, ...args: readonly unknown[]): Promise<Value> {
  // The shell's handlers are typed by the same contract.
  const answer = (await ipcRenderer.invoke(channel, ...args)) as ShellAnswer<Value>;
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value;
}

const version = process.argv.find((argument) => argument.startsWith(VERSION_ARGUMENT));

const api: ShellApi = {
  info: {
    host: 'electron',
    platform: process.platform,
    version: version?.slice(VERSION_ARGUMENT.length) ?? '',
  },
  chooseArchives: () => ask(SHELL_CHANNELS.chooseArchives),
  chooseProject: () => ask(SHELL_CHANNELS.chooseProject),
  chooseSavePath: (fileName) => ask(SHELL_CHANNELS.chooseSavePath, fileName),
  saveFile: (fileName, content) => ask(SHELL_CHANNELS.saveFile, fileName, content),
  pathOf(file) {
    try {
      return webUtils.getPathForFile(file as File);
    } catch {
      return '';
    }
  },
  connectEngine() {
    ipcRenderer.send(SHELL_CHANNELS.connectEngine);
  },
  onMenuCommand(listener) {
    ipcRenderer.on(SHELL_CHANNELS.menuCommand, (_, command: MenuCommand) => {
      listener(command);
    });
  },
  onOpenPaths(listener) {
    ipcRenderer.on(SHELL_CHANNELS.openPaths, (_, paths: readonly string[]) => {
      listener(paths);
    });
    ipcRenderer.send(SHELL_CHANNELS.openPathsWanted);
  },
  onEngineRestarted(listener) {
    ipcRenderer.on(SHELL_CHANNELS.engineRestarted, (_, sentence: string) => {
      listener(sentence);
    });
  },
};

ipcRenderer.on(SHELL_CHANNELS.enginePort, (event) => {
  // A port cannot cross the context bridge
  // (https://www.electronjs.org/docs/latest/tutorial/message-ports).
  window.postMessage(ENGINE_PORT_MESSAGE, window.location.origin, event.ports);
});

contextBridge.exposeInMainWorld('segwright', api);
