import type { Stats } from 'node:fs';
import { resolve } from 'node:path';
import { Cancelled, Failure, textOf } from '../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import { Budget, MAX_DEPTH } from './budget.ts';
import { peek, readFileChunks } from './byte-stream.ts';
import { filesUnder, type Given, statOf } from './folder.ts';
import { HEAD_BYTES, type Kind, kindOf } from './kinds.ts';
import type { Found, Visitor, Walk } from './member.ts';
import { walkTar } from './tar.ts';
import { unpack } from './unpack.ts';
import { TOO_LARGE_TO_HOLD, walkZip } from './zip.ts';

export type { Given } from './folder.ts';
export type { Member, Origin, Visitor } from './member.ts';

/** Checks that a path exists and can be read, and gives the bytes of all files under it. */
export async function sizeOf(given: Given): Promise<number> {
  const info = await statOf(given);
  if (!info.isDirectory()) return info.size;
  let total = 0;
  for await (const file of filesUnder(given.path, () => undefined)) total += file.info.size;
  return total;
}

/**
 * Walks a path: a log file, a folder, a packed file, an archive, and such in each other. What a
 * file is, its first bytes say. Every file is given to the visitor as a stream, one after the
 * other; nothing is unpacked to disk. docs/archives.md says what is read and what is refused.
 *
 * @throws Failure `path-missing`, `path-unreadable`, `path-unsupported`, `archive-damaged` or
 *   `archive-bomb` for the path given; an error of a stream reaches the visitor that reads it, and
 *   an archive inside another is told to the visitor
 * @throws Cancelled when the signal fired
 */
export async function walk(given: Given, visitor: Visitor, signal: CancelSignal): Promise<void> {
  const info = await statOf(given);
  if (!info.isDirectory()) {
    await walkFile(given, info, true, visitor, signal);
    return;
  }
  for await (const file of filesUnder(given.path, (failure) => visitor.fail(failure))) {
    if (signal.aborted) throw new Cancelled();
    try {
      await walkFile({ path: file.path, name: file.path }, file.info, false, visitor, signal);
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      visitor.fail(thrown);
    }
  }
}

async function walkFile(
  { path: file, name }: Given,
  info: Stats,
  isGiven: boolean,
  visitor: Visitor,
  signal: CancelSignal,
): Promise<void> {
  const budget = new Budget(name, info.size);
  const walk: Walk = {
    visitor,
    signal,
    budget,
    originOf: (path) => ({ file: resolve(file), inside: path.slice(name.length) }),
    async descend(found) {
      try {
        await walkBytes(found, walk);
      } catch (thrown) {
        if (!(thrown instanceof Failure) || thrown === budget.failure) throw thrown;
        visitor.fail(thrown);
      }
    },
  };
  const chunks = readFileChunks(file, signal, (count) => visitor.onBytes(count));
  const modifiedAt = info.mtime;
  await walkBytes({ path: name, isGiven, modifiedAt, chunks, file, depth: 0 }, walk);
}

async function walkBytes(found: Found, walk: Walk): Promise<void> {
  const { head, chunks, failure } = await peek(found.chunks, HEAD_BYTES);
  try {
    if (failure !== undefined && !found.isGiven) throw asFailure(failure.error, found.path);
    await walkKind(kindOf(head), { ...found, chunks }, walk);
    if (walk.budget.failure !== undefined) throw walk.budget.failure;
  } finally {
    await chunks.return?.();
  }
}

async function walkKind(kind: Kind, found: Found, walk: Walk): Promise<void> {
  if (kind.is === 'plain') {
    await walk.visitor.visit({ ...found, origin: walk.originOf(found.path) });
  } else if (kind.is === 'foreign') {
    passOver(found, kind.what, `${kind.what}, which is not read`, walk);
  } else if (found.depth >= MAX_DEPTH) {
    walk.visitor.skip(found.path, `archives nested deeper than ${MAX_DEPTH}`);
  } else if (kind.is === 'packed') {
    const unpacking = { path: found.path, signal: walk.signal, budget: walk.budget };
    const chunks = unpack(found.chunks, kind.format, unpacking);
    await walkBytes({ ...found, chunks, file: null, depth: found.depth + 1 }, walk);
  } else if (kind.is === 'tar') {
    await walkTar(found, walk);
  } else if (!(await walkZip(found, walk))) {
    passOver(found, TOO_LARGE_TO_HOLD, TOO_LARGE_TO_HOLD, walk);
  }
}

/** What was given must be read; of other files it is enough to say that they were not. */
function passOver(found: Found, what: string, reason: string, walk: Walk): void {
  if (found.isGiven) throw new Failure('path-unsupported', { path: found.path, what });
  walk.visitor.skip(found.path, reason);
}

function asFailure(error: unknown, path: string): unknown {
  if (error instanceof Failure || error instanceof Cancelled) return error;
  return new Failure('archive-damaged', { path, reason: textOf(error), kept: 'The files' }, error);
}
