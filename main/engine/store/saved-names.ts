import type { Database } from './database.ts';
import { numberOf, textOf } from './rows.ts';
import { fixed, join, sql, text, u32 } from './sql.ts';

/** Texts with codes, as the project file keeps them. */
export interface SavedTexts {
  readonly size: number;
  entriesFrom(count: number): readonly { readonly code: number; readonly text: string }[];
  restore(code: number, text: string): void;
  has(code: number): boolean;
}

/** All kinds of texts of a project. */
export interface SavedNames {
  readonly all: readonly (readonly [kind: string, texts: SavedTexts])[];
}

const ROWS_PER_INSERT = 500;

/** Writes the texts that are not in the project file yet. */
export async function saveNames(database: Database, names: SavedNames): Promise<void> {
  const counts = await database.write(
    fixed('select kind, count(*) as texts from name group by kind'),
  );
  const saved = new Map(counts.map((row) => [textOf(row, 'kind'), numberOf(row, 'texts')]));
  for (const [kind, texts] of names.all) {
    const fresh = texts.entriesFrom(saved.get(kind) ?? 0);
    for (let at = 0; at < fresh.length; at += ROWS_PER_INSERT) {
      const rows = fresh
        .slice(at, at + ROWS_PER_INSERT)
        .map((entry) => sql`(${text(kind)}, ${u32(entry.code)}, ${text(entry.text)})`);
      await database.write(sql`insert into name values ${join(rows, ', ', '')}`);
    }
  }
}

/** Reads all texts of the project file. */
export async function loadNames(database: Database, names: SavedNames): Promise<void> {
  const byKind = new Map(names.all);
  const rows = await database.query(fixed('select kind, code, text from name order by kind, code'));
  for (const row of rows) {
    const texts = byKind.get(textOf(row, 'kind'));
    const code = numberOf(row, 'code');
    if (texts !== undefined && !texts.has(code)) texts.restore(code, textOf(row, 'text'));
  }
}
