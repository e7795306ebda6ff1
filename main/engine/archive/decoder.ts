/**
 * One decompressor at work on one stream of bytes. Streams of its format that follow each other
 * are unpacked as one.
 */
export interface Decoder {
  /**
   * Unpacks more bytes. Output comes in parts small enough that the caller can stop between them.
   *
   * @throws what the decompressor says about damage, after all that could be unpacked before it
   */
  write(bytes: Uint8Array): AsyncGenerator<Uint8Array>;
  /** Gives what is left and throws where the stream is not complete. */
  end(): AsyncGenerator<Uint8Array>;
  /** Lets go of everything the decompressor holds; may be called at any time and more than once. */
  close(): void;
}

/** A format that packs one stream of bytes. */
export interface Format {
  /** What its files are called in sentences, e.g. "gzip". */
  readonly name: string;
  /**
   * More unpacked bytes for one packed byte than this are no log but a bomb. The most repetitive
   * log measured, lines that differ in their time alone, comes to 46 (gzip), 182 (bzip2), 352 (xz)
   * and 115 (zst).
   */
  readonly maxRatio: number;
  /** True where the decompressor keeps output to itself when it fails; smaller steps then get it. */
  readonly losesOutput: boolean;
  open(): Decoder;
}

/** Why a stream that simply stops is damaged; the same words for every format. */
export const CUT_SHORT = 'unexpected end of file';

/** Cuts bytes into pieces of at most `size`. */
export function* slices(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
