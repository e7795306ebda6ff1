import { parseIpv4 } from '../bytes.ts';
import type { EventBatch } from '../event-batch.ts';
import type { Names } from '../names.ts';
import type { RejectReason } from '../outcome.ts';

const encoder = new TextEncoder();

const MAX_U32 = 0xffff_ffff;
const LONGEST_ADDRESS = 64;

/** A name where an address should be, as devices with a table of names write it. */
const HOST_NAME = /^[\w.-]*[a-z][\w.-]*$/i;

/** Codes kept of texts seen; more would be texts that do not repeat. */
const KEPT_CODES = 20_000;

/** The facts of an event that are not the same for all events of a reader. */
export interface EventFacts {
  /** Milliseconds since 1970 UTC. */
  readonly seenAt: number;
  /** `PASS`, `DROP` or `REJECT`, however the log spells it; the DFW has more. */
  readonly action: string;
  /** Index in `DIRECTIONS`; THROUGH where left out. */
  readonly direction?: 0 | 1 | 2;
  readonly protocol: number;
  /** Address codes. */
  readonly src: number;
  readonly dst: number;
  readonly srcPort?: number;
  readonly dstPort?: number;
  readonly host?: string;
  readonly filter?: string;
  readonly reason?: string;
  readonly ruleset?: string;
  readonly rule?: number;
  readonly close?: string;
  readonly flags?: number;
  /** Type * 256 + code. */
  readonly icmp?: number;
  readonly packetsForward?: number;
  readonly packetsBack?: number;
  readonly bytesForward?: number;
  readonly bytesBack?: number;
  readonly weight?: number;
  /** 0 a session's beginning, 1 its end, 2 anything else. */
  readonly kind: 0 | 1 | 2;
  /** Whether the server's side is the sender. */
  readonly isReply?: boolean;
  /** Index in `SEEN`. */
  readonly seen: 0 | 1 | 2;
}

/** Writes events that were read from text into a batch. */
export class EventRow {
  readonly #names: Names;
  readonly #codes = new Map<string, number>();
  // Not a Buffer: a dictionary keeps slices of what it is given, and a Buffer's slices are no copies.
  readonly #scratch = new Uint8Array(LONGEST_ADDRESS);

  constructor(names: Names) {
    this.#names = names;
  }

  /** The code of an address given as text, or why it has none. */
  address(text: string): number | RejectReason {
    if (text.length > LONGEST_ADDRESS) return 'bad address';
    const zone = text.indexOf('%');
    const address = zone < 0 ? text : text.slice(0, zone);
    const { written: length } = encoder.encodeInto(address, this.#scratch);
    if (text.includes(':')) {
      const code = this.#names.ipv6Code(this.#scratch, 0, length);
      return code < 0 ? 'bad address' : code;
    }
    const value = parseIpv4(this.#scratch, 0, length);
    if (value >= 0) return this.#names.ipv4Code(value);
    return HOST_NAME.test(text) ? 'name for address' : 'bad address';
  }

  /** Fills the row after the batch's last and counts it. */
  write(batch: EventBatch, facts: EventFacts): void {
    const row = batch.rows;
    batch.seenAt.set(row, facts.seenAt);
    batch.host[row] = this.#code('host', facts.host);
    batch.filter[row] = this.#code('filter', facts.filter);
    batch.kind[row] = facts.kind;
    batch.reason[row] = this.#code('reason', facts.reason);
    batch.action[row] = this.#code('action', facts.action);
    batch.ruleset[row] = this.#code('ruleset', facts.ruleset);
    batch.rule[row] = facts.rule ?? 0;
    batch.direction[row] = facts.direction ?? 2;
    batch.protocol[row] = facts.protocol;
    batch.src[row] = facts.src;
    batch.srcPort[row] = facts.srcPort ?? 0;
    batch.dst[row] = facts.dst;
    batch.dstPort[row] = facts.dstPort ?? 0;
    batch.flags[row] = facts.flags ?? 0;
    batch.reply[row] = facts.isReply === true ? 1 : 0;
    batch.close[row] = this.#code('close', facts.close);
    batch.icmp[row] = facts.icmp ?? 0;
    batch.length[row] = 0;
    batch.packetsForward[row] = Math.min(facts.packetsForward ?? 0, MAX_U32);
    batch.packetsBack[row] = Math.min(facts.packetsBack ?? 0, MAX_U32);
    batch.bytesForward.set(row, facts.bytesForward ?? 0);
    batch.bytesBack.set(row, facts.bytesBack ?? 0);
    batch.tag[row] = 0;
    batch.seen[row] = facts.seen;
    batch.weight[row] = Math.min(facts.weight ?? 1, MAX_U32);
    batch.rows = row + 1;
  }

  #code(kind: 'host' | 'filter' | 'reason' | 'action' | 'ruleset' | 'close', text = ''): number {
    if (text === '') return 0;
    const key = `${kind} ${text}`;
    const known = this.#codes.get(key);
    if (known !== undefined) return known;
    const code = this.#names[kind].codeOfText(text);
    if (this.#codes.size >= KEPT_CODES) this.#codes.clear();
    this.#codes.set(key, code);
    return code;
  }
}

/** A whole number of decimal digits up to `most`, nothing where the text is none. */
export function wholeNumber(text: string | undefined, most: number): number | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= most ? value : undefined;
}

/** A counter, 0 where the log has none; greater ones than a double holds exactly are cut. */
export function counter(text: string | undefined): number {
  return text !== undefined && /^\d+$/.test(text)
    ? Math.min(Number(text), Number.MAX_SAFE_INTEGER)
    : 0;
}

/**
 * Whether a record of one direction was sent by the server: the lower port is the service's. Equal
 * ports tell nothing, then the sender is taken for the client.
 */
export function isFromServer(srcPort: number, dstPort: number): boolean {
  return srcPort < dstPort && srcPort > 0;
}
