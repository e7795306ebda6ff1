const ZERO: u32 = 0x30;
const SLASH: u8 = 0x2f;
const DOT: u32 = 0x2e;
const MINUS: u32 = 0x2d;

@inline
export function byteAt(at: usize): u32 {
  return <u32>load<u8>(at);
}

@inline
export function isDigit(byte: u32): bool {
  return byte - ZERO <= 9;
}

/** Reads decimal digits; -1 where there is anything else, nothing, or more than `most`. */
@inline
export function parseNumber(start: usize, end: usize, most: i64): i64 {
  const length = end - start;
  if (length - 1 > 7) return parseLong(start, end, most);
  const value = parseWord(end, length);
  return value > most ? -1 : value;
}

/**
 * Reads 1 to 8 digits before `end` at once, without a branch for each (the length of a number is
 * hard to foresee): first pairs of digits, then of pairs, then of fours. -1 where there is anything
 * else. What stands before the digits is read and passed over.
 */
@inline
function parseWord(end: usize, length: usize): i64 {
  const digits = (load<u64>(end - 8) ^ 0x3030303030303030) & (u64.MAX_VALUE << (64 - (<u64>length << 3)));
  if ((((digits + 0x7676767676767676) | digits) & 0x8080808080808080) !== 0) return -1;
  const pairs = (digits * 10 + (digits >>> 8)) & 0x00ff00ff00ff00ff;
  const fours = (pairs * 100 + (pairs >>> 16)) & 0x0000ffff0000ffff;
  return (fours * 10_000 + (fours >>> 32)) & 0xffff_ffff;
}

function parseLong(start: usize, end: usize, most: i64): i64 {
  if (start >= end || end - start > 16) return -1;
  let value: i64 = 0;
  for (let at = start; at < end; at++) {
    const digit = byteAt(at) - ZERO;
    if (digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value > most ? -1 : value;
}

/** Whether a minus sign and one or more digits, and nothing else, stand from `start` to before `end`. */
export function isNegative(start: usize, end: usize): bool {
  if (end < start + 2 || byteAt(start) !== MINUS) return false;
  for (let at = start + 1; at < end; at++) if (!isDigit(byteAt(at))) return false;
  return true;
}

/** Reads two decimal digits; -1 where they are none. */
@inline
export function parsePair(at: usize): i32 {
  const tens = byteAt(at) - ZERO;
  const ones = byteAt(at + 1) - ZERO;
  return tens <= 9 && ones <= 9 ? <i32>(tens * 10 + ones) : -1;
}

/** Reads a dotted IPv4 address; -1 where it is none. Leading zeros are refused. */
export function parseIpv4(start: usize, end: usize): i64 {
  let value: i64 = 0;
  let octet: u32 = 0;
  let digits = 0;
  let dots = 0;
  for (let at = start; at < end; at++) {
    const byte = byteAt(at);
    if (byte === DOT) {
      if (digits === 0 || octet > 255 || dots === 3) return -1;
      value = (value << 8) | octet;
      octet = 0;
      digits = 0;
      dots++;
    } else {
      const digit = byte - ZERO;
      if (digit > 9 || (digits > 0 && octet === 0)) return -1;
      octet = octet * 10 + digit;
      if (++digits > 3) return -1;
    }
  }
  if (dots !== 3 || digits === 0 || octet > 255) return -1;
  return (value << 8) | octet;
}

/** As many low bits as there are bytes, at most 16. */
@inline
export function bitsOf(length: usize): u32 {
  return ((<u32>1) << (<u32>min(length, 16))) - 1;
}

/** A bit for each of 16 bytes that is the given one. */
@inline
export function bitsEqual(bytes: v128, byte: u8): u32 {
  return i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(byte)));
}

/** A bit for each of 16 bytes that is from `first` to before `first + count`. */
@inline
export function bitsWithin(bytes: v128, first: u8, count: u8): u32 {
  return i8x16.bitmask(i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(first)), i8x16.splat(count)));
}

/** Where the first `/` stands; `end` where there is none. */
@inline
export function slashBefore(start: usize, end: usize): usize {
  const slashes = bitsEqual(v128.load(start), SLASH) & bitsOf(end - start);
  if (slashes !== 0) return start + <usize>ctz(slashes);
  let at = start + 16;
  while (at < end && byteAt(at) !== SLASH) at++;
  return min(at, end);
}
