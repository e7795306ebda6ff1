import type { Row } from './rows.ts';
import { sql, text, type Sql } from './sql.ts';

/** Something that runs statements, such as a database or a write session. */
export interface StatementRunner {
  write(statement: Sql): Promise<readonly Row[]>;
}

/** Marks in `meta` that tell the next opening of the project what a crash left undone. */
export const MARKS = {
  /** Whether the flows hold what every source holds. */
  rolledUp: 'rolled-up',
  /** Whether groups and nodes of addresses are stored as the inventory in force has them. */
  mapped: 'mapped',
} as const;

/** Writes whether something is done. */
export async function setMark(
  runner: StatementRunner,
  mark: (typeof MARKS)[keyof typeof MARKS],
  isDone: boolean,
): Promise<void> {
  const value = text(isDone ? 'yes' : 'no');
  await runner.write(sql`insert or replace into meta values (${text(mark)}, ${value})`);
}

/** Whether something was begun and not done to its end. */
export async function isUndone(
  runner: StatementRunner,
  mark: (typeof MARKS)[keyof typeof MARKS],
): Promise<boolean> {
  const rows = await runner.write(
    sql`select 1 from meta where key = ${text(mark)} and text = 'no'`,
  );
  return rows.length > 0;
}
