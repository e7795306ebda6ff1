import type { Database } from '../store/database.ts';
import type { Row } from '../store/rows.ts';
import type { Sql } from '../store/sql.ts';

/** A statement of a `.sql` file with its values. */
export function statementOf(text: string, ...values: Sql['values']): Sql {
  return { text, values };
}

/** Runs a statement inside the caller's transaction. */
export async function rowsOf(database: Database, statement: Sql): Promise<readonly Row[]> {
  return database.write(statement);
}
