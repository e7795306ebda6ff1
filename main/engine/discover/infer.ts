import type {
  Application,
  Contradiction,
  Group,
  Inventory,
} from '../../../shared/domain/inventory.ts';
import { compareAddressTexts } from '../../../shared/net/address.ts';
import type { StatementRunner } from '../store/marks.ts';
import { type FoundApplication, findApplications } from './applications.ts';
import { readClocks } from './clocks.ts';
import { makeIsNobody, type Facts, Facts as FactTable, serviceKey } from './facts.ts';
import { readFollowed, vipCandidates } from './followers.ts';
import { makeLinks, type Links } from './links.ts';
import { leafGroups } from './membership.ts';
import { machinesOf, placeContradictions, type Places, readPlaces } from './places.ts';
import { readHabits, readMiddle, readTalks } from './read-facts.ts';
import { findRoles, type Role, type RoleFacts } from './roles.ts';
import { findShared, type FoundShared } from './shared-services.ts';
import { findSpurious, type FoundSpurious } from './spurious.ts';
import { countEvents } from './statement.ts';
import { tagParts } from './stems.ts';
import { Telling } from './telling.ts';
import { makeUnitGraph, type Unit, type UnitGraph } from './units.ts';
import { findVips, type FoundVip } from './vips.ts';

/** What the codes of the tables stand for, as discovery needs it. */
export interface Codes {
  addressText(code: number): string;
  addressCode(address: string): number | undefined;
  /** All addresses that are no ordinary IPv4 address. */
  codedAddresses(): readonly { readonly code: number; readonly text: string }[];
  tagText(code: number): string;
  rulesetText(code: number): string;
  filterText(code: number): string;
  actionCode(action: string): number;
  /** Codes of the actions after which the packet went on. */
  passing(): readonly number[];
}

/** Of a pool, a balancer asks at least this share of the members whether they live. */
const ASKED_SHARE = 0.6;

/** Whether a stranger only opens sessions to members of pools, and to most of one: it asks whether they live. */
function isBalancerItself(
  address: number,
  facts: Facts,
  pools: readonly (readonly string[])[],
): boolean {
  const talks = (facts.bySource.get(address) ?? []).filter(({ passed }) => passed > 0);
  const doors = new Set(
    talks.map(({ destination, protocol, port }) => `${destination} ${serviceKey(protocol, port)}`),
  );
  const known = new Set(pools.flat());
  if (doors.size === 0 || ![...doors].every((door) => known.has(door))) return false;
  return pools.some(
    (pool) => pool.filter((door) => doors.has(door)).length >= ASKED_SHARE * pool.length,
  );
}

/** Doors of each pool behind a balancer that does not keep the client's address. */
function poolDoors(vips: readonly FoundVip[]): readonly (readonly string[])[] {
  return vips.flatMap(({ ports }) =>
    ports
      .filter(({ mode }) => mode !== 'inline')
      .map(({ pool, protocol, poolPort }) =>
        pool.map((member) => `${member} ${serviceKey(protocol, poolPort)}`),
      ),
  );
}

/** What the first steps found, before applications. */
export interface Found {
  readonly facts: Facts;
  readonly leafOf: ReadonlyMap<number, string>;
  readonly vips: readonly FoundVip[];
  readonly shared: readonly FoundShared[];
  readonly spurious: readonly FoundSpurious[];
  readonly links: Links;
  readonly places: Places;
}

