import { createReadStream, type Stats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { extract, type Header } from 'tar-stream';
import { Cancelled, Failure, textOf } from '../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import { type Chunks, peek, readFileChunks } from './byte-stream.ts';
import { gunzip } from './gunzip.ts';

/** One file found in what was given: a log file itself, a file of a folder, a member of an archive. */
export interface Member {
  /** The name of what was given, and behind each `!` the name inside an archive. */
  readonly path: string;
  /** True where this very file was given by the user, so that not reading it would be wrong. */
  readonly isGiven: boolean;
  /** When the file was last written, for headers without a year. */
  readonly modifiedAt: Date;
  /** The unpacked bytes, to be read before the visitor returns; what it leaves is passed over. */
  readonly chunks: Chunks;
}

/** Something given to open. */
export interface Given {
  readonly path: string;
  /** What the user calls it; the path itself unless that is only a copy. */
  readonly name: string;
}

/** What walking an archive tells its caller. */
export interface Visitor {
  visit(member: Member): Promise<void>;
  skip(path: string, reason: string): void;
  /** More bytes of the files given were read. */
  onBytes(count: number): void;
}

/** Archives in archives are followed this deep. */
const MAX_DEPTH = 4;

/** Enough of a file to know what it is: a tar header is one block of 512 bytes. */
const HEAD_BYTES = 512;

/** Checks that a path exists and can be read, and gives the bytes of all files under it. */
export async function sizeOf(given: Given): Promise<number> {
  const info = await statOf(given);
  if (!info.isDirectory()) return info.size;
  let total = 0;
  for await (const file of filesUnder(given.path)) total += (await stat(file)).size;
  return total;
}

/**
 * Walks a path: a log file, a folder, a `.gz`, a `.tar`, a `.tgz`, and such in each other. Every
 * file is given to the visitor as a stream, one after the other; nothing is unpacked to disk.
 *
 * @throws Failure `path-missing`, `path-unreadable` or `path-unsupported` for the path given;
 *   an error of a stream reaches the visitor that reads it
 */
export async function walk(given: Given, visitor: Visitor, signal: CancelSignal): Promise<void> {
  const info = await statOf(given);
  if (!info.isDirectory()) {
    await walkFile(given, info, true, visitor, signal);
    return;
  }
  for await (const file of filesUnder(given.path)) {
    if (signal.aborted) throw new Cancelled();
    await walkFile({ path: file, name: file }, await stat(file), false, visitor, signal);
  }
}

async function statOf({ path: file, name }: Given): Promise<Stats> {
  let info: Stats;
  try {
    info = await stat(file);
  } catch (thrown) {
    throw pathFailure(name, thrown);
  }
  if (info.isFile()) await probe(file, name);
  else if (!info.isDirectory()) {
    throw new Failure('path-unsupported', { path: name, what: 'no regular file' });
  }
  return info;
}

/** Opens the file and closes it again, so that a missing permission shows before the work begins. */
async function probe(file: string, name: string): Promise<void> {
  const stream = createReadStream(file, { end: 0 });
  await new Promise<void>((resolve, reject) => {
    stream.once('error', (thrown) => reject(pathFailure(name, thrown)));
    stream.once('close', () => resolve());
    stream.resume();
  });
}

function pathFailure(given: string, thrown: unknown): Failure {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new Failure('path-missing', { path: given });
  const reason = code === 'EACCES' || code === 'EPERM' ? 'permission denied' : textOf(thrown);
  return new Failure('path-unreadable', { path: given, reason }, thrown);
}

/** Regular files under a folder in the order of their names; links are not followed. */
async function* filesUnder(folder: string): AsyncGenerator<string> {
  const top = await realpath(folder);
  const pending = [top];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const entries = await entriesOf(next);
    const folders: string[] = [];
    for (const name of entries.sort()) {
      const file = path.join(next, name);
      const info = await lstat(file);
      if (info.isDirectory()) folders.push(file);
      else if (info.isFile()) yield file;
    }
    pending.push(...folders.reverse());
  }
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    throw pathFailure(folder, thrown);
  }
}

async function walkFile(
  { path: file, name }: Given,
  info: Stats,
  isGiven: boolean,
  visitor: Visitor,
  signal: CancelSignal,
): Promise<void> {
  const chunks = readFileChunks(file, signal, (count) => visitor.onBytes(count));
  await walkBytes({ path: name, isGiven, modifiedAt: info.mtime, chunks }, 0, visitor, signal);
}

async function walkBytes(
  member: Member,
  depth: number,
  visitor: Visitor,
  signal: CancelSignal,
): Promise<void> {
  const { head, chunks } = await peek(member.chunks, HEAD_BYTES);
  try {
    await walkKind(kindOf(head), { ...member, chunks }, depth, visitor, signal);
  } finally {
    await chunks.return?.();
  }
}

