import type { DfwEvent } from '../sample/dfw-event.ts';
import type { Edge, Estate, Member, Vip } from './estate.ts';
import { workloadOf } from './event-sink.ts';
import type { WorldSpurious } from './truth.ts';

/** What lines show of a VIP. */
export interface VipTally {
  sessions: number;
  /** By port of the VIP and member. */
  readonly stitched: Map<string, number>;
  readonly snat: Map<string, number>;
}

interface SharedTally {
  sessions: number;
  readonly usedBy: Set<string>;
  readonly serves: Set<string>;
  readonly polls: Set<string>;
}

interface SpuriousTally {
  readonly kind: WorldSpurious['kind'];
  attempts: number;
  readonly targets: Set<string>;
  readonly ports: Set<string>;
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const held = map.get(key);
  if (held !== undefined) return held;
  const made = make();
  map.set(key, made);
  return made;
}

/** Key of a tag at a vantage. */
export function tagKey(tag: string, address: string): string {
  return `${tag}\n${address}`;
}

/** Key of a VIP's port and a member behind it. */
export function legKey(port: number, member: string): string {
  return `${port} ${member}`;
}

/** Counts what the lines that are left can prove. */
export class Tally {
  lines = 0;
  readonly atVantage = new Map<string, number>();
  readonly underTag = new Map<string, number>();
  readonly vips = new Map<Vip, VipTally>();
  readonly edges = new Map<Edge, number>();
  readonly shared = new Map<string, SharedTally>();
  readonly spurious = new Map<string, SpuriousTally>();
  readonly outsiders = new Map<string, number>();
  readonly #outside: ReadonlySet<string>;

  constructor(estate: Estate) {
    this.#outside = new Set(estate.outsiders.map(({ address }) => address));
  }

  line(event: DfwEvent): void {
    this.lines++;
    const vantage = workloadOf(event);
    if (vantage !== '') {
      add(this.atVantage, vantage);
      add(this.underTag, tagKey(event.tag, vantage));
    }
    if (this.#outside.has(event.destination)) add(this.outsiders, event.destination);
  }

  /** A session with a shared server at one end and `other` at the other. */
  use(address: string, other: Member, way: 'serves' | 'polls', service: string): void {
    const held = entry(this.shared, address, () => ({
      sessions: 0,
      usedBy: new Set<string>(),
      serves: new Set<string>(),
      polls: new Set<string>(),
    }));
    held.sessions++;
    held.usedBy.add(other.group ?? other.role);
    held[way].add(service);
  }

  vip(vip: Vip): VipTally {
    return entry(this.vips, vip, () => ({ sessions: 0, stitched: new Map(), snat: new Map() }));
  }

  stitched(vip: Vip, port: number, member: string, from: string): void {
    const held = this.vip(vip);
    add(held.stitched, legKey(port, member));
    if (vip.balancer.mode === 'snat') add(held.snat, from);
  }

  edge(edge: Edge): void {
    add(this.edges, edge);
  }

  attempt(source: string, kind: SpuriousTally['kind'], target: string, port: string): void {
    const held = entry(this.spurious, source, () => ({
      kind,
      attempts: 0,
      targets: new Set<string>(),
      ports: new Set<string>(),
    }));
    held.attempts++;
    held.targets.add(target);
    held.ports.add(port);
  }
}