/** Finds VIPs, spurious sources and shared services, and what is left: the links of applications. */
export async function findParts(
  database: StatementRunner,
  codes: Codes,
  tagged: Inventory,
  workloads: ReadonlySet<number>,
): Promise<Found> {
  const passing = codes.passing();
  const { isNobody, codes: nobody } = makeIsNobody(workloads, codes.codedAddresses());
  const talks = (await readTalks(database, [...workloads], passing)).filter(
    ({ destination }) => !isNobody(destination) || destination === 0,
  );
  const facts = new FactTable(workloads, talks);
  const leafOf = new Map(
    [...leafGroups(tagged.groups)].flatMap(([address, group]) => {
      const code = codes.addressCode(address);
      return code === undefined ? [] : [[code, group] as const];
    }),
  );
  const events = await countEvents(database);
  const clocks = await readClocks(database, events);
  const candidates = vipCandidates(facts, isNobody);
  const followed = await readFollowed(database, candidates, { facts, clocks, passing });
  const vips = findVips(followed, facts, leafOf);
  const balancing = new Set(
    vips.flatMap(({ address, ports }) => [address, ...ports.flatMap(({ snat }) => snat)]),
  );
  const pools = poolDoors(vips);
  const selves = new Set(
    [...facts.bySource.keys()].filter(
      (code) =>
        !workloads.has(code) && !balancing.has(code) && isBalancerItself(code, facts, pools),
    ),
  );
  const isBalancing = (code: number) => balancing.has(code) || selves.has(code);
  const habits = await readHabits(database, { nobody, passing, workloads: [...workloads] });
  const spurious = findSpurious(habits, facts, (code) => isNobody(code) || isBalancing(code));
  const isSpurious = new Set(spurious.map(({ address }) => address));
  const shared = findShared({
    facts,
    leafOf,
    isNobody,
    isTaken: (code) => isSpurious.has(code) || isBalancing(code),
  });
  const isShared = new Set(shared.map(({ address }) => address));
  const links = makeLinks(facts, await readMiddle(database), {
    vips,
    isAside: (code) =>
      isShared.has(code) ||
      isSpurious.has(code) ||
      selves.has(code) ||
      (code !== 0 && isNobody(code)),
  });
  const places = await readPlaces(database, [...workloads], events);
  return { facts, leafOf, vips, shared, spurious, links, places };
}

/** Roles of workloads no tag names: of all where no tag names any, else of those that serve. */
function rolesOf(found: Found, hasTags: boolean): readonly Role[] {
  const roles = findRoles(roleFacts(found));
  return hasTags ? roles.filter(({ isClient }) => !isClient) : roles;
}

/** What roles of workloads that no tag names are told by. */
export function roleFacts(found: Found): RoleFacts {
  const { facts, leafOf, vips, shared, spurious, links, places } = found;
  const aside = new Set([...shared, ...spurious].map(({ address }) => address));
  const asked = new Set(
    [...facts.workloads].filter((code) => !leafOf.has(code) && !aside.has(code)),
  );
  return {
    links: links.links,
    balanced: links.balanced,
    vips,
    asked,
    machines: machinesOf(places),
    knownAs: (code) => leafOf.get(code),
  };
}

/** Units: the innermost tagged groups and the roles, without those that are nothing but shared services. */
function unitsOf(
  groups: readonly Group[],
  roles: ReadonlyMap<string, Role>,
  codes: Codes,
  shared: ReadonlySet<number>,
): readonly Unit[] {
  const tagged = groups
    .filter(({ children }) => children.length === 0)
    .map(({ name, members, parents }): Unit => ({
      name,
      members: members.flatMap((member) => codes.addressCode(member) ?? []),
      parts: tagParts(name),
      parents,
    }))
    .filter(({ members }) => members.some((member) => !shared.has(member)));
  const others = [...roles]
    .filter(([, { isClient }]) => !isClient)
    .map(([name, { members }]): Unit => ({ name, members, parts: null, parents: [] }));
  return [...tagged, ...others];
}

/** Gives roles names that tell people something: the application's and the tier's. */
class RoleNames {
  readonly #roles: ReadonlyMap<string, Role>;
  readonly #names = new Map<string, string>();
  readonly #applications = new Map<FoundApplication, string>();

