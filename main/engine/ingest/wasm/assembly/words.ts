import { INPUT, LINE_ENDS, WORDS } from './layout';

/** `table[byte & 15] == byte` for the four bytes that part words: blank, tab, line feed, return. */
const BLANKS = i8x16(0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0x09, 0x0a, 0, 0, 0x0d, 0, 0);

@inline
function blanksOf(bytes: v128): u64 {
  const low = v128.and(bytes, i8x16.splat(15));
  return <u64>(<u32>i8x16.bitmask(i8x16.eq(i8x16.swizzle(BLANKS, low), bytes)));
}

@inline
function feedsOf(bytes: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0x0a))));
}

/**
 * Finds all words and line ends of the input, 64 bytes at a time.
 *
 * The input must end in a line feed, and blanks must follow it. Words and blanks alternate, so the
 * places where one turns into the other are the words' starts and ends in turn.
 *
 * @returns how many lines there are
 */
export function findWords(length: usize): i32 {
  const stop = INPUT + length;
  let words = WORDS;
  let ends = LINE_ENDS;
  let wasBlank: u64 = 1;
  for (let at = INPUT; at < stop; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    const blanks = blanksOf(a) | (blanksOf(b) << 16) | (blanksOf(c) << 32) | (blanksOf(d) << 48);
    let feeds = feedsOf(a) | (feedsOf(b) << 16) | (feedsOf(c) << 32) | (feedsOf(d) << 48);
    const turns = blanks ^ ((blanks << 1) | wasBlank);
    wasBlank = blanks >>> 63;
    while (feeds !== 0) {
      const bit = ctz(feeds);
      store<u32>(ends, <u32>at + <u32>bit);
      const before = turns & (((<u64>2) << bit) - 1);
      store<u32>(ends, <u32>(words + (<usize>popcnt(before) << 2)), 4);
      ends += 8;
      feeds &= feeds - 1;
    }
    words = writeTurns(words, turns, at);
  }
  return <i32>((ends - LINE_ENDS) >>> 3);
}

/** Writes the addresses of all bits; eight at a time without asking, which is faster than asking for each. */
@inline
function writeTurns(words: usize, turns: u64, at: usize): usize {
  const behind = words + (<usize>popcnt(turns) << 2);
  let to = words;
  let rest = turns;
  while (to < behind) {
    for (let i = 0; i < 8; i++) {
      store<u32>(to + (<usize>i << 2), <u32>at + <u32>ctz(rest));
      rest &= rest - 1;
    }
    to += 32;
  }
  return behind;
}
