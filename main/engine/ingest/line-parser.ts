import type { BlockReader, BlockSink, LineCounts } from './block-reader.ts';
import type { EventBatch } from './event-batch.ts';
import { MAX_LINE_BYTES } from './line-splitter.ts';
import type { RejectReason } from './outcome.ts';

const LINE_FEED = 0x0a;

/** The longest part of a rejected line that is kept, in bytes. */
const REJECT_TEXT_BYTES = 2_000;

/** A line that could not be read. */
export interface RejectedLine {
  /** Number of the line in its source, from 1. */
  readonly line: number;
  readonly reason: RejectReason;
  /** The line, cut at 2,000 bytes. */
  readonly text: string;
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

  constructor(reader: BlockReader, sink: ParseSink) {
    this.#reader = reader;
    this.#sink = sink;
    this.#batch = sink.takeBatch();
  }

  /** The forms of lines met so far. */
  get forms(): readonly string[] {
    return this.#reader.forms;
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
      this.#reject(rest, this.counts.lines, 0, rest.length, 'cut off');
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
          this.#reject(bytes, firstLine + line, from, to, reason);
        },
      };
      at = this.#reader.readBlock(bytes, at, end, firstLine, this.#batch, sink);
      if (this.#batch.rows === this.#batch.capacity) {
        this.#sink.giveBatch(this.#batch);
        this.#batch = this.#sink.takeBatch();
      }
    }
  }

  #reject(bytes: Uint8Array, line: number, start: number, end: number, reason: RejectReason): void {
    const text = Buffer.from(bytes.subarray(start, Math.min(end, start + REJECT_TEXT_BYTES)));
    this.#sink.giveReject({ line, reason, text: text.toString('utf8') });
  }
}
