import { Failure } from '../../../shared/failure/failure.ts';

/** So much may be unpacked before ratios count: small files of zeros hurt nobody. */
export const FREE_BYTES = 64 << 20;

/** Members of everything in one file given. */
export const MAX_MEMBERS = 1_000_000;

/** Archives in archives are followed through this many layers; a `.tgz` has two. */
export const MAX_DEPTH = 8;

/** Zips inside other archives are held in memory up to this many bytes, all at work together. */
export const MAX_HELD_BYTES = 256 << 20;

/** What unpacking one file that was given has cost so far, and its limits. */
export class Budget {
  /** Bytes of zips held in memory. */
  heldBytes = 0;
  /** Set once a limit for the whole file is passed: nothing more of it is read. */
  failure: Failure | undefined;
  readonly #path: string;
  readonly #fileBytes: number;
  #unpackedBytes = 0;
  #members = 0;
  #maxRatio = 1;

  /** @param fileBytes size of the file given */
  constructor(path: string, fileBytes: number) {
    this.#path = path;
    this.#fileBytes = fileBytes;
  }

  /** @throws Failure `archive-bomb` when there are too many */
  countMember(): void {
    if (++this.#members > MAX_MEMBERS) {
      this.#fail(`it holds more than ${MAX_MEMBERS.toLocaleString('en')} members`);
    }
  }

  /**
   * @param maxRatio of the format unpacked
   * @throws Failure `archive-bomb` when all layers together give too much for the size of the file
   */
  countUnpacked(bytes: number, maxRatio: number): void {
    this.#unpackedBytes += bytes;
    this.#maxRatio = Math.max(this.#maxRatio, maxRatio);
    if (isTooMuch(this.#fileBytes, this.#unpackedBytes, this.#maxRatio)) {
      this.#fail(tooMuch('all of it', this.#maxRatio));
    }
  }

  #fail(reason: string): never {
    this.failure ??= new Failure('archive-bomb', { path: this.#path, reason });
    throw this.failure;
  }
}

/** The ratio of one packed stream. */
export class Ratio {
  readonly #path: string;
  readonly #maxRatio: number;
  #packedBytes = 0;
  #unpackedBytes = 0;

  constructor(path: string, maxRatio: number) {
    this.#path = path;
    this.#maxRatio = maxRatio;
  }

  countPacked(bytes: number): void {
    this.#packedBytes += bytes;
  }

  /** @throws Failure `archive-bomb` when it is too much for the bytes read */
  countUnpacked(bytes: number): void {
    this.#unpackedBytes += bytes;
    if (isTooMuch(this.#packedBytes, this.#unpackedBytes, this.#maxRatio)) {
      const reason = tooMuch('it', this.#maxRatio);
      throw new Failure('archive-bomb', { path: this.#path, reason });
    }
  }
}

function isTooMuch(packed: number, unpacked: number, maxRatio: number): boolean {
  return unpacked > FREE_BYTES && unpacked > maxRatio * packed;
}

function tooMuch(what: string, maxRatio: number): string {
  return `${what} unpacks to more than ${maxRatio.toLocaleString('en')} times its size`;
}
