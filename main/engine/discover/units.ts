import { add, entry, MANY, protocolOf, portOf, serviceKey } from './facts.ts';
import type { Links } from './links.ts';
import type { TagParts } from './stems.ts';
import type { FoundVip } from './vips.ts';
import { isWebService, tierOfService } from './well-known.ts';

/** A group that may be a tier of an application. */
export interface Unit {
  readonly name: string;
  readonly members: readonly number[];
  /** What its tag says, `null` where it has none or says nothing. */
  readonly parts: TagParts | null;
  /** Names of the groups around it, the closest first. */
  readonly parents: readonly string[];
}

/** Sessions from one unit to another. */
export interface UnitEdge {
  readonly from: string;
  readonly to: string;
  readonly sessions: number;
}

/** Who speaks with whom, by units. */
export interface UnitGraph {
  readonly units: ReadonlyMap<string, Unit>;
  readonly edges: readonly UnitEdge[];
  /** Sessions between members of one unit, of units that have any. */
  readonly inner: ReadonlyMap<string, number>;
  /** Sessions into a unit from clients that are in none: people, partners, balancers. */
  readonly fromOutside: ReadonlyMap<string, number>;
  /** Sessions a unit serves by service. */
  readonly served: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Units behind each VIP, the one with most of the pool first. */
  readonly behind: ReadonlyMap<number, readonly string[]>;
  /** Units that stand behind one VIP together. */
  readonly mates: readonly (readonly string[])[];
}

/** How a pool lies over units, as shares of its members. */
function sharesOf(vip: FoundVip, unitOf: ReadonlyMap<number, string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { pool } of vip.ports) {
    for (const member of pool) {
      const unit = unitOf.get(member);
      if (unit !== undefined) add(counts, unit, 1);
    }
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return new Map([...counts].map(([unit, count]) => [unit, count / total]));
}

/** What a balancer opens to every pool alike is its own asking whether the members live, give or take. */
const HEALTH_SLACK = 1.4;

/** Below this share of the sessions seen, the rest is loss. */
const REST_SHARE = 0.1;

/** Members and services behind a VIP, by `member service`. */
function doorsOf({
  ports,
}: FoundVip): ReadonlyMap<string, { readonly member: number; readonly service: number }> {
  return new Map(
    ports.flatMap(({ pool, protocol, poolPort }) =>
      pool.map((member) => {
        const service = serviceKey(protocol, poolPort);
        return [`${member} ${service}`, { member, service }] as const;
      }),
    ),
  );
}

/**
 * Sessions to VIPs whose clients no vNIC saw: what balancers opened to the pool beyond the sessions
 * that were seen to be opened to the VIP, and beyond what they open to every pool.
 */
function unseenClients(
  vips: readonly FoundVip[],
  balanced: Links['balanced'],
  fronts: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  const users = new Map<string, number>();
  for (const vip of vips) for (const door of doorsOf(vip).keys()) add(users, door, 1);
  const rests = vips.map((vip): readonly [number, number] => {
    const opened = [...doorsOf(vip)].reduce(
      (sum, [key, { member, service }]) =>
        sum + (balanced.get(member)?.get(service) ?? 0) / (users.get(key) ?? 1),
      0,
    );
    const seen = fronts.get(vip.address) ?? 0;
    const rest = opened - seen;
    return [vip.address, rest < REST_SHARE * seen ? 0 : rest];
  });
  const least = Math.min(...rests.map(([, rest]) => rest));
  const health = vips.length >= 3 ? least : 0;
  return new Map(
    rests
      .filter(([, rest]) => rest > HEALTH_SLACK * health)
      .map(([vip, rest]) => [vip, rest - health]),
  );
}

/** Sums sessions between addresses to sessions between units, through VIPs where there are any. */
export function makeUnitGraph(
  units: readonly Unit[],
  { links, balanced }: Links,
  vips: readonly FoundVip[],
): UnitGraph {
  const unitOf = new Map(
    units.flatMap(({ name, members }) => members.map((m) => [m, name] as const)),
  );
  const shares = new Map(vips.map((vip) => [vip.address, sharesOf(vip, unitOf)]));
  const edges = new Map<string, UnitEdge>();
  const fromOutside = new Map<string, number>();
  const served = new Map<string, Map<number, number>>();
  const fronts = new Map<number, number>();
  const inner = new Map<string, number>();
  const serve = (unit: string, service: number, sessions: number) => {
    add(
      entry(served, unit, () => new Map<number, number>()),
      service,
      sessions,
    );
  };
  const connect = (from: string | undefined, to: string, sessions: number) => {
    if (from === undefined) {
      add(fromOutside, to, sessions);
      return;
    }
    if (from === to) add(inner, to, sessions);
    const key = `${from}\n${to}`;
    const before = edges.get(key)?.sessions ?? 0;
    if (from !== to) edges.set(key, { from, to, sessions: before + sessions });
  };
  for (const { client, server, isVip, service, sessions } of links) {
    const from = client === MANY ? undefined : unitOf.get(client);
    if (isVip) {
      add(fronts, server, sessions);
      for (const [to, share] of shares.get(server) ?? []) connect(from, to, sessions * share);
      continue;
    }
    const to = unitOf.get(server);
    if (to === undefined) continue;
    serve(to, service, sessions);
    connect(from, to, sessions);
  }
  const known = new Set(vips.flatMap((vip) => [...doorsOf(vip).keys()]));
  for (const [member, services] of balanced) {
    const unit = unitOf.get(member);
    if (unit === undefined) continue;
    for (const [service, sessions] of services) {
      serve(unit, service, sessions);
      if (!known.has(`${member} ${service}`)) add(fromOutside, unit, sessions);
    }
  }
  for (const [vip, sessions] of unseenClients(vips, balanced, fronts)) {
    for (const [unit, share] of shares.get(vip) ?? []) add(fromOutside, unit, sessions * share);
  }
  const behind = new Map(
    [...shares].map(([address, own]) => [
      address,
      [...own].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([unit]) => unit),
    ]),
  );
  const byName = new Map(units.map((unit) => [unit.name, unit]));
  return {
    units: byName,
    edges: [...edges.values()],
    inner,
    fromOutside,
    served,
    behind,
    mates: poolMates(vips, unitOf),
  };
}

/** Behind one VIP, a unit with less of the pool than this is a stray. */
const POOL_SHARE = 0.15;

/** Units that stand behind one VIP together. */
export function poolMates(
  vips: readonly FoundVip[],
  unitOf: ReadonlyMap<number, string>,
): readonly (readonly string[])[] {
  return vips.flatMap((vip) => {
    const units = [...sharesOf(vip, unitOf)].filter(([, share]) => share >= POOL_SHARE);
    return units.length > 1 ? [units.map(([unit]) => unit).sort()] : [];
  });
}

/** The services a unit mostly serves, the most used first. */
export function mainServices(graph: UnitGraph, unit: string): readonly number[] {
  return [...(graph.served.get(unit) ?? [])]
    .sort(([a, x], [b, y]) => y - x || a - b)
    .map(([service]) => service);
}

/** The tier a unit is by the services it serves; `null` where those tell nothing. */
export function tierByService(graph: UnitGraph, unit: string): string | null {
  const services = mainServices(graph, unit).slice(0, 2);
  for (const service of services) {
    const tier = tierOfService(service);
    if (tier !== undefined) return tier;
  }
  const isEntry = (graph.fromOutside.get(unit) ?? 0) > 0;
  const isWeb = services.some(
    (service) => isWebService(service) || (protocolOf(service) === 6 && portOf(service) === 8443),
  );
  return isEntry && isWeb ? 'web' : null;
}
