import { ascii, isDigit, parseNumber } from './bytes.ts';
import { type MonthYears, NO_TIME, parseBsdTime, parseIsoTime } from './line-time.ts';
import type { Names } from './names.ts';
import type { Tokens } from './tokens.ts';

const LESS = 0x3c;
const GREATER = 0x3e;
const PAREN = 0x28;
const BRACKET = 0x5b;
const COLON = 0x3a;
const LETTER_T = 0x54;
const MINUS = 0x2d;
const HASH_SIGN = 0x23;
const SPACE = 0x20;

/** The names under which ESXi logs DFW packets; case does not matter. */
const APP_NAMES = ['dfwpktlogs', 'firewall_pktlog', 'firewall-pktlog'].map(ascii);

/**
 * Reads what stands before the address family: time, host, and the id of the vNIC's filter. All
 * known headers are told apart by their tokens: a local file's bare time, ESXi 8's severity and
 * process id, RFC 3164 in both spellings of the time and with a year, RFC 5424, octet counts,
 * structured data, and a collector's date and time with a blank between them.
 */
export class HeaderReader {
  /** Code of the host's name; 0 where the header has none. */
  host = 0;
  /** Code of the filter: NSX-v's decimal hash, or NSX-T's last eight digits of the VIF. */
  filter = 0;
  /** Whether a line was met whose year was taken from those given. */
  tookYear = false;
  readonly #names: Names;
  readonly #years: MonthYears;
  #hasYear = false;
  #timeToken = -1;

  constructor(names: Names, years: MonthYears) {
    this.#names = names;
    this.#years = years;
  }

  /** Whether a token is the DFW's app name, so that the line is the DFW's. */
  namesDfw(bytes: Uint8Array, tokens: Tokens): boolean {
    for (let i = 0; i < tokens.count; i++) if (isAppName(bytes, tokens, i)) return true;
    return false;
  }

  /**
   * Reads the tokens before `anchor`.
   *
   * @returns milliseconds since 1970 UTC, or NaN where the header has no time
   */
  read(bytes: Uint8Array, tokens: Tokens, anchor: number): number {
    this.host = 0;
    this.filter = 0;
    let time = this.#isoTime(bytes, tokens, anchor);
    if (Number.isNaN(time)) {
      time = this.#bsdTime(bytes, tokens, anchor);
      if (Number.isNaN(time)) return time;
      if (!this.#hasYear) this.tookYear = true;
    }
    const last = anchor - 1;
    const hasFilter = last > this.#timeToken && isFilter(bytes, tokens, last);
    if (hasFilter) this.#readFilter(bytes, tokens, last);
    const host = this.#firstTimeToken(bytes, tokens) + 1;
    if (host < (hasFilter ? last : anchor) && isHost(bytes, tokens, host)) {
      this.host = this.#names.host.codeOf(bytes, tokens.start(host), tokens.end(host));
    }
    return time;
  }

  /** The host follows the first time: a relay's header has the host, the message in it a time again. */
  #firstTimeToken(bytes: Uint8Array, tokens: Tokens): number {
    const last = this.#timeToken;
    if (last === 0 || !Number.isNaN(this.#bsdTime(bytes, tokens, last))) {
      const first = this.#timeToken;
      this.#timeToken = last;
      return first;
    }
    for (let i = 0; i < last; i++) {
      const time = this.#isoTimeAt(bytes, tokens, i, last + 1);
      const first = this.#timeToken;
      this.#timeToken = last;
      if (!Number.isNaN(time)) return first;
    }
    return last;
  }

  #readFilter(bytes: Uint8Array, tokens: Tokens, token: number): void {
    const end = tokens.end(token);
    const isInterface = bytes[end - 1] === GREATER;
    this.filter = this.#names.filter.codeOf(
      bytes,
      tokens.start(token),
      isInterface ? end - 1 : end,
    );
  }

  /** The last ISO time wins: a relay writes its own before the host's. */
  #isoTime(bytes: Uint8Array, tokens: Tokens, anchor: number): number {
    for (let i = anchor - 1; i >= 0; i--) {
      const time = this.#isoTimeAt(bytes, tokens, i, anchor);
      if (!Number.isNaN(time)) return time;
    }
    return NO_TIME;
  }

  /** The time that a token is, or begins as a date with the time in the next one before `behind`. */
  #isoTimeAt(bytes: Uint8Array, tokens: Tokens, token: number, behind: number): number {
    let end = tokens.end(token);
    const length = end - tokens.start(token);
    if (length < 10) return NO_TIME;
    let last = token;
    if (length < 19) {
      if (bytes[end - 3] !== MINUS || bytes[end] !== SPACE || token + 1 >= behind) return NO_TIME;
      last = token + 1;
      if (tokens.start(last) !== end + 1) return NO_TIME;
      end = tokens.end(last);
    }
    const start = afterPriority(bytes, tokens.start(token), tokens.end(token));
    const joint = start + 10;
    if (last === token ? bytes[joint] !== LETTER_T : joint !== tokens.end(token)) return NO_TIME;
    const time = parseIsoTime(bytes, start, bytes[end - 1] === COLON ? end - 1 : end);
    if (!Number.isNaN(time)) this.#timeToken = last;
    return time;
  }

  #bsdTime(bytes: Uint8Array, tokens: Tokens, anchor: number): number {
    for (let i = 0; i + 2 < anchor; i++) {
      const start = afterPriority(bytes, tokens.start(i), tokens.end(i));
      if (tokens.end(i) - start !== 3) continue;
      const year = yearOf(bytes, tokens, i + 2);
      const clock = year < 0 ? i + 2 : i + 3;
      if (clock >= anchor) continue;
      const time = parseBsdTime(
        bytes,
        start,
        [tokens.start(i + 1), tokens.end(i + 1)],
        [tokens.start(clock), tokens.end(clock)],
        year < 0 ? this.#years : year,
      );
      if (!Number.isNaN(time)) {
        this.#timeToken = clock;
        this.#hasYear = year >= 0;
        return time;
      }
    }
    return NO_TIME;
  }
}

