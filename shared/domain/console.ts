/** Rows a question in SQL gives at most. */
export const MOST_CONSOLE_ROWS = 10_000;

/** Characters of a cell that are shown; the files of a result hold cells whole. */
export const MOST_CELL_LENGTH = 2_000;

/** Seconds a question in SQL may take. */
export const CONSOLE_SECONDS = 60;

/** What a result can be saved as. */
export const RESULT_FORMATS = ['csv', 'parquet'] as const;

/** One of the formats a result can be saved as. */
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** A column of a table or a result. */
export interface ConsoleColumn {
  readonly name: string;
  /** As DuckDB spells it, such as `UBIGINT`. */
  readonly type: string;
}

/** A table that can be asked. */
export interface ConsoleTable {
  readonly name: string;
  /** Whether its codes are texts; the others hold what the project file holds. */
  readonly isReadable: boolean;
  readonly columns: readonly ConsoleColumn[];
}

/** The answer to a question in SQL. */
export interface ConsoleResult {
  readonly columns: readonly ConsoleColumn[];
  /** A text a cell, `null` where there is no value; long texts are cut and end in `…`. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** Whether there are more rows, which were not read. */
  readonly hasMore: boolean;
  readonly milliseconds: number;
}

/** A result as a file. */
export interface ConsoleFile {
  /** Its bytes as base64 (RFC 4648 §4). */
  readonly base64: string;
  readonly bytes: number;
}
