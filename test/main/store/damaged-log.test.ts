import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { Database } from '../../../main/engine/store/database.ts';
import { numberOf } from '../../../main/engine/store/rows.ts';
import { fixed } from '../../../main/engine/store/sql.ts';
import { aFolder } from '../../support/engine.ts';

const COMMITS = 20;
const COUNT = fixed("select count(*)::integer as n from meta where key like 'change-%'");

/** A project as a power cut leaves it: its file, its log of twenty commits, and the log's size after each. */
async function aProjectWithLog(folder: { file: (name: string) => string }) {
  const file = folder.file('live.segw');
  (await Database.open(file)).close();
  const database = await Database.open(file);
  const ends: number[] = [];
  for (let at = 0; at < COMMITS; at += 1) {
    await database.write(fixed(`insert into meta values ('change-${String(at)}', 'kept')`));
    ends.push((await readFile(`${file}.wal`)).length);
  }
  const base = folder.file('base');
  await copyFile(file, base);
  const log = await readFile(`${file}.wal`);
  database.close();
  return {
    log,
    ends,
    async openWith(name: string, bytes: Buffer) {
      const copy = folder.file(name);
      await copyFile(base, copy);
      await writeFile(`${copy}.wal`, bytes);
      const opened = await Database.open(copy);
      const [row] = await opened.query(COUNT);
      opened.close();
      return {
        copy,
        notices: opened.notices,
        changes: row === undefined ? -1 : numberOf(row, 'n'),
      };
    },
  };
}

it('a flipped byte in the log costs the commit it lies in and those after it, and no more', async () => {
  await using folder = await aFolder();
  const project = await aProjectWithLog(folder);
  for (const commit of [1, 5, 10, 19]) {
    const start = project.ends[commit - 1] ?? 0;
    const bytes = Buffer.from(project.log);
    const place = start + 60;
    bytes.writeUInt8(bytes.readUInt8(place) ^ 0xff, place);
    const { copy, notices, changes } = await project.openWith(`flip-${String(commit)}.segw`, bytes);
    expect(changes, `commit ${String(commit)}`).toBe(commit);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain(`"${copy}.wal.damaged"`);
    expect(await readFile(`${copy}.wal.damaged`)).toEqual(bytes);
  }
});

it.each([8, 100, 4096])('%i zeros after the log cost no commit', async (zeros) => {
  await using folder = await aFolder();
  const project = await aProjectWithLog(folder);
  const bytes = Buffer.concat([project.log, Buffer.alloc(zeros)]);
  const { changes } = await project.openWith('zeros.segw', bytes);
  expect(changes).toBe(COMMITS);
});

it.each([1, 2, 6])(
  'a length whose byte %i is flipped is told, with what it costs',
  async (byte) => {
    await using folder = await aFolder();
    const project = await aProjectWithLog(folder);
    for (const commit of [1, 10, 18]) {
      const bytes = Buffer.from(project.log);
      const place = (project.ends[commit - 1] ?? 0) + byte;
      bytes.writeUInt8(bytes.readUInt8(place) ^ 0x40, place);
      const name = `length-${String(commit)}.segw`;
      const { copy, notices, changes } = await project.openWith(name, bytes);
      expect(changes, `commit ${String(commit)}`).toBe(commit);
      expect(notices).toHaveLength(1);
      expect(notices[0]).toContain(`"${copy}.wal.damaged"`);
      expect(await readFile(`${copy}.wal.damaged`)).toEqual(bytes);
    }
  },
);

it('a log cut short anywhere, as a killed process leaves it, is no damage', async () => {
  await using folder = await aFolder();
  const project = await aProjectWithLog(folder);
  for (let at = 0; at < 24; at += 1) {
    const length = Math.floor((project.log.length * (at + 1)) / 25);
    const name = `cut-${String(at)}.segw`;
    const { notices, changes } = await project.openWith(name, project.log.subarray(0, length));
    expect({ notices, changes }).toEqual({
      notices: [],
      changes: project.ends.filter((end) => end <= length).length,
    });
  }
});

it('a second damaged log does not take the place of the first', async () => {
  await using folder = await aFolder();
  const project = await aProjectWithLog(folder);
  const bytes = Buffer.from(project.log);
  const place = (project.ends[9] ?? 0) + 60;
  bytes.writeUInt8(bytes.readUInt8(place) ^ 0xff, place);
  await writeFile(folder.file('twice.segw.wal.damaged'), 'the first');
  const { copy, notices } = await project.openWith('twice.segw', bytes);
  expect(notices[0]).toContain(`"${copy}.wal.damaged-2"`);
  expect(await readFile(`${copy}.wal.damaged`, 'utf8')).toBe('the first');
  const again = await Database.open(copy);
  expect(again.notices).toEqual([]);
  again.close();
});
