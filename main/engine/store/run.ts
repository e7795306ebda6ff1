import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { bug, Cancelled, textOf as messageOf } from '../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import type { Row } from './rows.ts';
import type { Sql } from './sql.ts';
import { storeFailure } from './store-failure.ts';

/** Runs a statement and gives all its rows. */
export function runOn(
  connection: DuckDBConnection,
  statement: Sql,
  signal: CancelSignal,
  file: string,
): Promise<readonly Row[]> {
  return interruptible({ connection, file }, statement, signal, async (values, types) => {
    const reader = await connection.runAndReadAll(statement.text, values, types);
    return reader.getRowObjectsJS();
  });
}

/** Runs a statement so that the signal interrupts it, and names it where it fails. */
export async function interruptible<T>(
  { connection, file }: { readonly connection: DuckDBConnection; readonly file: string },
  statement: Sql,
  signal: CancelSignal,
  run: (values: DuckDBValue[], types: DuckDBType[]) => Promise<T>,
): Promise<T> {
  if (hasFired(signal)) throw new Cancelled();
  const interrupt = () => {
    connection.interrupt();
  };
  signal.addEventListener('abort', interrupt);
  try {
    const values = statement.values.map((bound) => bound.value);
    const types = statement.values.map((bound) => bound.type);
    return await run(values, types);
  } catch (thrown) {
    if (hasFired(signal)) throw new Cancelled();
    throw storeFailure(thrown, file) ?? withStatement(thrown, statement);
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

/** A column of a piece of a result; the driver keeps it as one typed array, which this copies. */
export function numbersIn(chunk: DuckDBDataChunk, column: number): Uint32Array | Float64Array {
  const vector = chunk.getColumnVector(column);
  const items: unknown = Reflect.get(vector, 'items');
  if (items instanceof Uint32Array || items instanceof Float64Array) {
    return items.slice(0, chunk.rowCount);
  }
  return Float64Array.from({ length: chunk.rowCount }, (_, row) => {
    const value = vector.getItem(row);
    return typeof value === 'number' ? value : bug(`column ${column} holds no numbers`);
  });
}

/** Whether a signal fired; asked anew each time. */
export function hasFired(signal: CancelSignal): boolean {
  return signal.aborted;
}

/** Names the statement that failed, never its values: they are a customer's addresses. */
function withStatement(thrown: unknown, statement: Sql): Error {
  const message = messageOf(thrown);
  return new Error(`${message}\nStatement: ${statement.text.slice(0, 2_000)}`, { cause: thrown });
}
