import type { DuckDBConnection } from '@duckdb/node-api';

/** A line that could not be read, as the table `reject` holds it. */
export interface RejectRow {
  readonly line: number;
  readonly reason: string;
  readonly text: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Stores rejected lines of the source with the given number. No other statement may run on the connection. */
export async function writeRejects(
  connection: DuckDBConnection,
  source: number,
  rejects: readonly RejectRow[],
): Promise<void> {
  if (rejects.length === 0) return;
  const appender = await connection.createAppender('reject');
  for (const { line, reason, text, before, after } of rejects) {
    appender.appendUInteger(source);
    appender.appendUInteger(line);
    appender.appendVarchar(reason);
    appender.appendVarchar(text);
    for (const context of [before, after]) {
      if (context === null) appender.appendNull();
      else appender.appendVarchar(context);
    }
    appender.endRow();
  }
  appender.closeSync();
}
