import { hasPorts, isIcmp, type PortRange, type Service } from '../net/service.ts';
import {
  combine,
  holds,
  includes,
  ofStretches,
  overlap,
  same,
  stretchesOf,
  union,
  type Intervals,
  type Stretch,
} from './intervals.ts';

const PORTS = 65_536;
const KEYS = 256 * PORTS;

/** What a flow is to services: its protocol, and its ports or ICMP type where they are known. */
export interface ServiceSeenOnce {
  readonly protocol: number;
  /** Destination port; 0 where the protocol has none. */
  readonly port: number;
  /** The client's port; `null` where it is not known: {@link ASSUMED_SOURCE_PORT} is taken then. */
  readonly sourcePort: number | null;
  /** ICMP type * 256 + code; `null` where it is not known: an echo request is taken then. */
  readonly icmp: number | null;
}

/** A client's port where none was logged: one of the dynamic ports (RFC 6335 §6). */
export const ASSUMED_SOURCE_PORT = 50_000;

/** Echo request by protocol: RFC 792 for ICMP, RFC 4443 §4.1 for ICMPv6; type * 256 + code. */
export function echoRequest(protocol: number): number {
  return (protocol === 58 ? 128 : 8) * 256;
}

/** One number for a protocol with its destination port or ICMP type and code. */
export function serviceKey({ protocol, port, icmp }: Omit<ServiceSeenOnce, 'sourcePort'>): number {
  if (isIcmp(protocol)) return protocol * PORTS + (icmp ?? echoRequest(protocol));
  return protocol * PORTS + (hasPorts(protocol) ? port : 0);
}

/** A service with a client's port, as sets look at it. */
export interface KeyFromPort {
  readonly key: number;
  readonly sourcePort: number;
}

/** The client's ports from `from` up to but without `to`, and what is in the set with such a port. */
interface Slice {
  readonly from: number;
  readonly to: number;
  readonly keys: Intervals<number>;
}

function keysOf({ protocol, ports, icmp }: Service): Intervals<number> {
  const base = protocol * PORTS;
  if (icmp !== undefined) {
    return ofStretches(
      icmp.map(({ type, code }): Stretch<number> => {
        const first = base + type * 256 + (code ?? 0);
        return [first, first + (code === null ? 256 : 1)];
      }),
    );
  }
  if (ports.length === 0) return [base, base + PORTS];
  return ofStretches(ports.map(({ first, last }) => [base + first, base + last + 1]));
}

/**
 * A set of services: protocols with destination ports, ICMP types and codes, and the client's ports.
 * Sets do not change; equal sets have equal parts.
 */
export class ServiceSet {
  static readonly NONE = new ServiceSet([{ from: 0, to: PORTS, keys: [] }]);
  /** Every protocol with every port, type and code. */
  static readonly ALL = new ServiceSet([{ from: 0, to: PORTS, keys: [0, KEYS] }]);

  readonly #slices: readonly Slice[];

  private constructor(slices: readonly Slice[]) {
    this.#slices = slices;
  }

