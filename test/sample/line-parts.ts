import type { DfwEvent } from './dfw-event.ts';
import { ICMP, TCP, UDP } from './topology.ts';

/** `INET` or `INET6`. */
export function familyWord(event: DfwEvent): string {
  return event.source.includes(':') ? 'INET6' : 'INET';
}

/** The protocol as the DFW spells it; all but three are `PROTO n`. */
export function protocolWord(protocol: number): string {
  if (protocol === TCP) return 'TCP';
  if (protocol === UDP) return 'UDP';
  if (protocol === ICMP) return 'ICMP';
  return `PROTO ${protocol}`;
}

function endpoint(address: string, port: number | null): string {
  return port === null ? address : `${address}/${port}`;
}

/** `source/port->destination/port`, without ports where the protocol has none. */
export function endpoints(event: DfwEvent): string {
  const source = endpoint(event.source, event.sourcePort);
  return `${source}->${endpoint(event.destination, event.destinationPort)}`;
}

/** Everything of a match line from the direction on; the same in both dialects. */
export function matchTail(event: DfwEvent): string {
  const flags = event.flags === '' ? '' : ` ${event.flags}`;
  const protocol = protocolWord(event.protocol);
  return `${event.direction} ${event.length} ${protocol} ${endpoints(event)}${flags} ${event.tag}`;
}

/** Everything of a TERM line from the direction on; the same in both dialects. */
export function termTail(event: DfwEvent): string {
  const close = event.closeReason === '' ? '' : ` ${event.closeReason}`;
  const protocol = event.protocol === ICMP ? 'ICMP 8 0' : `${protocolWord(event.protocol)}${close}`;
  const counters = `${event.packets.join('/')} ${event.bytes.join('/')}`;
  return `${event.direction} ${protocol} ${endpoints(event)} ${counters} ${event.tag}`;
}
