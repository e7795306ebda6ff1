import type { ColumnBatch } from '../store/event-writer.ts';
import { EventBatch } from './event-batch.ts';
import { type EventSummary, NO_EVENTS, withBatch } from './event-summary.ts';
import { LineBlocks, type LineCounts } from './block-reader.ts';
import { type RejectedLine, SourceParser } from './line-parser.ts';
import type { Names } from './names.ts';
import { EventPacker, PackedBatch } from './packed-events.ts';
import type { ReaderContext } from './readers/reader.ts';
import { readerByName } from './readers/registry.ts';
import type { Tuples } from './tuples.ts';

/** Rows of a batch. */
export const BATCH_ROWS = 16_384;

/** The source at hand and how it is read. */
export interface ParseTask {
  /** The number of the source in the project. */
  readonly id: number;
  /** Code of the host of lines that name none; 0 for none. */
  readonly host: number;
  /** Name of the kind of reader. */
  readonly reader: string;
  readonly context: ReaderContext;
}

/** What was read so far, as counted when the part was made. */
export interface ParseState {
  readonly counts: LineCounts;
  readonly summary: EventSummary;
  readonly forms: readonly string[];
  /** Whether a line was met whose year had to be known from elsewhere. */
  readonly tookYear: boolean;
}

/** Where the results of parsing go. Called in order, never at once. */
export interface ParseListener {
  batch(batch: ColumnBatch): Promise<void>;
  reject(reject: RejectedLine): void;
  state(state: ParseState): void;
}

/** Parses sources, one after the other, in this thread or another. */
export interface Parsing {
  begin(task: ParseTask, listener: ParseListener): Promise<void>;
  /** Takes bytes; waits while too many are under way. The bytes may be reused afterwards. */
  push(chunk: Uint8Array): Promise<void>;
  /** Waits until everything was read and given to the listener. */
  end(isBrokenOff: boolean): Promise<void>;
  /** Ends the source at hand without its rest. */
  abandon(): Promise<void>;
  /** Gives a batch back to be filled again. */
  release(batch: ColumnBatch): void;
  close(): Promise<void>;
}

/** What one step of parsing made: full batches, packed for storing, and rejected lines. */
export class PartCollector {
  readonly batches: PackedBatch[] = [];
  readonly rejects: RejectedLine[] = [];
  summary: EventSummary = NO_EVENTS;
  readonly #packer: EventPacker;
  readonly #batch = new EventBatch(BATCH_ROWS);
  readonly #free: PackedBatch[] = [];

  constructor(tuples: Tuples) {
    this.#packer = new EventPacker(tuples);
  }

  /** Makes ready for the next source. */
  begin(): void {
    this.#free.push(...this.batches.splice(0));
    this.rejects.length = 0;
    this.summary = NO_EVENTS;
  }

  /** The one batch that is filled again and again: what was given is packed at once. */
  takeBatch(): EventBatch {
    this.#batch.rows = 0;
    return this.#batch;
  }

  giveBatch(batch: EventBatch): void {
    const packed = this.#free.pop() ?? new PackedBatch(BATCH_ROWS);
    this.summary = withBatch(this.summary, batch);
    this.#packer.pack(batch, packed);
    this.batches.push(packed);
  }

  giveReject(reject: RejectedLine): void {
    this.rejects.push(reject);
  }

  release(batch: PackedBatch): void {
    this.#free.push(batch);
  }
}

/** Parses in this thread: for tests, and where no worker can be had. */
export class InlineParsing implements Parsing {
  readonly #names: Names;
  readonly #collector: PartCollector;
  #parser: SourceParser | undefined;
  #listener: ParseListener | undefined;

  constructor(names: Names) {
    this.#names = names;
    this.#collector = new PartCollector(names.tuples);
  }

  async begin(task: ParseTask, listener: ParseListener): Promise<void> {
    this.#collector.begin();
    const reader = readerByName(task.reader).open(this.#names, task.context);
    this.#parser = new SourceParser(new LineBlocks(task.id, task.host, reader), this.#collector);
    this.#listener = listener;
  }

  async push(chunk: Uint8Array): Promise<void> {
    this.#parser?.push(chunk);
    await this.#hand();
  }

  async end(isBrokenOff: boolean): Promise<void> {
    this.#parser?.end(isBrokenOff);
    await this.#hand();
    await this.abandon();
  }

  async abandon(): Promise<void> {
    this.#parser = undefined;
    this.#listener = undefined;
  }

  release(batch: ColumnBatch): void {
    if (batch instanceof PackedBatch) this.#collector.release(batch);
  }

  async close(): Promise<void> {
    await this.abandon();
  }

  async #hand(): Promise<void> {
    const listener = this.#listener;
    const parser = this.#parser;
    if (listener === undefined || parser === undefined) return;
    const { batches, rejects, summary } = this.#collector;
    const { counts, forms, tookYear } = parser;
    listener.state({ counts: { ...counts }, summary, forms, tookYear });
    for (const reject of rejects.splice(0)) listener.reject(reject);
    for (const batch of batches.splice(0)) await listener.batch(batch);
  }
}
