import { add, entry, MANY } from './facts.ts';
import type { Link, Links } from './links.ts';
import type { FoundVip } from './vips.ts';
import { tierOfService } from './well-known.ts';

/** What workloads do, as sets of those that do the same. */
export interface Role {
  readonly members: readonly number[];
  /** True for workloads that only use applications, such as desktops. */
  readonly isClient: boolean;
  /** How alike the members are, 0 to 1. */
  readonly likeness: number;
  readonly events: number;
}

/** What roles are told by. */
export interface RoleFacts {
  readonly links: readonly Link[];
  /** Sessions balancers opened, by member and service. */
  readonly balanced: Links['balanced'];
  readonly vips: readonly FoundVip[];
  /** Workloads whose role is asked for. */
  readonly asked: ReadonlySet<number>;
  /** Addresses that are one machine's. */
  readonly machines: readonly (readonly number[])[];
  /** A name for peers whose group is known already. */
  readonly knownAs: (code: number) => string | undefined;
}

/** Profiles at least this alike are one role; those in different networks must be more so. */
const ALIKE = { sameNetwork: 0.5, otherNetwork: 0.72 };

/** Rounds until the roles of peers no longer change; each takes the roles of the last. */
const MOST_ROUNDS = 12;

/** What more sets than this have in common makes only those of one network be compared. */
const CROWD = 200;

type Profile = ReadonlyMap<string, number>;

/** A number of sessions as weight: the first few count most. */
function weightOf(sessions: number): number {
  return Math.min(4, 1 + Math.log2(1 + sessions) / 2);
}

/** Weighted Jaccard similarity: what both have over what either has. */
export function likeness(one: Profile, other: Profile): number {
  let both = 0;
  let either = 0;
  for (const [key, weight] of one) {
    const against = other.get(key) ?? 0;
    both += Math.min(weight, against);
    either += Math.max(weight, against);
  }
  for (const [key, weight] of other) if (!one.has(key)) either += weight;
  return either === 0 ? 0 : both / either;
}

function networkOf(code: number): number {
  return Math.floor(code / 256);
}

/** Sets that grow together. */
class Unions {
  readonly #parent = new Map<number, number>();

  find(code: number): number {
    let root = code;
    for (;;) {
      const above = this.#parent.get(root) ?? root;
      if (above === root) break;
      root = above;
    }
    this.#parent.set(code, root);
    return root;
  }

  join(one: number, other: number): void {
    const [a, b] = [this.find(one), this.find(other)];
    if (a !== b) this.#parent.set(Math.max(a, b), Math.min(a, b));
  }
}

const CLIENTS = 'clients';
const OUTSIDE = 'outside';

class RoleFinder {
  readonly #facts: RoleFacts;
  readonly #unions = new Unions();
  readonly #clients: ReadonlySet<number>;

  constructor(facts: RoleFacts) {
    this.#facts = facts;
    this.#clients = this.#findClients();
    for (const addresses of facts.machines) {
      const own = addresses.filter((code) => facts.asked.has(code) && !this.#clients.has(code));
      for (const code of own) this.#unions.join(own[0] ?? code, code);
    }
    for (const { ports } of facts.vips) {
      for (const { pool } of ports) {
        const own = pool.filter((member) => facts.asked.has(member));
        for (const member of own) this.#unions.join(own[0] ?? member, member);
      }
    }
  }

  /** Workloads that serve nobody and ask for what mostly other such workloads or outsiders ask for. */
  #findClients(): ReadonlySet<number> {
    const { links, asked, vips, knownAs, balanced } = this.#facts;
    const serving = new Set(links.filter(({ isVip }) => !isVip).map(({ server }) => server));
    for (const { ports } of vips)
      for (const { pool } of ports) for (const m of pool) serving.add(m);
    for (const member of balanced.keys()) serving.add(member);
    const idle = new Set([...asked].filter((code) => !serving.has(code)));
    const byServer = new Map<number, { idle: number; busy: number }>();
    for (const { client, server } of links) {
      const held = entry(byServer, server, () => ({ idle: 0, busy: 0 }));
      if (idle.has(client) || client === MANY) held.idle++;
      else if (serving.has(client) || knownAs(client) !== undefined) held.busy++;
      else held.idle++;
    }
    const inner = new Map<number, number>();
    const all = new Map<number, number>();
    for (const { client, server, service, sessions } of links) {
      if (!idle.has(client)) continue;
      const { idle: few, busy } = byServer.get(server) ?? { idle: 1, busy: 0 };
      add(all, client, sessions);
      const isInner = tierOfService(service) !== undefined || busy > few * 0.5;
      if (isInner) add(inner, client, sessions);
    }
    return new Set(
      [...idle].filter((code) => (inner.get(code) ?? 0) * 2 < Math.max(1, all.get(code) ?? 0)),
    );
  }

