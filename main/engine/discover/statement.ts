import type { StatementRunner } from '../store/marks.ts';
import { numberOf, type Row } from '../store/rows.ts';
import { fixed, type Sql } from '../store/sql.ts';

/** A statement of a `.sql` file with its values. */
export function statementOf(text: string, ...values: Sql['values']): Sql {
  return { text, values };
}

/** Runs a statement inside the caller's transaction. */
export async function rowsOf(database: StatementRunner, statement: Sql): Promise<readonly Row[]> {
  return database.write(statement);
}

/** About as many events are looked at where a sample will do. */
const SAMPLE_EVENTS = 600_000;

/** One event in this many makes a sample. */
export function sampleEvery(events: number): number {
  return Math.max(1, Math.round(events / SAMPLE_EVENTS));
}

/** How many events the flows sum up. */
export async function countEvents(database: StatementRunner): Promise<number> {
  const [row] = await rowsOf(
    database,
    fixed('select coalesce(sum(events), 0)::bigint as events from flow'),
  );
  return row === undefined ? 0 : numberOf(row, 'events');
}
