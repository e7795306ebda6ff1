import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { CUT_SHORT, type Decoder, type Format } from './decoder.ts';

/** What is used of seek-bzip 2.0.0, which has no types. */
interface Bunzip {
  readonly streamCRC: number;
  readonly reader: { read(bits: number): number };
  /** Reads a block; false at the end of the stream. */
  _init_block(): boolean;
  /** Writes the block out and compares its checksum. */
  _read_bunzip(): number;
}

const Bunzip = createRequire(import.meta.url)('seek-bzip') as new (
  input: Input,
  output: Output,
) => Bunzip;

/**
 * No block is longer than this: 900,000 symbols and 18,002 selectors of 20 and 6 bits at most,
 * six tables, and the header.
 */
const MAX_BLOCK_BYTES = 2_300_000;

const OUTPUT_BYTES = 1 << 20;

/** Bytes read one by one, of which what was read is forgotten. */
class Input {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  get length(): number {
    return this.#bytes.length - this.#at;
  }

  add(bytes: Uint8Array): void {
    const joined = new Uint8Array(this.length + bytes.length);
    joined.set(this.#bytes.subarray(this.#at));
    joined.set(bytes, this.length);
    this.#bytes = joined;
    this.#at = 0;
  }

  readonly readByte = (): number => {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new Error(CUT_SHORT);
    return byte;
  };

  readonly read = (into: Uint8Array, offset: number, length: number): number => {
    for (let at = 0; at < length; at++) into[offset + at] = this.readByte();
    return length;
  };
}

/** Collects bytes written one by one. */
class Output {
  #chunks: Uint8Array[] = [];
  #chunk = new Uint8Array(OUTPUT_BYTES);
  #length = 0;

  readonly writeByte = (byte: number): void => {
    if (this.#length === OUTPUT_BYTES) {
      this.#chunks.push(this.#chunk);
      this.#chunk = new Uint8Array(OUTPUT_BYTES);
      this.#length = 0;
    }
    this.#chunk[this.#length++] = byte;
  };

  take(): readonly Uint8Array[] {
    const taken = [...this.#chunks, this.#chunk.slice(0, this.#length)];
    this.#chunks = [];
    this.#length = 0;
    return taken.filter((chunk) => chunk.length > 0);
  }
}

/**
 * Unpacks bzip2 block by block with seek-bzip: the loop of its own `decode`, which cannot wait for
 * bytes, taken apart at the blocks. A block with a wrong checksum is not given.
 */
class Bzip2Decoder implements Decoder {
  readonly #input = new Input();
  readonly #output = new Output();
  #arrived: Uint8Array[] = [];
  #arrivedBytes = 0;
  #bunzip: Bunzip | undefined;

  async *write(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    this.#arrived.push(bytes);
    this.#arrivedBytes += bytes.length;
    if (this.#input.length + this.#arrivedBytes < 2 * MAX_BLOCK_BYTES) return;
    this.#takeIn();
    while (this.#input.length >= MAX_BLOCK_BYTES) yield* this.#next();
  }

  async *end(): AsyncGenerator<Uint8Array> {
    this.#takeIn();
    while (this.#input.length > 0) yield* this.#next();
    if (this.#bunzip !== undefined) throw new Error(CUT_SHORT);
  }

  close(): void {
    this.#bunzip = undefined;
    this.#arrived = [];
  }

  #takeIn(): void {
    this.#input.add(Buffer.concat(this.#arrived));
    this.#arrived = [];
    this.#arrivedBytes = 0;
  }

  /** Unpacks one block, or reads the end of a stream. */
  async *#next(): AsyncGenerator<Uint8Array> {
    this.#step();
    yield* this.#output.take();
    await setImmediate();
  }

  #step(): void {
    const bunzip = (this.#bunzip ??= new Bunzip(this.#input, this.#output));
    if (bunzip._init_block()) {
      bunzip._read_bunzip();
      return;
    }
    this.#bunzip = undefined;
    if (bunzip.reader.read(32) >>> 0 !== bunzip.streamCRC) throw new Error('wrong checksum');
  }
}

/** Bzip2 (https://sourceware.org/bzip2/). */
export const BZIP2: Format = {
  name: 'bzip2',
  maxRatio: 5_000,
  losesOutput: false,
  open: () => new Bzip2Decoder(),
};
