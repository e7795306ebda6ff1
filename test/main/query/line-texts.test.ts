import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_FILTER } from '../../../shared/domain/filter.ts';
import type { Evidence } from '../../../shared/domain/flow.ts';
import { SAMPLE, anEngine, type TestEngine } from '../../support/engine.ts';
import { linesOf, readArchive } from '../../sample-tests/read-archive.ts';

const LINES = [
  '2026-03-02T08:00:00.001Z 0b7f00aa INET match PASS 5096 OUT 60 TCP 192.0.2.1/40001->192.0.2.9/443 S WEB',
  '2026-03-02T08:00:01.001Z esx-1 dfwpktlogs: 58734 INET match DROP domain-c8/1006 IN 84 ICMP 192.0.2.1->192.0.2.2 a tag  with blanks',
  'a line of another program',
  '2026-03-02T08:00:02.001Z 0b7f00aa INET TERM PASS 5096 OUT TCP FIN 192.0.2.1/40001->192.0.2.9/443 8/7 373/5451 WEB',
  '2026-03-02T08:00:03.001Z 0b7f00aa INET6 match PASS 5096 IN 60 UDP 2001:db8::1/40001->2001:db8::9/53 WEB',
  '2026-03-02T08:00:04.001Z 0b7f00aa INET match REJECT 7 IN 40 TCP 192.0.2.9/443->192.0.2.1/40001 SA',
  '2026-03-02T08:00:05.001Z 0b7f00aa INET match PASS 7 OUT 40 PROTO 47 192.0.2.9->192.0.2.1',
];

let test: TestEngine;

beforeEach(async () => {
  test = await anEngine();
});

afterEach(async () => {
  await test[Symbol.asyncDispose]();
});

async function evidence(): Promise<readonly Evidence[]> {
  return test.client.call('flow.evidence', { filter: NO_FILTER, limit: 1_000 });
}

async function texts(rows?: readonly Evidence[]) {
  const lines = (rows ?? (await evidence())).map(({ sourceId, line }) => ({ sourceId, line }));
  return test.client.call('line.texts', { lines });
}

const open = (file: string) => test.client.call('archive.open', { paths: [file] });

describe('the text of a line', () => {
  it.each(['\n', '\r\n'])('is that of the file, whatever ends its lines (%j)', async (ending) => {
    const file = test.folder.file('a.log');
    writeFileSync(file, LINES.join(ending));
    await open(file);
    const rows = await evidence();
    expect(rows).toHaveLength(6);
    expect(await texts(rows)).toEqual(
      rows.map(({ line }) => ({ text: LINES[line - 1], rebuilt: null })),
    );
  });

  it('is found in archives inside archives', async () => {
    await open(SAMPLE);
    const rows = await evidence();
    expect(new Set(rows.map(({ sourceId }) => sourceId)).size).toBeGreaterThan(1);
    const members = await readArchive(readFileSync(SAMPLE));
    const read = await texts(rows);
    rows.forEach((row, at) => {
      const member = members.get(row.source.split('!')[1] ?? '');
      const line = member === undefined ? undefined : linesOf(member)[row.line - 1];
      expect(read[at]).toEqual({ text: line, rebuilt: null });
    });
  });

  it('is still found in a log that has grown, and in one that is damaged further on', async () => {
    const file = test.folder.file('a.log');
    writeFileSync(file, `${LINES.join('\n')}\n`);
    await open(file);
    const rows = await evidence();
    appendFileSync(file, `${LINES[0] ?? ''}\n`);
    expect((await texts(rows)).every(({ rebuilt }) => rebuilt === null)).toBe(true);

    const packed = gzipSync(LINES.join('\n').repeat(2_000));
    const cut = test.folder.file('cut.log.gz');
    writeFileSync(cut, packed.subarray(0, packed.length / 2));
    await open(cut);
    const broken = (await evidence()).filter(({ source }) => source === cut);
    expect(broken.length).toBeGreaterThan(0);
    expect((await texts(broken)).every(({ rebuilt }) => rebuilt === null)).toBe(true);
  });

  it('is written anew, and says so, where the file is gone or another one stands there', async () => {
    const file = test.folder.file('a.log');
    writeFileSync(file, LINES.join('\n'));
    await open(file);
    const rows = await evidence();
    writeFileSync(file, LINES.join('\n').replaceAll('192.0.2.1', '192.0.2.7'));
    for (const { rebuilt } of await texts(rows)) expect(rebuilt).toMatch(/has changed since/);
    rmSync(file);
    const gone = await texts(rows);
    for (const { rebuilt } of gone) expect(rebuilt).toMatch(/not there any more/);

    const again = test.folder.file('again.log');
    writeFileSync(again, gone.map(({ text }) => text).join('\n'));
    const other = await anEngine();
    await other.client.call('archive.open', { paths: [again] });
    const reread = await other.client.call('flow.evidence', { filter: NO_FILTER, limit: 1_000 });
    const plain = ({ sourceId: _, source: __, line: ___, ...rest }: Evidence) => rest;
    expect(reread.map(plain)).toEqual(rows.map(plain));
    await other[Symbol.asyncDispose]();
  });

  it('shows no line of another file, whatever path the project names', async () => {
    const file = test.folder.file('a.log.gz');
    const packed = gzipSync(LINES.join('\n').repeat(2_000));
    writeFileSync(file, packed.subarray(0, packed.length / 2));
    await open(file);
    const rows = await evidence();
    const secret = test.folder.file('secret.txt');
    writeFileSync(secret, 'root:x:0:0\n'.repeat(20_000));
    renameSync(secret, file);
    for (const { text, rebuilt } of await texts(rows)) {
      expect(rebuilt).toMatch(/has changed since/);
      expect(text).not.toContain('root');
    }
  });

  it('is the record, where a file holds records', async () => {
    const file = test.folder.file('export.json');
    const [head, second] = [LINES[0] ?? '', LINES[1] ?? ''];
    writeFileSync(file, JSON.stringify({ messages: [{ text: head }, { text: second }] }, null, 2));
    await open(file);
    const rows = await evidence();
    expect(rows).toHaveLength(2);
    for (const { text, rebuilt } of await texts(rows)) {
      expect(rebuilt).toBeNull();
      expect(text).toMatch(/INET match (PASS|DROP)/);
    }
  });

  it('refuses a line of which nothing is stored', async () => {
    const file = test.folder.file('a.log');
    writeFileSync(file, LINES.join('\n'));
    await open(file);
    const [first] = await evidence();
    const lines = [{ sourceId: first?.sourceId ?? 0, line: 4_000_000 }];
    await expect(test.client.call('line.texts', { lines })).rejects.toMatchObject({
      code: 'name-unknown',
    });
  });
});
