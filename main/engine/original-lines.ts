import { createHash } from 'node:crypto';
import type { LinePlace, LineText } from '../../shared/domain/flow.ts';
import { Cancelled, Failure } from '../../shared/failure/failure.ts';
import type { CancelSignal } from '../../shared/ipc/cancel.ts';
import { type Chunks, peek } from './archive/byte-stream.ts';
import { type Member, type Visitor, walk } from './archive/members.ts';
import { contentHead } from './ingest/content-id.ts';
import { LineSplitter } from './ingest/line-splitter.ts';
import { chooseReader } from './ingest/readers/registry.ts';
import type { OpenProject } from './project.ts';
import { namesEnds, placeKey, rebuildLines, type RebuiltLine } from './query/rebuilt-line.ts';
import { origins, type StoredOrigin } from './store/sources.ts';

/** How much of a file is looked at to know what kind of log it is; the same as when it was loaded. */
const SNIFF_BYTES = 65_536;

/** On Windows, looking at such a path calls a foreign machine, and a project may come from anyone. */
const REMOTE = /^[\\/]{2}/;

const GONE = 'the file it was read from is not there any more';
const CHANGED = 'the file it was read from has changed since';
const UNKNOWN = 'the project does not know the file it was read from';
const UNREAD = 'the file it was read from could not be read';

const decoder = new TextDecoder('utf-8');

/** What is asked of one source. */
interface Wanted {
  readonly origin: StoredOrigin;
  readonly lines: ReadonlyMap<number, RebuiltLine>;
  /** Texts found, or the reason why there are none. */
  found: ReadonlyMap<number, string> | string;
}

/**
 * The texts of lines in the order asked, from the files they were read from where those still hold
 * them. What is in the place of a file now is never taken for it: its beginning must be the same,
 * and the line must name the addresses that are stored.
 *
 * @throws Cancelled
 * @throws Failure `name-unknown` for a line of which nothing is stored
 */
export async function readLineTexts(
  project: OpenProject,
  places: readonly LinePlace[],
  signal: CancelSignal,
): Promise<readonly LineText[]> {
  const { database } = project;
  const rebuilt = await rebuildLines(database, project.texts(), places, signal);
  const bySource = grouped(places, ({ sourceId }) => sourceId);
  const known = await origins(database, [...bySource.keys()], signal);
  const wanted = known.map((origin): Wanted => {
    const lines = (bySource.get(origin.id) ?? []).flatMap((place): [number, RebuiltLine][] => {
      const line = rebuilt.get(placeKey(place));
      return line === undefined ? [] : [[place.line, line]];
    });
    return { origin, lines: new Map(lines), found: GONE };
  });
  for (const [file, inside] of grouped(wanted, ({ origin }) => origin.file)) {
    await readFile(file, inside, signal);
  }
  const bySourceFound = new Map(wanted.map(({ origin, found }) => [origin.id, found]));
  return places.map((place) => {
    const line = rebuilt.get(placeKey(place));
    if (line === undefined) throw new Failure('name-unknown', { name: `line ${place.line}` });
    const found = bySourceFound.get(place.sourceId) ?? UNKNOWN;
    if (typeof found === 'string') return { text: line.text, rebuilt: found };
    const own = found.get(place.line);
    return own === undefined ? { text: line.text, rebuilt: CHANGED } : { text: own, rebuilt: null };
  });
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

/** Fires when everything was found, or when the caller gives up. */
class Enough {
  readonly #controller = new AbortController();
  readonly #outer: CancelSignal;
  readonly #pass = () => {
    this.#controller.abort();
  };

  constructor(outer: CancelSignal) {
    this.#outer = outer;
    outer.addEventListener('abort', this.#pass);
    if (outer.aborted) this.#pass();
  }

  get signal(): CancelSignal {
    return this.#controller.signal;
  }

  fire(): void {
    this.#controller.abort();
  }

  end(): void {
    this.#outer.removeEventListener('abort', this.#pass);
  }
}

/** Looks for sources in the file on disk that they were read from. */
async function readFile(
  file: string,
  wanted: readonly Wanted[],
  signal: CancelSignal,
): Promise<void> {
  if (REMOTE.test(file)) {
    for (const each of wanted) each.found = UNREAD;
    return;
  }
  const left = new Map(wanted.map((each) => [each.origin.inside, each]));
  const enough = new Enough(signal);
  const visitor: Visitor = {
    async visit(member) {
      const each = left.get(member.origin.inside);
      if (each === undefined) return;
      each.found = await readMember(member, each, enough.signal);
      left.delete(member.origin.inside);
      if (left.size === 0) enough.fire();
    },
    skip: () => undefined,
    fail: () => undefined,
    onBytes: () => undefined,
  };
  try {
    await walk({ path: file, name: file }, visitor, enough.signal);
  } catch (thrown) {
    if (signal.aborted) throw new Cancelled();
    const isMissing = thrown instanceof Failure && thrown.code === 'path-missing';
    for (const each of left.values()) each.found = isMissing ? GONE : UNREAD;
  } finally {
    enough.end();
  }
}

/** The lines wanted, read up to the last of them, or why the member is not the source any more. */
async function readMember(
  member: Member,
  { origin, lines }: Wanted,
  signal: CancelSignal,
): Promise<ReadonlyMap<number, string> | string> {
  const { head, chunks } = await peek(member.chunks, SNIFF_BYTES);
  const { path, modifiedAt } = member;
  const check = new HeadCheck(origin.contentId);
  const raw = check.pass(chunks);
  const unwrap = chooseReader({ head, path, modifiedAt })?.unwrap;
  const last = Math.max(...lines.keys());
  const found = new Map<number, string>();
  let line = 0;
  const take = (bytes: Uint8Array, start: number, end: number) => {
    const stored = lines.get(++line);
    if (stored === undefined) return;
    const text = decoder.decode(bytes.subarray(start, end)).replace(/\r$/, '');
    if (namesEnds(text, stored)) found.set(line, text);
  };
  const splitter = new LineSplitter();
  try {
    for await (const chunk of unwrap === undefined ? raw : unwrap(raw)) {
      if (signal.aborted) throw new Cancelled();
      splitter.push(chunk, take);
      if (line >= last && check.isDone) break;
    }
    const rest = splitter.takeRest();
    if (rest !== undefined) take(rest, 0, rest.length);
  } catch (thrown) {
    if (thrown instanceof Cancelled) throw thrown;
    // Up to a damage the lines are there, as they were when the source was loaded.
    if (origin.contentId !== null) return UNREAD;
  }
  return check.isSame ? found : CHANGED;
}

/** Whether a stream begins as the content that an id was made of. */
class HeadCheck {
  readonly #expected: { readonly hash: string; readonly length: number };
  readonly #hash = createHash('sha256');
  #left: number;
  #digest: string | undefined;

  /** @param contentId `null` where nothing is known of the content */
  constructor(contentId: string | null) {
    this.#expected = contentId === null ? { hash: '', length: 0 } : contentHead(contentId);
    this.#left = this.#expected.length;
  }

  /** Whether enough was read to know. */
  get isDone(): boolean {
    return this.#left === 0;
  }

  get isSame(): boolean {
    if (this.#expected.length === 0) return true;
    this.#digest ??= this.#hash.digest('hex');
    return this.isDone && this.#digest === this.#expected.hash;
  }

  /** The same chunks, looked at. */
  async *pass(chunks: Chunks): Chunks {
    for await (const chunk of chunks) {
      if (this.#left > 0) {
        const part = chunk.subarray(0, this.#left);
        this.#hash.update(part);
        this.#left -= part.length;
      }
      yield chunk;
    }
  }
}
