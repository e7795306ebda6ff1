/**
 * Runs in the isolated world: what a sandboxed preload script finds there
 * (https://www.electronjs.org/docs/latest/tutorial/sandbox#preload-scripts). `runPreload` is called
 * with a function that holds the preload script's text.
 */
import { openBridge } from './bridge.ts';
import {
  DELIVER,
  HOST_BINDING,
  type FromPage,
  type IsolatedSetup,
  type ToPage,
} from './protocol-names.ts';
import { decode, encode } from './wire.ts';

type Listener = (event: unknown, ...args: unknown[]) => void;
type PreloadFunction = (
  require: (name: string) => unknown,
  process: unknown,
  exports: unknown,
  module: unknown,
  buffer: unknown,
  global: unknown,
  setImmediate: unknown,
  clearImmediate: unknown,
) => void;

interface Answer {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
}

export function runPreload(setup: IsolatedSetup, preload: PreloadFunction): void {
  if (window !== window.top) return;
  const listeners = new Map<string, Listener[]>();
  const answers = new Map<number, Answer>();
  const ports = new Map<string, MessagePort>();
  let lastId = 0;

  function host(message: FromPage): void {
    const binding = Reflect.get(globalThis, HOST_BINDING) as (text: string) => void;
    binding(encode(message));
  }

  const bridge = openBridge(`${setup.secret}-isolated`, `${setup.secret}-main`, (note) => {
    host(note as FromPage);
  });

  function adopt(id: string): MessagePort {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      host({ kind: 'port', port: id, value: data });
    };
    port1.addEventListener('close', () => {
      ports.delete(id);
      host({ kind: 'port-close', port: id });
    });
    return port2;
  }

  function emit(channel: string, args: readonly unknown[], portIds: readonly string[]): void {
    const event = { sender: ipcRenderer, ports: portIds.map(adopt) };
    for (const listener of [...(listeners.get(channel) ?? [])]) listener(event, ...args);
  }

  function deliver(message: ToPage): void {
    switch (message.kind) {
      case 'answer':
        answers.get(message.id)?.resolve(message.value);
        return;
      case 'error':
        answers.get(message.id)?.reject(new Error(message.text));
        return;
      case 'message':
        emit(message.channel, message.args, message.ports);
        return;
      case 'port':
        ports.get(message.port)?.postMessage(message.value);
        return;
      case 'port-close':
        ports.get(message.port)?.close();
        ports.delete(message.port);
        return;
      case 'permission':
        bridge.note(message);
    }
  }

  function add(channel: string, listener: Listener): void {
    listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
  }

  function remove(channel: string, listener: Listener): void {
    listeners.set(
      channel,
      (listeners.get(channel) ?? []).filter((each) => each !== listener),
    );
  }

  const ipcRenderer = {
    on: add,
    addListener: add,
    once(channel: string, listener: Listener) {
      const once: Listener = (event, ...args) => {
        remove(channel, once);
        listener(event, ...args);
      };
      add(channel, once);
    },
    off: remove,
    removeListener: remove,
    send(channel: string, ...args: unknown[]) {
      host({ kind: 'send', channel, args });
    },
    invoke(channel: string, ...args: unknown[]) {
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        host({ kind: 'invoke', id, channel, args });
        answers.set(id, { resolve, reject });
      });
    },
    sendSync() {
      throw new Error('The double refuses sendSync: it blocks the page.');
    },
  };

  const electron = {
    ipcRenderer,
    contextBridge: {
      exposeInMainWorld(key: string, api: unknown) {
        bridge.expose(key, api === ipcRenderer ? {} : api);
      },
    },
    webUtils: {
      getPathForFile(file: unknown) {
        if (!(file instanceof File)) throw new TypeError('The argument is not a File.');
        return setup.filePaths[file.name] ?? '';
      },
    },
  };

  function require(name: string): unknown {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw new Error(`module not found: ${name}`);
  }

  Reflect.set(globalThis, DELIVER, (text: string) => {
    deliver(decode(text) as ToPage);
  });
  const process = {
    platform: setup.platform,
    argv: [...setup.argv],
    versions: setup.versions,
    env: {},
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true,
  };
  const module = { exports: {} };
  try {
    preload(
      require,
      process,
      module.exports,
      module,
      undefined,
      globalThis,
      (task: () => void) => setTimeout(task, 0),
      clearTimeout,
    );
  } catch (thrown) {
    host({ kind: 'preload-error', text: String(thrown) });
  }
}
