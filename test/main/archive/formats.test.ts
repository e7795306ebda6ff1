import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Decoder } from '../../../main/engine/archive/decoder.ts';
import { nativeZstd } from '../../../main/engine/archive/zlib-decoder.ts';
import { FzstdDecoder } from '../../../main/engine/archive/zstd.ts';
import { aLog, aTar, aTgz } from '../../support/archives.ts';
import { aFolder, anEngine, fixture, type TestFolder } from '../../support/engine.ts';
import { walked } from '../../support/walked.ts';
import { aZip } from '../../support/zips.ts';

let folder: TestFolder;

beforeAll(async () => {
  folder = await aFolder();
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

function put(name: string, bytes: Uint8Array | string): string {
  const file = folder.file(name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

const packed = (name: string) => fixture('archives', name);
const a = readFileSync(packed('a.log'));
const b = readFileSync(packed('b.log'));

describe('packed files', () => {
  it.each(['bz2', 'xz', 'zst'])('a .%s gives its bytes', async (format) => {
    const { members, failures, damages } = await walked(packed(`a.${format}`));
    expect(members).toEqual([['', a]]);
    expect([failures, damages]).toEqual([[], []]);
  });

  it.each(['bz2', 'xz', 'zst'])('a .%s of two streams is read wholly', async (format) => {
    const { members, damages } = await walked(packed(`ab.${format}`));
    expect(members).toEqual([['', Buffer.concat([a, b])]]);
    expect(damages).toEqual([]);
  });

  it.each(['bz2', 'xz', 'zst'])('a .tar.%s gives its members in order', async (format) => {
    const { members } = await walked(packed(`ab.tar.${format}`));
    expect(members).toEqual([
      ['a.log', a],
      ['b.log', b],
    ]);
  });

  it('an xz in an xz does not wait for itself', async () => {
    expect((await walked(packed('a.xz.xz'))).members).toEqual([['', a]]);
  });

  it('zeros behind a gzip are harmless, and a gzip behind them is read', async () => {
    const gz = gzipSync(a);
    const zeros = Buffer.alloc(5_000);
    const one = await walked(put('zeros.gz', Buffer.concat([gz, zeros])));
    expect([one.members, one.damages]).toEqual([[['', a]], []]);
    const two = await walked(put('two.gz', Buffer.concat([gz, zeros, gzipSync(b)])));
    expect([two.members, two.damages]).toEqual([[['', Buffer.concat([a, b])]], []]);
  });

  it('other bytes behind a gzip are told of, and what is there is read', async () => {
    const bytes = Buffer.concat([gzipSync(a), Buffer.from('some text')]);
    const { members, damages } = await walked(put('garbage.gz', bytes));
    expect(members).toEqual([['', a]]);
    expect(damages).toHaveLength(1);
  });

  it.each(['bz2', 'xz', 'zst'])('a .%s that is cut keeps the stream before', async (format) => {
    const bytes = readFileSync(packed(`ab.${format}`));
    const cut = put(`cut.${format}`, bytes.subarray(0, bytes.length - 20));
    const { members, damages } = await walked(cut);
    expect(members[0]?.[1].subarray(0, a.length).equals(a)).toBe(true);
    expect(damages).toHaveLength(1);
    expect(damages[0]).toMatch(/unexpected (EOF|end)/);
  });

  it.each(['bz2', 'xz'])('a .%s with a wrong byte keeps what came before', async (format) => {
    const bytes = readFileSync(packed(`ab.${format}`));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 60) ^ 0xff, bytes.length - 60);
    const { members, damages } = await walked(put(`wrong.${format}`, bytes));
    expect(members[0]?.[1].subarray(0, a.length).equals(a)).toBe(true);
    expect(damages).toHaveLength(1);
  });

  it('an xz with a checksum that is not read says so', async () => {
    expect((await walked(packed('sha256.xz'))).damages).toEqual([
      'it uses a filter or a checksum that is not read',
    ]);
  });

  it.runIf(nativeZstd() !== undefined)('Zstandard is unpacked by Node itself', async () => {
    const open = nativeZstd();
    expect(open === undefined ? '' : await text(open())).toBe(`${a.toString()}${b.toString()}`);
  });

  it('Zstandard is unpacked by fzstd where Node cannot', async () => {
    expect(await text(new FzstdDecoder())).toBe(`${a.toString()}${b.toString()}`);
  });
});

async function text(decoder: Decoder): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of decoder.write(readFileSync(packed('ab.zst')))) parts.push(part);
  for await (const part of decoder.end()) parts.push(part);
  decoder.close();
  return Buffer.concat(parts).toString();
}