async function walkKind(
  kind: string,
  member: Member,
  depth: number,
  visitor: Visitor,
  signal: CancelSignal,
): Promise<void> {
  if (kind === 'plain') {
    await visitor.visit(member);
  } else if (kind === 'gzip' || kind === 'tar') {
    if (depth >= MAX_DEPTH) {
      visitor.skip(member.path, `archives nested deeper than ${MAX_DEPTH}`);
    } else if (kind === 'gzip') {
      await walkBytes({ ...member, chunks: gunzip(member.chunks) }, depth + 1, visitor, signal);
    } else {
      await walkTar(member, depth, visitor, signal);
    }
  } else if (member.isGiven) {
    throw new Failure('path-unsupported', { path: member.path, what: kind });
  } else {
    visitor.skip(member.path, `${kind}, which is not read`);
  }
}

/** The kind of a file by its first bytes: what is read, or what it is called when it is not. */
function kindOf(head: Uint8Array): string {
  const startsWith = (...bytes: readonly number[]) => bytes.every((byte, at) => head[at] === byte);
  if (startsWith(0x1f, 0x8b)) return 'gzip';
  if (String.fromCharCode(...head.subarray(257, 262)) === 'ustar') return 'tar';
  if (startsWith(0x50, 0x4b, 0x03, 0x04)) return 'a zip archive';
  if (startsWith(0x28, 0xb5, 0x2f, 0xfd)) return 'a Zstandard archive';
  if (startsWith(0x42, 0x5a, 0x68)) return 'a bzip2 archive';
  if (startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a)) return 'an xz archive';
  if (startsWith(0x37, 0x7a, 0xbc, 0xaf)) return 'a 7z archive';
  if (String.fromCharCode(...head.subarray(8, 12)) === 'DUCK')
    return 'a Segwright or DuckDB database';
  return 'plain';
}

async function walkTar(
  member: Member,
  depth: number,
  visitor: Visitor,
  signal: CancelSignal,
): Promise<void> {
  const unpacker = extract();
  const pump = new Pump(unpacker, member.chunks);
  try {
    for await (const entry of unpacker) {
      if (signal.aborted) throw new Cancelled();
      const inner = `${member.path}!${entry.header.name}`;
      const refusal = refusalOf(entry.header);
      if (refusal !== undefined) {
        if (refusal !== '') visitor.skip(inner, refusal);
        entry.resume();
        continue;
      }
      const chunks = entryChunks(entry);
      const modifiedAt = entry.header.mtime;
      await walkBytes(
        { path: inner, isGiven: false, modifiedAt, chunks },
        depth + 1,
        visitor,
        signal,
      );
    }
    pump.throwDamage();
  } catch (thrown) {
    if (thrown instanceof Failure || thrown instanceof Cancelled) throw thrown;
    const reason = textOf(pump.damage?.error ?? thrown);
    throw new Failure('archive-damaged', { path: member.path, reason, lines: 0 }, thrown);
  } finally {
    unpacker.destroy();
    await pump.done;
  }
}

/** The writing end of a tar reader. */
interface Sink {
  readonly destroyed: boolean;
  write(chunk: Uint8Array): boolean;
  end(data: undefined): unknown;
  once(event: 'drain' | 'close', listener: () => void): unknown;
}

/**
 * Feeds a tar reader. Where the bytes break off, the reader is ended instead of destroyed, so that
 * every entry before the damage is still read.
 */
class Pump {
  damage: { readonly error: unknown } | undefined;
  readonly done: Promise<void>;

  constructor(sink: Sink, chunks: Chunks) {
    this.done = this.#run(sink, chunks);
  }

  throwDamage(): void {
    if (this.damage !== undefined) throw this.damage.error;
  }

  async #run(sink: Sink, chunks: Chunks): Promise<void> {
    try {
      for await (const chunk of chunks) {
        if (sink.destroyed) return;
        if (!sink.write(chunk)) await drained(sink);
      }
    } catch (error) {
      this.damage = { error };
    }
    if (!sink.destroyed) sink.end(undefined);
  }
}

async function drained(sink: Sink): Promise<void> {
  if (sink.destroyed) return;
  await new Promise<void>((resolve) => {
    sink.once('drain', resolve);
    sink.once('close', resolve);
  });
}

/** The bytes of an entry; what is left unread when the reader stops is passed over, as tar needs it. */
async function* entryChunks(entry: AsyncIterable<unknown> & { resume(): unknown }): Chunks {
  const iterator = entry[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return;
      if (next.value instanceof Uint8Array) yield next.value;
    }
  } finally {
    entry.resume();
  }
}

/** Why a tar entry is not read; empty where that needs no word, nothing where it is read. */
function refusalOf(header: Header): string | undefined {
  if (header.type === 'directory') return '';
  if (header.type !== 'file' && header.type !== 'contiguous-file') {
    return `a ${header.type}, which is not followed`;
  }
  const parts = header.name.split(/[\\/]/);
  if (parts.includes('..')) return 'a name that leads out of the archive';
  return undefined;
}