/** The year that a token is, from 1970 on; -1 where it is none. */
function yearOf(bytes: Uint8Array, tokens: Tokens, token: number): number {
  if (tokens.end(token) - tokens.start(token) !== 4) return -1;
  const year = parseNumber(bytes, tokens.start(token), tokens.end(token), 9999);
  return year < 1970 ? -1 : year;
}

/** Steps over `<13>`. */
function afterPriority(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== LESS) return start;
  let at = start + 1;
  while (at < end && isDigit(bytes[at] ?? 0)) at++;
  return bytes[at] === GREATER ? at + 1 : start;
}

/**
 * A decimal hash, eight hexadecimal digits (of which published lines blot some out, `4b84####`), or
 * the end of an edge's `<vrf interface>`.
 */
function isFilter(bytes: Uint8Array, tokens: Tokens, token: number): boolean {
  const start = tokens.start(token);
  const end = tokens.end(token);
  if (bytes[end - 1] === GREATER) return true;
  if (end - start > 10) return false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    const isHex = isDigit(byte) || (byte >= 0x61 && byte <= 0x66) || (byte >= 0x41 && byte <= 0x46);
    if (!isHex && byte !== HASH_SIGN) return false;
  }
  return true;
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

function isHost(bytes: Uint8Array, tokens: Tokens, token: number): boolean {
  const start = tokens.start(token);
  const end = tokens.end(token);
  if (bytes[end - 1] === COLON || bytes[start] === BRACKET || bytes[start] === LESS) return false;
  if (end - start === 1 && !isLetter(bytes[start] ?? 0)) return false;
  for (let at = start; at < end; at++) if (bytes[at] === PAREN) return false;
  return !isAppName(bytes, tokens, token);
}

/** The app name, bare or followed by `:` or `[pid]:`. */
function isAppName(bytes: Uint8Array, tokens: Tokens, token: number): boolean {
  const start = tokens.start(token);
  const end = tokens.end(token);
  return APP_NAMES.some((name) => {
    if (end - start < name.length) return false;
    for (let at = 0; at < name.length; at++) {
      const byte = bytes[start + at] ?? 0;
      const lower = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
      if (lower !== name[at]) return false;
    }
    const next = bytes[start + name.length];
    return start + name.length === end || next === COLON || next === BRACKET;
  });
}