  constructor(
    roles: ReadonlyMap<string, Role>,
    applications: readonly FoundApplication[],
    graph: UnitGraph,
    { codes, taken }: { readonly codes: Codes; readonly taken: ReadonlySet<string> },
  ) {
    this.#roles = roles;
    const used = new Set(taken);
    const fresh = (name: string) => {
      let at = 1;
      let tried = name;
      while (used.has(tried)) tried = `${name} ${++at}`;
      used.add(tried);
      return tried;
    };
    for (const application of applications) {
      const isRole = roles.has(application.name);
      const name = isRole ? this.#applicationName(application, graph, codes) : application.name;
      this.#applications.set(application, name);
      for (const tier of application.tiers) {
        for (const unit of tier.units) {
          if (roles.has(unit)) this.#names.set(unit, fresh(`${name} ${tier.name}`));
        }
      }
    }
    for (const [name, { isClient }] of roles) {
      if (!this.#names.has(name)) this.#names.set(name, fresh(isClient ? 'Clients' : 'Role'));
    }
  }

  /** After the VIP in front of it, else after its first member: what people would look up. */
  #applicationName(application: FoundApplication, graph: UnitGraph, codes: Codes): string {
    const own = new Set(application.tiers[0]?.units ?? application.units);
    const front = [...graph.behind]
      .filter(([, units]) => units.some((unit) => own.has(unit)))
      .map(([vip]) => codes.addressText(vip));
    const members = [...own].flatMap((unit) =>
      (this.#roles.get(unit)?.members ?? []).map((code) => codes.addressText(code)),
    );
    const texts = front.length > 0 ? front : members;
    return `App ${[...texts].sort(compareAddressTexts)[0] ?? application.name}`;
  }

  of(unit: string): string {
    return this.#names.get(unit) ?? unit;
  }

  ofApplication(application: FoundApplication): string {
    return this.#applications.get(application) ?? application.name;
  }
}

function withApplications(
  groups: readonly Group[],
  applications: readonly Application[],
): readonly Group[] {
  const place = new Map<string, { application: string; tier: string | null }>();
  for (const { name, tiers, groups: all } of applications) {
    for (const group of all) place.set(group, { application: name, tier: null });
    for (const tier of tiers) {
      for (const group of tier.groups) place.set(group, { application: name, tier: tier.name });
    }
  }
  return groups.map((group) => ({ ...group, ...place.get(group.name) }));
}

/**
 * Infers the whole inventory from flows and, where the project holds them, events.
 *
 * @param tagged what the tags alone show
 */
export async function infer(
  database: StatementRunner,
  codes: Codes,
  tagged: Inventory,
  workloads: ReadonlySet<number>,
): Promise<Inventory> {
  const found = await findParts(database, codes, tagged, workloads);
  const { links, vips, shared, spurious, places } = found;
  const isShared = new Set(shared.map(({ address }) => address));
  const roles = new Map(
    [...rolesOf(found, tagged.groups.length > 0)]
      .sort((a, b) => Math.min(...a.members) - Math.min(...b.members))
      .map((role, at) => [`role ${at + 1}`, role] as const),
  );
  const graph = makeUnitGraph(unitsOf(tagged.groups, roles, codes, isShared), links, vips);
  const applications = findApplications(graph);
  const taken = new Set(tagged.groups.map(({ name }) => name));
  const names = new RoleNames(roles, applications, graph, { codes, taken });
  const telling = new Telling(codes, graph, names);
  const told = telling.applications(applications, tagged.groups);
  const groups = withApplications([...tagged.groups, ...telling.roles(roles)], told);
  const grouped = new Set(groups.flatMap(({ members }) => members));
  const contradictions: readonly Contradiction[] = [
    ...tagged.contradictions,
    ...placeContradictions(places, codes),
  ];
  return {
    ...tagged,
    groups: [...groups].sort((a, b) => (a.name < b.name ? -1 : 1)),
    vips: telling.vips(vips, told),
    applications: told,
    sharedServices: telling.shared(shared),
    spurious: telling.spurious(spurious),
    contradictions,
    ungrouped: tagged.ungrouped.filter((address) => !grouped.has(address)),
  };
}
