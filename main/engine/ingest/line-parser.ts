import type { BlockReader, BlockSink, LineCounts } from './block-reader.ts';
import type { EventBatch } from './event-batch.ts';
import { MAX_LINE_BYTES } from './line-splitter.ts';
import type { RejectReason } from './outcome.ts';

const LINE_FEED = 0x0a;

/** The longest part of a rejected line that is kept, in bytes. */
const REJECT_TEXT_BYTES = 2_000;

/** The longest part of a line beside a rejected one that is kept, in bytes. */
const CONTEXT_BYTES = 400;

/** Of so many rejects of a source the lines around them are kept. */
const REJECTS_WITH_CONTEXT = 1_000;

/** A line that could not be read. */
export interface RejectedLine {
  /** Number of the line in its source, from 1. */
  readonly line: number;
  readonly reason: RejectReason;
  /** The line, cut at 2,000 bytes. */
  readonly text: string;
  /** The lines around it, cut; `null` for all but the first rejects, and where they are not at hand. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Where parsed lines go. */
export interface ParseSink {
  /** An empty batch to be filled. */
  takeBatch(): EventBatch;
  /** A batch that is full, or the last one. */
  giveBatch(batch: EventBatch): void;
  giveReject(reject: RejectedLine): void;
}

/**
 * Turns the bytes of one source into batches of events, and accounts for every line. Lines inside a
 * chunk are read in place; only a line that crosses chunks is copied.
 */
export class SourceParser {
  readonly counts: LineCounts = { lines: 0, events: 0, rejects: 0, other: 0, blank: 0 };
  readonly #reader: BlockReader;
  readonly #sink: ParseSink;
  #batch: EventBatch;
  #rest: Uint8Array = new Uint8Array(0);
  #contexts = 0;

  constructor(reader: BlockReader, sink: ParseSink) {
    this.#reader = reader;
    this.#sink = sink;
    this.#batch = sink.takeBatch();
  }

  /** The forms of lines met so far. */
  get forms(): readonly string[] {
    return this.#reader.forms;
  }

  /** Whether a line was met whose year had to be known from elsewhere. */
  get tookYear(): boolean {
    return this.#reader.tookYear;
  }

  /** Reads the lines that a chunk completes. */
  push(chunk: Uint8Array): void {
    let start = 0;
    if (this.#rest.length > 0) {
      const feed = chunk.indexOf(LINE_FEED);
      start = feed < 0 ? chunk.length : feed + 1;
      this.#rest = Buffer.concat([this.#rest, chunk.subarray(0, start)]);
      if (feed >= 0) {
        const line = this.#rest;
        this.#rest = new Uint8Array(0);
        this.#readCut(line);
      }
    }
    const last = chunk.lastIndexOf(LINE_FEED) + 1;
    if (last > start) {
      this.#read(chunk, start, last);
      start = last;
    }
    if (start < chunk.length) this.#rest = new Uint8Array(chunk.subarray(start));
    while (this.#rest.length > MAX_LINE_BYTES) {
      this.#read(this.#rest, 0, MAX_LINE_BYTES);
      this.#rest = this.#rest.subarray(MAX_LINE_BYTES);
    }
  }

  /** Reads the last line. Where the bytes broke off, a line without its end is a reject, not an event. */
  end(isBrokenOff: boolean): void {
    const rest = this.#rest;
    this.#rest = new Uint8Array(0);
    if (rest.length > 0 && isBrokenOff) {
      this.counts.lines++;
      this.counts.rejects++;
      this.#reject(rest, 0, this.counts.lines, 0, rest.length, 'cut off');
    } else if (rest.length > 0) {
      this.#read(rest, 0, rest.length);
    }
    this.#sink.giveBatch(this.#batch);
  }

  /** Reads one line with its line feed, cut into pieces where it is too long. */
  #readCut(line: Uint8Array): void {
    let at = 0;
    for (; line.length - at > MAX_LINE_BYTES + 1; at += MAX_LINE_BYTES) {
      this.#read(line, at, at + MAX_LINE_BYTES);
    }
    this.#read(line, at, line.length);
  }

  #read(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    while (at < end) {
      const firstLine = this.counts.lines + 1;
      const sink: BlockSink = {
        counts: this.counts,
        onReject: (line, from, to, reason) => {
          this.#reject(bytes, start, firstLine + line, from, to, reason);
        },
      };
      at = this.#reader.readBlock(bytes, at, end, firstLine, this.#batch, sink);
      if (this.#batch.rows === this.#batch.capacity) {
        this.#sink.giveBatch(this.#batch);
        this.#batch = this.#sink.takeBatch();
      }
    }
  }

  /** @param first where the first whole line of the bytes begins */
  #reject(
    bytes: Uint8Array,
    first: number,
    line: number,
    start: number,
    end: number,
    reason: RejectReason,
  ): void {
    const hasContext = this.#contexts < REJECTS_WITH_CONTEXT;
    this.#contexts++;
    this.#sink.giveReject({
      line,
      reason,
      text: textOf(bytes, start, Math.min(end, start + REJECT_TEXT_BYTES)),
      before: hasContext ? lineBefore(bytes, first, start) : null,
      after: hasContext ? lineAfter(bytes, end) : null,
    });
  }
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.subarray(start, end)).toString('utf8');
}

/** The line that ends just before `start`; `null` where none of the lines from `first` on does. */
function lineBefore(bytes: Uint8Array, first: number, start: number): string | null {
  if (start <= first || bytes[start - 1] !== LINE_FEED) return null;
  const feed = start < 2 ? -1 : bytes.lastIndexOf(LINE_FEED, start - 2);
  const from = Math.max(first, feed + 1);
  return textOf(bytes, from, Math.min(start - 1, from + CONTEXT_BYTES));
}

/** The line that begins behind the line feed at `end`; `null` where it is not in the bytes. */
function lineAfter(bytes: Uint8Array, end: number): string | null {
  if (bytes[end] !== LINE_FEED) return null;
  const feed = bytes.indexOf(LINE_FEED, end + 1);
  if (feed < 0) return null;
  return textOf(bytes, end + 1, Math.min(feed, end + 1 + CONTEXT_BYTES));
}