  static #make(slices: readonly Slice[]): ServiceSet {
    const merged: Slice[] = [];
    for (const slice of slices) {
      const before = merged.at(-1);
      if (before !== undefined && same(before.keys, slice.keys)) {
        merged.splice(-1, 1, { ...before, to: slice.to });
      } else merged.push(slice);
    }
    return new ServiceSet(merged);
  }

  static #one(service: Service): ServiceSet {
    const keys = keysOf(service);
    if (service.sources === undefined) return new ServiceSet([{ from: 0, to: PORTS, keys }]);
    const own = ofStretches(
      service.sources.map(({ first, last }): Stretch<number> => [first, last + 1]),
    );
    const edges = [...new Set([0, ...own, PORTS])].sort((a, b) => a - b);
    return ServiceSet.#make(
      edges.slice(1).map((to, at) => {
        const from = edges[at] ?? 0;
        return { from, to, keys: holds(own, from) ? keys : [] };
      }),
    );
  }

  /** All that any of the services is for. */
  static of(services: readonly Service[]): ServiceSet {
    const plain = services.filter((service) => service.sources === undefined);
    const keys = plain.map(keysOf).reduce<Intervals<number>>((all, each) => union(all, each), []);
    const start = ServiceSet.#make([{ from: 0, to: PORTS, keys }]);
    return services
      .filter((service) => service.sources !== undefined)
      .reduce((all, each) => all.union(ServiceSet.#one(each)), start);
  }

  get isEmpty(): boolean {
    return this.#slices.every(({ keys }) => keys.length === 0);
  }

  /** Whether membership hangs on the client's port. */
  get usesSourcePorts(): boolean {
    return this.#slices.length > 1;
  }

  /** The client's ports at which membership changes, without 0 and 65,536. */
  get sourcePortEdges(): readonly number[] {
    return this.#slices.slice(1).map(({ from }) => from);
  }

  /** The keys, as {@link serviceKey} makes them, that are in the set with the client's port given. */
  keysFrom(sourcePort: number): Intervals<number> {
    return this.#slices.find(({ to }) => sourcePort < to)?.keys ?? [];
  }

  /** Whether it has a key, as {@link serviceKey} makes them, with a client's port. */
  hasKey({ key, sourcePort }: KeyFromPort): boolean {
    return holds(this.keysFrom(sourcePort), key);
  }

  /**
   * Some key of the set with a client's port, another one for most other numbers; `undefined` where the
   * set is empty.
   */
  sample(number: number): KeyFromPort | undefined {
    const slices = this.#slices.filter(({ keys }) => keys.length > 0);
    const slice = slices[number % Math.max(1, slices.length)];
    if (slice === undefined) return undefined;
    const turn = Math.floor(number / slices.length);
    const stretches = slice.keys.length / 2;
    const at = 2 * (turn % stretches);
    const isEnd = Math.floor(turn / stretches) % 2 === 1;
    const key = isEnd ? (slice.keys[at + 1] ?? 1) - 1 : (slice.keys[at] ?? 0);
    return { key, sourcePort: slice.from };
  }

  /** Whether it tells ICMP types apart. */
  get usesIcmpTypes(): boolean {
    return this.#slices.some(({ keys }) =>
      keys.some((key) => isIcmp(Math.floor(key / PORTS)) && key % PORTS !== 0),
    );
  }

  /** How many protocols with a port, ICMP type and code, or alone, there are; with any client's port. */
  get size(): number {
    const all = this.#slices.reduce<Intervals<number>>((sum, { keys }) => union(sum, keys), []);
    let size = 0;
    for (const [from, to] of stretchesOf(all)) {
      for (let at = from; at < to;) {
        const protocol = Math.floor(at / PORTS);
        const end = Math.min(to, (protocol + 1) * PORTS);
        size += hasPorts(protocol) || isIcmp(protocol) ? end - at : 1;
        at = end;
      }
    }
    return size;
  }

  has(seen: ServiceSeenOnce): boolean {
    const port = seen.sourcePort ?? ASSUMED_SOURCE_PORT;
    const slice = this.#slices.find(({ to }) => port < to);
    return slice !== undefined && holds(slice.keys, serviceKey(seen));
  }

  union(other: ServiceSet): ServiceSet {
    return other === this ? this : this.#combine(other, (a, b) => a || b);
  }

  intersect(other: ServiceSet): ServiceSet {
    if (other === this || other === ServiceSet.ALL) return this;
    return this === ServiceSet.ALL ? other : this.#combine(other, (a, b) => a && b);
  }

  subtract(other: ServiceSet): ServiceSet {
    if (other === ServiceSet.ALL || other === this) return ServiceSet.NONE;
    return this.#combine(other, (a, b) => a && !b);
  }

  /** Every service that is not in this set. */
  complement(): ServiceSet {
    return ServiceSet.ALL.subtract(this);
  }

  /** Whether all services of the other set are in this one. */
  contains(other: ServiceSet): boolean {
    if (other === this || this === ServiceSet.ALL) return true;
    const [a, b] = [this.#slices[0], other.#slices[0]];
    const areBothPlain = !this.usesSourcePorts && !other.usesSourcePorts;
    if (areBothPlain && a !== undefined && b !== undefined) return includes(a.keys, b.keys);
    return other.subtract(this).isEmpty;
  }

  overlaps(other: ServiceSet): boolean {
    const [a, b] = [this.#slices[0], other.#slices[0]];
    const areBothPlain = !this.usesSourcePorts && !other.usesSourcePorts;
    if (areBothPlain && a !== undefined && b !== undefined) return overlap(a.keys, b.keys);
    return !this.intersect(other).isEmpty;
  }

  equals(other: ServiceSet): boolean {
    return (
      other === this ||
      (this.#slices.length === other.#slices.length &&
        this.#slices.every((slice, at) => {
          const counterpart = other.#slices[at];
          return slice.to === counterpart?.to && same(slice.keys, counterpart.keys);
        }))
    );
  }

  /** The set as services, one a protocol and range of the client's ports. */
  services(): readonly Service[] {
    const whole = this.#slices.length === 1;
    return this.#slices.flatMap(({ from, to, keys }) =>
      servicesOfKeys(keys).map((service) =>
        whole || !hasPorts(service.protocol)
          ? service
          : { ...service, sources: [{ first: from, last: to - 1 }] },
      ),
    );
  }

  /** A text that equal sets share and different sets do not. */
  get key(): string {
    return this.#slices.map(({ to, keys }) => `${to}:${keys.join(',')}`).join('|');
  }

  #combine(other: ServiceSet, keep: (a: boolean, b: boolean) => boolean): ServiceSet {
    const [own] = this.#slices;
    const [theirs] = other.#slices;
    if (own === undefined || theirs === undefined) return this;
    if (this.#slices.length === 1 && other.#slices.length === 1) {
      return new ServiceSet([{ ...own, keys: combine(own.keys, theirs.keys, keep) }]);
    }
    const out: Slice[] = [];
    let from = 0;
    while (from < PORTS) {
      const at = from;
      const a = this.#slices.find((slice) => at < slice.to) ?? own;
      const b = other.#slices.find((slice) => at < slice.to) ?? theirs;
      const to = Math.min(a.to, b.to);
      out.push({ from, to, keys: combine(a.keys, b.keys, keep) });
      from = to;
    }
    return ServiceSet.#make(out);
  }
}

