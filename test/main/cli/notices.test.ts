import { copyFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { SAMPLE } from '../../conformance/temp-engine.ts';
import { Database } from '../../../main/engine/store/database.ts';
import { fixed } from '../../../main/engine/store/sql.ts';
import { oneLine, useBuiltCli } from './built-cli.ts';

const cli = useBuiltCli();
const at = (name: string) => path.join(cli.folder, name);

beforeAll(async () => {
  const opened = await cli.run('open', SAMPLE, '--project', 'books.segw', '--json');
  expect(opened.code).toBe(0);
});

/** The sample's project with a log of two commits beside it, of which the second is damaged. */
async function damagedLog(name: string): Promise<void> {
  await copyFile(at('books.segw'), at('work.segw'));
  const database = await Database.open(at('work.segw'));
  await database.write(fixed("insert into meta values ('change-1', 'kept')"));
  const start = (await readFile(at('work.segw.wal'))).length;
  await database.write(fixed("insert into meta values ('change-2', 'lost')"));
  const log = await readFile(at('work.segw.wal'));
  await copyFile(at('work.segw'), at(name));
  database.close();
  log.writeUInt8(log.readUInt8(start + 60) ^ 0xff, start + 60);
  await writeFile(at(`${name}.wal`), log);
}

test('what was mended while opening is told on standard error, and the answer stays whole', async () => {
  await damagedLog('log.segw');
  const told = await cli.run('flows', '--project', 'log.segw', '--json');
  expect(oneLine(told, 0)).toContain('log.segw.wal.damaged');
  const quiet = await cli.run('flows', '--project', 'log.segw', '--json');
  expect(quiet).toEqual({ code: 0, stdout: told.stdout, stderr: '' });
});

test('it stands in the JSON of open too, which stays JSON', async () => {
  await damagedLog('again.segw');
  const told = await cli.run('open', SAMPLE, '--project', 'again.segw', '--json');
  expect(oneLine(told, 0)).toContain('again.segw.wal.damaged');
  expect(JSON.parse(told.stdout)).toMatchObject({
    notices: [expect.stringContaining('again.segw.wal.damaged')],
  });
});

test.each([
  ['first bytes were', 0, 64],
  ['headers were', 4096, 12_288],
])('a project whose %s overwritten is refused in one line', async (_, from, to) => {
  const bytes = await readFile(at('books.segw'));
  bytes.fill(0xa5, from, to);
  await writeFile(at('header.segw'), bytes);
  const line = oneLine(await cli.run('flows', '--project', 'header.segw'), 3);
  expect(line).toMatch(/header\.segw" is (?:damaged|not a Segwright project)/);
});

test.each([0.3, 0.7])(
  'a project cut to %d of its size never gives a wrong answer',
  async (share) => {
    const bytes = await readFile(at('books.segw'));
    const whole = await cli.run('flows', '--project', 'books.segw', '--json');
    await copyFile(at('books.segw'), at('cut.segw'));
    await truncate(at('cut.segw'), Math.floor(bytes.length * share));
    const cut = await cli.run('flows', '--project', 'cut.segw', '--json');
    if (cut.code === 0) expect(cut.stdout).toBe(whole.stdout);
    else oneLine(cut, 3);
  },
);

test('a project that has gone is refused in one line', async () => {
  await copyFile(at('books.segw'), at('gone.segw'));
  await rm(at('gone.segw'));
  expect(oneLine(await cli.run('flows', '--project', 'gone.segw'), 3)).toContain('no project');
});
