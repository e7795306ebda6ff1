import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import * as v from 'valibot';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Handlers } from '../../shared/ipc/contract.ts';
import type { News } from '../../shared/ipc/message.ts';
import { serve, type Connection } from '../../shared/ipc/server.ts';
import type { Guard } from './browser-guard.ts';
import { textOfMessage, webSocketPort } from './web-socket-port.ts';

/** Largest message a page may send: a ruleset is the largest thing there is. */
const MOST_MESSAGE_BYTES = 8 * 1024 * 1024;
const TOKEN_DEADLINE_MS = 5_000;
const PING_EVERY_MS = 30_000;
/** Close code of a page that did not show the token. */
const CLOSE_NO_TOKEN = 4401;

const greeting = v.strictObject({ token: v.string() });

/** The engine's connections to pages. */
export interface Sockets {
  /** Takes over a connection that asked to become a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  tell(news: News): void;
  close(): void;
}

function tokenOf(data: unknown, isBinary: boolean): string | undefined {
  try {
    const message: unknown = JSON.parse(textOfMessage(data, isBinary) ?? '');
    const parsed = v.safeParse(greeting, message);
    return parsed.success ? parsed.output.token : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Serves the engine over WebSockets at `/engine`.
 *
 * A page's first message must be `{"token":"…"}` and is answered with `{"welcome":true}`; after
 * that the messages of shared/ipc flow. Without the token the connection is closed with code 4401.
 */
export function createSockets(handlers: Handlers, guard: Guard): Sockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES });
  const connections = new Set<Connection>();
  const silent = new Set<WebSocket>();

  function admit(socket: WebSocket): void {
    const port = webSocketPort(socket);
    const connection = serve(port, handlers);
    connections.add(connection);
    port.onClose(() => connections.delete(connection));
    port.post({ welcome: true });
  }

  function greet(socket: WebSocket): void {
    const refuse = () => {
      socket.close(CLOSE_NO_TOKEN, 'no token');
    };
    const deadline = setTimeout(refuse, TOKEN_DEADLINE_MS);
    socket.on('error', () => undefined);
    socket.on('pong', () => silent.delete(socket));
    socket.once('close', () => {
      clearTimeout(deadline);
      silent.delete(socket);
    });
    socket.once('message', (data, isBinary) => {
      clearTimeout(deadline);
      const token = tokenOf(data, isBinary);
      if (token === undefined || !guard.isToken(token) || socket.readyState !== socket.OPEN) {
        refuse();
      } else {
        admit(socket);
      }
    });
  }

  const pings = setInterval(() => {
    for (const socket of server.clients) {
      if (silent.has(socket)) {
        socket.terminate();
      } else {
        silent.add(socket);
        socket.ping();
      }
    }
  }, PING_EVERY_MS);
  pings.unref();

  return {
    upgrade(request, socket, head) {
      const path = (request.url ?? '').split('?')[0];
      if (path !== '/engine' || !guard.isAddressedHere(request) || !guard.isFromOwnPage(request)) {
        socket.on('error', () => undefined);
        socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, greet);
    },
    tell(news) {
      for (const connection of connections) connection.tell(news);
    },
    close() {
      clearInterval(pings);
      for (const socket of server.clients) {
        socket.close(1001, 'Segwright was closed');
        // A page that does not answer the farewell must not keep the process alive.
        setTimeout(() => {
          socket.terminate();
        }, 500).unref();
      }
      server.close();
    },
  };
}
