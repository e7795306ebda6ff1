import { setImmediate } from 'node:timers/promises';
import { Decompress } from 'fzstd';
import { type Decoder, type Format, slices } from './decoder.ts';
import { withinTime } from './time-limit.ts';
import { nativeZstd } from './zlib-decoder.ts';

/** Packed bytes given to fzstd at once: at most 256 blocks, each of 128 KiB at most. */
const STEP_BYTES = 1_024;

/** The longest a step may take, in milliseconds; an ordinary one takes a few. */
const STEP_MS = 2_000;

/** Other work gets its turn after this many milliseconds. */
const TURN_MS = 20;

/** The largest window that is unpacked, which is the limit of the zstd tool without `--long=28`. */
const MAX_WINDOW_BYTES = 128 << 20;

/** The part of fzstd's state that says how much memory a frame takes. */
interface FrameState {
  readonly s?: { readonly e?: number } | number;
}

/** Unpacks Zstandard with fzstd, which does not check checksums. */
export class FzstdDecoder implements Decoder {
  #output: Uint8Array[] = [];
  readonly #fzstd = new Decompress((chunk) => {
    if (chunk.length > 0) this.#output.push(chunk);
  });

  async *write(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    let turn = performance.now();
    for (const step of slices(bytes, STEP_BYTES)) {
      yield* this.#push(step, false);
      if (performance.now() - turn < TURN_MS) continue;
      await setImmediate();
      turn = performance.now();
    }
  }

  async *end(): AsyncGenerator<Uint8Array> {
    yield* this.#push(new Uint8Array(0), true);
  }

  close(): void {
    this.#output = [];
  }

  *#push(step: Uint8Array, isLast: boolean): Generator<Uint8Array> {
    let damage: { readonly error: unknown } | undefined;
    try {
      withinTime(STEP_MS, () => {
        this.#fzstd.push(step, isLast);
        const { s: frame } = this.#fzstd as unknown as FrameState;
        const window = typeof frame === 'object' ? (frame.e ?? 0) : 0;
        if (window > MAX_WINDOW_BYTES) throw new Error('its window is larger than 128 MiB');
      });
    } catch (error) {
      damage = { error };
    }
    const output = this.#output;
    this.#output = [];
    yield* output;
    if (damage !== undefined) throw damage.error;
  }
}

const native = nativeZstd();

/** Zstandard (RFC 8878), by Node itself where it can. */
export const ZSTD: Format = {
  name: 'zst',
  maxRatio: 15_000,
  losesOutput: native !== undefined,
  open: native ?? (() => new FzstdDecoder()),
};
