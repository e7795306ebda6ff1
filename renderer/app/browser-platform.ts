import { Cancelled, Failure } from '../../shared/failure/failure.ts';
import type { Port } from '../../shared/ipc/port.ts';
import { filesOf, itemsOf } from './dropped-files.ts';
import { readWhole } from './export-files.ts';
import { NoKey, type Chosen, type Platform, type UploadOptions } from './platform.ts';
import { zipOf, type ZipEntry } from './zip.ts';

/** The code with which the host closes a socket whose token is wrong. */
const WRONG_TOKEN = 4401;
const TOKEN_KEY = 'segwright-token';
const ENGINE_KEY = 'segwright-engine';

/** Where the host is and what opens it. */
export interface HostAddress {
  /** `host:port` */
  readonly host: string;
  readonly token: string;
}

/** A loopback `host:port`, else nothing: a page must not be talked into connecting elsewhere. */
export function loopbackHost(text: string | null): string | undefined {
  const match = /^(?:127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})$/.exec(text ?? '');
  return match !== null && Number(match[1]) <= 65_535 ? match[0] : undefined;
}

/**
 * Takes the token (and, for development, the engine's address) from the fragment of the page's
 * address into the session, so that a reload works and the address bar does not show it.
 */
export function takeHostAddress(window: Window): HostAddress | undefined {
  const { location, sessionStorage, history } = window;
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get('token');
  if (token !== null && token !== '') {
    sessionStorage.setItem(TOKEN_KEY, token);
    const engine = loopbackHost(fragment.get('engine'));
    if (engine === undefined) sessionStorage.removeItem(ENGINE_KEY);
    else sessionStorage.setItem(ENGINE_KEY, engine);
    history.replaceState(null, '', location.pathname + location.search);
  }
  const remembered = sessionStorage.getItem(TOKEN_KEY);
  if (remembered === null) return undefined;
  const engine = loopbackHost(sessionStorage.getItem(ENGINE_KEY));
  return { host: engine ?? location.host, token: remembered };
}

function isWelcome(message: unknown): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    'welcome' in message &&
    message.welcome === true
  );
}

function parse(data: unknown): unknown {
  return typeof data === 'string' ? (JSON.parse(data) as unknown) : undefined;
}

/** A socket the host has welcomed, as a port of the contract. */
export function wrapWebSocket(socket: WebSocket): Port {
  return {
    post: (message) => {
      socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => {
      socket.addEventListener('message', (event: MessageEvent<unknown>) => {
        listener(parse(event.data));
      });
    },
    onClose: (listener) => {
      socket.addEventListener('close', listener, { once: true });
    },
    close: () => {
      socket.close();
    },
  };
}

function connect({ host, token }: HostAddress): Promise<Port> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${host}/engine`);
    const refuse = (event: CloseEvent) => {
      reject(event.code === WRONG_TOKEN ? new NoKey() : new Failure('connection-lost'));
    };
    const welcome = (event: MessageEvent<unknown>) => {
      if (!isWelcome(parse(event.data))) return;
      socket.removeEventListener('close', refuse);
      socket.removeEventListener('message', welcome);
      resolve(wrapWebSocket(socket));
    };
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify({ token }));
    });
    socket.addEventListener('message', welcome);
    socket.addEventListener('close', refuse);
  });
}

function chooseFiles(document: Document): Promise<readonly Chosen[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.addEventListener('change', () => {
      resolve([...(input.files ?? [])].map((file) => ({ kind: 'file', file })));
    });
    input.addEventListener('cancel', () => {
      resolve([]);
    });
    input.click();
  });
}

function pathIn(text: string): string | undefined {
  const answer = parse(text);
  if (typeof answer !== 'object' || answer === null || !('path' in answer)) return undefined;
  return typeof answer.path === 'string' ? answer.path : undefined;
}

function upload(
  { host, token }: HostAddress,
  file: File,
  { signal, onProgress }: UploadOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => {
      request.abort();
    };
    const refuse = (reason: string) => {
      reject(new Failure('path-unreadable', { path: file.name, reason }));
    };
    const question = `name=${encodeURIComponent(file.name)}&modified=${file.lastModified}`;
    request.open('POST', `http://${host}/upload?${question}`);
    request.setRequestHeader('authorization', `Bearer ${token}`);
    request.upload.addEventListener('progress', (event) => {
      onProgress(event.loaded);
    });
    request.addEventListener('load', () => {
      const path = request.status === 200 ? pathIn(request.responseText) : undefined;
      if (request.status === 507) refuse(request.responseText);
      else if (path === undefined) refuse(`the upload was refused with status ${request.status}`);
      else resolve(path);
    });
    request.addEventListener('error', () => {
      refuse('the upload broke off');
    });
    request.addEventListener('abort', () => {
      reject(new Cancelled());
    });
    signal.addEventListener('abort', stop);
    if (signal.aborted) reject(new Cancelled());
    else request.send(file);
  });
}

/** Hands a file to the browser as a download. */
function download(document: Document, fileName: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}

/** The platform in a browser, over the loopback host. */
export function createBrowserPlatform(window: Window): Platform {
  const address = takeHostAddress(window);
  return {
    host: 'browser',
    takesTypedPaths: true,
    connect: () => (address === undefined ? Promise.reject(new NoKey()) : connect(address)),
    chooseArchives: () => chooseFiles(window.document),
    readDrop: (transfer) => filesOf(itemsOf(transfer)),
    upload: (file, options) =>
      address === undefined ? Promise.reject(new NoKey()) : upload(address, file, options),
    async save(engine, { request, baseName, files }) {
      const [first] = files;
      if (first === undefined) return null;
      if (files.length === 1) {
        const text = await readWhole(engine, request, first.name);
        download(window.document, first.name, new Blob([text], { type: first.mediaType }));
        return `Handed to the browser as ${first.name}.`;
      }
      const entries: ZipEntry[] = [];
      for (const { name } of files)
        entries.push({ name, text: await readWhole(engine, request, name) });
      download(window.document, `${baseName}.zip`, zipOf(entries));
      return `Handed to the browser as ${baseName}.zip, with ${files.length} files.`;
    },
    saveFile(fileName, content) {
      download(window.document, fileName, content);
      return Promise.resolve(`Handed to the browser as ${fileName}.`);
    },
    onMenuCommand: () => undefined,
    onOpenPaths: () => undefined,
    onEngineRestarted: () => undefined,
  };
}
