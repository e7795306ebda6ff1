import { existsSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { bug, Cancelled, Failure, textOf as messageOf } from '../../../shared/failure/failure.ts';
import { NEVER, type CancelSignal } from '../../../shared/ipc/cancel.ts';
import { appendRows, type Cell } from './append.ts';
import { isLogDamage, setLogAside } from './damaged-log.ts';
import { MIGRATIONS, SCHEMA_VERSION } from './migrations.ts';
import type { Row } from './rows.ts';
import { fixed, text, sql, type Sql } from './sql.ts';
import { isUnwritable, storeFailure } from './store-failure.ts';

const READERS = 3;

/** Threads that a question is answered with. */
const THREADS = '2';
const openHere = new Set<string>();

/** Marks a DuckDB file as a Segwright project, in `meta`. */
const APPLICATION = 'segwright';

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

function runOn(
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
async function interruptible<T>(
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
function numbersIn(chunk: DuckDBDataChunk, column: number): Uint32Array | Float64Array {
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

function hasFired(signal: CancelSignal): boolean {
  return signal.aborted;
}

/** Names the statement that failed, never its values: they are a customer's addresses. */
function withStatement(thrown: unknown, statement: Sql): Error {
  const message = messageOf(thrown);
  return new Error(`${message}\nStatement: ${statement.text.slice(0, 2_000)}`, { cause: thrown });
}

async function makeFolder(file: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
  } catch (thrown) {
    throw openFailure(file, thrown);
  }
}

async function openInstance(file: string, notices: string[]): Promise<DuckDBInstance> {
  const options = {
    threads: THREADS,
    memory_limit: '256MB',
    write_buffer_row_group_count: '1',
    preserve_insertion_order: 'false',
    temp_directory: `${file}.tmp`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
  if (existsSync(file) && statSync(file).isDirectory()) {
    throw new Failure('project-foreign', { path: file });
  }
  try {
    return await DuckDBInstance.create(file, options);
  } catch (thrown) {
    if (!isLogDamage(messageOf(thrown))) throw openFailure(file, thrown);
    const look = { ...options, access_mode: 'READ_ONLY' };
    const replays = () =>
      DuckDBInstance.create(file, look).then(
        (instance) => {
          instance.closeSync();
          return true;
        },
        () => false,
      );
    try {
      notices.push(await setLogAside(file, replays));
    } catch (unmoved) {
      throw openFailure(file, unmoved);
    }
    return DuckDBInstance.create(file, options).catch((again: unknown) => {
      throw openFailure(file, again);
    });
  }
}

function openFailure(file: string, thrown: unknown): Failure {
  const message = messageOf(thrown);
  if (/could not set lock|being used by another process|conflicting lock/i.test(message)) {
    const holder = /PID (\d+)/.exec(message)?.[1];
    const details = { path: file, holder: holder === undefined ? '' : ` (PID ${holder})` };
    return new Failure('project-locked', details, thrown);
  }
  if (/newer (?:duckdb )?version|unsupported version|storage version/i.test(message)) {
    return new Failure(
      'project-newer',
      { path: file, found: 'unknown', known: SCHEMA_VERSION },
      thrown,
    );
  }
  if (/not a valid duckdb database/i.test(message)) {
    return new Failure('project-foreign', { path: file }, thrown);
  }
  if (isUnwritable(file)) {
    return new Failure('project-unwritable', { path: file, reason: firstLine(message) }, thrown);
  }
  const failure = storeFailure(thrown, file);
  if (failure?.code === 'disk-full') return failure;
  if (/permission denied|cannot open file/i.test(message)) return unreadable(file, thrown);
  return new Failure('project-damaged', { path: file, reason: firstLine(message) }, thrown);
}

function unreadable(file: string, thrown: unknown): Failure {
  return new Failure(
    'path-unreadable',
    { path: file, reason: firstLine(messageOf(thrown)) },
    thrown,
  );
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.slice(0, 200) ?? '';
}

async function migrate(writer: DuckDBConnection, file: string): Promise<void> {
  const found = await schemaVersion(writer, file);
  if (found > SCHEMA_VERSION) {
    throw new Failure('project-newer', { path: file, found, known: SCHEMA_VERSION });
  }
  for (const step of MIGRATIONS.filter(({ version }) => version > found)) {
    await writer.run('begin transaction');
    try {
      await writer.run(step.sql);
      if (step.version === 1) {
        await runOn(
          writer,
          sql`insert into meta values ('application', ${text(APPLICATION)}), ('schema-version', '1')`,
          NEVER,
          file,
        );
      } else {
        const version = text(String(step.version));
        await runOn(
          writer,
          sql`update meta set text = ${version} where key = 'schema-version'`,
          NEVER,
          file,
        );
      }
      await writer.run('commit');
    } catch (thrown) {
      await writer.run('rollback').catch(() => undefined);
      throw storeFailure(thrown, file) ?? thrown;
    }
  }
}

/** 0 for a database without any table. */
async function schemaVersion(writer: DuckDBConnection, file: string): Promise<number> {
  const tables = await runOn(writer, fixed('select table_name from duckdb_tables()'), NEVER, file);
  if (tables.length === 0) return 0;
  const isOurs = tables.some((row) => row['table_name'] === 'meta');
  if (!isOurs) throw new Failure('project-foreign', { path: file });
  const rows = await runOn(writer, fixed('select key, text from meta'), NEVER, file).catch(
    () => [],
  );
  const meta = new Map(rows.map((row) => [row['key'], row['text']]));
  const version = Number(meta.get('schema-version'));
  if (meta.get('application') !== APPLICATION || !Number.isInteger(version)) {
    throw new Failure('project-foreign', { path: file });
  }
  return version;
}
