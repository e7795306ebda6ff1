import {
  type Accounting,
  type OpenProgress,
  type SkippedMember,
  type Source,
  sumReasons,
  type Totals,
} from '../../../shared/domain/archive.ts';
import { Cancelled, Failure, toRecord } from '../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import { type Given, type Member, sizeOf, type Visitor, walk } from '../archive/members.ts';
import type { Keep } from '../store/kept-flows.ts';
import { storeFailure } from '../store/store-failure.ts';
import type { LineCounts } from './block-reader.ts';
import { type Loaded, type LoaderParts, SourceLoader } from './source-loader.ts';

/** Skipped members are listed up to this many; the rest is only counted. */
const MAX_SKIPPED_LISTED = 1_000;

/** Progress is told at most this often, in milliseconds. */
const REPORT_EVERY_MS = 150;

/** What opening needs besides the paths. */
export interface OpenContext {
  readonly parts: LoaderParts;
  /** The year of lines without one, where the user gave it. */
  readonly year?: number | undefined;
  /** What is kept of the events; every one where not said. */
  readonly keep?: Keep | undefined;
  readonly signal: CancelSignal;
  readonly now: () => number;
  readonly report: (progress: OpenProgress) => void;
}

/** Collects what one opening did. */
class Opening implements Visitor {
  readonly sources: Source[] = [];
  readonly skipped: SkippedMember[] = [];
  readonly failures: Failure[] = [];
  skippedCount = 0;
  /** Why the project can take no more. */
  stopped: Failure | null = null;
  totalBytes = 0;
  #doneBytes = 0;
  #reportedAt: number;
  #path = '';
  readonly #context: OpenContext;
  readonly #loader: SourceLoader;
  readonly #startedAt: number;

  constructor(context: OpenContext) {
    this.#context = context;
    this.#loader = new SourceLoader(context.parts, context.year, context.keep);
    this.#startedAt = context.now();
    this.#reportedAt = this.#startedAt;
  }

  async visit(member: Member): Promise<void> {
    this.#path = member.path;
    const loaded = await this.#load(member);
    switch (loaded.kind) {
      case 'loaded':
        this.sources.push(loaded.source);
        if (loaded.failure !== null) this.failures.push(loaded.failure);
        return;
      case 'skipped':
        this.skip(member.path, loaded.reason);
        return;
      case 'failed':
        this.failures.push(loaded.failure);
    }
  }

  /** A fault of the project is no damage of the archive around the member: it ends the opening. */
  async #load(member: Member): Promise<Loaded> {
    try {
      return await this.#loader.load(member, this.#context.signal, (counts) => {
        this.#report(counts);
      });
    } catch (thrown) {
      if (thrown instanceof Cancelled) throw thrown;
      const file = this.#context.parts.database.path;
      this.stopped = storeFailure(thrown, file) ?? new Failure('internal', {}, thrown);
      throw this.stopped;
    }
  }

  skip(path: string, reason: string): void {
    this.skippedCount++;
    if (this.skipped.length < MAX_SKIPPED_LISTED) this.skipped.push({ path, reason });
  }

  onBytes(count: number): void {
    this.#doneBytes += count;
    this.#report(null);
  }

  /** An archive that broke off inside a member was told of with that member. */
  fail(failure: Failure): void {
    if (failure === this.stopped) throw failure;
    const isTold =
      this.failures.includes(failure) ||
      (failure.code === 'archive-damaged' &&
        this.failures.some((told) =>
          String(told.details['path']).startsWith(String(failure.details['path'])),
        ));
    if (!isTold) this.failures.push(failure);
  }

  totals(): Totals {
    const sum = (pick: (source: Source) => number) =>
      this.sources.reduce((total, source) => total + pick(source), 0);
    return {
      lines: sum((source) => source.lines),
      events: sum((source) => source.events),
      rejects: sum((source) => source.rejects),
      other: sum((source) => source.other),
      blank: sum((source) => source.blank),
      duplicates: sum((source) => source.duplicates),
      seconds: (this.#context.now() - this.#startedAt) / 1000,
    };
  }

  #report(counts: LineCounts | null): void {
    const now = this.#context.now();
    if (now - this.#reportedAt < REPORT_EVERY_MS) return;
    this.#reportedAt = now;
    const done = this.totals();
    this.#context.report({
      kind: 'open',
      path: this.#path,
      doneBytes: Math.min(this.#doneBytes, this.totalBytes),
      totalBytes: this.totalBytes,
      lines: done.lines + (counts?.lines ?? 0),
      events: done.events + (counts?.events ?? 0),
      rejects: done.rejects + (counts?.rejects ?? 0),
      elapsedMs: now - this.#startedAt,
    });
  }
}

/**
 * Loads everything that was given into the project and gives the account of it. A path or
 * member that fails does not hinder the others; a full disk ends the opening.
 *
 * @throws Cancelled when the signal fired: sources finished before stay, the one at hand leaves no trace
 * @throws Failure when one thing was given, or the project failed, and nothing at all came of it
 */
export async function openArchives(
  everything: readonly Given[],
  context: OpenContext,
): Promise<Accounting> {
  const opening = new Opening(context);
  const readable: Given[] = [];
  for (const given of everything) {
    try {
      opening.totalBytes += await sizeOf(given);
      readable.push(given);
    } catch (thrown) {
      opening.fail(asFailure(thrown));
    }
  }
  for (const given of readable) {
    const before = opening.sources.length + opening.failures.length + opening.skippedCount;
    try {
      await walk(given, opening, context.signal);
    } catch (thrown) {
      if (opening.stopped !== null) break;
      opening.fail(asFailure(thrown));
    }
    const after = opening.sources.length + opening.failures.length + opening.skippedCount;
    if (after === before) opening.fail(new Failure('archive-empty', { path: given.name }));
    else if (opening.sources.length === 0 && opening.failures.length === 0) {
      noteUseless(given.name, opening);
    }
  }
  if (opening.stopped !== null) {
    if (opening.sources.length === 0) throw opening.stopped;
    opening.failures.push(opening.stopped);
  }
  const [first] = opening.failures;
  if (first !== undefined && everything.length === 1 && opening.sources.length === 0) throw first;
  return {
    project: context.parts.database.path,
    sources: opening.sources,
    skipped: opening.skipped,
    skippedCount: opening.skippedCount,
    totals: opening.totals(),
    rejectReasons: sumReasons(opening.sources.map((source) => source.rejectReasons)),
    failures: opening.failures.map(toRecord),
  };
}

/** An archive of which every member was passed over as no log is told of like a file that is none. */
function noteUseless(path: string, opening: Opening): void {
  const isKnown = opening.skipped.some(({ reason }) => reason.startsWith('the same content'));
  if (!isKnown) opening.fail(new Failure('no-dfw-lines', { path, lines: 0 }));
}

function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  throw thrown;
}
