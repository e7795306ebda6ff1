import { bitsEqual, bitsOf, bitsWithin, byteAt, parseIpv4, parseNumber, slashBefore } from './bytes';
import { DST, DST_PORT, SRC, SRC_PORT } from './layout';
import { BAD_ADDRESS, BAD_PORT, EVENT, NO_PORT } from './outcome';
import { ADDRESS_TEXT, codeOf } from './texts';

const SLASH: u8 = 0x2f;
const COLON: u32 = 0x3a;
const DOT: u8 = 0x2e;
const ZERO: u8 = 0x30;

/** What the owner of the texts says of a spelling that is no address. */
const NO_ADDRESS: u32 = 0xffff_ffff;

/** Addresses from here on have codes like texts. */
const FIRST_ADDRESS_CODE: i64 = 0xf000_0000;

/** Port of the endpoint read last, -1 where it has none, -2 where it is bad. */
let port: i32 = -1;

/** Where an arrow stands in the word; 0 where there is none. */
@inline
export function arrowIn(start: usize, end: usize): usize {
  for (let at = start; at + 1 < end; at += 16) {
    const minus = i8x16.eq(v128.load(at), i8x16.splat(0x2d));
    const heads = i8x16.eq(v128.load(at, 1), i8x16.splat(0x3e));
    const arrows = i8x16.bitmask(v128.and(minus, heads));
    if (arrows !== 0) {
      const found = at + <usize>ctz(arrows);
      return found + 1 < end ? found : 0;
    }
  }
  return 0;
}

/**
 * Reads both endpoints: the parts of one word around its arrow, or words of their own. The source
 * is in the word `from`, the destination in the word `to`.
 */
@inline
export function readEnds(from: usize, arrow: usize, to: usize, protocol: u32, row: usize): i32 {
  const source = readEnd(load<u32>(from), min(arrow, <usize>load<u32>(from, 4)));
  const sourcePort = port;
  const destination = readEnd(max(arrow + 2, <usize>load<u32>(to)), load<u32>(to, 4));
  const destinationPort = port;
  if (source < 0 || destination < 0) return BAD_ADDRESS;
  if (sourcePort === -2 || destinationPort === -2) return BAD_PORT;
  const needsPorts = protocol === 6 || protocol === 17;
  if (needsPorts && (sourcePort < 0 || destinationPort < 0)) return NO_PORT;
  store<u32>(row << 2, <u32>source, SRC);
  store<u16>(row << 1, <u16>max(sourcePort, 0), SRC_PORT);
  store<u32>(row << 2, <u32>destination, DST);
  store<u16>(row << 1, <u16>max(destinationPort, 0), DST_PORT);
  return EVENT;
}

/**
 * The code of the endpoint's address, -1 where it has none; `port` becomes its port. Dots and the
 * slash are found at once, then the four numbers between them; all else is read the slow way.
 */
function readEnd(start: usize, end: usize): i64 {
  const bytes = v128.load(start);
  const all = bitsOf(end - start);
  const slashes = bitsEqual(bytes, SLASH) & all;
  const length = ctz(slashes | (all + 1));
  const within = ((<u32>1) << length) - 1;
  const dots = bitsEqual(bytes, DOT) & within;
  const digits = bitsWithin(bytes, ZERO, 10) & within;
  if ((dots | digits) !== within || popcnt(dots) !== 3) return readOddEnd(start, end);
  const dot1 = ctz(dots);
  const after1 = dots & (dots - 1);
  const dot2 = ctz(after1);
  const dot3 = ctz(after1 & (after1 - 1));
  const value =
    (octetBefore(start, dot1, dot1) << 24) |
    (octetBefore(start, dot2, dot2 - dot1 - 1) << 16) |
    (octetBefore(start, dot3, dot3 - dot2 - 1) << 8) |
    octetBefore(start, length, length - dot3 - 1);
  if (value < 0 || value >= FIRST_ADDRESS_CODE) return readOddEnd(start, end);
  if (slashes === 0) {
    port = -1;
    return value;
  }
  const number = parseNumber(start + <usize>length + 1, end, 65_535);
  port = number < 0 ? -2 : <i32>number;
  return value;
}

/** The number of 1 to 3 digits before the place `behind`; negative where it is no octet. */
@inline
function octetBefore(start: usize, behind: u32, length: u32): i64 {
  const digits =
    (load<u32>(start + <usize>behind - 4) ^ 0x30303030) & (u32.MAX_VALUE << (32 - (length << 3)));
  const value = (digits >>> 24) + ((digits >>> 16) & 255) * 10 + ((digits >>> 8) & 255) * 100;
  const least: u32 = select(<u32>0, select(<u32>10, <u32>100, length === 2), length === 1);
  const isOctet = <u32>(length - 1 < 3) & <u32>(value >= least) & <u32>(value < 256);
  return <i64>value | ((<i64>isOctet - 1) << 32);
}

/** Reads any endpoint at all. */
function readOddEnd(start: usize, end: usize): i64 {
  const slash = slashBefore(start, end);
  port = -1;
  if (slash < end) {
    const number = parseNumber(slash + 1, end, 65_535);
    port = number < 0 ? -2 : <i32>number;
  }
  for (let at = start; at < slash; at++) {
    if (byteAt(at) === COLON) return codeOfAddress(start, slash);
  }
  const value = parseIpv4(start, slash);
  return value < FIRST_ADDRESS_CODE ? value : codeOfAddress(start, slash);
}

function codeOfAddress(start: usize, end: usize): i64 {
  const code = codeOf(ADDRESS_TEXT, start, end);
  return code === NO_ADDRESS ? -1 : <i64>code;
}
