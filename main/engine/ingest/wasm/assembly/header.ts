import { bitsEqual, bitsOf, bitsWithin, byteAt, isDigit, parseNumber } from './bytes';
import { codeOf, FILTER_TEXT, HOST_TEXT } from './texts';
import { NO_TIME, parseBsdTime, parseIsoTime } from './time';

const LESS: u32 = 0x3c;
const GREATER: u32 = 0x3e;
const PAREN: u32 = 0x28;
const BRACKET: u32 = 0x5b;
const COLON: u32 = 0x3a;
const LETTER_T: u32 = 0x54;
const MINUS: u32 = 0x2d;
const SPACE: u32 = 0x20;

/** Bytes of a word's record: where it starts and where it has ended. */
const WORD: usize = 8;

/** Code of the header's host, 0 where it has none. */
export let host: u32 = 0;
/** Code of the header's filter, 0 where it has none. */
export let filter: u32 = 0;

let timeWord: usize = 0;

/** 1 where a line was met whose year was taken from those given. */
export let tookYear: u32 = 0;

export function setTookYear(value: u32): void {
  tookYear = value;
}

/** The year that the RFC 3164 time read last named, 0 for none. */
let namedYear: i32 = 0;

/** Reads the words from `first` to before `anchor`; NO_TIME where they hold no time. */
export function readHeader(first: usize, anchor: usize): i64 {
  host = 0;
  filter = 0;
  let time = isoTime(first, anchor);
  if (time === NO_TIME) {
    time = bsdTime(first, anchor);
    if (time === NO_TIME) return time;
    if (namedYear === 0) tookYear = 1;
  }
  const last = anchor - WORD;
  const hasFilter = last > timeWord && isFilter(last);
  if (hasFilter) {
    const end: usize = load<u32>(last, 4);
    const isInterface = byteAt(end - 1) === GREATER;
    filter = codeOf(FILTER_TEXT, load<u32>(last), isInterface ? end - 1 : end);
  }
  const named = firstTimeWord(first) + WORD;
  const behind = hasFilter ? last : anchor;
  if (named < behind && isHost(named)) {
    host = codeOf(HOST_TEXT, load<u32>(named), load<u32>(named, 4));
  }
  return time;
}

/** Whether one of the words is the DFW's app name. */
export function namesDfw(first: usize, behind: usize): bool {
  for (let word = first; word < behind; word += WORD) {
    if (isAppName(load<u32>(word), load<u32>(word, 4))) return true;
  }
  return false;
}

/** Steps over `<13>`. */
function afterPriority(start: usize, end: usize): usize {
  if (byteAt(start) !== LESS) return start;
  let at = start + 1;
  while (at < end && isDigit(byteAt(at))) at++;
  return byteAt(at) === GREATER ? at + 1 : start;
}

/** The last ISO time wins: a relay writes its own before the host's. */
function isoTime(first: usize, anchor: usize): i64 {
  let word = anchor;
  while (word > first) {
    word -= WORD;
    const time = isoTimeAt(word, anchor);
    if (time !== NO_TIME) return time;
  }
  return NO_TIME;
}

/** The time that a word is, or begins as a date with the time in the next word before `behind`. */
@inline
function isoTimeAt(word: usize, behind: usize): i64 {
  let start: usize = load<u32>(word);
  let end: usize = load<u32>(word, 4);
  if (end - start < 19) {
    if (end - start < 10 || byteAt(end - 3) !== MINUS) return NO_TIME;
    return spacedTimeAt(word, behind);
  }
  if (byteAt(start) === LESS) start = afterPriority(start, end);
  if (byteAt(start + 10) !== LETTER_T) return NO_TIME;
  const time = parseIsoTime(start, byteAt(end - 1) === COLON ? end - 1 : end);
  if (time !== NO_TIME) timeWord = word;
  return time;
}

/** A date in a word and the time in the next one, with one blank between. */
function spacedTimeAt(word: usize, behind: usize): i64 {
  const dateEnd: usize = load<u32>(word, 4);
  const next = word + WORD;
  if (next >= behind || byteAt(dateEnd) !== SPACE || load<u32>(next) !== <u32>dateEnd + 1) return NO_TIME;
  const start = afterPriority(load<u32>(word), dateEnd);
  if (start + 10 !== dateEnd) return NO_TIME;
  const end: usize = load<u32>(next, 4);
  const time = parseIsoTime(start, byteAt(end - 1) === COLON ? end - 1 : end);
  if (time !== NO_TIME) timeWord = next;
  return time;
}

