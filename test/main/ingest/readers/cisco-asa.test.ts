import { describe, expect, it } from 'vitest';
import { readerByName } from '../../../../main/engine/ingest/readers/registry.ts';
import { contextOf, type ReadLog, readWith } from './read-log.ts';

async function readAll(lines: readonly string[]): Promise<ReadLog> {
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
  return readWith(readerByName('cisco-asa'), bytes, contextOf(bytes));
}

const read = (...lines: readonly string[]) => readAll(lines);

const DENY =
  '%ASA-4-106023: Deny tcp src outside:198.51.100.44/55277 dst inside:192.0.2.44/445 by access-group "in"';

describe('the header of a Cisco line', () => {
  it.each([
    ['<166>Mar  2 08:00:00 192.0.2.1 ', '2026-03-02T08:00:00.000Z 192.0.2.1'],
    ['<164>Mar 02 2024 01:01:34: ', '2024-03-02T01:01:34.000Z -'],
    ['Mar 02 2024 09:34:34 EST: ', '2024-03-02T14:34:34.000Z -'],
    ['Mar 02 2024 09:34:34 CEST: ', '2024-03-02T07:34:34.000Z -'],
    ['Mar 02 2024 16:00:28 INT-FW01 : ', '2024-03-02T16:00:28.000Z INT-FW01'],
    ['<166>2024-03-02T12:17:46Z asa : ', '2024-03-02T12:17:46.000Z asa'],
    ['<166>2024-03-02T12:17:46.5+02:00 asa : ', '2024-03-02T10:17:46.500Z asa'],
    ['<166>:Mar 02 09:34:34 UTC: ', '2026-03-02T09:34:34.000Z -'],
    [
      '<166>1 2024-03-02T12:17:46Z asa.example.com - - - - ',
      '2024-03-02T12:17:46.000Z asa.example.com',
    ],
    ['Mar  2 08:00:10 relay Mar 02 2024 07:00:10 fw-inner : ', '2024-03-02T07:00:10.000Z fw-inner'],
    ['2026-03-02T08:00:10Z relay <166>Mar 02 2024 07:00:10: ', '2026-03-02T08:00:10.000Z relay'],
  ])('"%s" gives %s', async (header, want) => {
    const { events } = await read(`${header}${DENY}`);
    expect(events[0]?.split(' ').slice(0, 2).join(' ')).toBe(want);
  });
});

function built(id: number, at = '08:00:00', host = 'fw'): string {
  return `Mar  2 ${at} ${host} %ASA-6-302013: Built outbound TCP connection ${id} for outside:198.51.100.17/5000 (198.51.100.17/5000) to inside:192.0.2.42/4000 (203.0.113.130/4000)`;
}

function ended(id: number, at = '08:00:01', host = 'fw'): string {
  return `Mar  2 ${at} ${host} %ASA-6-302014: Teardown TCP connection ${id} for outside:198.51.100.17/5000 to inside:192.0.2.42/4000 duration 0:00:01 bytes 5 TCP FINs`;
}

const ends = (event: string | undefined) => /\[.*\]:\d+/.exec(event ?? '')?.[0];

describe('the end of a connection', () => {
  it('lands on the flow of its beginning, though its text names the server first', async () => {
    const { events } = await read(built(1), ended(1));
    expect(events.map(ends)).toEqual(Array(2).fill('[192.0.2.42]:4000>[198.51.100.17]:5000'));
  });

  it('takes the lower port for the server where the beginning is not in the log', async () => {
    const { events } = await read(ended(1));
    expect(events.map(ends)).toEqual(['[198.51.100.17]:5000>[192.0.2.42]:4000']);
  });

  it('is not taken for that of another device’s connection of the same number', async () => {
    const { events } = await read(built(1, '08:00:00', 'other'), ended(1));
    expect(ends(events[1])).toBe('[198.51.100.17]:5000>[192.0.2.42]:4000');
  });

  it('is not taken for that of an earlier connection of the same number', async () => {
    const { events } = await read(built(1), ended(1), ended(1));
    expect(ends(events[2])).toBe('[198.51.100.17]:5000>[192.0.2.42]:4000');
  });

  it('forgets the oldest of very many open connections, and no more', async () => {
    const lines = Array.from({ length: 200_001 }, (_, id) => built(id));
    const { events } = await readAll([...lines, ended(0), ended(1), ended(200_000)]);
    expect(events.slice(-3).map(ends)).toEqual([
      '[198.51.100.17]:5000>[192.0.2.42]:4000',
      '[192.0.2.42]:4000>[198.51.100.17]:5000',
      '[192.0.2.42]:4000>[198.51.100.17]:5000',
    ]);
  });
});

describe('a line no parser should stumble over', () => {
  it.each([
    ['%ASA-6-302013: ', 'no action'],
    ['%ASA-6-302014: Teardown TCP connection 1', 'no addresses'],
    [
      '%ASA-6-106100: access-list a permitted quux inside/192.0.2.1(1) -> outside/192.0.2.2(2)',
      'no protocol',
    ],
    [
      '%ASA-6-106100: access-list a permitted tcp inside/192.0.2.1(1) outside/192.0.2.2(2)',
      'no addresses',
    ],
    [
      '%ASA-6-106100: access-list a permitted tcp inside/192.0.2.1(1) -> outside/192.0.2.2(99999)',
      'bad port',
    ],
    [
      '%ASA-4-106023: Deny tcp src outside:192.0.2.1 dst inside:192.0.2.2/1 by access-group "a"',
      'no port',
    ],
    [
      '%ASA-4-106023: Deny tcp src outside:mail/25 dst inside:192.0.2.2/1 by access-group "a"',
      'name for address',
    ],
    [
      '%ASA-4-106023: Deny tcp src outside:192.0.2.999/25 dst inside:192.0.2.2/1 by access-group "a"',
      'bad address',
    ],
    ['%ASA-7-609001: Built local-host inside:192.0.2.1', 'other'],
    ['%ASA-6-3020130: Built inbound TCP connection', 'other'],
  ])('%s is %s', async (text, outcome) => {
    const { counts } = await read(`Mar  2 08:00:00 fw ${text}`);
    expect(counts).toEqual({ lines: 1, [outcome]: 1 });
  });

  it('takes no more than a second, however it repeats itself', async () => {
    const started = performance.now();
    await read(
      `Mar  2 08:00:00 fw %ASA-6-106100: access-list ${'a permitted tcp '.repeat(50_000)}`,
      `Mar  2 08:00:00 fw %ASA-6-302013: Built inbound TCP connection 1 for a:b/1${' to a:b'.repeat(50_000)}`,
      'Mar  2 08:00:00 '.repeat(50_000),
      '%ASA-'.repeat(100_000),
    );
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
