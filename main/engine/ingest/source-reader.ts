import type { Database } from '../store/database.ts';
import { EventWriter } from '../store/event-writer.ts';
import { RejectWriter } from '../store/reject-writer.ts';
import type { Account } from './account.ts';
import { EVENT_COLUMNS, EventBatch } from './event-batch.ts';
import { LineSplitter } from './line-splitter.ts';
import type { RejectReason } from './outcome.ts';
import type { LineReader } from './readers/reader.ts';

const BATCH_ROWS = 16_384;

/** Events written before they are committed: enough for tight compression, few enough to bound memory. */
const COMMIT_ROWS = 1_000_000;

/** The longest part of a rejected line that is kept, in bytes. */
const REJECT_TEXT_BYTES = 2_000;

/** What the lines of a source have in common. */
export interface SourceFacts {
  /** The number of the source in the project. */
  readonly id: number;
  /** Code of the host whose lines do not name one; 0 for none. */
  readonly host: number;
}

/** Reads the bytes of one source into the project's tables, and accounts for every line. */
export class SourceReader {
  readonly #database: Database;
  readonly #facts: SourceFacts;
  readonly #account: Account;
  readonly #reader: LineReader;
  readonly #batch = new EventBatch(BATCH_ROWS);
  readonly #splitter = new LineSplitter();
  readonly #visit = (bytes: Uint8Array, start: number, end: number) => {
    this.#readLine(bytes, start, end);
  };
  #events: EventWriter | undefined;
  #rejects: RejectWriter | undefined;
  #uncommitted = 0;

  constructor(database: Database, reader: LineReader, facts: SourceFacts, account: Account) {
    this.#database = database;
    this.#facts = facts;
    this.#account = account;
    this.#reader = reader;
  }

  /** Makes the tables ready to be written. */
  async begin(): Promise<void> {
    this.#events = await EventWriter.open(this.#database.writer, 'event', EVENT_COLUMNS);
    this.#rejects = await RejectWriter.open(this.#database.writer);
    this.#uncommitted = 0;
  }

  /** Reads the lines that a chunk completes. */
  async push(chunk: Uint8Array): Promise<void> {
    this.#splitter.push(chunk, this.#visit);
    if (this.#uncommitted >= COMMIT_ROWS) {
      this.close();
      await this.begin();
    }
  }

  /** Reads the last line. Where the bytes broke off, a line without its end is a reject, not an event. */
  end(isBrokenOff: boolean): void {
    const rest = this.#splitter.takeRest();
    if (rest !== undefined && isBrokenOff) this.#reject(rest, 0, rest.length, 'cut off');
    else if (rest !== undefined) this.#readLine(rest, 0, rest.length);
    this.#account.forms = this.#reader.forms;
    this.close();
  }

  /** Writes out what was read and lets go of the tables. */
  close(): void {
    this.#writeBatch();
    this.#events?.close();
    this.#rejects?.close();
    this.#events = undefined;
    this.#rejects = undefined;
  }

  #readLine(bytes: Uint8Array, start: number, end: number): void {
    const row = this.#batch.rows;
    const outcome = this.#reader.parse(bytes, start, end, this.#batch);
    if (outcome !== 'event') {
      if (outcome === 'other' || outcome === 'blank') this.#account.count(outcome);
      else this.#reject(bytes, start, end, outcome);
      return;
    }
    this.#account.count('event');
    const batch = this.#batch;
    batch.source[row] = this.#facts.id;
    batch.line[row] = this.#account.lines;
    if (batch.host[row] === 0) batch.host[row] = this.#facts.host;
    this.#account.note(batch.seenAt.get(row), batch.host[row] ?? 0);
    if (batch.rows === batch.capacity) this.#writeBatch();
  }

  #reject(bytes: Uint8Array, start: number, end: number, reason: RejectReason): void {
    this.#account.count(reason);
    const text = Buffer.from(bytes.subarray(start, Math.min(end, start + REJECT_TEXT_BYTES)));
    this.#rejects?.write(this.#facts.id, this.#account.lines, reason, text.toString('utf8'));
  }

  #writeBatch(): void {
    this.#events?.write(this.#batch);
    this.#uncommitted += this.#batch.rows;
    this.#batch.rows = 0;
  }
}
