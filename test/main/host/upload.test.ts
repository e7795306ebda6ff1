import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createUploadFolder, type UploadFolder } from '../../../main/host/upload.ts';

const MIB = 1 << 20;

let free = 0;
let folder: UploadFolder;
let address = '';
const server = createServer((request, response) => void folder.receive(request, response));

beforeEach(async () => {
  folder = await createUploadFolder({ freeBytes: () => Promise.resolve(free) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await folder.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function send(question: string, body: BodyInit): Promise<Response> {
  const isStream = body instanceof ReadableStream;
  const more = isStream ? { duplex: 'half' } : {};
  return fetch(`${address}/upload?${question}`, { method: 'POST', body, ...more });
}

describe('an upload', () => {
  it('keeps the time the file was last written, for lines without a year', async () => {
    free = 1024 * MIB;
    const modified = Date.parse('2024-03-02T08:00:00Z');
    const answer = await send(`name=a.log&modified=${modified}`, 'lines');
    const { path } = (await answer.json()) as { path: string };
    expect((await stat(path)).mtimeMs).toBe(modified);
    const odd = await send('name=b.log&modified=1e300', 'lines');
    expect(odd.status).toBe(200);
  });

  it('for which the disk has no room is refused with a sentence', async () => {
    free = 513 * MIB;
    const answer = await send('name=big.log', new Uint8Array(2 * MIB));
    expect(answer.status).toBe(507);
    expect(await answer.text()).toMatch(
      /^There is no room for "big\.log" \(2 MB\): of the 538 MB free in .+, 537 MB must stay free\./,
    );
    expect((await send('name=small.log', new Uint8Array(MIB / 2))).status).toBe(200);
  });

  it('that does not say its size is stopped where the room ends, and leaves nothing', async () => {
    free = 513 * MIB;
    const kept = (await (await send('name=a.log', 'x')).json()) as { path: string };
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (sent++ < 64) controller.enqueue(new Uint8Array(MIB / 16));
        else controller.close();
      },
    });
    const answer = await send('name=endless.log', body).then(
      async (response) => [response.status, await response.text()],
      () => ['cut'],
    );
    if (answer[0] !== 'cut') expect(answer).toEqual([507, expect.stringContaining('no room')]);
    expect(existsSync(kept.path)).toBe(true);
    const uploads = kept.path.split('/').slice(0, -2).join('/');
    await expect.poll(async () => (await readdir(uploads)).length).toBe(1);
  });
});
