import type { Port } from '../../shared/ipc/port.ts';

/**
 * The part of Electron's `MessagePortMain` an engine process uses
 * (https://www.electronjs.org/docs/latest/api/message-port-main). Messages wait until `start`.
 */
export interface MainPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  once(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** Makes a {@link Port} of an Electron port. The port starts with the first message listener. */
export function createMainPort(port: MainPort): Port {
  let closed = false;
  port.once('close', () => {
    closed = true;
  });
  return {
    post(message) {
      if (!closed) port.postMessage(message);
    },
    onMessage(listener) {
      port.on('message', (event) => {
        listener(event.data);
      });
      port.start();
    },
    onClose: (listener) => void port.once('close', listener),
    close() {
      closed = true;
      port.close();
    },
  };
}