  #labelOf(code: number): string {
    const { asked, knownAs } = this.#facts;
    if (code === MANY) return OUTSIDE;
    const known = knownAs(code);
    if (known !== undefined) return known;
    if (this.#clients.has(code)) return CLIENTS;
    return asked.has(code) ? String(this.#unions.find(code)) : OUTSIDE;
  }

  #profiles(): Map<number, Profile> {
    const sums = new Map<number, Map<string, number>>();
    const { asked, links, vips, balanced } = this.#facts;
    const wanted = (code: number) => asked.has(code) && !this.#clients.has(code);
    const put = (code: number, feature: string, sessions: number) => {
      add(
        entry(sums, code, () => new Map<string, number>()),
        feature,
        sessions,
      );
    };
    for (const { client, server, isVip, service, sessions } of links) {
      if (wanted(client)) {
        const peer = isVip ? `vip ${server}` : this.#labelOf(server);
        put(client, `to ${peer} ${service}`, sessions);
      }
      if (wanted(server)) put(server, `from ${this.#labelOf(client)} ${service}`, sessions);
    }
    for (const [member, services] of balanced) {
      if (!wanted(member)) continue;
      for (const [service, sessions] of services) put(member, `balanced ${service}`, sessions);
    }
    for (const { address, ports } of vips) {
      for (const { pool, port } of ports) {
        for (const member of pool.filter(wanted)) put(member, `behind ${address} ${port}`, 64);
      }
    }
    return new Map(
      [...sums].map(([code, features]) => [
        code,
        new Map([...features].map(([key, sessions]) => [key, weightOf(sessions)])),
      ]),
    );
  }

  /** Profiles of the sets as they are, each the mean of its members'. */
  #merged(profiles: ReadonlyMap<number, Profile>): Map<number, { profile: Profile; size: number }> {
    const sets = new Map<number, { features: Map<string, number>; size: number }>();
    for (const [code, profile] of profiles) {
      const held = entry(sets, this.#unions.find(code), () => ({
        features: new Map<string, number>(),
        size: 0,
      }));
      held.size++;
      for (const [key, weight] of profile) add(held.features, key, weight);
    }
    return new Map(
      [...sets].map(([root, { features, size }]) => [
        root,
        { size, profile: new Map([...features].map(([key, sum]) => [key, sum / size])) },
      ]),
    );
  }

  #isNear(one = -1, other = -1): boolean {
    return networkOf(one) === networkOf(other);
  }

  /** Joins the most alike sets, each with one other at most; false where none are alike enough. */
  #round(): boolean {
    const merged = [...this.#merged(this.#profiles())];
    const byFeature = new Map<string, number[]>();
    merged.forEach(([, { profile }], at) => {
      for (const key of profile.keys()) entry(byFeature, key, () => []).push(at);
    });
    const tried = new Set<number>();
    const pairs: { one: number; other: number; alike: number }[] = [];
    for (const list of byFeature.values()) {
      for (let i = 0; i < list.length; i++) {
        for (let j = i + 1; j < list.length; j++) {
          const [a = 0, b = 0] = [list[i], list[j]];
          if (list.length > CROWD && !this.#isNear(merged[a]?.[0], merged[b]?.[0])) continue;
          const key = a * merged.length + b;
          if (tried.has(key)) continue;
          tried.add(key);
          const [one, other] = [merged[a], merged[b]];
          if (one === undefined || other === undefined) continue;
          const alike = likeness(one[1].profile, other[1].profile);
          const isNear = this.#isNear(one[0], other[0]);
          if (alike >= (isNear ? ALIKE.sameNetwork : ALIKE.otherNetwork)) {
            pairs.push({ one: one[0], other: other[0], alike });
          }
        }
      }
    }
    pairs.sort((a, b) => b.alike - a.alike || a.one - b.one || a.other - b.other);
    const joined = new Set<number>();
    for (const { one, other } of pairs) {
      if (joined.has(one) || joined.has(other)) continue;
      this.#unions.join(one, other);
      joined.add(one).add(other);
    }
    return joined.size > 0;
  }

  run(): readonly Role[] {
    for (let round = 0; round < MOST_ROUNDS && this.#round(); round++);
    const profiles = this.#profiles();
    const merged = this.#merged(profiles);
    const members = new Map<number, number[]>();
    for (const code of profiles.keys()) {
      entry(members, this.#unions.find(code), () => []).push(code);
    }
    const used = new Map<number, number>();
    for (const { client, server, sessions } of this.#facts.links) {
      add(used, client, sessions);
      add(used, server, sessions);
    }
    const eventsOf = (codes: readonly number[]) =>
      codes.reduce((sum, code) => sum + (used.get(code) ?? 0), 0);
    const roles = [...members].map(([root, own]): Role => {
      const centre = merged.get(root)?.profile ?? new Map<string, number>();
      const alike = own.map((code) => likeness(profiles.get(code) ?? new Map(), centre));
      return {
        members: own,
        isClient: false,
        likeness: alike.reduce((sum, value) => sum + value, 0) / Math.max(1, own.length),
        events: eventsOf(own),
      };
    });
    const clients = [...this.#clients].filter((code) => used.has(code));
    if (clients.length === 0) return roles;
    const held = { members: clients, isClient: true, likeness: 0.9, events: eventsOf(clients) };
    return [...roles, held];
  }
}

/**
 * Roles of workloads by whom they serve and use: profiles of peers and services are compared, the
 * most alike joined, peers then named by their role, until nothing more is alike. Members of one
 * pool have one role.
 */
export function findRoles(facts: RoleFacts): readonly Role[] {
  return new RoleFinder(facts).run();
}
