import path from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Cancelled, Failure } from '../../../shared/failure/failure.ts';
import { NEVER, type CancelSignal } from '../../../shared/ipc/cancel.ts';
import { appendRows, type Cell } from './append.ts';
import { Console } from './console.ts';
import { migrate } from './migrate.ts';
import { makeFolder, openInstance, THREADS } from './open-instance.ts';
import type { Row } from './rows.ts';
import { hasFired, interruptible, numbersIn, runOn } from './run.ts';
import { fixed, type Sql } from './sql.ts';
import { storeFailure } from './store-failure.ts';

const READERS = 3;

const openHere = new Set<string>();

/** Statements that change the project, on a connection of their own. */
export class WriteSession {
  readonly connection: DuckDBConnection;
  readonly #file: string;

  /** @param file the project file, for the sentences of failures */
  constructor(connection: DuckDBConnection, file: string) {
    this.connection = connection;
    this.#file = file;
  }

  /** Runs a statement. Statements of one session run one after the other. */
  write(statement: Sql, signal: CancelSignal = NEVER): Promise<readonly Row[]> {
    return runOn(this.connection, statement, signal, this.#file);
  }

  /**
   * Adds rows to the end of a table, in the transaction that is open. No statement of this session
   * may run meanwhile.
   *
   * @throws Failure as a statement, where the machine has no room
   */
  async append(table: string, rows: Iterable<readonly Cell[]>): Promise<void> {
    try {
      await appendRows(this.connection, table, rows);
    } catch (thrown) {
      throw storeFailure(thrown, this.#file) ?? thrown;
    }
  }

  /** Runs statements as one transaction: all of them happened, or none. Transactions must not overlap. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.write(fixed('begin transaction'));
    try {
      const result = await work();
      await this.write(fixed('commit'));
      return result;
    } catch (thrown) {
      await this.write(fixed('rollback')).catch(() => undefined);
      throw thrown;
    }
  }
}

/**
 * One project file: the DuckDB database, a connection that loads archives, one that stores what the
 * user edits meanwhile, and a few that read.
 *
 * Queries never wait for the writer; each takes a free reader. A fired signal interrupts the query
 * on its connection and rejects with `Cancelled`.
 */
export class Database {
  readonly path: string;
  /** What was repaired while opening: sentences. */
  readonly notices: readonly string[];
  /** For what the user edits, also while archives are loaded. */
  readonly editor: WriteSession;
  readonly #loading: WriteSession;
  readonly #instance: DuckDBInstance;
  readonly #idle: DuckDBConnection[];
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = [];
  readonly #readers: readonly DuckDBConnection[];
  #console: Promise<Console> | undefined;
  #openConsole: Console | undefined;

  private constructor(
    file: string,
    instance: DuckDBInstance,
    writers: readonly [loading: DuckDBConnection, editing: DuckDBConnection],
    readers: readonly DuckDBConnection[],
    notices: readonly string[],
  ) {
    this.path = file;
    this.#instance = instance;
    this.#loading = new WriteSession(writers[0], file);
    this.editor = new WriteSession(writers[1], file);
    this.#readers = readers;
    this.#idle = [...readers];
    this.notices = notices;
  }

  /**
   * Opens a project file, made new where it does not exist, and brings its schema up to date.
   *
   * @throws Failure `project-locked`, `project-newer`, `project-foreign`, `project-damaged`,
   *   `project-unwritable`, `disk-full` or `path-unreadable`
   */
  static async open(file: string): Promise<Database> {
    const absolute = path.resolve(file);
    if (openHere.has(absolute)) throw new Failure('project-locked', { path: file, holder: '' });
    openHere.add(absolute);
    try {
      await makeFolder(absolute);
      const notices: string[] = [];
      const instance = await openInstance(absolute, notices);
      try {
        const writer = await instance.connect();
        await migrate(writer, absolute);
        const readers = await Promise.all(
          Array.from({ length: READERS }, () => instance.connect()),
        );
        const writers = [writer, await instance.connect()] as const;
        return new Database(absolute, instance, writers, readers, notices);
      } catch (thrown) {
        instance.closeSync();
        throw thrown;
      }
    } catch (thrown) {
      openHere.delete(absolute);
      throw thrown;
    }
  }

  /**
   * Whether the database still answers. An error such as a checkpoint on a full disk ends it as a
   * whole: every later statement fails until the file is opened again.
   */
  async answers(): Promise<boolean> {
    return this.query(fixed('select 1')).then(
      () => true,
      () => false,
    );
  }

  /** Runs a query on a free reader and gives all its rows. Keep results small: aggregate and page in SQL. */
  async query(statement: Sql, signal: CancelSignal = NEVER): Promise<readonly Row[]> {
    const connection = await this.#takeReader();
    try {
      return await runOn(connection, statement, signal, this.path);
    } finally {
      this.#giveBack(connection);
    }
  }

  /**
   * Runs a query on a free reader and hands its result over in pieces, a typed array a column, as it
   * comes. Columns must be UINTEGER or DOUBLE and hold no null.
   */
  async columns(
    statement: Sql,
    take: (columns: readonly (Uint32Array | Float64Array)[], rows: number) => void,
    signal: CancelSignal = NEVER,
  ): Promise<void> {
    const connection = await this.#takeReader();
    try {
      const target = { connection, file: this.path };
      await interruptible(target, statement, signal, async (values, types) => {
        const result = await connection.stream(statement.text, values, types);
        for (;;) {
          const chunk = await result.fetchChunk();
          if (chunk === null || chunk.rowCount === 0) return;
          if (hasFired(signal)) throw new Cancelled();
          const columns = Array.from({ length: chunk.columnCount }, (_, at) =>
            numbersIn(chunk, at),
          );
          take(columns, chunk.rowCount);
        }
      });
    } finally {
      this.#giveBack(connection);
    }
  }

  /**
   * A connection of its own for what the user asks in SQL, made when it is asked for first. From then
   * on nothing reaches other files through this database, and its settings cannot be changed.
   */
  console(): Promise<Console> {
    this.#console ??= this.#instance.connect().then(async (connection) => {
      this.#openConsole = await Console.open(connection, this.path);
      return this.#openConsole;
    });
    return this.#console;
  }

  /** The connection that loads archives, for appenders. */
  get writer(): DuckDBConnection {
    return this.#loading.connection;
  }

  /** Runs a statement on the writer. Statements on the writer run one after the other. */
  write(statement: Sql, signal: CancelSignal = NEVER): Promise<readonly Row[]> {
    return this.#loading.write(statement, signal);
  }

  /**
   * Adds rows to the end of a table through the writer, as `WriteSession.append`.
   *
   * @throws Failure as a statement, where the machine has no room
   */
  append(table: string, rows: Iterable<readonly Cell[]>): Promise<void> {
    return this.#loading.append(table, rows);
  }

  /** Runs statements on the writer as one transaction: all of them happened, or none. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.#loading.transaction(work);
  }

  /**
   * Does work during which each statement runs on the thread that asks for it. A thread that waits
   * for a table function to give rows on another spins: that took a quarter of loading's processor time.
   */
  async withoutHelpers<T>(work: () => Promise<T>): Promise<T> {
    await this.write(fixed('set threads = 1'));
    try {
      return await work();
    } finally {
      // The project may have been closed meanwhile.
      await this.write(fixed(`set threads = ${THREADS}`)).catch(() => undefined);
    }
  }

  close(): void {
    this.#openConsole?.close();
    const writers = [this.#loading.connection, this.editor.connection];
    for (const connection of [...this.#readers, ...writers]) {
      connection.interrupt();
      connection.closeSync();
    }
    this.#instance.closeSync();
    openHere.delete(this.path);
  }

  async #takeReader(): Promise<DuckDBConnection> {
    const connection = this.#idle.pop();
    if (connection !== undefined) return connection;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #giveBack(connection: DuckDBConnection): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(connection);
    else next(connection);
  }
}