function servicesOfKeys(keys: Intervals<number>): readonly Service[] {
  const ports = new Map<number, PortRange[]>();
  for (const [from, to] of stretchesOf(keys)) {
    for (let at = from; at < to;) {
      const protocol = Math.floor(at / PORTS);
      const end = Math.min(to, (protocol + 1) * PORTS);
      const list = ports.get(protocol) ?? [];
      ports.set(protocol, list);
      list.push({ first: at % PORTS, last: (end - 1) % PORTS });
      at = end;
    }
  }
  return [...ports].map(([protocol, ranges]) => serviceOf(protocol, ranges));
}

function serviceOf(protocol: number, ranges: readonly PortRange[]): Service {
  const [first] = ranges;
  if (first?.first === 0 && first.last === PORTS - 1) return { protocol, ports: [] };
  if (!isIcmp(protocol)) return { protocol, ports: hasPorts(protocol) ? ranges : [] };
  const icmp = ranges.flatMap((range) => {
    const types = [];
    for (let at = range.first; at <= range.last;) {
      const type = Math.floor(at / 256);
      const isWhole = at % 256 === 0 && at + 255 <= range.last;
      types.push({ type, code: isWhole ? null : at % 256 });
      at += isWhole ? 256 : 1;
    }
    return types;
  });
  return { protocol, ports: [], icmp };
}
