import { Cancelled, Failure } from '../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import { type Budget, Ratio } from './budget.ts';
import type { Chunks } from './byte-stream.ts';
import { type Decoder, type Format, slices } from './decoder.ts';

/** Packed bytes given to a decompressor at once. */
const SLICE_BYTES = 65_536;

/** Packed bytes kept for salvaging; of larger streams, the slice with the damage is lost. */
const KEPT_BYTES = 32 << 20;

/** Step in which the damaged slice is read again, in bytes; its end, with the checksum, byte by byte. */
const SALVAGE_STEP = 64;

/** What unpacking a stream needs besides its bytes. */
export interface Unpacking {
  /** Name of the member, for sentences. */
  readonly path: string;
  readonly signal: CancelSignal;
  readonly budget: Budget;
}

/**
 * Unpacks a stream. The next part is unpacked while the one before is read. Where the bytes are
 * damaged or end too early, everything that could be unpacked before the damage is given, then the
 * error is thrown.
 *
 * @throws Cancelled when the signal fired, between two slices
 * @throws Failure `archive-bomb` when too much comes of too little
 */
export function unpack(chunks: Chunks, format: Format, unpacking: Unpacking): Chunks {
  return ahead(unpackEach(chunks, format, unpacking));
}

async function* unpackEach(chunks: Chunks, format: Format, unpacking: Unpacking): Chunks {
  const { path, signal, budget } = unpacking;
  const decoder = format.open();
  const ratio = new Ratio(path, format.maxRatio);
  const kept = format.losesOutput ? new Kept() : undefined;
  let delivered = 0;
  async function* counted(output: AsyncIterable<Uint8Array>): Chunks {
    for await (const chunk of output) {
      if (signal.aborted) throw new Cancelled();
      ratio.countUnpacked(chunk.length);
      budget.countUnpacked(chunk.length, format.maxRatio);
      delivered += chunk.length;
      yield chunk;
    }
  }
  let sourceDamage: { readonly error: unknown } | undefined;
  try {
    for (;;) {
      let next: IteratorResult<Uint8Array>;
      try {
        next = await chunks.next();
      } catch (error) {
        sourceDamage = { error };
        break;
      }
      if (next.done === true) break;
      for (const slice of slices(next.value, SLICE_BYTES)) {
        if (signal.aborted) throw new Cancelled();
        ratio.countPacked(slice.length);
        kept?.add(slice);
        yield* counted(decoder.write(slice));
      }
    }
    if (sourceDamage?.error instanceof Cancelled) throw sourceDamage.error;
    yield* counted(decoder.end());
  } catch (thrown) {
    if (thrown instanceof Cancelled || thrown instanceof Failure) throw thrown;
    if (sourceDamage === undefined) {
      if (kept !== undefined) yield* counted(kept.salvage(format, delivered));
      throw thrown;
    }
  } finally {
    decoder.close();
    await chunks.return?.();
  }
  if (sourceDamage !== undefined) throw sourceDamage.error;
}

/** Reads one chunk ahead of its reader. */
async function* ahead(chunks: Chunks): Chunks {
  let upcoming = chunks.next();
  try {
    for (;;) {
      const next = await upcoming;
      if (next.done === true) return;
      upcoming = chunks.next();
      upcoming.catch(() => undefined);
      yield next.value;
    }
  } finally {
    await upcoming.catch(() => undefined);
    await chunks.return?.();
  }
}

/** The packed bytes read so far, as long as they are few enough to keep. */
class Kept {
  #slices: Uint8Array[] | undefined = [];
  #length = 0;

  add(slice: Uint8Array): void {
    this.#length += slice.length;
    if (this.#length > KEPT_BYTES) this.#slices = undefined;
    this.#slices?.push(slice);
  }

  /**
   * What can be unpacked before the damage beyond the given number of bytes: some decompressors
   * drop the output of a slice in which they fail, so the slice is read again in small steps.
   */
  async *salvage(format: Format, delivered: number): AsyncGenerator<Uint8Array> {
    const last = this.#slices?.at(-1);
    if (this.#slices === undefined || last === undefined) return;
    const decoder = format.open();
    let known = delivered;
    const end = Math.max(0, last.length - SALVAGE_STEP);
    const steps = [
      ...this.#slices.slice(0, -1),
      ...slices(last.subarray(0, end), SALVAGE_STEP),
      ...slices(last.subarray(end), 1),
    ];
    try {
      for await (const chunk of outputOf(decoder, steps)) {
        if (chunk.length > known) yield chunk.subarray(known);
        known = Math.max(0, known - chunk.length);
      }
    } finally {
      decoder.close();
    }
  }
}

/** The output up to the damage. */
async function* outputOf(decoder: Decoder, steps: readonly Uint8Array[]): Chunks {
  for (const step of steps) {
    const output = decoder.write(step);
    for (;;) {
      let next: IteratorResult<Uint8Array>;
      try {
        next = await output.next();
      } catch {
        return;
      }
      if (next.done === true) break;
      yield next.value;
    }
  }
}
