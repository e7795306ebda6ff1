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
  async function* whole(): Chunks {
    try {
      yield* read;
      if (failure !== undefined) throw failure.error;
      if (ended) return;
      for (;;) {
        const next = await iterator.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { head: Buffer.concat(read).subarray(0, count), chunks: whole() };
}
