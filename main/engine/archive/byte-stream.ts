import { createReadStream } from 'node:fs';
import { Cancelled } from '../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';

/** Bytes in the order they are read. */
export type Chunks = AsyncIterableIterator<Uint8Array>;

const CHUNK_BYTES = 1 << 20;

/**
 * Reads a file from its beginning.
 *
 * @param onBytes told how many bytes were read, chunk by chunk
 */
export async function* readFileChunks(
  path: string,
  signal: CancelSignal,
  onBytes: (count: number) => void,
): Chunks {
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    if (signal.aborted) throw new Cancelled();
    const bytes = chunk as Buffer;
    onBytes(bytes.length);
    yield bytes;
  }
}

/** The first bytes of a stream, and the stream whole again. */
export interface Peeked {
  readonly head: Uint8Array;
  readonly chunks: Chunks;
  /** The error of a stream that gave nothing at all. */
  readonly failure: { readonly error: unknown } | undefined;
}

/**
 * Reads until `count` bytes are there or the stream ends, and gives them along with the whole
 * stream. An error of the stream is thrown where reading reaches it, not here.
 */
export async function peek(chunks: Chunks, count: number): Promise<Peeked> {
  const iterator = chunks;
  const read: Uint8Array[] = [];
  let length = 0;
  let failure: { readonly error: unknown } | undefined;
  let ended = false;
  while (length < count && !ended && failure === undefined) {
    try {
      const next = await iterator.next();
      if (next.done === true) ended = true;
      else {
        read.push(next.value);
        length += next.value.length;
      }
    } catch (error) {
      failure = { error };
    }
  }
  const head = Buffer.concat(read).subarray(0, count);
  const giveBack = async (): Promise<IteratorResult<Uint8Array>> => {
    const chunk = read.shift();
    if (chunk !== undefined) return { done: false, value: chunk };
    if (failure !== undefined) throw failure.error;
    return ended ? { done: true, value: undefined } : iterator.next();
  };
  // A generator would not close its source when nothing was read of it.
  const whole: Chunks = {
    next: giveBack,
    async return() {
      ended = true;
      read.length = 0;
      failure = undefined;
      await iterator.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => whole,
  };
  return { head, chunks: whole, failure: length === 0 ? failure : undefined };
}
