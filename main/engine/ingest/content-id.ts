import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What an id says of the beginning of its content. */
export interface ContentHead {
  /** SHA-256 of the first `length` bytes, in hexadecimal digits. */
  readonly hash: string;
  readonly length: number;
}

/** What an id that `ContentId` wrote says of the beginning of its content. */
export function contentHead(id: string): ContentHead {
  const [hash = '', length = '0'] = id.split('-');
  return { hash, length: Math.min(Number(length), HASHED_BYTES) };
}

/** Bytes from the beginning that are hashed in full. */
const HASHED_BYTES = 1 << 20;

/**
 * Tells whether two files have the same content without hashing all of it: SHA-256 of the first
 * MiB, the length, and the CRC-32 of everything. A full SHA-256 would cost as much time as parsing.
 */
export class ContentId {
  #length = 0;
  #crc = 0;
  readonly #hash = createHash('sha256');

  add(bytes: Uint8Array): void {
    if (this.#length < HASHED_BYTES) {
      this.#hash.update(bytes.subarray(0, HASHED_BYTES - this.#length));
    }
    this.#length += bytes.length;
    this.#crc = crc32(bytes, this.#crc);
  }

  /** The id of everything added; `null` for nothing at all. */
  finish(): string | null {
    if (this.#length === 0) return null;
    return `${this.#hash.digest('hex')}-${this.#length}-${this.#crc.toString(16)}`;
  }

  /** Bytes added so far. */
  get length(): number {
    return this.#length;
  }
}
