import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { webSocketPort } from '../../../main/host/web-socket-port.ts';

let server: WebSocketServer;
let near: WebSocket;
let far: WebSocket;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const arrived = once(server, 'connection') as Promise<[WebSocket]>;
  near = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(near, 'open');
  [far] = await arrived;
});

afterEach(() => {
  near.terminate();
  server.close();
});

test('records arrive whole and in order', async () => {
  const seen: unknown[] = [];
  webSocketPort(far).onMessage((message) => seen.push(message));
  const port = webSocketPort(near);
  for (let number = 0; number < 100; number++) port.post({ number, text: 'ä\u0000"' });
  await expect.poll(() => seen.length).toBe(100);
  expect(seen).toEqual(Array.from({ length: 100 }, (_, number) => ({ number, text: 'ä\u0000"' })));
});

test('progress is dropped while a slow reader has much to read, answers are not', async () => {
  far.pause();
  const port = webSocketPort(near);
  const filler = 'x'.repeat(64 * 1024);
  for (let id = 1; id <= 500; id++) {
    port.post({ kind: 'progress', id, progress: filler });
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(near.bufferedAmount).toBeLessThan(2 * 1024 * 1024);
  port.post({ kind: 'reply', id: 501, value: null });
  const kinds: string[] = [];
  webSocketPort(far).onMessage((message) => kinds.push((message as { kind: string }).kind));
  far.resume();
  await expect.poll(() => kinds.at(-1)).toBe('reply');
  expect(kinds.length).toBeLessThan(500);
});

test('what is posted after the other end has gone is no error', async () => {
  const port = webSocketPort(near);
  const closed = new Promise<void>((resolve) => {
    port.onClose(resolve);
  });
  far.terminate();
  await closed;
  expect(() => {
    port.post({ kind: 'reply', id: 1, value: null });
  }).not.toThrow();
});

test('a binary message ends the connection', async () => {
  webSocketPort(far);
  near.send(Buffer.from('{}'));
  const [code] = (await once(near, 'close')) as [number];
  expect(code).toBe(4400);
});
