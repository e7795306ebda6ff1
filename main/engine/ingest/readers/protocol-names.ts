import { protocolNumber } from '../../../../shared/net/service.ts';

/** Further spellings in logs of devices and collectors, beside those of the product itself. */
const SPELLINGS: ReadonlyMap<string, number> = new Map([
  ['ip', 0],
  ['icmp6', 58],
  ['icmpv6', 58],
  ['ipv6-icmp', 58],
  ['ipip', 4],
  ['ipinip', 4],
  ['ipencap', 4],
  ['tcp6', 6],
  ['igrp', 9],
  ['udp6', 17],
  ['ipv6', 41],
  ['esp', 50],
  ['ah', 51],
  ['ahp', 51],
  ['eigrp', 88],
  ['ospf', 89],
  ['pim', 103],
  ['pcp', 108],
  ['vrrp', 112],
  ['sctp', 132],
]);

const numbers = new Map<string, number | undefined>();

/** The number of a protocol as logs spell it: a name in any case, a number, `protocol 47`, `PROTO 2`. */
export function loggedProtocol(text: string): number | undefined {
  if (numbers.has(text)) return numbers.get(text);
  const plain = text.trim().toLowerCase();
  const number =
    SPELLINGS.get(plain) ?? protocolNumber(plain.replace(/^proto(?:col)?6?[ -]?(?=\d)/, ''));
  if (numbers.size < 1_000) numbers.set(text, number);
  return number;
}