describe('a zip', () => {
  it('is read in the order of its directory: stored, deflated, zip64, empty', async () => {
    const members = [
      { name: 'z.log', bytes: a },
      { name: 'folder/' },
      { name: 'folder/a.log', bytes: b, isStored: true },
      { name: 'big.log', bytes: a, isZip64: true },
      { name: 'empty.log', isStored: true },
    ];
    const found = await walked(put('some.zip', aZip(members)));
    expect(found).toEqual({
      members: [
        ['z.log', a],
        ['folder/a.log', b],
        ['big.log', a],
        ['empty.log', Buffer.alloc(0)],
      ],
      skipped: [],
      failures: [],
      damages: [],
    });
  });

  it('skips members that are encrypted or packed by another method, with the reason', async () => {
    const encrypted = await walked(packed('encrypted.zip'));
    expect(encrypted.skipped).toEqual([['a.log', 'encrypted']]);
    expect(encrypted.members).toEqual([['b.log', b]]);
    const other = await walked(packed('method-12.zip'));
    expect(other.skipped).toEqual([['a.log', 'packed by zip method 12, which is not read']]);
    expect(other.members).toEqual([['b.log', b]]);
  });

  it('with a damaged member gives the others, and the damaged one up to the damage', async () => {
    const zip = aZip([
      { name: 'a.log', bytes: a },
      { name: 'b.log', bytes: b },
    ]);
    zip.fill(0xff, 250, 260);
    const { members, damages } = await walked(put('damaged.zip', zip));
    expect(damages).toHaveLength(1);
    expect(members[0]?.[1].length).toBeGreaterThan(0);
    expect(members[0]?.[1].length).toBeLessThan(a.length);
    expect(members[1]).toEqual(['b.log', b]);
  });

  it.each([
    ['size', { size: 7 }, `it has ${a.length} bytes instead of 7`],
    ['size of a stored member', { size: 7, isStored: true }, /instead of 7/],
    ['checksum', { checksum: 7 }, 'wrong checksum'],
  ])('that lies about the %s of a member costs that one alone', async (_, lie, reason) => {
    const zip = aZip([
      { name: 'a.log', bytes: a, ...lie },
      { name: 'b.log', bytes: b },
    ]);
    const { members, damages } = await walked(put('lie.zip', zip));
    expect(damages).toEqual([expect.stringMatching(reason)]);
    expect(members).toEqual([
      ['a.log', a],
      ['b.log', b],
    ]);
  });

  it('without its directory is told to be damaged', async () => {
    const zip = aZip([{ name: 'a.log', bytes: a }]);
    const { failures } = await walked(put('cut.zip', zip.subarray(0, 200)));
    expect(failures).toMatchObject([
      { code: 'archive-damaged', details: { reason: 'the directory at its end is missing' } },
    ]);
  });

  it('that is damaged inside another archive does not hinder the others', async () => {
    const cut = aZip([{ name: 'a.log', bytes: a }]).subarray(0, 200);
    const tar = await aTar([
      { name: 'cut.zip', bytes: cut },
      { name: 'b.log', bytes: b },
    ]);
    const { members, failures } = await walked(put('outer.tar', tar));
    expect(members).toEqual([['b.log', b]]);
    expect(failures.map((failure) => failure.details['path'])).toEqual([
      folder.file('outer.tar!cut.zip'),
    ]);
  });
});

