import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_FILTER } from '../../../shared/domain/filter.ts';
import { Cancelled, Failure } from '../../../shared/failure/failure.ts';
import {
  aFolder,
  anEngine,
  SAMPLE,
  type TestEngine,
  type TestFolder,
} from '../../support/engine.ts';

let opened: TestEngine;
let folder: TestFolder;

beforeAll(async () => {
  folder = await aFolder();
  opened = await anEngine();
  await opened.client.call('archive.open', { paths: [SAMPLE] });
});

afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const ask = (question: string) => opened.client.call('sql.ask', { question });

async function refusalOf(question: string): Promise<string> {
  const thrown: unknown = await ask(question).then(
    () => new Error(`${question} was answered`),
    (each: unknown) => each,
  );
  if (!(thrown instanceof Failure) || thrown.code !== 'sql-refused') throw thrown;
  return thrown.message;
}

describe('a question in SQL', () => {
  it('is answered with texts in the place of codes, as the engine answers it', async () => {
    const { rows, columns, hasMore } = await ask(
      "select source, sum(events)::bigint from flows where action = 'DROP' group by 1 order by 2 desc, 1",
    );
    expect(columns.map(({ type }) => type)).toEqual(['VARCHAR', 'BIGINT']);
    expect(hasMore).toBe(false);
    const page = await opened.client.call('flow.list', {
      filter: { ...NO_FILTER, terms: [{ field: 'action', exclude: false, values: ['DROP'] }] },
      by: ['source'],
      order: 'events',
      offset: 0,
      limit: 1_000,
    });
    const sums = page.rows.map(({ source, events }) => [source, String(events)]);
    expect(rows.toSorted()).toEqual(sums.toSorted());
  });

  it('may ask the events, members, rejects and sources by their words', async () => {
    const project = await opened.client.call('project.read', {});
    const count = async (table: string) =>
      Number((await ask(`select count(*) from ${table}`)).rows[0]?.[0]);
    expect(await count('events')).toBe(project.totals.events - project.totals.duplicates);
    expect(await count('rejects')).toBe(project.totals.rejects);
    expect(await count('sources')).toBe(project.sources.length);
    const { rows } = await ask("select address from members where node = 'SGTSDB' order by 1");
    const { groups } = await opened.client.call('inventory.read', {});
    const members = groups.find(({ name }) => name === 'SGTSDB')?.members ?? [];
    expect(rows.map(([address]) => address)).toEqual(members.toSorted());
    const [line] = (await ask('select * from events order by seen_at desc limit 1')).rows;
    expect(line?.join(' ')).toMatch(/dfwpktlogs.* (?:PASS|DROP|REJECT) .*\d+\.\d+\.\d+\.\d+/);
  });

  it('gives no more than 10,000 rows and says so', async () => {
    const much = await ask('select range from range(25000)');
    expect([much.rows.length, much.hasMore]).toEqual([10_000, true]);
    const exact = await ask('select range from range(10000)');
    expect([exact.rows.length, exact.hasMore]).toEqual([10_000, false]);
  });

  it('cuts long cells, keeps absent ones, and spells every type', async () => {
    const { rows } = await ask(
      "select repeat('x', 3000), null, true, 1.5::decimal(5,2), timestamp '2026-03-02 08:00:00', [1, 2], '\\xAA'::blob",
    );
    expect(rows[0]?.[0]).toHaveLength(2_001);
    expect(rows[0]?.slice(1)).toEqual([
      null,
      'true',
      '1.50',
      '2026-03-02 08:00:00',
      '[1, 2]',
      '\\xAA',
    ]);
  });

  it('that is wrong is refused in the words of the database, and the next is answered', async () => {
    expect(await refusalOf('select nothing from flows')).toMatch(/Referenced column "nothing"/);
    expect(await refusalOf('selec 1')).toMatch(/syntax error/i);
    expect(await refusalOf('  ')).toMatch(/empty/);
    expect((await ask('select 1')).rows).toEqual([['1']]);
  });

  it('is cancelled while it is answered', async () => {
    const controller = new AbortController();
    const slow = opened.client.call(
      'sql.ask',
      {
        question:
          'select count(*) from range(3000000000) a, range(3000) b where a.range % 7 = b.range % 5',
      },
      { signal: controller.signal },
    );
    setTimeout(() => {
      controller.abort();
    }, 100);
    await expect(slow).rejects.toThrow(Cancelled);
    expect((await ask('select 2')).rows).toEqual([['2']]);
  });

  it('does not wait for what is loaded', async () => {
    const [{ rows }] = await Promise.all([
      ask('select count(*) > 0 from flows'),
      opened.client.call('archive.open', { paths: [SAMPLE] }),
    ]);
    expect(rows).toEqual([['true']]);
  });
});

