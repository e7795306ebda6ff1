import { createHash } from 'node:crypto';
import type { Source } from '../../../shared/domain/archive.ts';
import { Cancelled, Failure, textOf } from '../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import { type Chunks, peek } from '../archive/byte-stream.ts';
import type { Member } from '../archive/members.ts';
import type { Database } from '../store/database.ts';
import { saveNames } from '../store/saved-names.ts';
import * as sources from '../store/sources.ts';
import { Account } from './account.ts';
import type { Names } from './names.ts';
import { nsxDfw } from './readers/nsx-dfw.ts';
import type { LineReader, ReaderContext } from './readers/reader.ts';
import { chooseReader } from './readers/registry.ts';
import { hasDfwName, hostOfPath } from './source-path.ts';
import { SourceReader } from './source-reader.ts';

/** How much of a file is looked at before it is passed over as no firewall log. */
const SNIFF_BYTES = 65_536;

/** What became of a member. A damaged one is loaded up to the damage. */
export type Loaded =
  | { readonly kind: 'loaded'; readonly source: Source; readonly failure: Failure | null }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Told after every chunk what was read of the member so far. */
export type LoadListener = (account: Account) => void;

/** Reads log files into the project, one after the other. */
export class SourceLoader {
  readonly #database: Database;
  readonly #names: Names;

  constructor(database: Database, names: Names) {
    this.#database = database;
    this.#names = names;
  }

  /**
   * Loads one member: wholly, or up to where it is damaged, or not at all.
   *
   * @throws Cancelled when the signal fired; the member has then left no trace
   */
  async load(member: Member, signal: CancelSignal, listener: LoadListener): Promise<Loaded> {
    const { head, chunks } = await peek(member.chunks, SNIFF_BYTES);
    const context: ReaderContext = { head, path: member.path, modifiedAt: member.modifiedAt };
    const kind = chooseReader(context);
    const isWanted = member.isGiven || hasDfwName(member.path);
    try {
      if (kind === undefined && !isWanted) {
        return { kind: 'skipped', reason: 'no firewall log lines at its beginning' };
      }
      const { unwrap, open } = kind ?? nsxDfw;
      const lines = unwrap === undefined ? chunks : unwrap(chunks);
      const reader = open(this.#names, context);
      return await this.#store({ ...member, chunks: lines }, reader, signal, listener);
    } finally {
      await chunks.return?.();
    }
  }

  async #store(
    member: Member,
    reader: LineReader,
    signal: CancelSignal,
    listener: LoadListener,
  ): Promise<Loaded> {
    const id = await sources.begin(this.#database, member.path);
    let isKept = false;
    try {
      const loaded = await this.#storeAs(id, member, reader, signal, listener);
      isKept = loaded.kind === 'loaded';
      return loaded;
    } finally {
      if (!isKept) await sources.drop(this.#database, id);
    }
  }

  async #storeAs(
    id: number,
    member: Member,
    lineReader: LineReader,
    signal: CancelSignal,
    listener: LoadListener,
  ): Promise<Loaded> {
    const account = new Account();
    const hash = createHash('sha256');
    const facts = { id, host: hostOfPath(member.path, this.#names.host) };
    const reader = new SourceReader(this.#database, lineReader, facts, account);
    let byteCount = 0;
    await reader.begin();
    let damage: { readonly error: unknown } | null;
    try {
      damage = await readChunks(member.chunks, signal, async (chunk) => {
        byteCount += chunk.length;
        hash.update(chunk);
        await reader.push(chunk);
        listener(account);
      });
      reader.end(damage !== null);
    } catch (thrown) {
      reader.close();
      throw thrown;
    }
    listener(account);

    const failure = damageOf(damage, member.path, account.lines);
    if (member.isGiven && account.events === 0) {
      const details = { path: member.path, lines: account.lines };
      const code = byteCount === 0 ? 'archive-empty' : 'no-dfw-lines';
      return { kind: 'failed', failure: failure ?? new Failure(code, details) };
    }
    const digest = failure === null && byteCount > 0 ? hash.digest('hex') : null;
    const twin = digest === null ? null : await sources.pathOfContent(this.#database, digest);
    if (twin !== null)
      return { kind: 'skipped', reason: `the same content as "${twin}", loaded before` };
    const state = failure === null ? 'done' : 'damaged';
    const source = account.toSource(member.path, this.#names.host, state, failure?.message ?? null);
    await this.#database.transaction(async () => {
      await saveNames(this.#database, this.#names);
      await sources.finish(this.#database, id, source, digest);
    });
    return { kind: 'loaded', source, failure };
  }
}

function damageOf(
  damage: { readonly error: unknown } | null,
  path: string,
  lines: number,
): Failure | null {
  if (damage === null) return null;
  const reason = textOf(damage.error);
  return new Failure('archive-damaged', { path, reason, lines }, damage.error);
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
