import type { WebSocket } from 'ws';
import type { Port } from '../../shared/ipc/port.ts';

/** Bytes waiting to be sent above which progress is dropped: a slow reader needs only the latest. */
const BUSY_BYTES = 1024 * 1024;

/** Close code for a message that is no JSON text; 4400 to 4499 are Segwright's own. */
const CLOSE_BAD_MESSAGE = 4400;

function isProgress(message: unknown): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    'kind' in message &&
    message.kind === 'progress'
  );
}

/** The text of a message, or nothing where it is binary. */
export function textOfMessage(data: unknown, isBinary: boolean): string | undefined {
  return !isBinary && Buffer.isBuffer(data) ? data.toString('utf8') : undefined;
}

/**
 * One end of a WebSocket as a port: every record is one JSON text message. Both ends of the `ws`
 * package fit. Progress is dropped while much is waiting to be sent; nothing else ever is.
 */
export function webSocketPort(socket: WebSocket): Port {
  const messageListeners: ((message: unknown) => void)[] = [];
  const closeListeners: (() => void)[] = [];

  socket.on('message', (data, isBinary) => {
    let message: unknown;
    try {
      message = JSON.parse(textOfMessage(data, isBinary) ?? '');
    } catch {
      socket.close(CLOSE_BAD_MESSAGE, 'every message is one JSON text');
      return;
    }
    for (const listener of messageListeners) listener(message);
  });
  socket.once('close', () => {
    for (const listener of closeListeners) listener();
  });
  // `ws` throws what nobody listens for; every error is followed by 'close'.
  socket.on('error', () => undefined);

  return {
    post(message) {
      if (socket.readyState !== socket.OPEN) return;
      if (isProgress(message) && socket.bufferedAmount > BUSY_BYTES) return;
      socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => void messageListeners.push(listener),
    onClose: (listener) => void closeListeners.push(listener),
    close: () => {
      socket.close(1000);
    },
  };
}
