import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Engine } from '../engine/engine.ts';
import { createGuard, loopbackOrigin, type Guard } from './browser-guard.ts';
import { createSockets } from './browser-sockets.ts';
import { answerText, serveFile } from './static-files.ts';
import { createUploadFolder, type UploadFolder } from './upload.ts';

/** What a browser host needs. */
export interface BrowserHostOptions {
  readonly engine: Pick<Engine, 'handlers' | 'onNews'>;
  /** The built page. */
  readonly pageFolder: string;
  /** Address of a development server on this machine whose page may connect too. */
  readonly pageOrigin?: string;
}

/** A running browser host. */
export interface BrowserHost {
  /** The address to open, `http://127.0.0.1:PORT/#token=TOKEN`. */
  readonly address: string;
  readonly port: number;
  readonly token: string;
  /** Ends all connections and deletes uploaded files. The engine stays open. */
  close(): Promise<void>;
}

const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self' ws://127.0.0.1:* ws://localhost:*",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve(address.port);
    });
  });
}

/** Answers uploads, and the question a browser asks before one from the development server's page. */
async function answerUpload(
  request: IncomingMessage,
  response: ServerResponse,
  guard: Guard,
  uploads: UploadFolder,
): Promise<void> {
  if (!guard.isFromOwnPage(request)) {
    answerText(response, 403, 'Only the workbench page may upload.');
    return;
  }
  response.setHeader('access-control-allow-origin', request.headers.origin ?? '');
  response.setHeader('vary', 'origin');
  if (request.method === 'OPTIONS') {
    response.setHeader('access-control-allow-methods', 'POST');
    response.setHeader('access-control-allow-headers', 'authorization, content-type');
    response.writeHead(204).end();
    return;
  }
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    answerText(response, 405, 'Only POST is answered here.');
    return;
  }
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!guard.isToken(token)) {
    answerText(response, 401, 'The token is missing or wrong.');
    return;
  }
  await uploads.receive(request, response);
}

/**
 * Serves the workbench to a browser of this machine: the page, its connection to the engine at
 * `/engine`, and uploads at `/upload`. It listens on loopback only, on a random port, and lets in
 * nobody without the token of its address.
 */
export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const { engine, pageFolder, pageOrigin } = options;
  if (pageOrigin !== undefined) loopbackOrigin(pageOrigin);
  const uploads = await createUploadFolder();
  // Uploads of many gigabytes take longer than the five minutes Node allows by default.
  const server = createServer({ requestTimeout: 0 });
  const port = await listen(server);
  const guard = createGuard(port, pageOrigin);
  const sockets = createSockets(engine.handlers, guard);
  engine.onNews((news) => {
    sockets.tell(news);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    const path = (request.url ?? '').split('?')[0];
    if (!guard.isAddressedHere(request)) {
      answerText(response, 403, 'This address is not served here.');
    } else if (path === '/upload') {
      await answerUpload(request, response, guard, uploads);
    } else if (path === '/engine') {
      response.setHeader('upgrade', 'websocket');
      answerText(response, 426, 'This is the address of a WebSocket.');
    } else {
      await serveFile(pageFolder, request, response);
    }
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch(() => {
      // The reader went away, or the file did while it was read.
      response.destroy();
    });
  });
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    sockets.upgrade(request, socket, head);
  });

  return {
    address: `http://127.0.0.1:${port}/#token=${guard.token}`,
    port,
    token: guard.token,
    async close() {
      sockets.close();
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      server.closeIdleConnections();
      setTimeout(() => {
        server.closeAllConnections();
      }, 300).unref();
      await closed;
      await uploads.close();
    },
  };
}
