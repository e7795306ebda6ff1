import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../shared/failure/failure.ts';
import { aLog, aTar, aTgz } from '../../support/archives.ts';
import { anEngine, fixture, type TestEngine } from '../../support/engine.ts';

let test: TestEngine;

beforeEach(async () => {
  test = await anEngine();
});

afterEach(async () => {
  await test[Symbol.asyncDispose]();
});

function put(name: string, bytes: Uint8Array | string): string {
  const file = test.folder.file(name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

const open = (...paths: string[]) => test.client.call('archive.open', { paths });

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
  throw new Error('nothing failed');
}

describe('what can be opened', () => {
  it('a plain file, whatever its name', async () => {
    const { sources } = await open(put('some.txt', aLog(5)));
    expect(sources).toMatchObject([{ lines: 5, events: 5, format: 'nsx-t', state: 'done' }]);
  });

  it('a gzip of several members', async () => {
    const bytes = Buffer.concat([gzipSync(aLog(3, 11)), gzipSync(aLog(4, 12))]);
    const { totals } = await open(put('a.gz', bytes));
    expect(totals).toMatchObject({ lines: 7, events: 7 });
  });

  it('a folder, in the order of names, without following links', async () => {
    put('logs/b/dfwpktlogs.log', aLog(2, 11));
    put('logs/a/dfwpktlogs.0.gz', gzipSync(aLog(3, 12)));
    symlinkSync(test.folder.file('logs/b'), test.folder.file('logs/z'));
    const { sources } = await open(test.folder.file('logs'));
    expect(sources.map((source) => [path.basename(source.path), source.lines])).toEqual([
      ['dfwpktlogs.0.gz', 3],
      ['dfwpktlogs.log', 2],
    ]);
  });

  it('a tgz in a tar, with rotated logs inside and the host from the bundle folder', async () => {
    const folder = 'esx-oak-2026-03-04--00.05/var/run/log';
    const inner = await aTgz([
      { name: `${folder}/dfwpktlogs.log`, bytes: aLog(2, 11) },
      { name: `${folder}/dfwpktlogs.0.gz`, bytes: gzipSync(aLog(3, 12)) },
      { name: `${folder}/hostd.log`, bytes: 'something else\n' },
    ]);
    const outer = await aTar([{ name: 'bundle.tgz', bytes: inner }]);
    const accounting = await open(put('all.tar', outer));
    expect(accounting.sources.map(({ lines, host }) => [lines, host])).toEqual([
      [2, 'oak'],
      [3, 'oak'],
    ]);
    expect(accounting.skipped).toEqual([
      expect.objectContaining({ reason: 'no log lines of a known kind at its beginning' }),
    ]);
  });

  it('several paths at once, and one bad path does not hinder the others', async () => {
    const good = put('a.log', aLog(2));
    const accounting = await open(good, test.folder.file('missing.log'));
    expect(accounting.totals.events).toBe(2);
    expect(accounting.failures).toMatchObject([{ code: 'path-missing' }]);
  });
});

describe('what is refused with a sentence, leaving what was loaded before', () => {
  beforeEach(async () => {
    await open(put('before.log', aLog(4, 19)));
  });

  afterEach(async () => {
    const project = await test.client.call('project.read', {});
    expect(project.sources[0]).toMatchObject({ events: 4, state: 'done' });
    const flows = await test.client.call('flow.list', {
      filter: { terms: [], window: null },
      by: ['source'],
      order: 'events',
      offset: 0,
      limit: 10,
    });
    expect(flows.rows).toContainEqual(expect.objectContaining({ source: '192.0.2.19', events: 4 }));
  });

  it.each([
    ['missing', () => test.folder.file('nowhere.log'), 'path-missing', /does not exist/],
    ['empty', () => put('empty.log', ''), 'archive-empty', /is empty/],
    [
      'no log',
      () => put('notes.txt', 'dear diary\n\nnothing here\n'),
      'no-dfw-lines',
      /no distributed firewall log lines \(3 lines/,
    ],
    [
      'a 7z',
      () => put('a.7z', Buffer.from('377abcaf271caaaa', 'hex')),
      'path-unsupported',
      /is a 7z archive/,
    ],
    [
      'a zip that is none',
      () => put('a.zip', Buffer.from('504b0304aaaa', 'hex')),
      'archive-damaged',
      /is damaged: the directory at its end is missing/,
    ],
    ['an empty gz', () => put('e.gz', gzipSync('')), 'archive-empty', /is empty/],
    [
      'a folder without logs',
      () => path.dirname(put('docs/readme.txt', 'hello\n')),
      'no-dfw-lines',
      /no distributed firewall/,
    ],
    [
      'an empty folder',
      () => (mkdirSync(test.folder.file('void')), test.folder.file('void')),
      'archive-empty',
      /is empty/,
    ],
  ])('%s', async (_, make, code, sentence) => {
    const failure = await failureOf(open(make()));
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(sentence);
    expect(failure.message).toMatch(/"[^"]+" /);
    expect((await test.client.call('project.read', {})).sources).toHaveLength(1);
  });

  it.skipIf(process.getuid?.() === 0)('a file without permission to read', async () => {
    const file = put('secret.log', aLog(1));
    chmodSync(file, 0);
    expect((await failureOf(open(file))).code).toBe('path-unreadable');
  });

  it('a gzip cut short: what came before the cut is kept, and the sentence says how much', async () => {
    const whole = gzipSync(aLog(5_000));
    const cut = put('cut.gz', whole.subarray(0, whole.length / 2));
    const accounting = await open(cut);
    const [source] = accounting.sources;
    expect(source).toMatchObject({ state: 'damaged' });
    expect(source?.events).toBeGreaterThan(100);
    expect(source?.events).toBeLessThan(5_000);
    expect(accounting.failures).toMatchObject([{ code: 'archive-damaged' }]);
    expect(accounting.failures[0]?.message).toMatch(
      /cut\.gz" is damaged: .*lines before that point/,
    );
  });

  it('a gzip with a wrong checksum', async () => {
    const accounting = await open(fixture('dfw/invalid/bad-crc.gz'));
    expect(accounting.sources).toMatchObject([{ state: 'damaged', events: 74 }]);
  });

  it('a tgz cut short keeps the members before the cut', async () => {
    const noise = Buffer.from(Array.from({ length: 60_000 }, (_, i) => (i * 7919) % 251));
    const whole = await aTgz([
      { name: 'dfwpktlogs.0.log', bytes: aLog(50, 11) },
      { name: 'dfwpktlogs.1.log', bytes: aLog(60, 12) },
      { name: 'noise.bin', bytes: noise },
    ]);
    const accounting = await open(put('cut.tgz', whole.subarray(0, whole.length - 40)));
    expect(accounting.totals.events).toBe(110);
    expect(accounting.failures).toHaveLength(1);
    expect(accounting.failures[0]?.message).toContain('cut.tgz');
  });
});

describe('hostile members', () => {
  it('names that lead out and links are skipped with the reason', async () => {
    const bytes = await aTar([
      { name: '../../etc/dfwpktlogs.log', bytes: aLog(1) },
      { name: 'link.log', linkTo: '/etc/passwd' },
      { name: 'dfwpktlogs.log', bytes: aLog(2) },
    ]);
    const accounting = await open(put('h.tar', bytes));
    expect(accounting.totals.events).toBe(2);
    expect(accounting.skipped.map((member) => member.reason)).toEqual([
      'a name that leads out of the archive',
      'a symlink, which is not followed',
    ]);
  });

  it('archives nested without end are not followed for ever', async () => {
    let bytes = await aTar([{ name: 'dfwpktlogs.log', bytes: aLog(1) }]);
    for (let depth = 0; depth < 8; depth++) bytes = await aTar([{ name: 'in.tar', bytes }]);
    const failure = await failureOf(open(put('deep.tar', bytes)));
    expect(failure.code).toBe('no-dfw-lines');
  });
});

describe('the same content', () => {
  it('is loaded once, whatever its name and packing', async () => {
    await open(put('a.log', aLog(9)));
    const again = await open(put('b.gz', gzipSync(aLog(9))));
    expect(again.sources).toEqual([]);
    expect(again.skipped[0]?.reason).toMatch(/same content as ".*a\.log", loaded before/);
    expect((await test.client.call('project.read', {})).totals.events).toBe(9);
  });
});
