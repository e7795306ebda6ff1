import { TEXTS } from './layout';

/** The kinds of texts, in the order of `NAME_KINDS`. */
export const HOST_TEXT: u32 = 0;
export const FILTER_TEXT: u32 = 1;
export const REASON_TEXT: u32 = 2;
export const ACTION_TEXT: u32 = 3;
export const RULESET_TEXT: u32 = 4;
export const TAG_TEXT: u32 = 5;
export const CLOSE_TEXT: u32 = 6;
/** Spellings of addresses that are no ordinary IPv4 address. */
export const ADDRESS_TEXT: u32 = 7;

/** Asks for the code of a text that is not known here; its owner makes a new one where it must. */
@external('texts', 'codeOf')
declare function askCode(kind: u32, start: usize, length: usize): u32;

/** A slot is the hash, the address of the text, its length and kind, and its code, 32 bits each. */
const SLOT_BYTES: usize = 16;
const FIRST_SLOTS: u32 = 4096;

/** Texts are forgotten all at once where they would need more than this. */
const MOST_BYTES: usize = 32 << 20;

/** A longer text is asked for every time. */
const LONGEST_TEXT: usize = 4096;

/** The end of the first table. */
export const FIRST_TOP: usize = TEXTS + <usize>FIRST_SLOTS * SLOT_BYTES;

let table: usize = TEXTS;
let slots: u32 = FIRST_SLOTS;
let used: u32 = 0;
let top: usize = FIRST_TOP;

/** Forgets all texts; their owner still knows them. */
function forgetTexts(): void {
  table = TEXTS;
  slots = FIRST_SLOTS;
  used = 0;
  top = FIRST_TOP;
  memory.fill(table, 0, <usize>FIRST_SLOTS * SLOT_BYTES);
}

/** Takes memory; 0 where there is none left. */
function take(bytes: usize): usize {
  const at = top;
  const next = at + ((bytes + 7) & ~7);
  if (next > TEXTS + MOST_BYTES) return 0;
  const pages = <i32>((next + 0xffff) >>> 16);
  const missing = pages - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) return 0;
  top = next;
  return at;
}

/** The word at an address without what lies behind its first `length` bytes, 1 to 8. */
@inline
function lastWord(at: usize, length: usize): u64 {
  return load<u64>(at) & (u64.MAX_VALUE >>> ((8 - <u64>length) << 3));
}

@inline
function mixed(hash: u64, word: u64): u64 {
  const product = (hash ^ word) * 0x9e3779b97f4a7c15;
  return product ^ (product >>> 32);
}

@inline
function sameText(key: usize, start: usize, end: usize): bool {
  let at = start;
  let to = key;
  while (end - at > 8) {
    if (load<u64>(at) !== load<u64>(to)) return false;
    at += 8;
    to += 8;
  }
  return lastWord(at, end - at) === load<u64>(to);
}

/** The code of the text from `start` to before `end`. The empty text has code 0. */
export function codeOf(kind: u32, start: usize, end: usize): u32 {
  if (start >= end) return 0;
  const sort = (<u32>(end - start) << 3) | kind;
  let mix: u64 = sort;
  let at = start;
  while (end - at > 8) {
    mix = mixed(mix, load<u64>(at));
    at += 8;
  }
  const hash = <u32>mixed(mix, lastWord(at, end - at));
  const mask = slots - 1;
  let slot = hash & mask;
  while (true) {
    const place = table + <usize>slot * SLOT_BYTES;
    const key: usize = load<u32>(place, 4);
    if (key === 0) return remember(kind, start, end, hash);
    if (load<u32>(place) === hash && load<u32>(place, 8) === sort && sameText(key, start, end)) {
      return load<u32>(place, 12);
    }
    slot = (slot + 1) & mask;
  }
}

function remember(kind: u32, start: usize, end: usize, hash: u32): u32 {
  const length = end - start;
  const code = askCode(kind, start, length);
  if (length > LONGEST_TEXT) return code;
  if ((used + 1) * 2 > slots && !grow()) forgetTexts();
  let key = take(length);
  if (key === 0) {
    forgetTexts();
    key = take(length);
    if (key === 0) return code;
  }
  store<u64>(key + ((length - 1) & ~7), 0);
  memory.copy(key, start, length);
  place(table, slots, hash, <u32>key, (<u32>length << 3) | kind, code);
  used++;
  return code;
}

function place(to: usize, size: u32, hash: u32, key: u32, sort: u32, code: u32): void {
  const mask = size - 1;
  let slot = hash & mask;
  while (load<u32>(to + <usize>slot * SLOT_BYTES, 4) !== 0) slot = (slot + 1) & mask;
  const at = to + <usize>slot * SLOT_BYTES;
  store<u32>(at, hash);
  store<u32>(at, key, 4);
  store<u32>(at, sort, 8);
  store<u32>(at, code, 12);
}

function grow(): bool {
  const size = slots * 4;
  const bytes = <usize>size * SLOT_BYTES;
  const to = take(bytes);
  if (to === 0) return false;
  memory.fill(to, 0, bytes);
  for (let slot: u32 = 0; slot < slots; slot++) {
    const at = table + <usize>slot * SLOT_BYTES;
    const key = load<u32>(at, 4);
    if (key !== 0) place(to, size, load<u32>(at), key, load<u32>(at, 8), load<u32>(at, 12));
  }
  table = to;
  slots = size;
  return true;
}
