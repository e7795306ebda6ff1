import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../main/engine/store/database.ts';
import { aFolder, type TestFolder } from '../support/engine.ts';

const engine = fileURLToPath(new URL('../../main/engine', import.meta.url));

const files = readdirSync(engine, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.sql') && !name.includes('migrations'),
);

let folder: TestFolder;
let database: Database;

beforeAll(async () => {
  folder = await aFolder();
  database = await Database.open(folder.file('empty.segw'));
});

afterAll(async () => {
  database.close();
  await folder[Symbol.asyncDispose]();
});

function headerOf(text: string, label: string): string {
  const line = new RegExp(`^-- ${label}: (.*)$`, 'm').exec(text)?.[1];
  if (line === undefined) throw new Error(`no "-- ${label}:" line`);
  return line.trim();
}

/** The list before any explanation in brackets: `a UINTEGER (what it is), b …`. */
function listOf(header: string): readonly string[] {
  if (header === 'none') return [];
  return header
    .replace(/\([^)]*\)/g, '')
    .split(',')
    .map((item) => item.trim());
}

describe.each(files)('%s', (name) => {
  const text = readFileSync(path.join(engine, name), 'utf8');

  it('is accepted by a migrated empty database, with the columns its header declares', async () => {
    const extracted = await database.writer.extractStatements(text);
    expect(extracted.count).toBeGreaterThan(0);
    const prepared = await extracted.prepare(extracted.count - 1);
    expect(prepared.parameterCount).toBe(listOf(headerOf(text, 'params ')).length);
    const declared = listOf(headerOf(text, 'columns'));
    const columns = Array.from(
      { length: declared.length === 0 ? 0 : prepared.columnCount },
      (_, index) => `${prepared.columnName(index)} ${prepared.columnType(index).toString()}`,
    );
    expect(columns).toEqual(declared);
  });

  it('has its name in its first line', () => {
    expect(text.split('\n')[0]).toMatch(new RegExp(`^-- ${path.basename(name, '.sql')}: `));
  });
});

it('there are statements to check', () => {
  expect(files.length).toBeGreaterThanOrEqual(3);
});
