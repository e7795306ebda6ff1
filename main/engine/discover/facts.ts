import { isGroupAddress } from './vantage.ts';

/** Stands for all strangers that are seldom seen, in {@link Talk}. */
export const MANY = 0;

/** Sessions from one address to another over one service, each counted once. Addresses are codes. */
export interface Talk {
  /** {@link MANY} for strangers that are summed up. */
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  /** -1 where nothing passed. */
  readonly port: number;
  /** Distinct sources. */
  readonly clients: number;
  /** Sessions the server's vNIC logged. */
  readonly inSessions: number;
  /** Sessions the client's vNIC logged. */
  readonly outSessions: number;
  readonly sessions: number;
  readonly passed: number;
  readonly events: number;
  /** Milliseconds since 1970 UTC. */
  readonly first: number;
  readonly last: number;
}

/** A protocol and port as one number, to compare and to key by. */
export function serviceKey(protocol: number, port: number): number {
  return protocol * 65_536 + port;
}

/** The protocol of a {@link serviceKey}. */
export function protocolOf(key: number): number {
  return Math.floor(key / 65_536);
}

/** The port of a {@link serviceKey}. */
export function portOf(key: number): number {
  return key % 65_536;
}

/** Adds to a count of a map. */
export function add<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** The value of a map, made where it is new. */
export function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const held = map.get(key);
  if (held !== undefined) return held;
  const made = make();
  map.set(key, made);
  return made;
}

/** What the flows say about who talks to whom. */
export class Facts {
  /** Addresses with a vantage of their own. */
  readonly workloads: ReadonlySet<number>;
  /** Passed sessions between addresses that stand for somebody. */
  readonly talks: readonly Talk[];
  readonly bySource: ReadonlyMap<number, readonly Talk[]>;
  readonly byDestination: ReadonlyMap<number, readonly Talk[]>;

  constructor(workloads: ReadonlySet<number>, talks: readonly Talk[]) {
    this.workloads = workloads;
    this.talks = talks;
    const bySource = new Map<number, Talk[]>();
    const byDestination = new Map<number, Talk[]>();
    for (const talk of talks) {
      entry(bySource, talk.source, () => []).push(talk);
      entry(byDestination, talk.destination, () => []).push(talk);
    }
    this.bySource = bySource;
    this.byDestination = byDestination;
  }
}

/** First and last IPv4 multicast address as codes. Source: RFC 5771. */
const MULTICAST = { first: 0xe000_0000, last: 0xefff_ffff };

/**
 * Tells addresses that stand for nobody in particular: multicast, broadcast, unspecified; a
 * subnet's broadcast address is taken for one where it is no workload and its last octet is 255.
 */
export function makeIsNobody(
  workloads: ReadonlySet<number>,
  coded: readonly { readonly code: number; readonly text: string }[],
): { readonly isNobody: (code: number) => boolean; readonly codes: readonly number[] } {
  const codes = coded.filter(({ text }) => isGroupAddress(text)).map(({ code }) => code);
  const held = new Set([0, ...codes]);
  const isNobody = (code: number) =>
    held.has(code) ||
    (code >= MULTICAST.first && code <= MULTICAST.last) ||
    (code < MULTICAST.first && code % 256 === 255 && !workloads.has(code));
  return { isNobody, codes: [...held] };
}
