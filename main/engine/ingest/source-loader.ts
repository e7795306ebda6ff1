import type { Source } from '../../../shared/domain/archive.ts';
import { Cancelled, Failure, textOf } from '../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import { type Chunks, peek } from '../archive/byte-stream.ts';
import type { Member } from '../archive/members.ts';
import type { Database } from '../store/database.ts';
import { dropDuplicates } from '../store/duplicates.ts';
import type { EventWriter } from '../store/event-writer.ts';
import { beginSums, endSums, keepSums, type Keep } from '../store/kept-flows.ts';
import { saveNames } from '../store/saved-names.ts';
import * as sources from '../store/sources.ts';
import { ContentId } from './content-id.ts';
import type { LineCounts } from './block-reader.ts';
import type { Names } from './names.ts';
import type { Parsing } from './parsing.ts';
import { nsxDfw } from './readers/nsx-dfw.ts';
import type { ReaderContext, ReaderKind } from './readers/reader.ts';
import { yearEvidence } from './readers/reference-date.ts';
import { chooseReader } from './readers/registry.ts';
import { hasDfwName, hostOfPath } from './source-path.ts';
import { SourceStore } from './source-store.ts';

/** How much of a file is looked at before it is passed over as no log. */
const SNIFF_BYTES = 65_536;

/** What became of a member. A damaged one is loaded up to the damage. */
export type Loaded =
  | { readonly kind: 'loaded'; readonly source: Source; readonly failure: Failure | null }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Told after every chunk how the lines of the member at hand were counted so far. */
export type LoadListener = (counts: LineCounts) => void;

/** What loading works with. */
export interface LoaderParts {
  readonly database: Database;
  readonly names: Names;
  readonly parsing: Parsing;
  readonly writer: EventWriter;
}

/** Reads log files into the project, one after the other. */
export class SourceLoader {
  readonly #parts: LoaderParts;
  readonly #year: number | undefined;
  readonly #keep: Keep;

  /**
   * @param year the year of lines without one, where the user gave it
   * @param keep what is kept of the events
   */
  constructor(parts: LoaderParts, year?: number, keep: Keep = 'events') {
    this.#parts = parts;
    this.#year = year;
    this.#keep = keep;
  }

