import type { LogFile } from './bundle.ts';
import type { DfwEvent } from './dfw-event.ts';
import type { LineKind, LogLine } from './log-lines.ts';
import type { Host } from './topology.ts';
import { BROADCAST, ICMP, ICMPV6, UDP, VRRP } from './topology.ts';
import type { TruthCounts, TruthSource } from './truth.ts';

const ACCOUNT_OF: Readonly<Record<LineKind, 'events' | 'rejects' | 'other' | 'blank'>> = {
  event: 'events',
  'cut-address': 'rejects',
  'cut-header': 'rejects',
  'missing-arrow': 'rejects',
  'bytes-in-address': 'rejects',
  garbage: 'other',
  'other-program': 'other',
  blank: 'blank',
};

/** Counts lines by what a reader should make of them. */
export function countLines(lines: readonly LogLine[]): TruthCounts {
  const counts = { lines: lines.length, events: 0, rejects: 0, other: 0, blank: 0 };
  for (const { kind } of lines) counts[ACCOUNT_OF[kind]]++;
  return counts;
}

/** The times of the first and last event, ISO 8601 UTC; throws where there is none. */
export function spanOf(events: readonly DfwEvent[]): {
  readonly first: string;
  readonly last: string;
} {
  let first = Infinity;
  let last = -Infinity;
  for (const { at } of events) {
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  return { first: new Date(first).toISOString(), last: new Date(last).toISOString() };
}

/** The account of one log file. */
export function sourceOf(host: Host, { path, lines }: LogFile): TruthSource {
  const events = lines.flatMap(({ event }) => (event === undefined ? [] : [event]));
  const { name, dialect } = host;
  return { path, host: name, format: dialect, ...countLines(lines), ...spanOf(events) };
}

const EVENT_KINDS: readonly (readonly [string, (event: DfwEvent) => boolean])[] = [
  ['match', ({ kind }) => kind === 'match'],
  ['TERM', ({ kind }) => kind === 'TERM'],
  ['drop', ({ action }) => action === 'DROP'],
  ['reply', ({ flags }) => flags === 'SA'],
  ['syn-ecn', ({ flags }) => flags === 'SEW'],
  ['close-FIN', ({ closeReason }) => closeReason === 'FIN'],
  ['close-RST', ({ closeReason }) => closeReason === 'RST'],
  ['close-TIMEOUT', ({ closeReason }) => closeReason === 'TIMEOUT'],
  ['inet6', ({ source }) => source.includes(':')],
  ['udp', ({ protocol }) => protocol === UDP],
  ['icmp', ({ protocol }) => protocol === ICMP],
  ['icmpv6', ({ protocol }) => protocol === ICMPV6],
  ['vrrp', ({ protocol }) => protocol === VRRP],
  ['broadcast', ({ destination }) => destination === BROADCAST],
];

/** Counts the lines of each kind worth a test. */
export function countKinds(lines: readonly LogLine[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [name] of EVENT_KINDS) counts[name] = 0;
  for (const { kind, event } of lines) {
    if (event === undefined) {
      counts[kind] = (counts[kind] ?? 0) + 1;
      continue;
    }
    for (const [name, has] of EVENT_KINDS) {
      if (has(event)) counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  return counts;
}
