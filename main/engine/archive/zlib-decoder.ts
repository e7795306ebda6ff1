import { setImmediate } from 'node:timers/promises';
import zlib from 'node:zlib';
import { CUT_SHORT, type Decoder, type Format } from './decoder.ts';

/** Output chunks this large make Node's gunzip more than twice as fast as its default of 16 KiB. */
const OUTPUT_BYTES = 1 << 20;

/** The stream waits once this many chunks of output wait to be read. */
const MAX_WAITING = 8;

/** What the streams of Node's zlib have in common. */
interface ZlibStream {
  readonly bytesWritten: number;
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end' | 'close', listener: () => void): unknown;
  write(bytes: Uint8Array, done: () => void): boolean;
  end(): unknown;
  pause(): unknown;
  resume(): unknown;
  destroy(): unknown;
}

/** A stream of Node's zlib at work, which holds still while its output is not read. */
class Running {
  error: Error | undefined;
  /** True when the compressed stream came to its end. */
  isEnded = false;
  isClosed = false;
  readonly #stream: ZlibStream;
  readonly #waiting: Uint8Array[] = [];
  #given = 0;
  #wake: () => void = () => undefined;

  constructor(stream: ZlibStream) {
    this.#stream = stream;
    stream.on('data', (chunk) => {
      this.#waiting.push(chunk);
      if (this.#waiting.length >= MAX_WAITING) stream.pause();
      this.#wake();
    });
    stream.on('error', (error) => {
      this.error = error;
      this.#wake();
    });
    stream.on('end', () => {
      this.isEnded = true;
      this.#wake();
    });
    stream.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  /** How many of the bytes given lie behind the end of the compressed stream. */
  get surplus(): number {
    return this.#given - this.#stream.bytesWritten;
  }

  async *write(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    let isTaken = false;
    this.#given += bytes.length;
    this.#stream.write(bytes, () => {
      isTaken = true;
      this.#wake();
    });
    yield* this.#outputUntil(() => isTaken || this.isEnded);
    await setImmediate();
    yield* this.#outputUntil(() => true);
  }

  async *end(): AsyncGenerator<Uint8Array> {
    this.#stream.end();
    yield* this.#outputUntil(() => this.isEnded);
  }

  close(): void {
    this.#stream.destroy();
  }

  async *#outputUntil(isDone: () => boolean): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.#waiting.shift();
      if (chunk !== undefined) yield chunk;
      else if (this.error !== undefined) throw this.error;
      else if (isDone() || this.isClosed) return;
      else {
        const woken = new Promise<void>((resolve) => (this.#wake = resolve));
        this.#stream.resume();
        await woken;
      }
    }
  }
}

/** Unpacks with a stream of Node's zlib, and with a new one behind the end of each. */
class ZlibDecoder implements Decoder {
  readonly #create: () => ZlibStream;
  readonly #followsOn: boolean;
  #running: Running;

  constructor(create: () => ZlibStream, followsOn: boolean) {
    this.#create = create;
    this.#followsOn = followsOn;
    this.#running = new Running(create());
  }

  async *write(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#running.isEnded) {
        rest = this.#followsOn ? withoutLeadingZeros(rest) : rest.subarray(rest.length);
        if (rest.length === 0) return;
        this.#running = new Running(this.#create());
      }
      yield* this.#running.write(rest);
      if (!this.#running.isEnded) return;
      rest = rest.subarray(rest.length - this.#running.surplus);
    }
  }

  async *end(): AsyncGenerator<Uint8Array> {
    if (!this.#running.isEnded) yield* this.#running.end();
    if (!this.#running.isEnded) throw new Error(CUT_SHORT);
  }

  close(): void {
    this.#running.close();
  }
}

/** Archives written to tape are filled up with zeros. */
function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(start < 0 ? bytes.length : start);
}

const SETTINGS = { chunkSize: OUTPUT_BYTES } as const;

/** Gzip (RFC 1952). */
export const GZIP: Format = {
  name: 'gzip',
  maxRatio: 1_000,
  losesOutput: true,
  open: () => new ZlibDecoder(() => zlib.createGunzip(SETTINGS), true),
};

/** Deflate without a header (RFC 1951), as in a zip. */
export const DEFLATE: Format = {
  name: 'zip',
  maxRatio: 1_000,
  losesOutput: true,
  open: () => new ZlibDecoder(() => zlib.createInflateRaw(SETTINGS), false),
};

/** The part of `node:zlib` that Node has from 22.15 and 23.8 on. */
interface ZstdModule {
  readonly createZstdDecompress?: (options: { readonly chunkSize: number }) => ZlibStream;
}

/** Makes a decoder with Node's own Zstandard; nothing where this Node has none. */
export function nativeZstd(): (() => Decoder) | undefined {
  const create = (zlib as ZstdModule).createZstdDecompress;
  if (create === undefined) return undefined;
  return () => new ZlibDecoder(() => create(SETTINGS), true);
}
