import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';

/** Appends lines that could not be read to the table `reject`. */
export class RejectWriter {
  readonly #appender: DuckDBAppender;

  private constructor(appender: DuckDBAppender) {
    this.#appender = appender;
  }

  static async open(connection: DuckDBConnection): Promise<RejectWriter> {
    return new RejectWriter(await connection.createAppender('reject'));
  }

  /** Appends one line, numbered from 1, of the source with the given id. */
  write(source: number, line: number, reason: string, text: string): void {
    this.#appender.appendUInteger(source);
    this.#appender.appendUInteger(line);
    this.#appender.appendVarchar(reason);
    this.#appender.appendVarchar(text);
    this.#appender.endRow();
  }

  /** Flushes what was written and ends the appender. */
  close(): void {
    this.#appender.closeSync();
  }
}
