import { afterEach, expect, it, vi } from 'vitest';
import {
  bytesOf,
  ConsoleState,
  parseQuestions,
  resultNote,
  withQuestion,
} from '../../../renderer/flows/console-state.svelte.ts';
import type { ConsoleResult } from '../../../shared/domain/console.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import { aWorkbench } from '../support/scripted.ts';

const ANSWER: ConsoleResult = {
  columns: [
    { name: 'tag', type: 'VARCHAR' },
    { name: 'events', type: 'BIGINT' },
  ],
  rows: [
    ['=cmd()', '-5'],
    [null, null],
  ],
  hasMore: false,
  milliseconds: 12.4,
};

afterEach(() => {
  vi.unstubAllGlobals();
});

it('remembers what was asked, the last first and each once, for the next time', async () => {
  const written: string[] = [];
  const workbench = aWorkbench({
    'sql.ask': () => Promise.resolve(ANSWER),
    'sql.tables': () => Promise.resolve([]),
    'setting.read': () => Promise.resolve('["select 1"]'),
    'setting.write': ({ key, value }) => {
      written.push(`${key} ${value}`);
      return Promise.resolve(null);
    },
  });
  const sql = new ConsoleState(workbench);
  await sql.start(1);
  for (const text of ['select 2', ' select 1 ']) {
    sql.text = text;
    await sql.ask();
  }
  expect(sql.history).toEqual(['select 1', 'select 2']);
  expect(written.at(-1)).toBe('sql-history ["select 1","select 2"]');
});

it('keeps no more questions than a setting may hold', () => {
  let list: readonly string[] = [];
  for (let at = 0; at < 60; at++) list = withQuestion(list, `select ${at}`);
  expect(list).toHaveLength(30);
  expect(list[0]).toBe('select 59');
  const long = 'x'.repeat(6_000);
  expect(withQuestion(withQuestion([], `${long}1`), `${long}2`)).toEqual([`${long}2`]);
  expect(parseQuestions('{"a":1}')).toEqual([]);
  expect(parseQuestions('nothing')).toEqual([]);
});

it('copies what is shown as CSV without formulas', async () => {
  const writeText = vi.fn((_: string) => Promise.resolve());
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  const workbench = aWorkbench({
    'sql.ask': () => Promise.resolve(ANSWER),
    'setting.write': () => Promise.resolve(null),
  });
  const sql = new ConsoleState(workbench);
  await sql.ask();
  await sql.copyCsv();
  expect(writeText.mock.calls).toEqual([["tag,events\r\n'=cmd(),-5\r\n,\r\n"]]);
});

it('saves the question that was answered, whatever is typed meanwhile', async () => {
  const saved: string[] = [];
  const workbench = aWorkbench(
    {
      'sql.ask': () => Promise.resolve(ANSWER),
      'setting.write': () => Promise.resolve(null),
      'sql.save': ({ question, format }) => {
        saved.push(`${format} ${question}`);
        return Promise.resolve({ base64: 'AP8=', bytes: 2 });
      },
    },
    {
      saveFile: (name, content) => {
        saved.push(`${name} ${content.size} ${content.type}`);
        return Promise.resolve('Saved.');
      },
    },
  );
  const sql = new ConsoleState(workbench);
  sql.text = 'select 1';
  await sql.ask();
  sql.text = 'select 2';
  await sql.save('parquet');
  expect(saved).toEqual(['parquet select 1', 'result.parquet 2 application/vnd.apache.parquet']);
  expect(sql.saving).toBe(false);
  expect([...bytesOf('AP8=')]).toEqual([0, 255]);
});

it('keeps the sentence of a refusal', async () => {
  const refusal = new Failure('sql-refused', { problem: 'only SELECT is allowed here' });
  const workbench = aWorkbench({
    'sql.ask': () => Promise.reject(refusal),
    'setting.write': () => Promise.resolve(null),
  });
  const sql = new ConsoleState(workbench);
  await sql.ask();
  expect(sql.result.failure?.message).toMatch(/only SELECT/);
});

it.each([
  [ANSWER, '2 rows. 12 ms'],
  [{ ...ANSWER, rows: ANSWER.rows.slice(1), milliseconds: 1_234 }, '1 row. 1.2 s'],
  [
    { ...ANSWER, hasMore: true },
    'The first 10,000 rows; there are more. Narrow the question, or save all of them. 12 ms',
  ],
])('tells how much was found %#', (answer, said) => {
  expect(resultNote(answer)).toBe(said);
});