function bsdTime(first: usize, anchor: usize): i64 {
  for (let word = first; word + 2 * WORD < anchor; word += WORD) {
    const end: usize = load<u32>(word, 4);
    const start = afterPriority(load<u32>(word), end);
    if (end - start !== 3) continue;
    const year = yearOf(word + 2 * WORD);
    const clock = word + (year === 0 ? 2 * WORD : 3 * WORD);
    if (clock >= anchor) continue;
    const time = parseBsdTime(start, word + WORD, clock, year);
    if (time !== NO_TIME) {
      timeWord = clock;
      namedYear = year;
      return time;
    }
  }
  return NO_TIME;
}

/** The year that a word is, from 1970 on; 0 where it is none. */
@inline
function yearOf(word: usize): i32 {
  const start: usize = load<u32>(word);
  const end: usize = load<u32>(word, 4);
  if (end - start !== 4) return 0;
  const year = <i32>parseNumber(start, end, 9999);
  return year < 1970 ? 0 : year;
}

/** The host follows the first time; the last one is in `timeWord`. */
function firstTimeWord(first: usize): usize {
  const last = timeWord;
  if (last === first) return last;
  if (bsdTime(first, last) !== NO_TIME) return timeWord;
  for (let word = first; word < last; word += WORD) {
    const time = isoTimeAt(word, last + WORD);
    const found = timeWord;
    timeWord = last;
    if (time !== NO_TIME) return found;
  }
  return last;
}

/** A decimal hash, eight hexadecimal digits (some perhaps blotted out with `#`), or the end of an edge's `<vrf interface>`. */
function isFilter(word: usize): bool {
  const start: usize = load<u32>(word);
  const end: usize = load<u32>(word, 4);
  if (byteAt(end - 1) === GREATER) return true;
  if (end - start > 10) return false;
  const bytes = v128.load(start);
  const lower = v128.or(bytes, i8x16.splat(0x20));
  const hex = bitsWithin(bytes, 0x30, 10) | bitsWithin(lower, 0x61, 6) | bitsEqual(bytes, 0x23);
  return (~hex & bitsOf(end - start)) === 0;
}

function isHost(word: usize): bool {
  const start: usize = load<u32>(word);
  const end: usize = load<u32>(word, 4);
  const mark = byteAt(start);
  if (byteAt(end - 1) === COLON || mark === BRACKET || mark === LESS) return false;
  if (end - start === 1 && (mark | 0x20) - 0x61 > 25) return false;
  for (let at = start; at < end; at++) if (byteAt(at) === PAREN) return false;
  return !isAppName(start, end);
}

/** `dfwpktlogs` or `firewall_pktlog` or `firewall-pktlog` in any case, bare or before `:` or `[`. */
function isAppName(start: usize, end: usize): bool {
  const length = end - start;
  if (length < 10) return false;
  const mark = byteAt(start) | 0x20;
  if (mark === 0x64) {
    return isName(start, DFWPKTLOGS, 10) && endsName(start + 10, end);
  }
  if (mark !== 0x66 || length < 15) return false;
  const joint = byteAt(start + 8);
  return (
    (joint === 0x5f || joint === 0x2d) &&
    isName(start, FIREWALL, 8) &&
    isName(start + 9, PKTLOG, 6) &&
    endsName(start + 15, end)
  );
}

const DFWPKTLOGS = memory.data<u8>([0x64, 0x66, 0x77, 0x70, 0x6b, 0x74, 0x6c, 0x6f, 0x67, 0x73]);
const FIREWALL = memory.data<u8>([0x66, 0x69, 0x72, 0x65, 0x77, 0x61, 0x6c, 0x6c]);
const PKTLOG = memory.data<u8>([0x70, 0x6b, 0x74, 0x6c, 0x6f, 0x67]);

/** Whether the bytes spell a name of small letters; the bit of case is passed over, for letters only. */
function isName(start: usize, name: usize, length: usize): bool {
  for (let at: usize = 0; at < length; at++) {
    if ((byteAt(start + at) | 0x20) !== byteAt(name + at)) return false;
  }
  return true;
}

@inline
function endsName(at: usize, end: usize): bool {
  return at === end || byteAt(at) === COLON || byteAt(at) === BRACKET;
}
