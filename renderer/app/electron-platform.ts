import { bug } from '../../shared/failure/failure.ts';
import type { Port } from '../../shared/ipc/port.ts';
import { ENGINE_PORT_MESSAGE, type ShellApi } from '../../shared/ipc/shell-contract.ts';
import type { Chosen, Platform } from './platform.ts';

/** A `MessagePort` as a port of the contract; `close` arrives when the engine's end is gone. */
export function wrapMessagePort(port: MessagePort): Port {
  const listeners: ((message: unknown) => void)[] = [];
  port.onmessage = (event: MessageEvent<unknown>) => {
    for (const listener of listeners) listener(event.data);
  };
  return {
    post: (message) => {
      port.postMessage(message);
    },
    onMessage: (listener) => void listeners.push(listener),
    onClose: (listener) => {
      port.addEventListener('close', listener, { once: true });
    },
    close: () => {
      port.close();
    },
  };
}

function isPortMessage(data: unknown): boolean {
  return (
    typeof data === 'object' &&
    data !== null &&
    'segwright' in data &&
    data.segwright === ENGINE_PORT_MESSAGE.segwright
  );
}

function awaitPort(window: Window, shell: ShellApi): Promise<Port> {
  return new Promise((resolve) => {
    const listen = (event: MessageEvent<unknown>) => {
      const [port] = event.ports;
      if (event.source !== window || port === undefined || !isPortMessage(event.data)) return;
      window.removeEventListener('message', listen);
      resolve(wrapMessagePort(port));
    };
    window.addEventListener('message', listen);
    shell.connectEngine();
  });
}

function asPaths(paths: readonly string[]): readonly Chosen[] {
  return paths.filter((path) => path !== '').map((path) => ({ kind: 'path', path }));
}

/** The platform inside Electron, over the verbs of the preload. */
export function createElectronPlatform(window: Window, shell: ShellApi): Platform {
  return {
    host: 'electron',
    takesTypedPaths: false,
    connect: () => awaitPort(window, shell),
    chooseArchives: async () => asPaths(await shell.chooseArchives()),
    chooseProject: () => shell.chooseProject(),
    async readDrop(transfer) {
      const chosen = asPaths([...transfer.files].map((file) => shell.pathOf(file)));
      return chosen.length > 0
        ? { ok: true, chosen }
        : { ok: false, problem: 'Nothing dropped here is a file or a folder of this computer.' };
    },
    upload: () => bug('files have paths in Electron'),
    async save(engine, { request, files }) {
      const [first] = files;
      if (first === undefined) return null;
      const path = await shell.chooseSavePath(first.name);
      if (path === null) return null;
      const saved = await engine.call('export.save', { ...request, path });
      const more = saved.files.length - 1;
      if (more === 0) return `Saved as ${saved.path}.`;
      return `Saved as ${saved.path}, with ${more} more ${more === 1 ? 'file' : 'files'} beside it.`;
    },
    async saveFile(fileName, content) {
      const path = await shell.saveFile(fileName, new Uint8Array(await content.arrayBuffer()));
      return path === null ? null : `Saved as ${path}.`;
    },
    onMenuCommand: (listener) => {
      shell.onMenuCommand(listener);
    },
    onOpenPaths: (listener) => {
      shell.onOpenPaths(listener);
    },
    onEngineRestarted: (listener) => {
      shell.onEngineRestarted(listener);
    },
  };
}
