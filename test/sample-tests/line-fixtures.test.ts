import { readFileSync, readdirSync } from 'node:fs';
import { createGunzip, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../shared/net/address.ts';
import { linesOf } from './read-archive.ts';

const VALID = new URL('../fixtures/dfw/valid/', import.meta.url);
const INVALID = new URL('../fixtures/dfw/invalid/', import.meta.url);

const FIELDS: readonly string[] = [
  'at',
  'host',
  'family',
  'kind',
  'reason',
  'action',
  'rulesetName',
  'rule',
  'direction',
  'length',
  'protocol',
  'source',
  'sourcePort',
  'destination',
  'destinationPort',
  'flags',
  'tag',
  'packets',
  'bytes',
  'filter',
  'reply',
  'closeReason',
  'icmp',
  'dialect',
];

function readJson(name: string, folder: URL): unknown {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
}

function recordsOf(name: string): readonly Readonly<Record<string, unknown>>[] {
  const list = readJson(name, VALID);
  if (!Array.isArray(list)) throw new Error(`${name} is no list.`);
  return list.map((item: unknown) => {
    if (typeof item !== 'object' || item === null) throw new Error(`${name} has a bare value.`);
    return Object.fromEntries(Object.entries(item));
  });
}

const NAMES = readdirSync(VALID)
  .filter((name) => name.endsWith('.log'))
  .map((name) => name.slice(0, -4));

describe('the readable lines', () => {
  it.each(NAMES)('of %s have one expectation each, with every field', (name) => {
    const records = recordsOf(`${name}.json`);
    const lines = linesOf(readFileSync(new URL(`${name}.log`, VALID)));
    expect(records).toHaveLength(lines.length);
    for (const [i, record] of records.entries()) {
      expect(Object.keys(record)).toEqual(FIELDS);
      const rule = Number(record['rule']);
      const written = name === 'minus-signs' && rule >= 2 ** 31 ? rule - 2 ** 32 : rule;
      expect(lines[i]).toContain(String(written));
      if (record['tag'] !== '') expect(lines[i]?.endsWith(` ${String(record['tag'])}`)).toBe(true);
      for (const side of [record['source'], record['destination']]) {
        const address = parseAddress(String(side));
        expect(address).toMatchObject({ family: record['family'] });
        expect(address === undefined ? '' : formatAddress(address)).toBe(side);
      }
    }
  });

  it('count the bytes of a message that is framed by its length', () => {
    const framed = linesOf(readFileSync(new URL('headers.log', VALID))).flatMap(
      (line) => /^(\d+) (<.*)$/.exec(line) ?? [],
    );
    expect(framed).toHaveLength(3);
    expect(Buffer.byteLength(framed[2] ?? '')).toBe(Number(framed[1]));
  });
});

describe('the unreadable files', () => {
  it('have one expectation each, which adds up to the lines of a text file', () => {
    const names = readdirSync(INVALID).filter((name) => name !== 'expected.json');
    const expected = readJson('expected.json', INVALID);
    expect(Object.keys(expected ?? {}).sort()).toEqual(names.sort());
    for (const name of names.filter((each) => each.endsWith('.log'))) {
      const lines = linesOf(readFileSync(new URL(name, INVALID))).length;
      expect(expected).toMatchObject({ [name]: { lines, events: 0 } });
    }
  });

  it('hold a gzip file that ends early and one whose checksum is wrong', async () => {
    const early = readFileSync(new URL('truncated.gz', INVALID));
    expect(() => gunzipSync(early)).toThrow('unexpected end of file');
    const wrong = readFileSync(new URL('bad-crc.gz', INVALID));
    expect(() => gunzipSync(wrong)).toThrow('incorrect data check');

    const gunzip = createGunzip();
    const before: Buffer[] = [];
    gunzip.end(early);
    await expect(async () => {
      for await (const chunk of gunzip) if (Buffer.isBuffer(chunk)) before.push(chunk);
    }).rejects.toThrow('unexpected end of file');
    expect(linesOf(Buffer.concat(before)).length).toBeGreaterThan(400);
  });
});
