import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { DuckDBDecimalValue, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { csvRecord } from '../../../shared/domain/csv.ts';
import {
  CONSOLE_SECONDS,
  MOST_CELL_LENGTH,
  MOST_CONSOLE_ROWS,
  type ConsoleColumn,
  type ConsoleFile,
  type ConsoleResult,
  type ConsoleTable,
  type ResultFormat,
} from '../../../shared/domain/console.ts';
import { Cancelled, Failure, textOf as messageOf } from '../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import tables from './console-tables.sql';
import { textOf } from './rows.ts';
import { hasFired, runOn } from './run.ts';
import { refusalOf } from './select-check.ts';
import { fixed, sql, text } from './sql.ts';
import { storeFailure } from './store-failure.ts';

/** Bytes of a result's file; more do not fit a message to the page. */
const MOST_FILE_BYTES = 64 * 2 ** 20;

/** From then on no file can be named in SQL, and nothing can be set but the threads of loading. */
const CLOSE_DOORS = [
  "set allowed_configs = ['threads']",
  'set enable_external_access = false',
  'set lock_configuration = true',
];

/** Questions in the user's own SQL, one at a time, on a connection that cannot write. */
export class Console {
  readonly #connection: DuckDBConnection;
  readonly #file: string;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(connection: DuckDBConnection, file: string) {
    this.#connection = connection;
    this.#file = file;
  }

  /**
   * Takes a connection for questions of the user, and closes the database to other files.
   *
   * @param file the project file
   */
  static async open(connection: DuckDBConnection, file: string): Promise<Console> {
    await connection.run(tables);
    for (const statement of CLOSE_DOORS) await connection.run(statement);
    return new Console(connection, file);
  }

  /** The tables that can be asked, the readable ones first. */
  tables(signal: CancelSignal): Promise<readonly ConsoleTable[]> {
    return this.#inTurn(async () => {
      const rows = await runOn(
        this.#connection,
        fixed(`select table_name, schema_name = 'main' and database_name = 'temp' as readable,
            column_name, data_type
          from duckdb_columns() where not internal
          order by readable desc, table_name, column_index`),
        signal,
        this.#file,
      );
      const found = new Map<string, ConsoleTable & { readonly columns: ConsoleColumn[] }>();
      for (const row of rows) {
        const name = textOf(row, 'table_name');
        const isReadable = row['readable'] === true;
        const table = found.get(name) ?? { name, isReadable, columns: [] };
        table.columns.push({ name: textOf(row, 'column_name'), type: textOf(row, 'data_type') });
        found.set(name, table);
      }
      return [...found.values()];
    });
  }

  /**
   * Answers a question, up to {@link MOST_CONSOLE_ROWS} rows.
   *
   * @throws Failure `sql-refused` where it is no single SELECT on tables of the project or fails,
   *   `sql-too-long`, `memory-full`; Cancelled
   */
  ask(question: string, signal: CancelSignal): Promise<ConsoleResult> {
    return this.#inTurn(async () => {
      await this.#check(question, signal);
      const started = performance.now();
      return this.#bounded(signal, async () => {
        const result = await this.#connection.stream(question);
        const types = result.columnTypes().map(String);
        const columns = result.columnNames().map((name, at) => ({ name, type: types[at] ?? '' }));
        const rows: (string | null)[][] = [];
        while (rows.length <= MOST_CONSOLE_ROWS) {
          const chunk = await result.fetchChunk();
          if (chunk === null || chunk.rowCount === 0) break;
          rows.push(...chunk.getRows().map((row) => row.map(cellOf)));
        }
        return {
          columns,
          rows: rows.slice(0, MOST_CONSOLE_ROWS),
          hasMore: rows.length > MOST_CONSOLE_ROWS,
          milliseconds: performance.now() - started,
        };
      });
    });
  }

  /**
   * The whole answer to a question as a file.
   *
   * @throws Failure as {@link ask}, and `sql-refused` where the file is too large
   */
  save(question: string, format: ResultFormat, signal: CancelSignal): Promise<ConsoleFile> {
    return this.#inTurn(async () => {
      await this.#check(question, signal);
      return format === 'csv' ? this.#csv(question, signal) : this.#parquet(question, signal);
    });
  }

  /** Written here: a spreadsheet would run some texts of a log as formulas, and the database does not defuse them. */
  #csv(question: string, signal: CancelSignal): Promise<ConsoleFile> {
    return this.#bounded(signal, async () => {
      const result = await this.#connection.stream(question);
      const parts = [Buffer.from(csvRecord(result.columnNames()))];
      let bytes = parts[0]?.length ?? 0;
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) break;
        const rows = chunk.getRows().map((row) => csvRecord(row.map(csvCell)));
        const part = Buffer.from(rows.join(''));
        parts.push(part);
        bytes += part.length;
        checkSize(bytes);
      }
      return { base64: Buffer.concat(parts).toString('base64'), bytes };
    });
  }

  async #parquet(question: string, signal: CancelSignal): Promise<ConsoleFile> {
    const folder = `${this.#file}.tmp`;
    const target = path.join(folder, `${randomUUID()}.parquet`);
    await mkdir(folder, { recursive: true });
    try {
      const body = question.trim().replace(/;\s*$/, '');
      const quoted = target.replaceAll("'", "''");
      const copy = `copy (${body}\n) to '${quoted}' (format parquet, compression zstd)`;
      await this.#bounded(signal, () => this.#connection.run(copy));
      const { size } = await stat(target);
      checkSize(size);
      return { base64: await readFile(target, 'base64'), bytes: size };
    } finally {
      await rm(target, { force: true });
    }
  }

  close(): void {
    this.#connection.interrupt();
    this.#connection.closeSync();
  }

  /** One question after the other: a connection answers one, and an interrupt must hit its own. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #check(question: string, signal: CancelSignal): Promise<void> {
    const [row] = await runOn(
      this.#connection,
      sql`select json_serialize_sql(${text(question)}::varchar)::varchar as parsed`,
      signal,
      this.#file,
    );
    const problem = row === undefined ? 'it could not be parsed' : refusalOf(textOf(row, 'parsed'));
    if (problem !== null) throw new Failure('sql-refused', { problem });
  }

  /** Runs in a transaction that can only read, until the signal or the time ends it. */
  async #bounded<T>(signal: CancelSignal, work: () => Promise<T>): Promise<T> {
    const end = { isLate: false };
    const interrupt = () => {
      this.#connection.interrupt();
    };
    const timer = setTimeout(() => {
      end.isLate = true;
      interrupt();
    }, CONSOLE_SECONDS * 1_000);
    await this.#connection.run('begin transaction read only');
    signal.addEventListener('abort', interrupt);
    try {
      if (hasFired(signal)) throw new Cancelled();
      return await work();
    } catch (thrown) {
      if (hasFired(signal)) throw new Cancelled();
      if (end.isLate) throw new Failure('sql-too-long', { seconds: CONSOLE_SECONDS });
      const failure = storeFailure(thrown, this.#file);
      if (failure !== null && failure.code !== 'project-unwritable') throw failure;
      throw new Failure('sql-refused', { problem: sayOf(thrown) }, thrown);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
      await this.#connection.run('rollback').catch(() => undefined);
    }
  }
}

/** DuckDB's own sentence about a question: its first line, without the full stop. */
function sayOf(thrown: unknown): string {
  const [line = ''] = messageOf(thrown).split('\n');
  return line.trim().replace(/\.$/, '').slice(0, 500);
}

function checkSize(bytes: number): void {
  if (bytes <= MOST_FILE_BYTES) return;
  const most = Math.floor(MOST_FILE_BYTES / 1e6);
  const problem = `its file would have more than ${most} MB; narrow the question`;
  throw new Failure('sql-refused', { problem });
}

function wholeOf(value: DuckDBValue): string | null {
  return value === null || typeof value === 'string' ? value : String(value);
}

/** Numbers stay numbers, so that a minus sign is not taken for the begin of a formula. */
function csvCell(value: DuckDBValue): string | number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return value instanceof DuckDBDecimalValue ? value.toDouble() : (wholeOf(value) ?? '');
}

function cellOf(value: DuckDBValue): string | null {
  const whole = wholeOf(value);
  if (whole === null) return null;
  return whole.length > MOST_CELL_LENGTH ? `${whole.slice(0, MOST_CELL_LENGTH)}…` : whole;
}
