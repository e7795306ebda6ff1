import type { Prng } from '../sample/prng.ts';
import type { Host, Workload } from '../sample/topology.ts';
import type { TierKind } from './names.ts';
import type { WorldOptions } from './options.ts';

/** A protected address with its place in the estate. */
export interface Member extends Workload {
  readonly role: string;
  /** The tag of the application's group around {@link Workload.group}. */
  readonly parent: string | null;
  /** Another address of the same machine. */
  second: Member | null;
  /** Nothing ever reaches it, and it reaches nothing. */
  readonly isSilent: boolean;
  readonly isSecond: boolean;
}

/** A load balancer. */
export interface Balancer {
  readonly name: string;
  readonly mode: 'snat' | 'inline';
  readonly snat: readonly string[];
  /** Where its own questions come from. */
  readonly self: string;
}

/** An address of a load balancer, and what stands behind. */
export interface Vip {
  readonly name: string;
  readonly address: string;
  readonly balancer: Balancer;
  readonly ports: readonly { readonly port: number; readonly poolPort: number }[];
  readonly tier: Tier;
  /** Members the balancer sends sessions to. */
  readonly chosen: readonly Member[];
}

/** Members of one application that do the same. */
export interface Tier {
  readonly kind: TierKind;
  readonly role: string;
  readonly members: readonly Member[];
  /** Their tags; two where the tier is split, none where it is untagged. */
  readonly groups: readonly string[];
  /** The port its members listen on for sessions that come without a balancer. */
  readonly port: number;
  vip: Vip | null;
}

/** One tier opens sessions to another. */
export interface Edge {
  readonly from: Tier;
  readonly to: Tier;
  /** Sessions stay open for hours and are opened rarely. */
  readonly isLongLived: boolean;
  /** How likely a request at `from` leads to one at `to`. */
  readonly chance: number;
}

/** An application. */
export interface Application {
  readonly name: string;
  readonly stem: string | null;
  readonly parent: string | null;
  readonly tiers: readonly Tier[];
  readonly edges: readonly Edge[];
  /** Where requests come in. */
  readonly entry: Tier;
}

/** An address that serves or visits everybody. */
export interface SharedServer {
  readonly name: string;
  readonly address: string;
  readonly member: Member | null;
  /** Protocol and port of what it serves. */
  readonly serves: readonly (readonly [number, number])[];
  /** Protocol and port of what it uses at those it visits; no port for ICMP. */
  readonly polls: readonly (readonly [number, number | null])[];
  /** How busy it is beside the others. */
  readonly weight: number;
}

/** A busy server beyond every vNIC that one tier uses. */
export interface Outsider {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly tier: Tier;
}

/** An estate: everything there is before anybody speaks. */
export interface Estate {
  readonly options: WorldOptions;
  readonly hosts: readonly Host[];
  readonly members: readonly Member[];
  readonly byAddress: ReadonlyMap<string, Member>;
  readonly applications: readonly Application[];
  readonly crossings: readonly { readonly from: Tier; readonly to: Application }[];
  readonly balancers: readonly Balancer[];
  readonly vips: readonly Vip[];
  readonly shared: readonly SharedServer[];
  readonly outsiders: readonly Outsider[];
  readonly desktops: readonly Member[];
  readonly users: readonly string[];
  readonly scanners: readonly string[];
  /** Number of the rule that carries each tag. */
  readonly rules: ReadonlyMap<string, number>;
  readonly defaultTag: string;
}

/** Hands out addresses no two of which are the same. */
export class Addresses {
  readonly #used = new Set<string>();
  readonly #prng: Prng;
  #network = 0;

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  /** The first three octets of a network of its own. */
  network(): string {
    this.#network++;
    return `10.${20 + Math.floor(this.#network / 250)}.${this.#network % 250}`;
  }

  /** A free address of a network, never its first or last. */
  in(network: string): string {
    for (let tries = 0; tries < 5_000; tries++) {
      const address = `${network}.${this.#prng.int(2, 250)}`;
      if (this.#used.has(address)) continue;
      this.#used.add(address);
      return address;
    }
    throw new Error(`The network ${network} is full.`);
  }
}

/** Makes members and gives each a host, a filter and its addresses. */
export class MemberMaker {
  readonly members: Member[] = [];
  readonly hosts: readonly Host[];
  readonly #prng: Prng;
  readonly #options: WorldOptions;
  #sixes = 0;

  constructor(options: WorldOptions, prng: Prng) {
    this.#options = options;
    this.#prng = prng;
    const both = ['nsx-v', 'nsx-t'] as const;
    this.hosts = Array.from({ length: options.hosts }, (_, i): Host => {
      const dialect = options.dialects === 'both' ? (both[i % 2] ?? 'nsx-t') : options.dialects;
      const skewMs = prng.int(-options.skewMs, options.skewMs);
      return { name: `host${i + 1}`, dialect, skewMs, pid: 2_097_000 + i };
    });
  }

  #filter(host: Host, index: number): string {
    if (host.dialect === 'nsx-v') return String(10_000 + index);
    return ((index * 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  }

  /** Adds a member, and its second address where it is to have one. */
  make(
    address: string,
    place: Pick<Member, 'name' | 'role' | 'group' | 'parent'> & { readonly maySleep?: boolean },
  ): Member {
    const { name, role, group, parent } = place;
    const host = this.#prng.pick(this.hosts);
    const filter = this.#filter(host, this.members.length + 1);
    const isSilent = place.maySleep === true && this.#prng.chance(this.#options.silentShare);
    const common = { name, role, group, parent, host, filter, isSilent };
    const member: Member = { ...common, address, second: null, isSecond: false };
    this.members.push(member);
    if (this.#prng.chance(this.#options.ipv6Share)) {
      const low = (++this.#sixes + 16).toString(16);
      const six = `2001:db8:0:10::${low}`;
      member.second = { ...common, address: six, second: null, isSecond: true };
      this.members.push(member.second);
    }
    return member;
  }
}
