import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowserHost, type BrowserHost } from '../../../main/host/browser-host.ts';
import { connectToHost, openSocket } from '../../conformance/host-client.ts';
import { openTempEngine, type TempEngine } from '../../conformance/temp-engine.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let folder: string;
let temp: TempEngine;
let host: BrowserHost;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'segwright-page-'));
  const page = path.join(folder, 'page');
  await mkdir(path.join(page, 'assets'), { recursive: true });
  await writeFile(path.join(folder, 'secret.txt'), 'secret');
  await mkdir(path.join(folder, 'page-twin'));
  await writeFile(path.join(folder, 'page-twin', 'secret.txt'), 'secret');
  await writeFile(path.join(page, 'index.html'), '<!doctype html>');
  await writeFile(path.join(page, 'assets', 'app.js'), 'export {};');
  await symlink(path.join(folder, 'secret.txt'), path.join(page, 'link.txt'));
  await symlink(folder, path.join(page, 'up'));
  temp = await openTempEngine();
  host = await startBrowserHost({ engine: temp.engine, pageFolder: page });
});

afterAll(async () => {
  await host.close();
  await temp.close();
  await rm(folder, { recursive: true, force: true });
});

/** Asks without any of the tidying of paths and headers a browser or `fetch` does. */
function ask(target: string, options: RequestOptions = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: host.port, path: target, agent: false, ...options },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      },
    );
    asked.once('error', reject);
    asked.end(body);
  });
}

const ownOrigin = () => `http://127.0.0.1:${host.port}`;

/** Opens the WebSocket and resolves with the status or close code it ends with. */
async function endOf(headers: Record<string, string>, ...messages: string[]): Promise<number> {
  const socket = openSocket(host.port, headers);
  return new Promise((resolve) => {
    socket.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', () => undefined);
    socket.once('close', (code) => {
      resolve(code);
    });
    socket.once('open', () => {
      for (const message of messages) socket.send(message);
    });
  });
}

