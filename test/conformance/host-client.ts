import { WebSocket } from 'ws';
import type { BrowserHost } from '../../main/host/browser-host.ts';
import { webSocketPort } from '../../main/host/web-socket-port.ts';
import type { Port } from '../../shared/ipc/port.ts';

/** Opens the host's WebSocket as a page would, before the token is shown. */
export function openSocket(port: number, headers: Record<string, string> = {}): WebSocket {
  const origin = `http://127.0.0.1:${port}`;
  return new WebSocket(`ws://127.0.0.1:${port}/engine`, { headers: { origin, ...headers } });
}

/** Connects to a browser host and shows the token; resolves with the port after the welcome. */
export function connectToHost(host: Pick<BrowserHost, 'port' | 'token'>): Promise<Port> {
  const socket = openSocket(host.port);
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => {
      reject(new Error('the host hung up'));
    });
    socket.once('open', () => {
      socket.send(JSON.stringify({ token: host.token }));
    });
    socket.once('message', () => {
      resolve(webSocketPort(socket));
    });
  });
}
