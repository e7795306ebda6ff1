import {
  BIGINT,
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBTableFunction,
  type DuckDBType,
  TIMESTAMP_MS,
  UINTEGER,
  USMALLINT,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { type Keep, summing } from './kept-flows.ts';

/** Rows a DuckDB vector holds. */
const VECTOR_ROWS = 2048;

/**
 * Threads that take rows from the queue. One keeps the rows in the order of the file: with two, rows
 * interleave, which costs a half more processor time and three quarters more room.
 */
const THREADS = 1;

/** Rows stored by one statement: two whole row groups of DuckDB (122,880 rows each). */
const STATEMENT_ROWS = 245_760;

const TYPES: Readonly<Record<string, DuckDBType>> = {
  '2': USMALLINT,
  '4': UINTEGER,
  '8': BIGINT,
};

/** Rows column by column in one buffer. */
export interface ColumnBatch {
  readonly buffer: ArrayBuffer;
  /** Where each column begins in the buffer. */
  readonly offsets: readonly number[];
  readonly rows: number;
}

/**
 * Stores batches of numbers in a table by copying whole columns, 2,048 rows at a time.
 *
 * Batches queue up until a statement's worth is there; then one `insert` takes them through a table
 * function, so that DuckDB stores and compresses on its own threads while the next batches are
 * read. Measured on five million rows: 1.0 s, against 1.8 s through the appender.
 */
export class EventWriter {
  readonly #connection: DuckDBConnection;
  readonly #inserts: Readonly<Record<Keep, string>>;
  #keep: Keep = 'events';
  readonly #widths: readonly number[];
  readonly #release: (batch: ColumnBatch) => void;
  #queue: ColumnBatch[] = [];
  #queuedRows = 0;
  #storing: readonly ColumnBatch[] = [];
  #batchAt = 0;
  #rowAt = 0;
  #work: Promise<void> | undefined;

  private constructor(
    connection: DuckDBConnection,
    inserts: Readonly<Record<Keep, string>>,
    widths: readonly number[],
    release: (batch: ColumnBatch) => void,
  ) {
    this.#connection = connection;
    this.#inserts = inserts;
    this.#widths = widths;
    this.#release = release;
  }

  /**
   * Makes a writer; one for each connection and table.
   *
   * @param table a table whose columns are numbers of the given widths, in this order
   * @param columns name and width in bytes of each column; `seen_at` is a time in milliseconds
   * @param release called with a batch when it is stored and may be filled again
   */
  static open(
    connection: DuckDBConnection,
    table: 'packed_event',
    columns: readonly (readonly [string, number])[],
    release: (batch: ColumnBatch) => void = () => undefined,
  ): EventWriter {
    const name = `queued_${table}`;
    const widths = columns.map(([, width]) => width);
    const writer = new EventWriter(
      connection,
      { events: `insert into ${table} select * from ${name}()`, flows: summing(`${name}()`) },
      widths,
      release,
    );
    connection.registerTableFunction(
      DuckDBTableFunction.create({
        name,
        bindFunction: (info) => {
          for (const [column, width] of columns) {
            const type = column === 'seen_at' ? TIMESTAMP_MS : TYPES[String(width)];
            info.addResultColumn(column, type ?? BIGINT);
          }
        },
        initFunction: (info) => {
          info.setMaxThreads(THREADS);
        },
        mainFunction: (_, chunk) => {
          writer.#fill(chunk);
        },
      }),
    );
    return writer;
  }

  /** Says what is kept of the events to come. Everything taken before must have been stored. */
  begin(keep: Keep): void {
    this.#keep = keep;
  }

  /** Takes a batch. Waits only while a whole statement's worth is being stored and another is queued. */
  async write(batch: ColumnBatch): Promise<void> {
    if (batch.rows === 0) {
      this.#release(batch);
      return;
    }
    this.#queue.push(batch);
    this.#queuedRows += batch.rows;
    if (this.#queuedRows < STATEMENT_ROWS) return;
    await this.#work;
    this.#start();
  }

  /** Stores everything taken so far. */
  async flush(): Promise<void> {
    await this.#work;
    this.#start();
    await this.#work;
  }

  /** Forgets what was taken and is not being stored. */
  async discard(): Promise<void> {
    for (const batch of this.#queue) this.#release(batch);
    this.#queue = [];
    this.#queuedRows = 0;
    await this.#work?.catch(() => undefined);
    this.#work = undefined;
  }

  #start(): void {
    if (this.#queue.length === 0) return;
    this.#storing = this.#queue;
    this.#batchAt = 0;
    this.#rowAt = 0;
    this.#queue = [];
    this.#queuedRows = 0;
    const work = this.#store();
    work.catch(() => undefined);
    this.#work = work;
  }

  async #store(): Promise<void> {
    try {
      await this.#connection.run(this.#inserts[this.#keep]);
    } finally {
      for (const batch of this.#storing) this.#release(batch);
      this.#storing = [];
    }
  }

  /** Gives DuckDB the next rows; none mean the end. */
  #fill(chunk: DuckDBDataChunk): void {
    const batch = this.#storing[this.#batchAt];
    if (batch === undefined) {
      duckdb.data_chunk_set_size(chunk.chunk, 0);
      return;
    }
    const row = this.#rowAt;
    const rows = Math.min(VECTOR_ROWS, batch.rows - row);
    duckdb.data_chunk_set_size(chunk.chunk, rows);
    for (let column = 0; column < this.#widths.length; column++) {
      const width = this.#widths[column] ?? 0;
      const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
      const from = (batch.offsets[column] ?? 0) + row * width;
      duckdb.copy_data_to_vector(vector, 0, batch.buffer, from, rows * width);
    }
    this.#rowAt += rows;
    if (this.#rowAt >= batch.rows) {
      this.#batchAt++;
      this.#rowAt = 0;
    }
  }
}
