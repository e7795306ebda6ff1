import type { Database } from './database.ts';
import { numberOf, textOf } from './rows.ts';
import { fixed } from './sql.ts';

/** Texts with codes, as the project file keeps them. */
export interface SavedTexts {
  readonly size: number;
  entriesFrom(count: number): readonly { readonly code: number; readonly text: string }[];
  restore(code: number, text: string): void;
  has(code: number): boolean;
}

/** Tuples of numbers with codes from 0 on, as the project file keeps them. */
export interface SavedTuples {
  readonly width: number;
  readonly size: number;
  /** The numbers of the tuples from the given count on, one tuple after the other. */
  wordsFrom(count: number): Uint32Array;
  restore(words: Uint32Array): void;
}

const TUPLE_TABLES = ['origin', 'context', 'manner'] as const;

/** All kinds of texts and tuples of a project. */
export interface SavedNames {
  readonly tuples: Readonly<Record<(typeof TUPLE_TABLES)[number], SavedTuples>>;
  readonly all: readonly (readonly [kind: string, texts: SavedTexts])[];
}

/** Writes the texts and tuples that are not in the project file yet. */
export async function saveNames(database: Database, names: SavedNames): Promise<void> {
  const counts = await database.write(
    fixed('select kind, count(*) as texts from name group by kind'),
  );
  const saved = new Map(counts.map((row) => [textOf(row, 'kind'), numberOf(row, 'texts')]));
  for (const [kind, texts] of names.all) {
    const fresh = texts.entriesFrom(saved.get(kind) ?? 0);
    if (fresh.length === 0) continue;
    const rows = fresh.map((entry) => [kind, entry.code, entry.text]);
    await database.append('name', rows);
  }
  for (const table of TUPLE_TABLES) await saveTuples(database, table, names.tuples[table]);
}

async function saveTuples(
  database: Database,
  table: (typeof TUPLE_TABLES)[number],
  tuples: SavedTuples,
): Promise<void> {
  const [row] = await database.write(fixed(`select count(*) as saved from ${table}`));
  const saved = row === undefined ? 0 : numberOf(row, 'saved');
  const words = tuples.wordsFrom(saved);
  if (words.length === 0) return;
  const appender = await database.writer.createAppender(table);
  for (let at = 0, code = saved; at < words.length; at += tuples.width, code++) {
    appender.appendUInteger(code);
    for (const word of words.subarray(at, at + tuples.width)) appender.appendUInteger(word);
    appender.endRow();
  }
  appender.closeSync();
}

/** Reads all texts and tuples of the project file. */
export async function loadNames(database: Database, names: SavedNames): Promise<void> {
  const byKind = new Map(names.all);
  const rows = await database.query(fixed('select kind, code, text from name order by kind, code'));
  for (const row of rows) {
    const texts = byKind.get(textOf(row, 'kind'));
    const code = numberOf(row, 'code');
    if (texts !== undefined && !texts.has(code)) texts.restore(code, textOf(row, 'text'));
  }
  for (const table of TUPLE_TABLES) {
    const tuples = names.tuples[table];
    const saved = await database.query(fixed(`select * from ${table} order by code`));
    const words = saved.flatMap((tuple) =>
      Object.keys(tuple)
        .filter((column) => column !== 'code')
        .map((column) => numberOf(tuple, column)),
    );
    tuples.restore(Uint32Array.from(words.slice(tuples.size * tuples.width)));
  }
}
