import { crc32 } from 'node:zlib';
import {
  type Entry,
  fromBufferPromise,
  getFileNameLowLevel,
  openPromise,
  type Options,
  type ZipFile,
} from 'yauzl';
import { Cancelled, Failure, textOf } from '../../../shared/failure/failure.ts';
import { MAX_HELD_BYTES } from './budget.ts';
import type { Chunks } from './byte-stream.ts';
import type { Found, Walk } from './member.ts';
import { nameRefusal } from './refusals.ts';
import { unpack } from './unpack.ts';
import { DEFLATE } from './zlib-decoder.ts';

/** Names, sizes and checksums are checked here, member by member, so that one lie costs one member. */
const OPTIONS: Options = { decodeStrings: false, validateEntrySizes: false };

/** Why a zip that cannot be held in memory is not read. */
export const TOO_LARGE_TO_HOLD = `a zip of more than ${MAX_HELD_BYTES >> 20} MiB inside another archive`;

/**
 * Looks into every member of a zip, in the order of its directory: on disk by random access, inside
 * another archive in memory.
 *
 * @returns false where it is too large to be held in memory
 * @throws Failure `archive-damaged` where its directory is; a damaged member does not hinder others
 */
export async function walkZip(found: Found, walk: Walk): Promise<boolean> {
  if (found.file !== null) {
    await found.chunks.return?.();
    const { file } = found;
    await walkDirectory(() => openPromise(file, OPTIONS), found, walk);
    return true;
  }
  const held = await hold(found.chunks, walk);
  try {
    if (held.bytes === undefined) return false;
    const { bytes } = held;
    await walkDirectory(() => fromBufferPromise(bytes, OPTIONS), found, walk);
    return true;
  } finally {
    walk.budget.heldBytes -= held.count;
  }
}

/** The bytes of a stream together, and how many the budget was charged with. */
async function hold(chunks: Chunks, { budget }: Walk): Promise<{ bytes?: Buffer; count: number }> {
  const parts: Uint8Array[] = [];
  let count = 0;
  for await (const chunk of chunks) {
    if (budget.heldBytes + chunk.length > MAX_HELD_BYTES) return { count };
    budget.heldBytes += chunk.length;
    count += chunk.length;
    parts.push(chunk);
  }
  return { bytes: Buffer.concat(parts), count };
}

async function walkDirectory(
  open: () => Promise<ZipFile>,
  found: Found,
  walk: Walk,
): Promise<void> {
  let zip: ZipFile | undefined;
  try {
    zip = await open();
    for await (const entry of zip.eachEntry()) {
      if (walk.signal.aborted) throw new Cancelled();
      walk.budget.countMember();
      await walkEntry(zip, entry, found, walk);
    }
  } catch (thrown) {
    if (thrown instanceof Failure || thrown instanceof Cancelled) throw thrown;
    const details = { path: found.path, reason: reasonOf(thrown), kept: 'The files' };
    throw new Failure('archive-damaged', details, thrown);
  } finally {
    zip?.close();
  }
}

async function walkEntry(zip: ZipFile, entry: Entry, found: Found, walk: Walk): Promise<void> {
  const name = getFileNameLowLevel(
    entry.generalPurposeBitFlag,
    entry.fileNameRaw,
    entry.extraFields,
    false,
  );
  if (name.endsWith('/')) return;
  const path = `${found.path}!${name}`;
  const refusal = nameRefusal(name) ?? typeRefusal(entry) ?? methodRefusal(entry);
  if (refusal !== undefined) {
    walk.visitor.skip(path, refusal);
    return;
  }
  const chunks = checked(entryChunks(zip, entry, path, found, walk), entry);
  const modifiedAt = entry.getLastModDate({ timezone: 'UTC' });
  await walk.descend({
    path,
    isGiven: false,
    modifiedAt,
    chunks,
    file: null,
    depth: found.depth + 1,
  });
}

const UNIX = 3;
const FILE_TYPE = 0o170000;
const REGULAR_FILE = 0o100000;
const SYMLINK = 0o120000;

/** A zip made under Unix tells the type of a file in the upper half of its attributes. */
function typeRefusal({ versionMadeBy, externalFileAttributes }: Entry): string | undefined {
  const type = (externalFileAttributes >>> 16) & FILE_TYPE;
  if (versionMadeBy >> 8 !== UNIX || type === 0 || type === REGULAR_FILE) return undefined;
  return type === SYMLINK ? 'a symlink, which is not followed' : 'a device, which is not read';
}

const STORED = 0;
const DEFLATED = 8;

function methodRefusal(entry: Entry): string | undefined {
  if (entry.isEncrypted()) return 'encrypted';
  const method = entry.compressionMethod;
  if (method === STORED || method === DEFLATED) return undefined;
  return `packed by zip method ${method}, which is not read`;
}

function entryChunks(zip: ZipFile, entry: Entry, path: string, found: Found, walk: Walk): Chunks {
  const packed = packedChunks(zip, entry, found, walk);
  if (entry.compressionMethod === STORED) return packed;
  return unpack(packed, DEFLATE, { path, signal: walk.signal, budget: walk.budget });
}

async function* packedChunks(zip: ZipFile, entry: Entry, found: Found, walk: Walk): Chunks {
  const stream = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (walk.signal.aborted) throw new Cancelled();
    if (found.file !== null) walk.visitor.onBytes(chunk.length);
    yield chunk;
  }
}

/** Compares what came of a member with what the directory says of it. */
async function* checked(chunks: Chunks, entry: Entry): Chunks {
  let length = 0;
  let checksum = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (length !== entry.uncompressedSize) {
    throw new Error(`it has ${length} bytes instead of ${entry.uncompressedSize}`);
  }
  if (checksum !== entry.crc32) throw new Error('wrong checksum');
}

/** Some of yauzl's sentences are for programmers. */
function reasonOf(thrown: unknown): string {
  const text = textOf(thrown);
  if (text.startsWith('End of central directory')) return 'the directory at its end is missing';
  if (text.startsWith('Invalid comment length')) return 'there are bytes behind its end';
  return text;
}
