import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBTimestampMillisecondsValue,
  INTEGER,
  LIST,
  listValue,
  TIMESTAMP_MS,
  UINTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';

/** A value bound to a statement, with its type in the database. */
export interface Bound {
  readonly value: DuckDBValue;
  readonly type: DuckDBType;
}

/** A piece of SQL text with the values its `?` stand for, in order. */
export interface Sql {
  readonly text: string;
  readonly values: readonly Bound[];
}

/** A whole number from 0 to 2^32 - 1. */
export function u32(value: number): Bound {
  return { value, type: UINTEGER };
}

/** A whole number from -2^31 to 2^31 - 1. */
export function i32(value: number): Bound {
  return { value, type: INTEGER };
}

/** A list of whole numbers from 0 to 2^32 - 1. */
export function u32s(values: readonly number[]): Bound {
  return { value: listValue(values), type: LIST(UINTEGER) };
}

/** A list of whole numbers from -2^31 to 2^31 - 1. */
export function i32s(values: readonly number[]): Bound {
  return { value: listValue(values), type: LIST(INTEGER) };
}

/** A list of whole numbers within ±(2^53 - 1). */
export function i64s(values: readonly number[]): Bound {
  return { value: listValue(values.map(BigInt)), type: LIST(BIGINT) };
}

/** A list of numbers. */
export function doubles(values: readonly number[]): Bound {
  return { value: listValue(values), type: LIST(DOUBLE) };
}

/** A whole number. */
export function i64(value: number): Bound {
  return { value: BigInt(value), type: BIGINT };
}

/** Yes or no. */
export function bool(value: boolean): Bound {
  return { value, type: BOOLEAN };
}

/** A text. */
export function text(value: string | null): Bound {
  return { value, type: VARCHAR };
}

/** A list of texts. */
export function texts(values: readonly string[]): Bound {
  return { value: listValue(values), type: LIST(VARCHAR) };
}

/** A time in milliseconds since 1970 UTC. */
export function timeMs(value: number): Bound {
  return { value: new DuckDBTimestampMillisecondsValue(BigInt(value)), type: TIMESTAMP_MS };
}

function isSql(part: Sql | Bound): part is Sql {
  return 'text' in part && 'values' in part;
}

/**
 * Builds SQL from a template: a `Sql` is inserted as text with its values, a `Bound` becomes a
 * parameter. Plain strings are refused by the types, so no value can become SQL text.
 */
export function sql(parts: TemplateStringsArray, ...inserted: readonly (Sql | Bound)[]): Sql {
  let out = parts[0] ?? '';
  const values: Bound[] = [];
  inserted.forEach((part, index) => {
    if (isSql(part)) {
      out += part.text;
      values.push(...part.values);
    } else {
      out += '?';
      values.push(part);
    }
    out += parts[index + 1] ?? '';
  });
  return { text: out, values };
}

/** SQL that is fixed in the program: the text of a `.sql` file, or a name from a closed list. */
export function fixed(statement: string): Sql {
  return { text: statement, values: [] };
}

/** Pieces joined by a separator, or the fallback where there are none. */
export function join(pieces: readonly Sql[], separator: string, fallback: string): Sql {
  if (pieces.length === 0) return fixed(fallback);
  return {
    text: pieces.map((piece) => piece.text).join(separator),
    values: pieces.flatMap((piece) => piece.values),
  };
}
