import { ascii, isNegative, isText, parseIpv4, parseNumber, slashBefore } from './bytes.ts';
import { flagBits, parseCounter, parseRuleId, protocolByName } from './dfw-values.ts';
import type { EventBatch } from './event-batch.ts';
import { HeaderReader } from './line-header.ts';
import type { MonthYears } from './line-time.ts';
import type { Names } from './names.ts';
import type { LineOutcome } from './outcome.ts';
import { Tokens } from './tokens.ts';

const INET = ascii('INET');
const INET6 = ascii('INET6');
const IN = ascii('IN');
const OUT = ascii('OUT');
const TERM = ascii('TERM');
const MATCH = ascii('match');
const REASON_MATCH = ascii('reason-match');
const PASS = ascii('PASS');
const DOMAIN = ascii('domain-');

const UPPER_A = 0x41;
const UPPER_Z = 0x5a;
const UNDERSCORE = 0x5f;
const SLASH = 0x2f;
const COLON = 0x3a;
const ARROW_HEAD = 0x3e;
const MINUS = 0x2d;
const MAX_U32 = 0xffff_ffff;

const SYN = 1;
const ACK = 2;

/** The two families of line forms. */
export const DIALECT_BITS = { 'nsx-v': 1, 'nsx-t': 2 } as const;

/**
 * Reads lines of the NSX distributed firewall, of NSX-v and NSX-T alike, straight from bytes into
 * the columns of a batch.
 *
 * Nothing is read by position: the address family anchors the line, the direction ends the rule,
 * the arrow marks the addresses. So every release's form is read by one pass, and fields that a
 * release adds or leaves out do no harm. Throws nothing for any bytes whatever.
 */
export class DfwLineParser {
  /** Which dialects were met, as a set of `DIALECT_BITS`; the caller may set it to 0. */
  dialects = 0;
  /** Code of the host that the last event named, 0 where it named none. */
  host = 0;
  readonly #names: Names;
  readonly #tokens = new Tokens();
  readonly #header: HeaderReader;
  readonly #passCode: number;
  #protocol = 0;
  #port = 0;
  #arrow = 0;

  /** @param years the years of headers that have none */
  constructor(names: Names, years: MonthYears) {
    this.#names = names;
    this.#header = new HeaderReader(names, years);
    this.#passCode = names.action.codeOf(PASS, 0, PASS.length);
  }

  /** Whether a line was met whose year was taken from those given; the caller may set it. */
  get tookYear(): boolean {
    return this.#header.tookYear;
  }

  set tookYear(isTaken: boolean) {
    this.#header.tookYear = isTaken;
  }

  /**
   * Reads the line in the bytes from `start` to before `end`, without its line feed, into row
   * `batch.rows` and counts the row. `source` and `line` are left to the caller.
   */
  parse(bytes: Uint8Array, start: number, end: number, batch: EventBatch): LineOutcome {
    const tokens = this.#tokens;
    tokens.split(bytes, start, end);
    if (tokens.count === 0) return 'blank';
    const anchor = this.#findAnchor(bytes);
    if (anchor < 0) return this.#header.namesDfw(bytes, tokens) ? 'no address family' : 'other';
    return this.#parseAnchored(bytes, anchor, batch);
  }

