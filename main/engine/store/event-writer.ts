import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  TIMESTAMP_MS,
  UBIGINT,
  UINTEGER,
  USMALLINT,
  UTINYINT,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';

/** Rows a DuckDB vector holds. */
const VECTOR_ROWS = 2048;

const TYPES: Readonly<Record<string, DuckDBType>> = {
  '1': UTINYINT,
  '2': USMALLINT,
  '4': UINTEGER,
  '8': UBIGINT,
};

/** Rows column by column in one buffer. */
export interface ColumnBatch {
  readonly buffer: ArrayBuffer;
  /** Where each column begins in the buffer. */
  readonly offsets: readonly number[];
  readonly rows: number;
}

/**
 * Appends batches of numbers to a table by copying whole columns, 2,048 rows at a time. One data
 * chunk serves all batches: the memory of a dropped chunk returns only when JavaScript collects it.
 */
export class EventWriter {
  readonly #appender: DuckDBAppender;
  readonly #chunk: DuckDBDataChunk;
  readonly #widths: readonly number[];

  private constructor(appender: DuckDBAppender, widths: readonly number[], timeColumn: number) {
    this.#appender = appender;
    this.#widths = widths;
    const types = widths.map((width, column) =>
      column === timeColumn ? TIMESTAMP_MS : (TYPES[String(width)] ?? UBIGINT),
    );
    this.#chunk = DuckDBDataChunk.create(types);
  }

  /**
   * @param table a table whose columns are numbers of the given widths, in this order
   * @param columns name and width in bytes of each column; `seen_at` is a time in milliseconds
   */
  static async open(
    connection: DuckDBConnection,
    table: string,
    columns: readonly (readonly [string, number])[],
  ): Promise<EventWriter> {
    const appender = await connection.createAppender(table);
    const timeColumn = columns.findIndex(([name]) => name === 'seen_at');
    return new EventWriter(
      appender,
      columns.map(([, width]) => width),
      timeColumn,
    );
  }

  /** Appends all rows of the batch. They reach the table at the latest with `close`. */
  write(batch: ColumnBatch): void {
    for (let row = 0; row < batch.rows; row += VECTOR_ROWS) {
      const rows = Math.min(VECTOR_ROWS, batch.rows - row);
      this.#chunk.reset();
      duckdb.data_chunk_set_size(this.#chunk.chunk, rows);
      this.#widths.forEach((width, column) => {
        const vector = duckdb.data_chunk_get_vector(this.#chunk.chunk, column);
        const from = (batch.offsets[column] ?? 0) + row * width;
        duckdb.copy_data_to_vector(vector, 0, batch.buffer, from, rows * width);
      });
      this.#appender.appendDataChunk(this.#chunk);
    }
  }

  /** Flushes what was written and ends the appender. */
  close(): void {
    this.#appender.closeSync();
  }
}
