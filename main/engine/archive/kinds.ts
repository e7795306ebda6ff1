import { BZIP2 } from './bzip2.ts';
import type { Format } from './decoder.ts';
import { XZ } from './xz.ts';
import { GZIP } from './zlib-decoder.ts';
import { ZSTD } from './zstd.ts';

/** What a file is by its first bytes. */
export type Kind =
  | { readonly is: 'plain' }
  | { readonly is: 'packed'; readonly format: Format }
  | { readonly is: 'tar' }
  | { readonly is: 'zip' }
  /** No log and no archive that is read. */
  | { readonly is: 'foreign'; readonly what: string };

/** Enough of a file to know what it is: a tar header is one block of 512 bytes. */
export const HEAD_BYTES = 512;

type Matcher = (head: Buffer) => boolean;

const hex =
  (bytes: string, at = 0): Matcher =>
  (head) =>
    head.subarray(at, at + bytes.length / 2).equals(Buffer.from(bytes, 'hex'));
const ascii = (text: string, at = 0) => hex(Buffer.from(text, 'latin1').toString('hex'), at);
const either =
  (...matchers: readonly Matcher[]): Matcher =>
  (head) =>
    matchers.some((matches) => matches(head));

const isSkippableZstd: Matcher = (head) =>
  hex('2a4d18', 1)(head) && ((head[0] ?? 0) & 0xf0) === 0x50;

/** A level of 1 to 9, then the magic number of a block or that of the end. */
const isBzip2: Matcher = (head) =>
  ascii('BZh')(head) &&
  (head[3] ?? 0) >= 0x31 &&
  (head[3] ?? 0) <= 0x39 &&
  either(hex('314159265359', 4), hex('177245385090', 4))(head);

const foreign = (what: string): Kind => ({ is: 'foreign', what });

/** Every kind by its magic bytes; the first that matches counts. */
const KINDS: readonly (readonly [Matcher, Kind])[] = [
  [hex('1f8b'), { is: 'packed', format: GZIP }],
  [either(hex('28b52ffd'), isSkippableZstd), { is: 'packed', format: ZSTD }],
  [hex('fd377a585a00'), { is: 'packed', format: XZ }],
  [isBzip2, { is: 'packed', format: BZIP2 }],
  [either(hex('504b0304'), hex('504b0506'), hex('504b0708')), { is: 'zip' }],
  [ascii('ustar', 257), { is: 'tar' }],
  [ascii('DUCK', 8), foreign('a Segwright or DuckDB database')],
  [ascii('SQLite format 3\0'), foreign('an SQLite database')],
  [hex('377abcaf271c'), foreign('a 7z archive')],
  [ascii('Rar!\x1a\x07'), foreign('a RAR archive')],
  [hex('04224d18'), foreign('an LZ4 archive')],
  [ascii('LZIP\x01'), foreign('an lzip archive')],
  [hex('1f9d'), foreign('a compress (.Z) archive')],
  [either(hex('89504e470d0a1a0a'), hex('ffd8ff'), ascii('GIF8')), foreign('an image')],
  [ascii('%PDF-'), foreign('a PDF')],
  [hex('7f454c46'), foreign('a program')],
  [
    either(hex('d4c3b2a1'), hex('a1b2c3d4'), hex('4d3cb2a1'), hex('0a0d0d0a')),
    foreign('a packet capture'),
  ],
];

/** The kind of a file. Names say nothing: a rotated log may be called anything. */
export function kindOf(head: Uint8Array): Kind {
  const bytes = Buffer.from(head);
  return KINDS.find(([matches]) => matches(bytes))?.[1] ?? { is: 'plain' };
}
