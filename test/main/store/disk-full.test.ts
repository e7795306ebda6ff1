import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Database } from '../../../main/engine/store/database.ts';
import { fixed } from '../../../main/engine/store/sql.ts';
import { NO_FILTER } from '../../../shared/domain/filter.ts';
import type { EngineClient } from '../../../shared/ipc/contract.ts';
import { createPrng } from '../../sample/prng.ts';
import { aLog } from '../../support/archives.ts';
import { aFolder, anEngine } from '../../support/engine.ts';

/** A disk of its own of the given size, in megabytes. */
interface SmallDisk extends Disposable {
  readonly folder: string;
  grow(megabytes: number): void;
}

function mount(...args: readonly string[]): boolean {
  return spawnSync('mount', args).status === 0;
}

function aSmallDisk(folder: string, megabytes: number): SmallDisk | null {
  mkdirSync(folder, { recursive: true });
  if (!mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder)) return null;
  return {
    folder,
    grow: (size) => {
      expect(mount('-o', `remount,size=${size}m`, folder)).toBe(true);
    },
    [Symbol.dispose]: () => void spawnSync('umount', ['-l', folder]),
  };
}

/** Whether this machine lets a test make a disk: Linux, as root, with the right to mount. */
function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  return spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
}

const LARGE = 300_000;

/** Events that compress badly: ports at random. */
function aVariedLog(lines: number, seed: number): string {
  const prng = createPrng(seed);
  const address = () => `10.0.${prng.int(0, 7)}.${prng.int(1, 254)}`;
  return Array.from({ length: lines }, (_, number) => {
    const time = new Date(Date.parse('2026-03-02T00:00:00Z') + number * 17).toISOString();
    return `${time} No(13) FIREWALL-PKTLOG[7]: 8b4a1980 INET match PASS 5096 OUT 60 TCP ${address()}/${prng.int(1024, 65535)}->${address()}/${prng.int(1, 1023)} S SG-${prng.int(1, 30)}\n`;
  }).join('');
}

async function storedEvents(client: EngineClient): Promise<number> {
  const { totalEvents } = await client.call('flow.list', {
    filter: NO_FILTER,
    by: [],
    order: 'events',
    offset: 0,
    limit: 1,
  });
  return totalEvents;
}

const why = 'needs Linux and the right to mount a small disk';

describe.skipIf(!canMount())(`a disk that fills up (${why})`, () => {
  it.each([
    { when: 'in the middle of a source', megabytes: 6 },
    { when: 'when the source is summed up', megabytes: 10 },
  ])('$when is told in a sentence, and nothing loaded before is lost', async ({ megabytes }) => {
    await using folder = await aFolder();
    using disk = aSmallDisk(folder.file('disk'), megabytes);
    if (disk === null) throw new Error('the disk could not be made');
    const file = path.join(disk.folder, 'p.segw');
    const small = folder.file('small.log');
    const large = folder.file('large.log');
    writeFileSync(small, aLog(60).repeat(100));
    writeFileSync(large, aVariedLog(LARGE, 1));
    {
      await using engine = await anEngine(file);
      await engine.client.call('archive.open', { paths: [small] });
      const loading = engine.client.call('archive.open', { paths: [large] });
      await expect(loading).rejects.toMatchObject({ code: 'disk-full' });
      await expect(loading).rejects.toThrow(`The disk of "${file}" is full`);
      expect(await storedEvents(engine.client)).toBe(6_000);
      const { sources } = await engine.client.call('project.read', {});
      expect(sources.map(({ state }) => state)).not.toContain('loading');
      expect(sources[0]).toMatchObject({ path: small, state: 'done', events: 6_000 });
    }
    {
      await using engine = await anEngine(file);
      expect(await storedEvents(engine.client)).toBe(6_000);
    }
    disk.grow(400);
    await using engine = await anEngine(file);
    await engine.client.call('archive.open', { paths: [large] });
    expect(await storedEvents(engine.client)).toBe(6_000 + LARGE);
    const { sources } = await engine.client.call('project.read', {});
    expect(sources.map(({ state }) => state)).toEqual(['done', 'done']);
  });
});

describe.skipIf(!canMount())(`a disk that cannot be written (${why})`, () => {
  it('is told in a sentence, for a project that is there and for a new one', async () => {
    await using folder = await aFolder();
    using disk = aSmallDisk(folder.file('disk'), 16);
    if (disk === null) throw new Error('the disk could not be made');
    const file = path.join(disk.folder, 'p.segw');
    {
      await using engine = await anEngine(file);
      await engine.client.call('ruleset.read', {});
    }
    expect(mount('-o', 'remount,ro', disk.folder)).toBe(true);
    for (const name of ['p.segw', 'new.segw', 'new/deeper.segw']) {
      const opening = anEngine(path.join(disk.folder, name));
      await expect(opening, name).rejects.toMatchObject({ code: 'project-unwritable' });
    }
  });
});

describe('memory', () => {
  it('that does not suffice is told in a sentence, and the project stays usable', async () => {
    await using folder = await aFolder();
    const database = await Database.open(folder.file('p.segw'));
    try {
      await database.write(fixed("set memory_limit = '10MB'; set temp_directory = ''"));
      const greedy = fixed('select list(range order by hash(range)) as all from range(5000000)');
      await expect(database.query(greedy)).rejects.toMatchObject({ code: 'memory-full' });
      expect(await database.query(fixed('select 1 as one'))).toEqual([{ one: 1 }]);
    } finally {
      database.close();
    }
  });
});
