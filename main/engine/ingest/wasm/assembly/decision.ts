import { byteAt, parseNumber, slashBefore } from './bytes';
import { ACTION, KIND, REASON, RULE, RULESET } from './layout';
import { EVENT, NO_ACTION, NO_RULE } from './outcome';
import { ACTION_TEXT, codeOf, REASON_TEXT, RULESET_TEXT } from './texts';

const WORD: usize = 8;
const MINUS: u32 = 0x2d;

const NSX_V: u32 = 1;
const NSX_T: u32 = 2;

/** `domain-` as seven bytes of a word. */
const DOMAIN: u64 = 0x2d6e69616d6f64;
const TERM: u32 = 0x4d524554;
const PASS: u32 = 0x53534150;
const MATC: u32 = 0x6374616d;

/** Which dialects were met, as a set of `DIALECT_BITS`. */
export let dialects: u32 = 0;
/** Code of the action PASS. */
let passCode: u32 = 0;
/** Codes of the reasons TERM and match, 0 before they were met. */
let termCode: u32 = 0;
let matchCode: u32 = 0;

export function setDialects(bits: u32): void {
  dialects = bits;
}

export function setPassCode(code: u32): void {
  passCode = code;
}

/** Reads reason, action and rule: the words from `from` to before the direction. */
export function readDecision(from: usize, direction: usize, row: usize): i32 {
  const rule = direction - WORD;
  if (rule < from + WORD) return NO_RULE;
  if (!readRule(load<u32>(rule), load<u32>(rule, 4), row)) return NO_RULE;
  const start: usize = load<u32>(from);
  const isTerm = load<u32>(from, 4) - <u32>start === 4 && load<u32>(start) === TERM;
  if (isTerm) {
    store<u8>(row, 1, KIND);
    if (termCode === 0) termCode = codeOf(REASON_TEXT, start, start + 4);
    store<u32>(row << 2, termCode, REASON);
    if (rule === from + WORD) {
      store<u32>(row << 2, passCode, ACTION);
      return EVENT;
    }
    if (rule !== from + 2 * WORD) return NO_ACTION;
  }
  const action = rule - WORD;
  if (action <= from || !readAction(load<u32>(action), load<u32>(action, 4), row)) return NO_ACTION;
  if (isTerm) return EVENT;
  const end: usize = load<u32>(action - WORD, 4);
  if (end - start === 5 && load<u32>(start) === MATC && byteAt(start + 4) === 0x68) {
    if (matchCode === 0) matchCode = codeOf(REASON_TEXT, start, end);
    store<u8>(row, 0, KIND);
    store<u32>(row << 2, matchCode, REASON);
  } else {
    store<u8>(row, isReasonMatch(start, end) ? 0 : 2, KIND);
    store<u32>(row << 2, codeOf(REASON_TEXT, start, end), REASON);
  }
  return EVENT;
}

/** `1005`, or the rule set's name before a slash: `domain-c8/1006`, `mainrs/1024`. */
@inline
function readRule(start: usize, end: usize, row: usize): bool {
  const slash = slashBefore(start, end);
  const hasRuleset = slash < end;
  const rule = parseRuleId(hasRuleset ? slash + 1 : start, end);
  if (rule < 0) return false;
  store<u32>(row << 2, <u32>rule, RULE);
  store<u32>(row << 2, hasRuleset ? codeOf(RULESET_TEXT, start, slash) : 0, RULESET);
  const isNsxv = hasRuleset && (load<u64>(start) & 0xff_ffff_ffff_ffff) === DOMAIN;
  dialects |= isNsxv ? NSX_V : NSX_T;
  return true;
}

/** The number of a rule, a negative one as 32 bits that were written with a sign; -1 where it is none. */
@inline
function parseRuleId(start: usize, end: usize): i64 {
  const rule = parseNumber(start, end, 0xffff_ffff);
  if (rule >= 0 || start >= end || byteAt(start) !== MINUS) return rule;
  const below = parseNumber(start + 1, end, 0x8000_0000);
  return below < 1 ? -1 : 0x1_0000_0000 - below;
}

@inline
function readAction(start: usize, end: usize, row: usize): bool {
  if (end - start === 4 && load<u32>(start) === PASS) {
    store<u32>(row << 2, passCode, ACTION);
    return true;
  }
  for (let at = start; at < end; at++) {
    const byte = byteAt(at);
    if (byte - 0x41 > 25 && byte !== 0x5f) return false;
  }
  store<u32>(row << 2, codeOf(ACTION_TEXT, start, end), ACTION);
  return true;
}

/** Whether the bytes are `reason-match`. */
function isReasonMatch(start: usize, end: usize): bool {
  if (end - start !== 12) return false;
  return load<u64>(start) === 0x6d2d6e6f73616572 && load<u32>(start, 8) === 0x68637461;
}
