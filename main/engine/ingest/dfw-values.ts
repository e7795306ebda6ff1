import { ascii, isNegative, isText, parseNumber } from './bytes.ts';

const MINUS = 0x2d;
const MAX_U32 = 0xffff_ffff;
const MAX_I32 = 0x7fff_ffff;

/** Protocols the DFW spells by name; every other one is `PROTO n`. */
const PROTOCOLS: readonly (readonly [Uint8Array, number])[] = [
  [ascii('TCP'), 6],
  [ascii('UDP'), 17],
  [ascii('ICMP'), 1],
  [ascii('TCP6'), 6],
  [ascii('UDP6'), 17],
  [ascii('ICMP6'), 58],
  [ascii('ICMPv6'), 58],
  [ascii('IGMP'), 2],
  [ascii('SCTP'), 132],
];
const PROTO = ascii('PROTO');
const PROTO6 = ascii('PROTO6');

/** Flag letters in the order of their bits. */
const FLAG_LETTERS = ascii('SAPFRUEW');
/** The protocol's number, 0 where a number must follow, -1 where the bytes name none. */
export function protocolByName(bytes: Uint8Array, start: number, end: number): number {
  for (const [name, number] of PROTOCOLS) if (isText(bytes, start, end, name)) return number;
  return isText(bytes, start, end, PROTO) || isText(bytes, start, end, PROTO6) ? 0 : -1;
}

/** The flags as bits, in the order `SAPFRUEW`; 0 where the bytes are no flags. */
export function flagBits(bytes: Uint8Array, start: number, end: number): number {
  let flags = 0;
  for (let at = start; at < end; at++) {
    const bit = FLAG_LETTERS.indexOf(bytes[at] ?? 0);
    if (bit < 0 || (flags & (1 << bit)) !== 0) return 0;
    flags |= 1 << bit;
  }
  return flags;
}

/**
 * The number of a rule, -1 where the bytes are none. VMware's Log Insight content pack for NSX takes
 * ids with a minus sign; such a one is read as 32 bits that were written with a sign, so that no two
 * rules become one.
 */
export function parseRuleId(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== MINUS) return parseNumber(bytes, start, end, MAX_U32);
  const below = parseNumber(bytes, start + 1, end, MAX_I32 + 1);
  return below < 1 ? -1 : MAX_U32 + 1 - below;
}

/**
 * A counter of packets or bytes, -1 where the bytes are none. The same pack takes negative ones;
 * they say nothing of an amount and are 0.
 */
export function parseCounter(bytes: Uint8Array, start: number, end: number): number {
  if (isNegative(bytes, start, end)) return 0;
  return parseNumber(bytes, start, end, Number.MAX_SAFE_INTEGER);
}
