import { createGunzip, type Gunzip } from 'node:zlib';
import type { Chunks } from './byte-stream.ts';

/** Output chunks this large make Node's gunzip more than twice as fast as its default of 16 KiB. */
const OUTPUT_BYTES = 1 << 20;

/** Compressed bytes given to zlib at once. One slice of a bomb unpacks to 64 MiB at most. */
const SLICE_BYTES = 65_536;

/** Compressed bytes kept for salvaging; of larger streams, the slice with the damage is lost. */
const KEPT_BYTES = 32 << 20;

/** Step in which the damaged slice is read again, in bytes; its end, with the checksum, byte by byte. */
const SALVAGE_STEP = 64;

/** zlib as a function from bytes to bytes. Output is kept when an error follows it. */
class Inflater {
  error: Error | undefined;
  readonly #stream: Gunzip = createGunzip({ chunkSize: OUTPUT_BYTES });
  #output: Uint8Array[] = [];

  constructor() {
    this.#stream.on('data', (chunk: Buffer) => this.#output.push(chunk));
    this.#stream.on('error', (error: Error) => {
      this.error = error;
    });
  }

  /** Unpacks more bytes. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.error !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#stream.once('close', resolve);
      this.#stream.write(bytes, () => {
        this.#stream.removeListener('close', resolve);
        setImmediate(resolve);
      });
    });
  }

  /** Says that there are no more bytes. */
  async end(): Promise<void> {
    if (this.error !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#stream.once('close', resolve);
      this.#stream.end();
    });
  }

  /** What was unpacked since the last time. */
  take(): readonly Uint8Array[] {
    const output = this.#output;
    this.#output = [];
    return output;
  }

  close(): void {
    this.#stream.destroy();
  }
}

function* slices(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The compressed bytes read so far, as long as they are few enough to keep. */
class Kept {
  #slices: Uint8Array[] | undefined = [];
  #length = 0;

  add(slice: Uint8Array): void {
    this.#length += slice.length;
    if (this.#length > KEPT_BYTES) this.#slices = undefined;
    this.#slices?.push(slice);
  }

  /**
   * What can be unpacked before the damage beyond the given number of bytes: zlib drops the output
   * of a slice in which it fails, so the slice is read again in small steps.
   */
  async *salvage(delivered: number): AsyncGenerator<Uint8Array> {
    const last = this.#slices?.at(-1);
    if (this.#slices === undefined || last === undefined) return;
    const inflater = new Inflater();
    let known = delivered;
    const end = Math.max(0, last.length - SALVAGE_STEP);
    const steps = [
      ...this.#slices.slice(0, -1),
      ...slices(last.subarray(0, end), SALVAGE_STEP),
      ...slices(last.subarray(end), 1),
    ];
    for (const step of steps) {
      await inflater.write(step);
      for (const chunk of inflater.take()) {
        if (chunk.length > known) yield chunk.subarray(known);
        known = Math.max(0, known - chunk.length);
      }
      if (inflater.error !== undefined) return;
    }
    inflater.close();
  }
}

/**
 * Unpacks gzip of one or more members. One slice is unpacked while the output of the one before is
 * read. Where the bytes are damaged or end too early, everything that could be unpacked before the
 * damage is given, then the error is thrown.
 */
export async function* gunzip(chunks: Chunks): Chunks {
  const inflater = new Inflater();
  const kept = new Kept();
  let delivered = 0;
  const deliver = (output: readonly Uint8Array[]) => {
    for (const chunk of output) delivered += chunk.length;
    return output;
  };
  try {
    for await (const chunk of chunks) {
      for (const slice of slices(chunk, SLICE_BYTES)) {
        const output = deliver(inflater.take());
        kept.add(slice);
        const working = inflater.write(slice);
        yield* output;
        await working;
        if (inflater.error !== undefined) break;
      }
      if (inflater.error !== undefined) break;
    }
    yield* deliver(inflater.take());
    await inflater.end();
    yield* deliver(inflater.take());
    if (inflater.error === undefined) return;
    yield* kept.salvage(delivered);
    throw inflater.error;
  } finally {
    inflater.close();
  }
}