describe('what is no log', () => {
  it('is skipped in a folder, with the reason, in the order of names', async () => {
    put('mixed/c.png', Buffer.from('89504e470d0a1a0a', 'hex'));
    put('mixed/b.segw', Buffer.concat([Buffer.alloc(8), Buffer.from('DUCK')]));
    put('mixed/a/deep.log', a);
    put('mixed/d.7z', Buffer.from('377abcaf271c0004', 'hex'));
    put('mixed/e.pdf', '%PDF-1.7');
    put('mixed/z.log', b);
    symlinkSync(packed('a.log'), folder.file('mixed/link.log'));
    const { members, skipped } = await walked(folder.file('mixed'));
    expect(skipped.map(([name, reason]) => [path.basename(name), reason])).toEqual([
      ['b.segw', 'a Segwright or DuckDB database, which is not read'],
      ['c.png', 'an image, which is not read'],
      ['d.7z', 'a 7z archive, which is not read'],
      ['e.pdf', 'a PDF, which is not read'],
    ]);
    expect(members.map(([name]) => path.basename(name))).toEqual(['z.log', 'deep.log']);
  });

  it('is a failure where it was given itself', async () => {
    const { failures } = await walked(put('a.png', Buffer.from('89504e470d0a1a0a', 'hex')));
    expect(failures).toMatchObject([{ code: 'path-unsupported' }]);
  });
});

/** A way of packing: bytes under a name become other bytes. */
const WRAPPERS = {
  gz: async (_: string, bytes: Buffer) => gzipSync(bytes),
  tar: async (name: string, bytes: Buffer) => aTar([{ name, bytes }]),
  tgz: async (name: string, bytes: Buffer) => aTgz([{ name, bytes }]),
  zip: async (name: string, bytes: Buffer) => aZip([{ name, bytes }]),
  stored: async (name: string, bytes: Buffer) => aZip([{ name, bytes, isStored: true }]),
};

const nesting = fc.array(fc.constantFrom('gz', 'tar', 'tgz', 'zip', 'stored'), { maxLength: 4 });

describe('any way of packing the same lines', () => {
  it('gives the same bytes', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        nesting,
        fc.string({ unit: 'binary', maxLength: 3_000 }),
        async (ways, text) => {
          const lines = Buffer.from(`lines\n${text}`);
          let bytes: Buffer = lines;
          for (const way of ways) {
            bytes = await WRAPPERS[way]('in.log', bytes);
          }
          const found = await walked(put(`packed-${count++}`, bytes));
          expect(found.failures).toEqual([]);
          expect(found.members.map(([, each]) => each)).toEqual([lines]);
        },
      ),
      { numRuns: 80 },
    );
  });

  it('gives the same accounting', async () => {
    const lines = Buffer.from(`${aLog(30)}\nno line\n`);
    const accounts: unknown[] = [];
    for (const ways of [[], ['gz'], ['tar', 'gz'], ['zip'], ['tgz', 'zip'], ['zip', 'tgz', 'gz']]) {
      let bytes: Buffer = lines;
      for (const way of ways as (keyof typeof WRAPPERS)[]) {
        bytes = await WRAPPERS[way]('dfwpktlogs.log', bytes);
      }
      await using engine = await anEngine();
      const file = engine.folder.file('given');
      writeFileSync(file, bytes);
      const { totals, failures } = await engine.client.call('archive.open', { paths: [file] });
      expect(failures).toEqual([]);
      accounts.push({ ...totals, seconds: 0 });
    }
    expect(accounts[0]).toMatchObject({ lines: 32, events: 30 });
    for (const account of accounts) expect(account).toEqual(accounts[0]);
  });
});
