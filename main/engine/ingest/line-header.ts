import { ascii, isDigit } from './bytes.ts';
import { type MonthYears, NO_TIME, parseBsdTime, parseIsoTime } from './line-time.ts';
import type { Names } from './names.ts';
import type { Tokens } from './tokens.ts';

const LESS = 0x3c;
const GREATER = 0x3e;
const PAREN = 0x28;
const BRACKET = 0x5b;
const COLON = 0x3a;
const LETTER_T = 0x54;

/** The names under which ESXi logs DFW packets; case does not matter. */
const APP_NAMES = ['dfwpktlogs', 'firewall_pktlog', 'firewall-pktlog'].map(ascii);

/**
 * Reads what stands before the address family: time, host, and the id of the vNIC's filter. All
 * known headers are told apart by their tokens: a local file's bare time, ESXi 8's severity and
 * process id, RFC 3164 in both spellings of the time, RFC 5424, octet counts, structured data.
 */
export class HeaderReader {
  /** Code of the host's name; 0 where the header has none. */
  host = 0;
  /** Code of the filter: NSX-v's decimal hash, or NSX-T's last eight digits of the VIF. */
  filter = 0;
  readonly #names: Names;
  readonly #years: MonthYears;
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
    if (Number.isNaN(time)) time = this.#bsdTime(bytes, tokens, anchor);
    if (Number.isNaN(time)) return time;
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
      const start = afterPriority(bytes, tokens.start(i), tokens.end(i));
      if (!Number.isNaN(parseIsoTime(bytes, start, tokens.end(i)))) return i;
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
      let start = tokens.start(i);
      const end = tokens.end(i);
      if (end - start < 19) continue;
      if (bytes[start] === LESS) start = afterPriority(bytes, start, end);
      if (bytes[start + 10] !== LETTER_T) continue;
      const time = parseIsoTime(bytes, start, bytes[end - 1] === COLON ? end - 1 : end);
      if (!Number.isNaN(time)) {
        this.#timeToken = i;
        return time;
      }
    }
    return NO_TIME;
  }

  #bsdTime(bytes: Uint8Array, tokens: Tokens, anchor: number): number {
    for (let i = 0; i + 2 < anchor; i++) {
      const start = afterPriority(bytes, tokens.start(i), tokens.end(i));
      if (tokens.end(i) - start !== 3) continue;
      const time = parseBsdTime(
        bytes,
        start,
        [tokens.start(i + 1), tokens.end(i + 1)],
        [tokens.start(i + 2), tokens.end(i + 2)],
        this.#years,
      );
      if (!Number.isNaN(time)) {
        this.#timeToken = i + 2;
        return time;
      }
    }
    return NO_TIME;
  }
}

/** Steps over `<13>`. */
function afterPriority(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== LESS) return start;
  let at = start + 1;
  while (at < end && isDigit(bytes[at] ?? 0)) at++;
  return bytes[at] === GREATER ? at + 1 : start;
}

/** A decimal hash, eight hexadecimal digits, or the end of an edge's `<vrf interface>`. */
function isFilter(bytes: Uint8Array, tokens: Tokens, token: number): boolean {
  const start = tokens.start(token);
  const end = tokens.end(token);
  if (bytes[end - 1] === GREATER) return true;
  if (end - start > 10) return false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    const isHex = isDigit(byte) || (byte >= 0x61 && byte <= 0x66) || (byte >= 0x41 && byte <= 0x46);
    if (!isHex) return false;
  }
  return true;
}

function isHost(bytes: Uint8Array, tokens: Tokens, token: number): boolean {
  const start = tokens.start(token);
  const end = tokens.end(token);
  if (bytes[end - 1] === COLON || bytes[start] === BRACKET || bytes[start] === LESS) return false;
  if (end - start === 1) return false;
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
