import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
  ['.txt', 'text/plain; charset=utf-8'],
]);

/** Refuses a request with a status and one sentence as plain text, and hangs up. */
export function answerText(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    connection: 'close',
  });
  response.end(`${sentence}\n`);
}

/** The path a request asks for, decoded once; nothing where it is no clean absolute path. */
function requestedPath(address: string): string | undefined {
  const encoded = /^(\/[^?#]*)/.exec(address)?.[1];
  if (encoded === undefined) return undefined;
  try {
    const decoded = decodeURIComponent(encoded);
    return /[\\\0]/.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

/** The regular file a path stands for, with links followed, if it lies inside the folder. */
async function fileInside(folder: string, requested: string): Promise<string | undefined> {
  const wanted = path.join(folder, requested.endsWith('/') ? `${requested}index.html` : requested);
  if (!isInside(folder, wanted)) return undefined;
  try {
    const [realFolder, realFile] = await Promise.all([realpath(folder), realpath(wanted)]);
    if (!isInside(realFolder, realFile)) return undefined;
    return (await stat(realFile)).isFile() ? realFile : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Answers GET and HEAD with a file of the folder. What lies outside it, by `..`, encoded or by a
 * link, is answered like a file that does not exist.
 */
export async function serveFile(
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    answerText(response, 405, 'Only GET and HEAD are answered here.');
    return;
  }
  const requested = requestedPath(request.url ?? '/');
  if (requested === undefined) {
    answerText(response, 400, 'This is no path.');
    return;
  }
  const file = await fileInside(folder, requested);
  if (file === undefined) {
    answerText(response, 404, 'There is no such file.');
    return;
  }
  const type = CONTENT_TYPES.get(path.extname(file).toLowerCase()) ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(createReadStream(file), response);
}