describe('the page', () => {
  test('is served at the top with a strict policy', async () => {
    const { status, headers, body } = await ask('/');
    expect(status).toBe(200);
    expect(body).toBe('<!doctype html>');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['cache-control']).toBe('no-store');
  });

  test('brings its script with the right type, and a query changes nothing', async () => {
    const { status, headers, body } = await ask('/assets/app.js?v=1');
    expect([status, body]).toEqual([200, 'export {};']);
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  test('answers HEAD without a body', async () => {
    expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  test.each(['/missing.js', '/assets', '/assets/', '/index.html/'])(
    'has nothing at %s',
    async (target) => {
      expect((await ask(target)).status).toBe(404);
    },
  );

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('refuses the method %s', async (method) => {
    const { status, headers } = await ask('/', { method });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  test.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/%252e%252e%252fsecret.txt',
    '/../page-twin/secret.txt',
    '//secret.txt',
    '/link.txt',
    '/up/secret.txt',
    '/index.html%00.js',
    '/%E0%A4%A',
    'secret.txt',
    'http://127.0.0.1/../secret.txt',
  ])('does not let %s out of its folder', async (target) => {
    const { status, body } = await ask(target);
    expect([400, 404]).toContain(status);
    expect(body).not.toContain('secret\n');
    expect(body).not.toBe('secret');
  });

  test.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', 'localhost', '[::1]'])(
    'is not served under the name %s',
    async (name) => {
      expect((await ask('/', { headers: { host: name } })).status).toBe(403);
    },
  );

  test('is served under the name localhost with the right port', async () => {
    expect((await ask('/', { headers: { host: `localhost:${host.port}` } })).status).toBe(200);
  });
});

describe('the address', () => {
  test('has a token of 256 bits that differs from host to host', async () => {
    const [, port, token] = /^http:\/\/127\.0\.0\.1:(\d+)\/#token=(.+)$/.exec(host.address) ?? [];
    expect(Number(port)).toBe(host.port);
    expect(Buffer.from(token ?? '', 'base64url')).toHaveLength(32);
    const other = await startBrowserHost({ engine: temp.engine, pageFolder: folder });
    expect(other.token).not.toBe(host.token);
    await other.close();
  });

  test('answers at 127.0.0.1 only', async () => {
    const socket = connect({ host: '127.0.0.2', port: host.port });
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(['ECONNREFUSED', 'EADDRNOTAVAIL', 'ETIMEDOUT']).toContain(error.code);
  });
});

describe('the WebSocket', () => {
  const token = () => JSON.stringify({ token: host.token });

  test('lets in the own page with the token', async () => {
    const port = await connectToHost(host);
    const answered = new Promise((resolve) => {
      port.onMessage(resolve);
    });
    port.post({ kind: 'call', id: 1, name: 'history.undo', args: {} });
    expect(await answered).toMatchObject({ kind: 'failure', failure: { code: 'nothing-to-undo' } });
    port.close();
  });

  test('refuses a page of another origin', async () => {
    expect(await endOf({ origin: 'https://evil.example' }, token())).toBe(403);
    expect(await endOf({ origin: 'null' }, token())).toBe(403);
    expect(await endOf({ origin: `http://127.0.0.1:${host.port + 1}` }, token())).toBe(403);
    expect(await endOf({ origin: `http://127.0.0.1:${host.port}.evil.example` })).toBe(403);
  });

  test('refuses a request without an origin', async () => {
    expect(await endOf({ origin: '' }, token())).toBe(403);
  });

  test('refuses another name for this machine', async () => {
    expect(await endOf({ host: 'evil.example' }, token())).toBe(403);
  });

  test.each([
    ['a wrong token', '{"token":"AAAA"}'],
    ['an empty token', '{"token":""}'],
    ['no token', '{}'],
    ['a call instead of the token', '{"kind":"call","id":1,"name":"engine.about","args":{}}'],
    ['what is no JSON', 'token'],
    ['a number for a token', '{"token":1}'],
  ])('hangs up on %s', async (_, message) => {
    expect(await endOf({}, message)).toBe(4401);
  });

  test('does not take the token twice as long as it is wrong at first', async () => {
    expect(await endOf({}, '{"token":"AAAA"}', token())).toBe(4401);
  });

  test('hangs up on a page that stays silent for five seconds', async () => {
    const begun = Date.now();
    expect(await endOf({})).toBe(4401);
    expect(Date.now() - begun).toBeGreaterThan(4_500);
    expect(Date.now() - begun).toBeLessThan(9_000);
  });

  test('hangs up on a message that is no JSON after the token', async () => {
    expect(await endOf({}, token(), 'not json')).toBe(4400);
  });

  test('hangs up on a message that is too long', async () => {
    expect(await endOf({}, token(), `"${'x'.repeat(9 * 1024 * 1024)}"`)).toBe(1009);
  });

  test('is nowhere else, and no page', async () => {
    expect((await ask('/engine')).status).toBe(426);
    const upgrade = { connection: 'upgrade', upgrade: 'websocket', origin: ownOrigin() };
    expect((await ask('/', { headers: upgrade })).status).toBe(403);
  });
});

describe('an upload', () => {
  const allowed = () => ({ origin: ownOrigin(), authorization: `Bearer ${host.token}` });

  async function upload(name: string, body: string): Promise<string> {
    const target = `/upload?name=${encodeURIComponent(name)}`;
    const answer = await ask(target, { method: 'POST', headers: allowed() }, body);
    expect(answer.status).toBe(200);
    return (JSON.parse(answer.body) as { path: string }).path;
  }

  test('is kept under its own name in a folder only this user reads', async () => {
    const file = await upload('books.log', 'lines');
    expect(path.basename(file)).toBe('books.log');
    expect(await readFile(file, 'utf8')).toBe('lines');
    expect((await stat(path.dirname(file))).mode & 0o077).toBe(0);
    expect((await stat(path.dirname(path.dirname(file)))).mode & 0o077).toBe(0);
  });

  test('of the same name twice is kept twice', async () => {
    const first = await upload('same.log', 'one');
    const second = await upload('same.log', 'two');
    expect(await readFile(first, 'utf8')).toBe('one');
    expect(await readFile(second, 'utf8')).toBe('two');
  });

  test.each([
    ['../../escape.log', 'escape.log'],
    ['/etc/escape.log', 'escape.log'],
    ['C:\\logs\\escape.log', 'escape.log'],
    ['a\u0000b\n.log', 'ab.log'],
    [`${'x'.repeat(400)}.tgz`, `${'x'.repeat(196)}.tgz`],
  ])('named %j is kept as a plain name', async (name, kept) => {
    const file = await upload(name, 'x');
    expect(path.basename(file)).toBe(kept);
    expect(path.basename(path.dirname(file))).toMatch(/^file-/);
  });

  test.each(['', '..', '.', '/', '\u0001'])('named %j is refused', async (name) => {
    const target = `/upload?name=${encodeURIComponent(name)}`;
    expect((await ask(target, { method: 'POST', headers: allowed() }, 'x')).status).toBe(400);
  });

  test('without the token, or with a wrong one, is refused', async () => {
    const { origin } = allowed();
    for (const authorization of ['', 'Bearer ', 'Bearer AAAA', host.token, `Basic ${host.token}`]) {
      const headers = authorization === '' ? { origin } : { origin, authorization };
      const { status } = await ask('/upload?name=a.log', { method: 'POST', headers }, 'x');
      expect(status).toBe(401);
    }
  });

  test('from another origin, or from none, is refused', async () => {
    const { authorization } = allowed();
    const evil = { authorization, origin: 'https://evil.example' };
    for (const headers of [evil, { authorization }]) {
      const { status } = await ask('/upload?name=a.log', { method: 'POST', headers }, 'x');
      expect(status).toBe(403);
    }
  });

  test('is only answered to POST', async () => {
    expect((await ask('/upload?name=a.log', { headers: allowed() })).status).toBe(405);
  });

  test('that breaks off leaves nothing behind', async () => {
    const kept = path.dirname(path.dirname(await upload('whole.log', 'x')));
    const before = await readdir(kept);
    const headers = { ...allowed(), 'content-length': '1000000' };
    const asked = request({
      host: '127.0.0.1',
      port: host.port,
      path: '/upload?name=half.log',
      method: 'POST',
      headers,
      agent: false,
    });
    asked.on('error', () => undefined);
    asked.write('half');
    await expect.poll(async () => (await readdir(kept)).length).toBe(before.length + 1);
    asked.destroy();
    await expect.poll(async () => (await readdir(kept)).length).toBe(before.length);
  });

  test('is gone when the host is closed', async () => {
    const own = host;
    host = await startBrowserHost({ engine: temp.engine, pageFolder: folder });
    const file = await upload('gone.log', 'x');
    expect(existsSync(file)).toBe(true);
    await host.close();
    expect(existsSync(path.dirname(path.dirname(file)))).toBe(false);
    host = own;
  });
});

describe('a development server', () => {
  test('of this machine may connect and upload, no other', async () => {
    const own = host;
    const pageOrigin = 'http://localhost:5173';
    host = await startBrowserHost({ engine: temp.engine, pageFolder: folder, pageOrigin });
    try {
      expect(await endOf({ origin: pageOrigin }, '{}')).toBe(4401);
      expect(await endOf({ origin: 'http://localhost:5174' }, '{}')).toBe(403);
      const asked = await ask('/upload?name=a', {
        method: 'OPTIONS',
        headers: { origin: pageOrigin },
      });
      expect(asked.status).toBe(204);
      expect(asked.headers['access-control-allow-origin']).toBe(pageOrigin);
      const headers = { origin: pageOrigin, authorization: `Bearer ${host.token}` };
      expect((await ask('/upload?name=a', { method: 'POST', headers }, 'x')).status).toBe(200);
    } finally {
      await host.close();
      host = own;
    }
  });

  test.each(['https://evil.example', 'http://192.0.2.1:5173', 'file:///', 'localhost:5173'])(
    'at %s is refused',
    async (pageOrigin) => {
      const started = startBrowserHost({ engine: temp.engine, pageFolder: folder, pageOrigin });
      await expect(started).rejects.toThrow('is no http address of this machine');
    },
  );
});

test('closing the host tells its pages and ends in time', async () => {
  const other = await startBrowserHost({ engine: temp.engine, pageFolder: folder });
  const port = await connectToHost(other);
  const closed = new Promise<void>((resolve) => {
    port.onClose(resolve);
  });
  const begun = Date.now();
  await other.close();
  await closed;
  expect(Date.now() - begun).toBeLessThan(3_000);
});