describe('nothing but a SELECT on the project is run:', () => {
  const before = async () =>
    (
      await ask(
        "select (select count(*) from flow), (select count(*) from event), (select count(*) from meta), current_setting('threads'), current_setting('memory_limit')",
      )
    ).rows;

  it.each([
    "copy flow to 'FILE'",
    "copy (select 1) to 'FILE' (format parquet)",
    "copy flow from 'FILE'",
    "export database 'FILE'",
    "import database 'FILE'",
    "attach 'FILE' as other",
    'detach memory',
    'install httpfs',
    'load httpfs',
    "load 'FILE'",
    'set threads = 7',
    "set memory_limit = '1GB'",
    'reset all',
    'set enable_external_access = true',
    'pragma threads = 7',
    "pragma memory_limit = '9GB'",
    'pragma table_info(flow)',
    'insert into meta values (1, 2)',
    "update meta set text = 'x'",
    'delete from flow',
    'truncate flow',
    'drop table flow',
    'create table t as select 1',
    'create temp table t as select 1',
    'create or replace view flows as select 1',
    'create macro f() as 1',
    'create secret (type s3)',
    'alter table flow add column x integer',
    'call checkpoint()',
    'checkpoint',
    'force checkpoint',
    'vacuum',
    'begin',
    'commit',
    'rollback',
    'use memory',
    'prepare q as select 1',
    'execute q',
    'explain analyze delete from flow',
    "comment on table flow is 'x'",
    'select 1; select 2',
    'select 1; delete from flow',
    'select 1; /* ; */ drop table flow',
    "select * from read_csv('FILE')",
    "select * from read_csv_auto('FILE')",
    "select * from read_text('FILE')",
    "select * from read_blob('PROJECT')",
    "select * from read_json('FILE')",
    "select * from read_parquet('FILE')",
    "select * from parquet_scan('FILE')",
    "select * from read_duckdb('PROJECT')",
    "select * from sniff_csv('FILE')",
    "select * from glob('*')",
    "select * from 'FILE'",
    'select * from "FILE"',
    "select * from main.read_text('FILE')",
    "select (select content from read_text('FILE'))",
    "with x as (select * from read_text('FILE')) select * from x",
    "select 1 where exists (from read_text('FILE'))",
    "select * from flows, lateral (select * from read_text('FILE'))",
    "select 1 union all select 2 from read_text('FILE')",
    "select * from query('select 1')",
    "select * from query_table('flow')",
    "select * from enable_logging(storage='file', storage_path='FILE')",
    'select * from enable_profiling()',
    'select * from checkpoint()',
    'select * from force_checkpoint()',
    'select * from truncate_duckdb_logs()',
    'select * from duckdb_secrets()',
    'select * from queued_packed_event()',
    "select * from json_execute_serialized_sql(json_serialize_sql('select 1'))",
    "select write_log('x')",
    'select sleep_ms(10)',
    'select 1 order by sleep_ms(10)',
  ])('%s', async (question) => {
    const file = folder.file('secret.csv');
    writeFileSync(file, 'a,b\n1,2\n');
    const project = (await opened.client.call('project.read', {})).path;
    const state = await before();
    const text = question.replaceAll('FILE', file).replaceAll('PROJECT', project);
    expect(await refusalOf(text)).not.toContain('1,2');
    expect(await before()).toEqual(state);
    expect(readdirSync(folder.path)).toEqual(['secret.csv']);
  });

  it('and the database refuses files and settings by itself', async () => {
    const { rows } = await ask(
      "select current_setting('lock_configuration'), current_setting('enable_external_access')",
    );
    expect(rows).toEqual([['true', 'false']]);
  });
});

describe('a result as a file', () => {
  it('holds all rows as CSV, and leaves nothing behind', async () => {
    const question = 'select range as n, \'a "b", c\' as text from range(12000); ';
    const { base64, bytes } = await opened.client.call('sql.save', { question, format: 'csv' });
    const lines = Buffer.from(base64, 'base64').toString('utf8').trimEnd().split('\r\n');
    expect(Buffer.from(base64, 'base64')).toHaveLength(bytes);
    expect(lines).toHaveLength(12_001);
    expect(lines.slice(0, 2)).toEqual(['n,text', '0,"a ""b"", c"']);
    const formula = "select '=cmd()' as tag, -5 as n, -2.5 as d, '-1+1' as m, null as nothing";
    const defused = await opened.client.call('sql.save', { question: formula, format: 'csv' });
    expect(Buffer.from(defused.base64, 'base64').toString('utf8')).toBe(
      "tag,n,d,m,nothing\r\n'=cmd(),-5,-2.5,'-1+1,\r\n",
    );
    const { path } = await opened.client.call('project.read', {});
    const beside = existsSync(`${path}.tmp`) ? readdirSync(`${path}.tmp`) : [];
    expect(beside.filter((name) => /csv|parquet/.test(name))).toEqual([]);
  });

  it('is a Parquet file that another DuckDB reads', async () => {
    const question = 'select source, events from flows -- all of them';
    const { base64 } = await opened.client.call('sql.save', { question, format: 'parquet' });
    const file = folder.file('flows.parquet');
    writeFileSync(file, Buffer.from(base64, 'base64'));
    const other = await (await DuckDBInstance.create(':memory:')).connect();
    const read = await other.runAndReadAll(
      `select count(*)::integer, sum(events)::integer from read_parquet('${file}')`,
    );
    const own = await ask('select count(*), sum(events)::bigint from flows');
    expect(read.getRowsJS().map((row) => row.map(String))).toEqual(own.rows);
  });

  it('is refused like a question', async () => {
    const asked = opened.client.call('sql.save', {
      question: "select 1) to '/tmp/x' (format csv) --",
      format: 'csv',
    });
    await expect(asked).rejects.toThrow(/cannot be answered/);
  });
});

it('tells the tables, the readable ones first', async () => {
  const tables = await opened.client.call('sql.tables', {});
  expect(tables.filter(({ isReadable }) => isReadable).map(({ name }) => name)).toEqual([
    'events',
    'flows',
    'members',
    'rejects',
    'sources',
  ]);
  expect(tables.slice(0, 5).every(({ isReadable }) => isReadable)).toBe(true);
  const flow = tables.find(({ name }) => name === 'flow');
  expect(flow?.columns).toContainEqual({ name: 'port', type: 'USMALLINT' });
});