  /**
   * Loads one member: wholly, or up to where it is damaged, or not at all.
   *
   * @throws Cancelled when the signal fired; the member has then left no trace
   */
  async load(member: Member, signal: CancelSignal, listener: LoadListener): Promise<Loaded> {
    const { head, chunks } = await peek(member.chunks, SNIFF_BYTES);
    const { path, modifiedAt } = member;
    const context = { head, path, modifiedAt, year: this.#year };
    try {
      const kind = chooseReader(context);
      if (kind === undefined && !member.isGiven && !hasDfwName(member.path)) {
        return { kind: 'skipped', reason: 'no log lines of a known kind at its beginning' };
      }
      return await this.#store({ ...member, chunks }, kind ?? nsxDfw, context, signal, listener);
    } finally {
      await chunks.return?.();
    }
  }

  async #store(
    member: Member,
    kind: ReaderKind,
    context: ReaderContext,
    signal: CancelSignal,
    listener: LoadListener,
  ): Promise<Loaded> {
    const { database, writer, parsing } = this.#parts;
    const id = await sources.begin(database, member.path, member.origin);
    const store = new SourceStore(database, writer, id);
    try {
      writer.begin(this.#keep);
      if (this.#keep === 'flows') await beginSums(database);
      const contentId = new ContentId();
      const host = hostOfPath(member.path, this.#parts.names.host);
      await parsing.begin({ id, host, reader: kind.name, context }, store);
      const chunks = counted(member.chunks, contentId);
      const lines = kind.unwrap === undefined ? chunks : kind.unwrap(chunks);
      const damage = await readChunks(lines, signal, async (chunk) => {
        await parsing.push(chunk);
        listener(store.read.counts);
      });
      await parsing.end(damage !== null);
      await store.flush();
      listener(store.read.counts);
      const loaded = await this.#finish(id, member, store, contentId, damage, context);
      if (loaded.kind !== 'loaded') await this.#forget(id);
      return loaded;
    } catch (thrown) {
      // What cannot be removed now, such as on a full disk, is removed before the next opening.
      await this.#forget(id).catch(() => undefined);
      throw thrown;
    } finally {
      if (this.#keep === 'flows') await endSums(database).catch(() => undefined);
    }
  }

  async #forget(id: number): Promise<void> {
    await this.#parts.parsing.abandon();
    await this.#parts.writer.discard();
    await sources.drop(this.#parts.database, id);
  }

  async #finish(
    id: number,
    { path, isGiven }: Member,
    store: SourceStore,
    contentId: ContentId,
    damage: { readonly error: unknown } | null,
    context: ReaderContext,
  ): Promise<Loaded> {
    const { database, names } = this.#parts;
    const { lines, events } = store.read.counts;
    const failure = damageOf(damage, path, lines);
    if (isGiven && events === 0) {
      const code = contentId.length === 0 ? 'archive-empty' : 'no-dfw-lines';
      return { kind: 'failed', failure: failure ?? new Failure(code, { path, lines }) };
    }
    const content = failure === null ? contentId.finish() : null;
    const state = failure === null ? 'done' : 'damaged';
    const { from } = yearEvidence(context);
    const keep = this.#keep;
    const read = store.toSource(path, names.host, state, failure?.message ?? null, from, keep);
    const twin = await sources.twinOf(database, content, path);
    const isOtherYear = twin !== null && read.yearFrom === 'given' && twin.first !== read.first;
    // Without lines, what a damaged file repeats cannot be told from what it adds.
    const isFuller = twin?.holds === 'flows' && (keep === 'events' || content === null);
    const isRepeated = content !== null || (twin?.holds === 'events' && keep === 'flows');
    if (twin !== null && isRepeated && !isOtherYear && !isFuller) {
      return { kind: 'skipped', reason: `the same content as "${twin.path}", loaded before` };
    }
    const source = await database.transaction(async () => {
      if (twin !== null && (isOtherYear || isFuller)) await sources.remove(database, twin.id);
      const parts = content === null ? [] : await sources.damagedParts(database, read);
      for (const part of parts) await sources.remove(database, part);
      const duplicates = keep === 'flows' ? 0 : await dropDuplicates(database, id, read);
      await saveNames(database, names);
      if (keep === 'flows') await keepSums(database, id);
      await sources.finish(database, id, { ...read, duplicates }, content);
      return { ...read, duplicates };
    });
    return { kind: 'loaded', source, failure };
  }
}

/** The same chunks, each added to the content's id. */
async function* counted(chunks: Chunks, contentId: ContentId): Chunks {
  for await (const chunk of chunks) {
    contentId.add(chunk);
    yield chunk;
  }
}

function damageOf(
  damage: { readonly error: unknown } | null,
  path: string,
  lines: number,
): Failure | null {
  if (damage === null) return null;
  if (damage.error instanceof Failure) return damage.error;
  const reason = textOf(damage.error);
  const kept = `The ${lines} lines`;
  return new Failure('archive-damaged', { path, reason, kept }, damage.error);
}

/** Gives chunks to the reader until they end; an error of the stream is returned as damage. */
async function readChunks(
  chunks: Chunks,
  signal: CancelSignal,
  read: (chunk: Uint8Array) => Promise<void>,
): Promise<{ readonly error: unknown } | null> {
  for (;;) {
    let next: IteratorResult<Uint8Array>;
    try {
      next = await chunks.next();
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      return { error };
    }
    if (signal.aborted) throw new Cancelled();
    if (next.done === true) return null;
    await read(next.value);
  }
}
