import { protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { APP_HOST, APP_SCHEME } from '../../shared/ipc/shell-channels.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
};

/** Tells Chromium about the scheme. Must be called once, before the app is ready, with no await before. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the files of a folder under the app scheme, and nothing else. */
export function serveAppScheme(folder: string): void {
  protocol.handle(APP_SCHEME, (request) => respond(folder, request));
}

async function respond(folder: string, request: Request): Promise<Response> {
  if (request.method !== 'GET') return refusal(405);
  const file = fileOf(folder, request.url);
  if (file === undefined) return refusal(404);
  try {
    const body = await readFile(file);
    const type = CONTENT_TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream';
    return new Response(new Uint8Array(body), { headers: { ...HEADERS, 'content-type': type } });
  } catch {
    return refusal(404);
  }
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: HEADERS });
}

/** The file an address means, or `undefined` where that is no file inside the folder. */
function fileOf(folder: string, address: string): string | undefined {
  const url = new URL(address);
  if (url.host !== APP_HOST) return undefined;
  const name = decoded(url.pathname);
  if (name === undefined || /[\0\\]/.test(name)) return undefined;
  const file = path.join(folder, name === '/' ? 'index.html' : name);
  return file.startsWith(path.join(folder, path.sep)) ? file : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
