import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { Database } from '../../../main/engine/store/database.ts';
import { fixed, sql, text, u32 } from '../../../main/engine/store/sql.ts';
import { Cancelled, Failure } from '../../../shared/failure/failure.ts';
import { createCancelSource } from '../../../shared/ipc/cancel.ts';
import { aFolder } from '../../support/engine.ts';

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (thrown instanceof Failure) return thrown;
  throw new Error(`no failure but ${String(thrown)}`);
}

it('a file that is no database is refused as foreign and left as it is', async () => {
  await using folder = await aFolder();
  const file = folder.file('x.segw');
  writeFileSync(
    file,
    'this is a letter, not a database, and it is long enough to be read as a header',
  );
  expect((await failureOf(Database.open(file))).code).toBe('project-foreign');
});

it('a DuckDB database of somebody else is refused as foreign', async () => {
  await using folder = await aFolder();
  const file = folder.file('x.segw');
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run('create table customers (name varchar)');
  connection.closeSync();
  instance.closeSync();
  expect((await failureOf(Database.open(file))).code).toBe('project-foreign');
});

it('a project of a newer version is refused with both versions named', async () => {
  await using folder = await aFolder();
  const file = folder.file('x.segw');
  const database = await Database.open(file);
  await database.write(fixed("update meta set text = '99' where key = 'schema-version'"));
  database.close();
  const failure = await failureOf(Database.open(file));
  expect(failure.code).toBe('project-newer');
  expect(failure.message).toMatch(/schema 99, this one knows up to \d+/);
});

it('the same project cannot be opened twice in one process', async () => {
  await using folder = await aFolder();
  const database = await Database.open(folder.file('x.segw'));
  expect((await failureOf(Database.open(folder.file('x.segw')))).code).toBe('project-locked');
  database.close();
  (await Database.open(folder.file('x.segw'))).close();
});

it('a project open in another process is refused with its process id', async () => {
  await using folder = await aFolder();
  const file = folder.file('x.segw');
  (await Database.open(file)).close();
  const script = `import('@duckdb/node-api').then(async ({ DuckDBInstance }) => {
    await DuckDBInstance.create(${JSON.stringify(file)}); console.log('open'); setInterval(() => {}, 1000); });`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(other.stdout, 'data');
  const failure = await failureOf(Database.open(file));
  other.kill('SIGKILL');
  expect(failure.code).toBe('project-locked');
  expect(failure.message).toContain(`PID ${other.pid ?? 0}`);
});

it('a folder in the place of a project is refused', async () => {
  await using folder = await aFolder();
  expect((await failureOf(Database.open(folder.path))).code).toBe('project-foreign');
});

it('a transaction that fails leaves nothing, and the next one works', async () => {
  await using folder = await aFolder();
  const database = await Database.open(folder.file('x.segw'));
  const insert = () => database.write(fixed("insert into meta values ('a', 'b')"));
  await expect(
    database.transaction(async () => {
      await insert();
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await database.transaction(insert);
  const rows = await database.query(fixed("select text from meta where key = 'a'"));
  expect(rows).toEqual([{ text: 'b' }]);
  database.close();
});

it('a cancelled query stops and leaves its connection usable', async () => {
  await using folder = await aFolder();
  const database = await Database.open(folder.file('x.segw'));
  const source = createCancelSource();
  const slow = database.query(
    fixed(
      'select count(*) as n from range(100000000) a, range(1000) b where a.range + b.range = -1',
    ),
    source.signal,
  );
  setTimeout(() => source.cancel(), 50);
  await expect(slow).rejects.toBeInstanceOf(Cancelled);
  const rows = await Promise.all(
    [1, 2, 3, 4, 5].map(() => database.query(fixed('select 1 as one'))),
  );
  expect(rows.flat()).toHaveLength(5);
  database.close();
});

it('values never become SQL text', async () => {
  await using folder = await aFolder();
  const database = await Database.open(folder.file('x.segw'));
  const nasty = `'; drop table meta; --`;
  const rows = await database.query(sql`select ${text(nasty)} as said, ${u32(7)} as seven`);
  expect(rows).toEqual([{ said: nasty, seven: 7 }]);
  database.close();
});
