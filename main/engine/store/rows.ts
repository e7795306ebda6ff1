import { bug } from '../../../shared/failure/failure.ts';

/** A row as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** A number of the row; 64-bit and wider numbers must lie within ±(2^53 - 1). */
export function numberOf(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    bug(`${column} is beyond 2^53`);
  }
  bug(`${column} is ${typeof value}, not a number`);
}

/** A number of the row, or `null`. */
export function numberOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : numberOf(row, column);
}

/** A text of the row. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  bug(`${column} is ${typeof value}, not a text`);
}

/** A text of the row, or `null`. */
export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : textOf(row, column);
}

/** A list of the row whose items are numbers. */
export function numbersOf(row: Row, column: string): readonly number[] {
  const value = row[column];
  if (!Array.isArray(value)) bug(`${column} is no list`);
  return value.map((item: unknown) => numberOf({ item }, 'item'));
}
