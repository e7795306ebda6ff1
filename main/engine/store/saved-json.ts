import type { Database } from './database.ts';
import { textOf } from './rows.ts';
import { sql, text } from './sql.ts';

/** The value kept under a key; nothing where there is none. */
export async function readJson(database: Database, key: string): Promise<unknown> {
  const [row] = await database.query(sql`select text from meta where key = ${text(key)}`);
  return row === undefined ? undefined : (JSON.parse(textOf(row, 'text')) as unknown);
}
