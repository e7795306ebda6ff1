import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Budget, MAX_HELD_BYTES, MAX_MEMBERS } from '../../../main/engine/archive/budget.ts';
import { withinTime } from '../../../main/engine/archive/time-limit.ts';
import { Cancelled } from '../../../shared/failure/failure.ts';
import { createCancelSource } from '../../../shared/ipc/cancel.ts';
import { aLog, aTar, aTgz } from '../../support/archives.ts';
import { aFolder, anEngine, fixture, type TestFolder } from '../../support/engine.ts';
import { walked } from '../../support/walked.ts';
import { aZip } from '../../support/zips.ts';

const MIB = 1 << 20;

let folder: TestFolder;

beforeAll(async () => {
  folder = await aFolder();
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

function put(name: string, bytes: Uint8Array | string): string {
  const file = folder.file(name);
  writeFileSync(file, bytes);
  return file;
}

const packed = (name: string) => fixture('archives', name);
const lines = Buffer.from(aLog(5));

/** The same bytes many times over. */
const times = (count: number, bytes: Buffer) =>
  Buffer.concat(Array.from({ length: count }, () => bytes));

/** A gzip of this many MiB of zeros. */
const zeros = (mebibytes: number) => times(mebibytes / 16, gzipSync(Buffer.alloc(16 * MIB)));

describe('names and types that are refused', () => {
  it('in a tar', async () => {
    const bytes = await aTar([
      { name: '../up.log', bytes: lines },
      { name: 'in/../../up.log', bytes: lines },
      { name: '..\\up.log', bytes: lines },
      { name: '/etc/absolute.log', bytes: lines },
      { name: 'C:\\absolute.log', bytes: lines },
      { name: 'link.log', linkTo: '/etc/passwd' },
      { name: 'hard.log', linkTo: 'good.log', type: 'link' },
      { name: 'null', type: 'character-device' },
      { name: 'disk', type: 'block-device' },
      { name: 'pipe', type: 'fifo' },
      { name: 'folder', type: 'directory' },
      { name: 'good.log', bytes: lines },
    ]);
    const { members, skipped, failures } = await walked(put('names.tar', bytes));
    expect(members).toEqual([['good.log', lines]]);
    expect(failures).toEqual([]);
    expect(skipped).toEqual([
      ['../up.log', 'a name that leads out of the archive'],
      ['in/../../up.log', 'a name that leads out of the archive'],
      ['..\\up.log', 'a name that leads out of the archive'],
      ['/etc/absolute.log', 'an absolute name'],
      ['C:\\absolute.log', 'an absolute name'],
      ['link.log', 'a symlink, which is not followed'],
      ['hard.log', 'a link, which is not followed'],
      ['null', 'a device, which is not read'],
      ['disk', 'a device, which is not read'],
      ['pipe', 'a fifo, which is not read'],
    ]);
  });

  it('in a zip', async () => {
    const bytes = aZip([
      { name: '../up.log', bytes: lines },
      { name: '/etc/absolute.log', bytes: lines },
      { name: 'C:\\absolute.log', bytes: lines },
      { name: 'link.log', bytes: '/etc/passwd', mode: 0o120777 },
      { name: 'null', mode: 0o020666 },
      { name: 'pipe', mode: 0o010666 },
      { name: 'good.log', bytes: lines, mode: 0o100644 },
    ]);
    const { members, skipped } = await walked(put('names.zip', bytes));
    expect(members).toEqual([['good.log', lines]]);
    expect(skipped).toEqual([
      ['../up.log', 'a name that leads out of the archive'],
      ['/etc/absolute.log', 'an absolute name'],
      ['C:/absolute.log', 'an absolute name'],
      ['link.log', 'a symlink, which is not followed'],
      ['null', 'a device, which is not read'],
      ['pipe', 'a device, which is not read'],
    ]);
  });
});

describe('a tar whose header lies', () => {
  it('about the size: what is there is read, then one sentence', async () => {
    const bytes = await aTar([{ name: 'a.log', bytes: lines }]);
    bytes.write('77777777777 ', 124, 'latin1');
    bytes.fill(' ', 148, 156);
    const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    const { members, damages, failures } = await walked(put('size.tar', bytes));
    expect(members[0]?.[1].subarray(0, lines.length)).toEqual(lines);
    expect(damages).toEqual(['Unexpected end of data']);
    expect(failures.map(({ code }) => code)).toEqual(['archive-damaged']);
  });

  it('about anything else: the members before it are read', async () => {
    const good = await aTar([{ name: 'a.log', bytes: lines }]);
    const header = 512 + Math.ceil(lines.length / 512) * 512;
    good.fill(0xaa, header, header + 512);
    const { members, failures } = await walked(put('header.tar', good));
    expect(members).toEqual([['a.log', lines]]);
    expect(failures).toMatchObject([{ code: 'archive-damaged' }]);
  });
});

describe('a bomb', () => {
  const bombs: readonly (readonly [string, () => string, string])[] = [
    ['gz', () => put('bomb.gz', zeros(512)), '1,000'],
    ['zst', () => packed('zeros.zst'), '15,000'],
    ['bz2', () => packed('zeros.bz2'), '5,000'],
    ['xz', () => packed('zeros.xz'), '5,000'],
  ];

  it.each(bombs)('in a .%s is refused, with bounded memory', async (_, make, ratio) => {
    const file = make();
    const before = process.memoryUsage().rss;
    let peak = before;
    let length = 0;
    const { failures } = await walked(file, {
      isForgetful: true,
      onChunk: (count) => {
        length += count;
        peak = Math.max(peak, process.memoryUsage().rss);
      },
    });
    expect(failures).toMatchObject([{ code: 'archive-bomb' }]);
    expect(failures[0]?.message).toMatch(
      new RegExp(`^"${file}" was not read to its end: .* more than ${ratio} times its size`),
    );
    expect(length).toBeGreaterThan(32 * MIB);
    expect(length).toBeLessThan(500 * MIB);
    expect(peak - before).toBeLessThan(300 * MIB);
  });

  it('of a member of a zip is refused by name, and the others are read', async () => {
    const bytes = aZip([
      { name: 'bomb.log', bytes: Buffer.alloc(100 * MIB) },
      { name: 'good.log', bytes: lines },
      {
        name: 'noise.bin',
        bytes: readFileSync(process.execPath).subarray(MIB, 2 * MIB),
        isStored: true,
      },
    ]);
    const file = put('bomb.zip', bytes);
    const { members, failures } = await walked(file);
    expect(failures).toMatchObject([
      { code: 'archive-bomb', details: { path: `${file}!bomb.log` } },
    ]);
    expect(members.map(([name]) => name)).toEqual(['bomb.log', 'good.log', 'noise.bin']);
  });

  it('of a zip whose members share the same bytes is refused as a whole', async () => {
    const bytes = aZip([
      { name: '0.log', bytes: Buffer.alloc(16 * MIB) },
      ...Array.from({ length: 60 }, (_, index) => ({ name: `${index + 1}.log`, sharesWith: 0 })),
    ]);
    const file = put('shared.zip', bytes);
    const { members, failures } = await walked(file, { isForgetful: true });
    expect(failures).toMatchObject([{ code: 'archive-bomb', details: { path: file } }]);
    expect(failures[0]?.message).toContain('all of it unpacks to more than 1,000 times');
    expect(members.length).toBeLessThan(20);
  });

  it('of zips in a zip is refused', async () => {
    const inner = aZip([{ name: 'in.log', bytes: Buffer.alloc(60 * MIB) }]);
    const outer = aZip(
      Array.from({ length: 20 }, (_, index) => ({ name: `${index}.zip`, bytes: inner })),
    );
    const { members, failures } = await walked(
      put('nested.zip', aZip([{ name: 'o.zip', bytes: outer }])),
      {
        isForgetful: true,
      },
    );
    expect(failures).toMatchObject([{ code: 'archive-bomb' }]);
    expect(members.length).toBeLessThan(20);
  });

  it('of members is refused at the stated number', () => {
    const budget = new Budget('many.tar', 1);
    for (let count = 0; count < MAX_MEMBERS; count++) budget.countMember();
    expect(() => budget.countMember()).toThrow('"many.tar" was not read to its end');
    expect(budget.failure?.message).toContain('more than 1,000,000 members');
  });

  it('in a tgz stops the archive with one failure; the project keeps what came before', async () => {
    const bytes = await aTar([
      { name: 'dfwpktlogs.log', bytes: aLog(50) },
      { name: 'dfwpktlogs.0.gz', bytes: zeros(128) },
      { name: 'dfwpktlogs.1.log', bytes: aLog(60, 12) },
    ]);
    await using engine = await anEngine();
    const { failures, totals } = await engine.client.call('archive.open', {
      paths: [put('bomb.tar', bytes)],
    });
    expect(failures).toMatchObject([{ code: 'archive-bomb' }]);
    expect(totals.events).toBe(110);
  });
});

describe('archives in archives', () => {
  it('are followed through eight layers and no further', async () => {
    let bytes: Buffer = lines;
    for (let depth = 0; depth < 8; depth++) bytes = await aTar([{ name: 'in', bytes }]);
    expect((await walked(put('eight.tar', bytes))).members.map(([, each]) => each)).toEqual([
      lines,
    ]);
    const nine = await walked(put('nine.tar', await aTar([{ name: 'in', bytes }])));
    expect(nine.members).toEqual([]);
    expect(nine.skipped[0]?.[1]).toBe('archives nested deeper than 8');
  });

  it('as a zip too large for memory are skipped with the reason', async () => {
    const part = gzipSync(aLog(60).repeat(2_000));
    const count = Math.ceil(MAX_HELD_BYTES / (aLog(60).length * 2_000)) + 1;
    const large = Buffer.concat([gzipSync(Buffer.from('504b0304', 'hex')), times(count, part)]);
    const tar = await aTar([
      { name: 'large.zip.gz', bytes: large },
      { name: 'small.zip', bytes: aZip([{ name: 'in.log', bytes: lines }]) },
    ]);
    const { members, skipped } = await walked(put('held.tar', tar));
    expect(skipped).toEqual([
      ['large.zip.gz', 'a zip of more than 256 MiB inside another archive'],
    ]);
    expect(members).toEqual([['small.zip!in.log', lines]]);
  });
});

describe('unpacking without an end', () => {
  it('is stopped from outside', () => {
    expect(() =>
      withinTime(50, () => {
        for (;;);
      }),
    ).toThrow('does not come to an end');
    expect(withinTime(50, () => 7)).toBe(7);
  });
});

describe('cancelling', () => {
  const long = 400;
  const log = Buffer.from(aLog(60).repeat(100));
  it.each<readonly [string, () => Promise<Buffer> | Buffer]>([
    ['gz', () => times(long, gzipSync(log))],
    ['bz2', () => times(2_000, readFileSync(packed('ab.bz2')))],
    ['xz', () => times(20_000, readFileSync(packed('ab.xz')))],
    ['zst', () => times(20_000, readFileSync(packed('ab.zst')))],
    ['zip', () => aZip([{ name: 'a', bytes: times(long, log) }])],
    ['stored.zip', () => aZip([{ name: 'a', bytes: times(long, log), isStored: true }])],
    ['tar', () => aTar([{ name: 'a', bytes: times(long, log) }])],
    ['tgz', () => aTgz([{ name: 'a', bytes: times(long, log) }])],
  ])('stops a .%s within a second', async (name, make) => {
    const file = put(`long.${name}`, await make());
    const cancel = createCancelSource();
    let cancelledAt = 0;
    const work = walked(file, {
      isForgetful: true,
      signal: cancel.signal,
      onChunk: () => {
        if (cancelledAt > 0) return;
        cancelledAt = performance.now();
        setImmediate(() => cancel.cancel());
      },
    });
    await expect(work).rejects.toThrow(Cancelled);
    expect(performance.now() - cancelledAt).toBeLessThan(1_000);
  });
});

describe.runIf(existsSync('/proc/self/fd'))('file descriptors', () => {
  const open = () => readdirSync('/proc/self/fd').length;

  it('are closed after reading, leaving unread, and damage', async () => {
    const zip = aZip([
      { name: 'a.log', bytes: lines },
      { name: 'b.log', bytes: lines, checksum: 1 },
      { name: 'c.tar', bytes: await aTar([{ name: 'd.log', bytes: lines }]) },
    ]);
    const tgz = await aTgz([{ name: 'a.log', bytes: Buffer.alloc(100_000) }]);
    const files = [
      put('fd.log', lines),
      put('fd.gz', gzipSync(lines)),
      put('fd.zip', zip),
      put('fd.cut.zip', zip.subarray(0, 100)),
      put('fd.tgz', tgz),
      put('fd.cut.tgz', tgz.subarray(0, 100)),
      put('fd.png', Buffer.from('89504e470d0a1a0a', 'hex')),
      packed('a.xz'),
      packed('a.zst'),
      packed('a.bz2'),
    ];
    await walked(files[0] ?? '');
    const before = open();
    for (const file of files) {
      for (let round = 0; round < 100; round++) {
        await walked(file);
        await walked(file, { isIdle: true });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(open()).toBeLessThanOrEqual(before + 2);
  });
});
