import { createRequire } from 'node:module';
import { ReadableStream, type ReadableStreamDefaultReader } from 'node:stream/web';
import { setImmediate } from 'node:timers/promises';
import { CUT_SHORT, type Decoder, type Format } from './decoder.ts';

/** The module, of which every copy unpacks one stream at a time. */
interface XzModule {
  readonly XzReadableStream: new (packed: ReadableStream<Uint8Array>) => ReadableStream<Uint8Array>;
}

const require = createRequire(import.meta.url);

/** Copies of the module that no stream uses. */
const free: XzModule[] = [];

/**
 * A copy of xz-decompress of its own: its streams wait for each other, so that an xz inside an xz
 * would wait for ever.
 */
function takeModule(): XzModule {
  const spare = free.pop();
  if (spare !== undefined) return spare;
  const id = require.resolve('xz-decompress');
  Reflect.deleteProperty(require.cache, id);
  return require(id) as XzModule;
}

/** Other work gets its turn after this many milliseconds. */
const TURN_MS = 20;

const HUNGRY = Symbol('hungry');

/** Unpacks xz; xz-decompress itself reads streams that follow each other, and zeros between them. */
class XzDecoder implements Decoder {
  #isFinished = false;
  readonly #module = takeModule();
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #feed: (bytes: Uint8Array) => void = () => undefined;
  #hungry: Promise<typeof HUNGRY>;
  #sayHungry: (hungry: typeof HUNGRY) => void = () => undefined;
  #turn = performance.now();
  #reading: ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']> | undefined;

  constructor() {
    this.#hungry = this.#untilHungry();
    const packed = new ReadableStream<Uint8Array>(
      {
        pull: (controller) =>
          new Promise<void>((fed) => {
            this.#feed = (bytes) => {
              this.#hungry = this.#untilHungry();
              controller.enqueue(bytes);
              fed();
            };
            this.#sayHungry(HUNGRY);
          }),
      },
      { highWaterMark: 0 },
    );
    this.#reader = new this.#module.XzReadableStream(packed).getReader();
  }

  async *write(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    yield* this.#outputUntilHungry();
    if (this.#isFinished) return;
    this.#feed(bytes);
    yield* this.#outputUntilHungry();
  }

  async *end(): AsyncGenerator<Uint8Array> {
    yield* this.write(new Uint8Array(0));
    if (!this.#isFinished) throw new Error(CUT_SHORT);
  }

  close(): void {
    this.#reader.cancel().catch(() => undefined);
    this.#reading?.catch(() => undefined);
  }

  async #next<T>(reading: Promise<T>): Promise<T | typeof HUNGRY> {
    if (performance.now() - this.#turn > TURN_MS) {
      await setImmediate();
      this.#turn = performance.now();
    }
    try {
      return await Promise.race([reading, this.#hungry]);
    } catch (thrown) {
      throw new Error(reasonOf(thrown), { cause: thrown });
    }
  }

  #untilHungry(): Promise<typeof HUNGRY> {
    return new Promise((resolve) => (this.#sayHungry = resolve));
  }

  async *#outputUntilHungry(): AsyncGenerator<Uint8Array> {
    while (!this.#isFinished) {
      this.#reading ??= this.#reader.read();
      const event = await this.#next(this.#reading);
      if (event === HUNGRY) return;
      this.#reading = undefined;
      if (event.done) {
        this.#isFinished = true;
        free.push(this.#module);
      } else if (event.value.length > 0) yield event.value;
    }
  }
}

/** The codes of XZ Embedded, `enum xz_ret` (https://github.com/tukaani-project/xz-embedded). */
const REASONS: Readonly<Record<string, string>> = {
  2: 'its kind of checksum is not read',
  3: 'it takes more memory than there is',
  4: 'its dictionary is larger than 64 MiB',
  5: 'some of it is no xz data',
  6: 'it uses a filter or a checksum that is not read',
  7: 'its data is corrupt',
  8: CUT_SHORT,
};

function reasonOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return REASONS[/error code (\d+)/.exec(text)?.[1] ?? ''] ?? text;
}

/** Xz (https://tukaani.org/xz/xz-file-format.txt). */
export const XZ: Format = {
  name: 'xz',
  maxRatio: 5_000,
  losesOutput: true,
  open: () => new XzDecoder(),
};
