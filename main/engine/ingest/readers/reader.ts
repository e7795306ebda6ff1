import type { Chunks } from '../../archive/byte-stream.ts';
import type { EventBatch } from '../event-batch.ts';
import type { Names } from '../names.ts';
import type { LineOutcome } from '../outcome.ts';

/** What is known of a file besides its bytes. */
export interface ReaderContext {
  /** The file's first bytes, up to 64 KiB, after unpacking. */
  readonly head: Uint8Array;
  /** The member's path, whose name may hold a date. */
  readonly path: string;
  /** When the file was last written. */
  readonly modifiedAt: Date;
  /** The year that the user gave for lines without one. */
  readonly year?: number | undefined;
}

/** Reads the lines of one file. */
export interface LineReader {
  /** The forms of lines met so far, in a fixed order: `nsx-v`, `nsx-t`, `cisco-asa` … */
  readonly forms: readonly string[];
  /** Whether a line was met whose year had to be known from elsewhere. */
  readonly tookYear: boolean;
  /**
   * Reads the line in the bytes from `start` to before `end`, without its line feed, into row
   * `batch.rows` and counts the row where it is an event. Fills every column but `source` and
   * `line`, which are the caller's; the bytes are the reader's only during the call. Throws for no
   * bytes whatever.
   */
  readonly parse: (bytes: Uint8Array, start: number, end: number, batch: EventBatch) => LineOutcome;
}

/** One kind of log. */
export interface ReaderKind {
  /** `nsx-dfw`, `cisco-asa`, `aws-vpc` … */
  readonly name: string;
  /**
   * How surely the file is of this kind, 0 (it is not) to 1, from its first bytes. The kind with
   * the greatest answer reads the file.
   */
  readonly recognise: (context: ReaderContext) => number;
  /**
   * Turns the file into lines where its records are wrapped in something else (JSON, CSV): one
   * record one line. Line numbers then count records. Left out where lines are lines.
   */
  readonly unwrap?: (chunks: Chunks) => Chunks;
  readonly open: (names: Names, context: ReaderContext) => LineReader;
}
