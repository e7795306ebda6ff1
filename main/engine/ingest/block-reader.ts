import type { EventBatch } from './event-batch.ts';
import type { RejectReason } from './outcome.ts';
import type { LineReader } from './readers/reader.ts';

const LINE_FEED = 0x0a;

/** How lines were counted. */
export interface LineCounts {
  lines: number;
  events: number;
  rejects: number;
  other: number;
  blank: number;
}

/** Where the outcomes of a block go. */
export interface BlockSink {
  /** Is added to. */
  readonly counts: LineCounts;
  /**
   * Is told of each rejected line, in order.
   *
   * @param line index of the line among those of the call, from 0
   * @param start where the line begins in the bytes
   * @param end where it has ended, without its line feed
   */
  readonly onReject: (line: number, start: number, end: number, reason: RejectReason) => void;
}

/** Reads whole lines of one source. */
export interface BlockReader {
  /** The forms of lines met so far. */
  readonly forms: readonly string[];
  /** Whether a line was met whose year had to be known from elsewhere. */
  readonly tookYear: boolean;
  /**
   * Reads lines from `start` until `end` or until the batch is full, and appends their events,
   * every column of them, to the batch.
   *
   * @param end just behind a line feed, or the end of the last line of the source
   * @param firstLine number of the first line, for the column `line`
   * @returns where it stopped: at `end`, or at the beginning of the next line
   */
  readBlock(
    bytes: Uint8Array,
    start: number,
    end: number,
    firstLine: number,
    batch: EventBatch,
    sink: BlockSink,
  ): number;
}

/** Reads blocks line by line, with any reader of lines. */
export class LineBlocks implements BlockReader {
  readonly #id: number;
  readonly #host: number;
  readonly #reader: LineReader;

  /**
   * @param id the number of the source in the project
   * @param host code of the host of lines that name none; 0 for none
   */
  constructor(id: number, host: number, reader: LineReader) {
    this.#id = id;
    this.#host = host;
    this.#reader = reader;
  }

  get forms(): readonly string[] {
    return this.#reader.forms;
  }

  get tookYear(): boolean {
    return this.#reader.tookYear;
  }

  readBlock(
    bytes: Uint8Array,
    start: number,
    end: number,
    firstLine: number,
    batch: EventBatch,
    sink: BlockSink,
  ): number {
    let at = start;
    for (let line = 0; at < end && batch.rows < batch.capacity; line++) {
      const feed = bytes.indexOf(LINE_FEED, at);
      const lineEnd = feed < 0 || feed >= end ? end : feed;
      this.#readLine(bytes, at, lineEnd, line, firstLine + line, batch, sink);
      at = lineEnd < end ? lineEnd + 1 : end;
    }
    return at;
  }

  #readLine(
    bytes: Uint8Array,
    start: number,
    end: number,
    index: number,
    number: number,
    batch: EventBatch,
    { counts, onReject }: BlockSink,
  ): void {
    const row = batch.rows;
    const outcome = this.#reader.parse(bytes, start, end, batch);
    counts.lines++;
    if (outcome === 'event') {
      counts.events++;
      batch.source[row] = this.#id;
      batch.line[row] = number;
      if (batch.host[row] === 0) batch.host[row] = this.#host;
    } else if (outcome === 'other' || outcome === 'blank') {
      counts[outcome]++;
    } else {
      counts.rejects++;
      onReject(index, start, end, outcome);
    }
  }
}
