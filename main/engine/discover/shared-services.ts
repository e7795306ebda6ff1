import { add, entry, type Facts, MANY, serviceKey } from './facts.ts';
import { SHARED_PURPOSES, servedPurpose, visitPurpose } from './well-known.ts';

/** An address everybody uses, or that visits everybody. */
export interface FoundShared {
  readonly address: number;
  readonly name: string;
  /** Keys of services, the most used first. */
  readonly services: readonly number[];
  /** Units that use it, or that it visits. */
  readonly usedBy: readonly string[];
  readonly isServer: boolean;
  /** Its clients, or those it visits, as a share of all that could be. */
  readonly breadth: number;
  readonly isWellKnown: boolean;
  readonly events: number;
}

/** What is known about who belongs where, when shared services are looked for. */
export interface Estate {
  readonly facts: Facts;
  /** Innermost group of a workload. */
  readonly leafOf: ReadonlyMap<number, string>;
  readonly isNobody: (code: number) => boolean;
  /** VIPs, balancers' addresses, spurious sources: what is something else already. */
  readonly isTaken: (code: number) => boolean;
}

/** Breadth of use, as a share of the workloads. */
const WELL_KNOWN = 0.2;
const ANY_SERVICE = 0.6;
const VISITED = 0.25;

/** So many different workloads at least. */
const FEWEST = 3;

interface Use {
  readonly service: number;
  readonly peers: Set<number>;
  sessions: number;
  events: number;
}

function usesOf(
  talks: readonly {
    readonly peer: number;
    readonly service: number;
    readonly sessions: number;
    readonly events: number;
  }[],
): readonly Use[] {
  const uses = new Map<number, Use>();
  for (const { peer, service, sessions, events } of talks) {
    const use = entry(uses, service, () => ({
      service,
      peers: new Set<number>(),
      sessions: 0,
      events: 0,
    }));
    use.peers.add(peer);
    use.sessions += sessions;
    use.events += events;
  }
  return [...uses.values()].sort((a, b) => b.sessions - a.sessions || a.service - b.service);
}

/** Names of the units the addresses belong to: their group, or the address for want of one. */
function unitsOf(addresses: Iterable<number>, { leafOf }: Estate): ReadonlySet<string> {
  return new Set([...addresses].flatMap((address) => leafOf.get(address) ?? []));
}

class SharedFinder {
  readonly #estate: Estate;
  readonly #clients: number;
  readonly #servers: number;
  readonly #unitCount: number;

  constructor(estate: Estate) {
    this.#estate = estate;
    const { facts, leafOf, isTaken } = estate;
    const opening = new Set<number>();
    const serving = new Set<number>();
    for (const { source, destination, passed } of facts.talks) {
      if (passed === 0 || isTaken(source)) continue;
      if (facts.workloads.has(source)) opening.add(source);
      if (facts.workloads.has(destination)) serving.add(destination);
    }
    this.#clients = opening.size;
    this.#servers = serving.size;
    this.#unitCount = new Set(leafOf.values()).size;
  }

  #isBroad(peers: ReadonlySet<number>, share: number, of: number): boolean {
    const { leafOf } = this.#estate;
    if (peers.size < FEWEST || peers.size < share * of) return false;
    const units = unitsOf(peers, this.#estate).size;
    const loose = [...peers].filter((peer) => !leafOf.has(peer)).length;
    return this.#unitCount < 2 || units >= 2 || loose >= FEWEST;
  }

  #served(address: number): readonly Use[] {
    const { facts, isNobody } = this.#estate;
    const own = (facts.byDestination.get(address) ?? []).filter(
      ({ source, passed, port }) =>
        passed > 0 && port >= 0 && facts.workloads.has(source) && !isNobody(source),
    );
    return usesOf(
      own.map(({ source, protocol, port, passed, events }) => ({
        peer: source,
        service: serviceKey(protocol, port),
        sessions: passed,
        events,
      })),
    );
  }

  #visited(address: number): readonly Use[] {
    const { facts } = this.#estate;
    const own = (facts.bySource.get(address) ?? []).filter(
      ({ destination, passed, port }) =>
        passed > 0 && port >= 0 && facts.workloads.has(destination),
    );
    return usesOf(
      own.map(({ destination, protocol, port, passed, events }) => ({
        peer: destination,
        service: serviceKey(protocol, port),
        sessions: passed,
        events,
      })),
    );
  }

  #asServer(address: number): FoundShared | null {
    const uses = this.#served(address);
    const broad = uses.filter((use) => {
      const isKnown = servedPurpose(use.service) !== undefined;
      return this.#isBroad(use.peers, isKnown ? WELL_KNOWN : ANY_SERVICE, this.#clients);
    });
    if (broad.length === 0) return null;
    const also = uses.filter(
      (use) =>
        !broad.includes(use) && servedPurpose(use.service) !== undefined && use.peers.size > 1,
    );
    const kept = uses.filter((use) => broad.includes(use) || also.includes(use));
    const purposes = new Set(kept.flatMap((use) => servedPurpose(use.service) ?? []));
    const name = SHARED_PURPOSES.find((purpose) => purposes.has(purpose)) ?? 'Shared server';
    return this.#found(address, name, kept, { isServer: true, of: this.#clients });
  }

  #asVisitor(address: number): FoundShared | null {
    const uses = this.#visited(address);
    const broad = uses.filter((use) => {
      const isKnown = visitPurpose(use.service) !== undefined;
      return this.#isBroad(use.peers, isKnown ? VISITED : ANY_SERVICE, this.#servers);
    });
    if (broad.length === 0) return null;
    const sessions = new Map<string, number>();
    for (const use of broad) add(sessions, visitPurpose(use.service) ?? 'Visitor', use.sessions);
    const [best] = [...sessions].sort(([, a], [, b]) => b - a);
    const name = best?.[0] ?? 'Visitor';
    return this.#found(address, name, broad, { isServer: false, of: this.#servers });
  }

  #found(
    address: number,
    name: string,
    uses: readonly Use[],
    { isServer, of }: { readonly isServer: boolean; readonly of: number },
  ): FoundShared {
    const peers = new Set(uses.flatMap((use) => [...use.peers]));
    const known = isServer ? servedPurpose : visitPurpose;
    return {
      address,
      name,
      services: uses.map(({ service }) => service),
      usedBy: [...unitsOf(peers, this.#estate)].sort(),
      isServer,
      breadth: Math.min(1, peers.size / Math.max(1, of)),
      isWellKnown: uses.some(({ service }) => known(service) !== undefined),
      events: uses.reduce((sum, use) => sum + use.events, 0),
    };
  }

  run(): readonly FoundShared[] {
    const { facts, isNobody, isTaken } = this.#estate;
    const all = new Set([...facts.bySource.keys(), ...facts.byDestination.keys()]);
    return [...all].flatMap((address) => {
      if (address === MANY || isNobody(address) || isTaken(address)) return [];
      return this.#asServer(address) ?? this.#asVisitor(address) ?? [];
    });
  }
}

/**
 * Addresses that serve a whole estate, told by a well-known service and by how many workloads use
 * it; and those that visit it, such as monitoring and jump hosts.
 */
export function findShared(estate: Estate): readonly FoundShared[] {
  return new SharedFinder(estate).run();
}