  #findAnchor(bytes: Uint8Array): number {
    const tokens = this.#tokens;
    for (let i = 0; i < tokens.count; i++) {
      const start = tokens.start(i);
      const length = tokens.end(i) - start;
      if ((length === 4 || length === 5) && bytes[start] === 0x49) {
        const end = start + length;
        if (isText(bytes, start, end, INET) || isText(bytes, start, end, INET6)) return i;
      }
    }
    return -1;
  }

  #parseAnchored(bytes: Uint8Array, anchor: number, batch: EventBatch): LineOutcome {
    const tokens = this.#tokens;
    const row = batch.rows;
    let direction = anchor + 1;
    while (direction < tokens.count && !this.#isDirection(bytes, direction)) direction++;
    if (direction >= tokens.count) return 'no direction';

    const seenAt = this.#header.read(bytes, tokens, anchor);
    if (Number.isNaN(seenAt)) return 'no time';

    const decided = this.#readDecision(bytes, anchor + 1, direction, batch);
    if (decided !== 'event') return decided;

    const arrow = this.#findArrow(bytes, direction + 1);
    if (arrow < 0) return 'no addresses';
    const source = this.#arrow > tokens.start(arrow) ? arrow : arrow - 1;
    if (source <= direction) return 'no addresses';
    const isSpaced = this.#arrow + 2 === tokens.end(arrow) && arrow + 1 < tokens.count;
    const destination = isSpaced ? arrow + 1 : arrow;
    const described = this.#readProtocol(bytes, direction + 1, source, batch);
    if (described !== 'event') return described;
    const located = this.#readAddresses(bytes, source, destination, batch);
    if (located !== 'event') return located;
    this.#readRest(bytes, destination + 1, batch);

    batch.seenAt.set(row, seenAt);
    batch.direction[row] = isText(bytes, tokens.start(direction), tokens.end(direction), IN)
      ? 0
      : 1;
    batch.seen[row] = 0;
    batch.weight[row] = 1;
    batch.filter[row] = this.#header.filter;
    batch.host[row] = this.#header.host;
    this.host = this.#header.host;
    batch.rows = row + 1;
    return 'event';
  }

  #isDirection(bytes: Uint8Array, token: number): boolean {
    const start = this.#tokens.start(token);
    const end = this.#tokens.end(token);
    return isText(bytes, start, end, IN) || isText(bytes, start, end, OUT);
  }

  /** Reason, action and rule: the tokens between the address family and the direction. */
  #readDecision(bytes: Uint8Array, from: number, to: number, batch: EventBatch): LineOutcome {
    const tokens = this.#tokens;
    const names = this.#names;
    const row = batch.rows;
    const rule = to - 1;
    if (rule < from + 1) return 'no rule';
    if (!this.#readRule(bytes, tokens.start(rule), tokens.end(rule), batch)) return 'no rule';
    const isTerm = isText(bytes, tokens.start(from), tokens.end(from), TERM);
    if (isTerm) {
      batch.kind[row] = 1;
      batch.reason[row] = names.reason.codeOf(TERM, 0, TERM.length);
      if (rule === from + 1) {
        batch.action[row] = this.#passCode;
        return 'event';
      }
      if (rule !== from + 2) return 'no action';
    }
    const action = rule - 1;
    if (action <= from || !this.#isAction(bytes, action)) return 'no action';
    batch.action[row] = names.action.codeOf(bytes, tokens.start(action), tokens.end(action));
    if (isTerm) return 'event';
    const start = tokens.start(from);
    const end = tokens.end(action - 1);
    const isMatch = isText(bytes, start, end, MATCH) || isText(bytes, start, end, REASON_MATCH);
    batch.kind[row] = isMatch ? 0 : 2;
    batch.reason[row] = names.reason.codeOf(bytes, start, end);
    return 'event';
  }

  #isAction(bytes: Uint8Array, token: number): boolean {
    for (let at = this.#tokens.start(token); at < this.#tokens.end(token); at++) {
      const byte = bytes[at] ?? 0;
      if ((byte < UPPER_A || byte > UPPER_Z) && byte !== UNDERSCORE) return false;
    }
    return true;
  }

  /** `1005`, or the rule set's name before a slash: `domain-c8/1006`, `mainrs/1024`. */
  #readRule(bytes: Uint8Array, start: number, end: number, batch: EventBatch): boolean {
    const slash = slashBefore(bytes, start, end);
    const hasRuleset = slash < end;
    const rule = parseRuleId(bytes, hasRuleset ? slash + 1 : start, end);
    if (rule < 0) return false;
    const row = batch.rows;
    batch.rule[row] = rule;
    batch.ruleset[row] = hasRuleset ? this.#names.ruleset.codeOf(bytes, start, slash) : 0;
    const isNsxv = hasRuleset && isText(bytes, start, start + DOMAIN.length, DOMAIN);
    this.dialects |= isNsxv ? DIALECT_BITS['nsx-v'] : DIALECT_BITS['nsx-t'];
    return true;
  }

  /** The token with the first arrow in it, or -1; `#arrow` becomes the arrow's position. */
  #findArrow(bytes: Uint8Array, from: number): number {
    for (let i = from; i < this.#tokens.count; i++) {
      for (let at = this.#tokens.start(i); at < this.#tokens.end(i) - 1; at++) {
        if (bytes[at] === MINUS && bytes[at + 1] === ARROW_HEAD) {
          this.#arrow = at;
          return i;
        }
      }
    }
    return -1;
  }

  /** Length, protocol, and what an ended session says between protocol and addresses. */
  #readProtocol(bytes: Uint8Array, from: number, to: number, batch: EventBatch): LineOutcome {
    const tokens = this.#tokens;
    const row = batch.rows;
    let next = from;
    const length =
      next < to ? parseNumber(bytes, tokens.start(next), tokens.end(next), MAX_U32) : -1;
    batch.length[row] = length < 0 ? 0 : length;
    const isNegativeLength = next < to && isNegative(bytes, tokens.start(next), tokens.end(next));
    if (length >= 0 || isNegativeLength) next++;
    if (next >= to) return 'no protocol';
    let protocol = protocolByName(bytes, tokens.start(next), tokens.end(next));
    next++;
    if (protocol === 0) {
      if (next >= to) return 'no protocol';
      protocol = parseNumber(bytes, tokens.start(next), tokens.end(next), 255);
      next++;
    }
    if (protocol < 0) return 'no protocol';
    this.#protocol = protocol;
    batch.protocol[row] = protocol;
    batch.icmp[row] = 0;
    batch.close[row] = 0;
    if (next >= to) return 'event';
    const first = parseNumber(bytes, tokens.start(next), tokens.end(next), 255);
    if (first >= 0 && next + 2 === to) {
      const code = parseNumber(bytes, tokens.start(next + 1), tokens.end(next + 1), 255);
      batch.icmp[row] = code < 0 ? 0 : first * 256 + code;
    } else {
      batch.close[row] = this.#names.close.codeOf(bytes, tokens.start(next), tokens.end(to - 1));
    }
    return 'event';
  }

  /** Both ends: the parts of one token around its arrow, or tokens of their own. */
  #readAddresses(bytes: Uint8Array, from: number, to: number, batch: EventBatch): LineOutcome {
    const tokens = this.#tokens;
    const row = batch.rows;
    const sourceEnd = Math.min(this.#arrow, tokens.end(from));
    const source = this.#readEndpoint(bytes, tokens.start(from), sourceEnd);
    const sourcePort = this.#port;
    const start = Math.max(this.#arrow + 2, tokens.start(to));
    const destination = this.#readEndpoint(bytes, start, tokens.end(to));
    const destinationPort = this.#port;
    if (source < 0 || destination < 0) return 'bad address';
    if (sourcePort === -2 || destinationPort === -2) return 'bad port';
    const needsPorts = this.#protocol === 6 || this.#protocol === 17;
    if (needsPorts && (sourcePort < 0 || destinationPort < 0)) return 'no port';
    batch.src[row] = source;
    batch.srcPort[row] = Math.max(sourcePort, 0);
    batch.dst[row] = destination;
    batch.dstPort[row] = Math.max(destinationPort, 0);
    return 'event';
  }

  /** The address code, or -1; `#port` becomes the port, -1 where there is none, -2 where it is bad. */
  #readEndpoint(bytes: Uint8Array, start: number, end: number): number {
    const slash = slashBefore(bytes, start, end);
    this.#port = -1;
    if (slash < end) {
      const port = parseNumber(bytes, slash + 1, end, 65_535);
      this.#port = port < 0 ? -2 : port;
    }
    for (let at = start; at < slash; at++) {
      if (bytes[at] === COLON) return this.#names.ipv6Code(bytes, start, slash);
    }
    const value = parseIpv4(bytes, start, slash);
    return value < 0 ? -1 : this.#names.ipv4Code(value);
  }

  /** Flags or counters, then the label. */
  #readRest(bytes: Uint8Array, from: number, batch: EventBatch): void {
    const tokens = this.#tokens;
    const row = batch.rows;
    let label = from;
    batch.flags[row] = 0;
    batch.reply[row] = 0;
    batch.packetsForward[row] = 0;
    batch.packetsBack[row] = 0;
    batch.bytesForward.set(row, 0);
    batch.bytesBack.set(row, 0);
    if (batch.kind[row] === 1) {
      if (this.#readCounters(bytes, from, batch)) label = from + 2;
    } else if (this.#protocol === 6 && from < tokens.count) {
      const flags = flagBits(bytes, tokens.start(from), tokens.end(from));
      if (flags > 0) {
        label = from + 1;
        batch.flags[row] = flags;
        const isReply = (flags & SYN) === 0 || (flags & ACK) !== 0;
        batch.reply[row] = isReply && batch.kind[row] === 0 ? 1 : 0;
      }
    }
    batch.tag[row] =
      label < tokens.count ? this.#names.tag.codeOf(bytes, tokens.start(label), tokens.lineEnd) : 0;
  }

  /** Packets and bytes, each as `initiator/responder`; both or none. */
  #readCounters(bytes: Uint8Array, token: number, batch: EventBatch): boolean {
    const tokens = this.#tokens;
    if (token + 1 >= tokens.count) return false;
    const row = batch.rows;
    const pair = (index: number): readonly [number, number] | undefined => {
      const start = tokens.start(index);
      const end = tokens.end(index);
      const slash = slashBefore(bytes, start, end);
      if (bytes[slash] !== SLASH || slash >= end) return undefined;
      const forward = parseCounter(bytes, start, slash);
      const back = parseCounter(bytes, slash + 1, end);
      return forward < 0 || back < 0 ? undefined : [forward, back];
    };
    const packets = pair(token);
    const sizes = pair(token + 1);
    if (packets === undefined || sizes === undefined) return false;
    batch.packetsForward[row] = Math.min(packets[0], MAX_U32);
    batch.packetsBack[row] = Math.min(packets[1], MAX_U32);
    batch.bytesForward.set(row, sizes[0]);
    batch.bytesBack.set(row, sizes[1]);
    return true;
  }
}
