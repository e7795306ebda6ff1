import {
  type Source,
  type SourceState,
  sumReasons,
  type YearFrom,
} from '../../../shared/domain/archive.ts';
import type { Database } from '../store/database.ts';
import type { ColumnBatch, EventWriter } from '../store/event-writer.ts';
import { writeRejects } from '../store/reject-writer.ts';
import type { Dictionary } from './dictionary.ts';
import { NO_EVENTS } from './event-summary.ts';
import type { RejectedLine } from './line-parser.ts';
import type { ParseListener, ParseState } from './parsing.ts';

/** Rejects kept in memory before they are stored. */
const REJECTS_KEPT = 20_000;

const NOTHING_READ: ParseState = {
  counts: { lines: 0, events: 0, rejects: 0, other: 0, blank: 0 },
  summary: NO_EVENTS,
  forms: [],
  tookYear: false,
};

/** Stores what is parsed of one source, and keeps its account. */
export class SourceStore implements ParseListener {
  #state: ParseState = NOTHING_READ;
  #rejects: RejectedLine[] = [];
  readonly #reasons = new Map<string, number>();
  readonly #database: Database;
  readonly #writer: EventWriter;
  readonly #id: number;

  constructor(database: Database, writer: EventWriter, id: number) {
    this.#database = database;
    this.#writer = writer;
    this.#id = id;
  }

  /** What was read so far. */
  get read(): ParseState {
    return this.#state;
  }

  async batch(batch: ColumnBatch): Promise<void> {
    await this.#writer.write(batch);
    if (this.#rejects.length >= REJECTS_KEPT) await this.flush();
  }

  reject(reject: RejectedLine): void {
    this.#rejects.push(reject);
    this.#reasons.set(reject.reason, (this.#reasons.get(reject.reason) ?? 0) + 1);
  }

  state(state: ParseState): void {
    this.#state = state;
  }

  /** Stores everything that was parsed. */
  async flush(): Promise<void> {
    await this.#writer.flush();
    await writeRejects(this.#database.writer, this.#id, this.#rejects);
    this.#rejects = [];
  }

  /**
   * The account of the source as the user sees it.
   *
   * @param yearFrom what told the years of lines without one
   * @param holds what is kept of its events
   */
  toSource(
    path: string,
    hosts: Dictionary,
    state: SourceState,
    error: string | null,
    yearFrom: YearFrom,
    holds: Source['holds'],
  ): Source {
    const { counts, summary, forms, tookYear } = this.#state;
    const hasEvents = counts.events > 0;
    return {
      path,
      host: summary.host > 0 ? hosts.textOf(summary.host) : null,
      format: forms.length === 0 ? null : forms.join('+'),
      first: hasEvents ? new Date(summary.first).toISOString() : null,
      last: hasEvents ? new Date(summary.last).toISOString() : null,
      ...counts,
      rejectReasons: sumReasons([Object.fromEntries(this.#reasons)]),
      duplicates: 0,
      state,
      yearFrom: !hasEvents ? null : tookYear ? yearFrom : 'line',
      holds,
      error,
    };
  }
}
