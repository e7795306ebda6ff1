import type { Group, Inventory } from '../../shared/domain/inventory.ts';
import { judgeFindings, type Judged } from './judge.ts';
import type { Measure } from './measure.ts';
import { adjustedRandIndex, bCubed, compare } from './measure.ts';
import { balancing, ENOUGH } from './score-balancers.ts';
import type { WorldTruth } from './truth.ts';

/** A workload must leave as many lines before its role has to be found. */
const ENOUGH_LINES = 5;

/** A group lies provably in another when this share of its proven members are proven there too. */
const PROVEN_INSIDE = 0.75;

/** What discovery is measured on; `null` where a world has nothing of the kind to measure. */
export interface Score {
  /** Members of tagged groups, as group and address. */
  readonly members: Measure | null;
  readonly nesting: Measure | null;
  readonly vips: Measure;
  /** Pairs of a VIP and a SNAT address. */
  readonly snat: Measure;
  /** VIP, port, member and the member's port. */
  readonly pools: Measure;
  /** Pairs of roles in the order sessions run. */
  readonly tiers: Measure | null;
  /** B-cubed over tagged groups, or over workloads where there are no tags. */
  readonly applications: Measure;
  /** Applications whose tags share a word that the found name holds too. */
  readonly names: Measure | null;
  readonly shared: Measure;
  /** Address and service of the shared servers found; `null` where none is. */
  readonly sharedServices: Measure | null;
  readonly spurious: Measure;
  /** The adjusted Rand index of the roles of untagged workloads; `null` in a world with tags. */
  readonly ari: number | null;
  /** Every finding, how sure it was, and whether it is right. */
  readonly findings: readonly Judged[];
}

function members(truth: WorldTruth, inventory: Inventory): Measure | null {
  if (truth.options.tagging === 'none') return null;
  const keys = (name: string, addresses: readonly string[]) =>
    addresses.map((address) => `${name} ${address}`);
  return compare(
    inventory.groups
      .filter(({ basis }) => basis === 'tag')
      .flatMap((group) => keys(group.name, group.members)),
    new Set(truth.groups.flatMap((group) => keys(group.name, group.proven))),
    new Set(truth.groups.flatMap((group) => keys(group.name, group.members))),
  );
}

function nesting(truth: WorldTruth, inventory: Inventory): Measure | null {
  const pairs = truth.groups.flatMap(({ name, parents }) => parents.map((p) => `${name} in ${p}`));
  if (pairs.length === 0) return null;
  const proven = new Map(truth.groups.map((group) => [group.name, new Set(group.proven)]));
  const isProven = (pair: string) => {
    const [inner, outer] = pair.split(' in ').map((name) => proven.get(name) ?? new Set<string>());
    if (inner === undefined || outer === undefined || inner.size === 0) return false;
    const both = [...inner].filter((address) => outer.has(address)).length;
    return both >= PROVEN_INSIDE * inner.size && outer.size > inner.size;
  };
  return compare(
    inventory.groups.flatMap(({ name, parents }) => parents.map((p) => `${name} in ${p}`)),
    new Set(pairs.filter(isProven)),
    new Set(pairs),
  );
}

/** The role most of a group's members have, if two thirds of them agree. */
function roleOf(group: Group, roles: ReadonlyMap<string, string>): string | null {
  const counts = new Map<string, number>();
  for (const address of group.members) {
    const role = roles.get(address);
    if (role !== undefined) counts.set(role, (counts.get(role) ?? 0) + 1);
  }
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  return best !== undefined && best[1] * 3 >= group.members.length * 2 ? best[0] : null;
}

/** All pairs of roles of which the first can reach the second by edges. */
function reachOf(truth: WorldTruth): ReadonlySet<string> {
  const reach = new Set(truth.edges.map(({ fromRole, toRole }) => `${fromRole} ${toRole}`));
  for (let size = -1; size !== reach.size;) {
    size = reach.size;
    for (const { fromRole, toRole } of truth.edges) {
      for (const pair of [...reach]) {
        const [first, last] = pair.split(' ');
        if (last === fromRole) reach.add(`${first ?? ''} ${toRole}`);
      }
    }
  }
  return reach;
}

function tiers(truth: WorldTruth, inventory: Inventory): Measure | null {
  if (truth.options.tagging === 'application') return null;
  const roles = new Map(truth.workloads.map(({ address, role }) => [address, role]));
  const groups = new Map(inventory.groups.map((group) => [group.name, group]));
  const found = inventory.applications.flatMap((application) => {
    const steps = application.tiers.map((tier) =>
      tier.groups.flatMap((name) => {
        const group = groups.get(name);
        const role = group === undefined ? null : roleOf(group, roles);
        return role ?? [];
      }),
    );
    return steps.flatMap((step, i) =>
      steps.slice(i + 1).flatMap((later) => step.flatMap((a) => later.map((b) => `${a} ${b}`))),
    );
  });
  const reach = reachOf(truth);
  const isUntagged = truth.options.tagging === 'none';
  const required = truth.edges
    .filter(({ sessions, toRole }) => sessions >= ENOUGH && !toRole.startsWith('common.'))
    .filter((edge) => isUntagged || (edge.fromGroups.length > 0 && edge.toGroups.length > 0))
    .map(({ fromRole, toRole }) => `${fromRole} ${toRole}`);
  const harmless = found.filter((pair) => {
    const [first = '', second = ''] = pair.split(' ');
    return first !== second && !reach.has(`${second} ${first}`);
  });
  return compare(found, new Set(required), new Set(harmless));
}

/** Innermost group of every address: the smallest one that holds it. */
function innermost(inventory: Inventory): ReadonlyMap<string, Group> {
  const held = new Map<string, Group>();
  for (const group of inventory.groups) {
    for (const address of group.members) {
      const before = held.get(address);
      if (before === undefined || group.members.length < before.members.length) {
        held.set(address, group);
      }
    }
  }
  return held;
}

function applications(truth: WorldTruth, inventory: Inventory): Measure {
  const label = (group: Group | undefined, alone: string) =>
    group?.application ??
    inventory.applications.find(({ groups }) => group !== undefined && groups.includes(group.name))
      ?.name ??
    `alone ${alone}`;
  if (truth.options.tagging === 'none') {
    const inner = innermost(inventory);
    const ofRole = new Map(
      truth.applications.flatMap(({ name, roles }) => roles.map((role) => [role, name] as const)),
    );
    return bCubed(
      truth.workloads
        .filter(({ lines, isSecond }) => lines >= ENOUGH_LINES && !isSecond)
        .flatMap(({ address, role }) => {
          const application = ofRole.get(role);
          if (application === undefined) return [];
          return [[address, application, label(inner.get(address), address)] as const];
        }),
    );
  }
  return bCubed(
    truth.groups
      .filter(({ children, proven }) => children.length === 0 && proven.length > 0)
      .flatMap(({ name, application }) => {
        if (application === null) return [];
        const group = inventory.groups.find((each) => each.name === name);
        return [[name, application, label(group, name)] as const];
      }),
  );
}

function names(truth: WorldTruth, inventory: Inventory): Measure | null {
  const stemmed = truth.applications.filter(
    ({ stem, groups }) => stem !== null && groups.length > 1,
  );
  if (stemmed.length === 0) return null;
  const found = stemmed.flatMap(({ name, stem, groups }) => {
    const best = inventory.applications
      .map((each) => ({ each, shared: each.groups.filter((g) => groups.includes(g)).length }))
      .sort((a, b) => b.shared - a.shared)[0];
    if (best === undefined || best.shared === 0) return [];
    return best.each.name.toLowerCase().includes(stem ?? '')
      ? [name]
      : [`${name} called ${best.each.name}`];
  });
  return compare(found, new Set(stemmed.map(({ name }) => name)), new Set());
}

function sharing(truth: WorldTruth, inventory: Inventory) {
  const known = truth.shared.filter(
    ({ sessions, usedBy, group }) => sessions >= ENOUGH && usedBy.length > 1 && group === null,
  );
  const services = (list: WorldTruth['shared'], all: boolean) =>
    list.flatMap(({ address, way, services: serves, polls }) => {
      const own = all ? [...serves, ...polls] : way === 'polls' ? polls : serves;
      return own.map((service) => `${address} ${service}`);
    });
  const found = new Set(inventory.sharedServices.map(({ address }) => address));
  const real = new Set(truth.shared.map(({ address }) => address));
  const isAnyReal = [...found].some((address) => real.has(address));
  const selves = truth.balancers.map(({ self }) => self);
  return {
    shared: compare(
      found,
      new Set(known.map(({ address }) => address)),
      new Set([...real, ...selves]),
    ),
    sharedServices: !isAnyReal
      ? null
      : compare(
          inventory.sharedServices
            .filter(({ address }) => real.has(address))
            .flatMap((each) => each.services.map((service) => `${each.address} ${service}`)),
          new Set(services(known, false).filter((each) => found.has(each.split(' ')[0] ?? ''))),
          new Set(services(truth.shared, true)),
        ),
  };
}

function spurious(truth: WorldTruth, inventory: Inventory): Measure {
  const known = truth.spurious.filter(
    ({ kind, attempts, targets, ports }) =>
      kind !== 'wrong-address' && attempts >= 10 && Math.max(targets, ports) >= 5,
  );
  return compare(
    inventory.spurious.map(({ address }) => address),
    new Set(known.map(({ address }) => address)),
    new Set(truth.spurious.map(({ address }) => address)),
  );
}

function ari(truth: WorldTruth, inventory: Inventory): number | null {
  if (truth.options.tagging !== 'none') return null;
  const inner = innermost(inventory);
  const shared = new Map(inventory.sharedServices.map(({ address, name }) => [address, name]));
  return adjustedRandIndex(
    truth.workloads
      .filter(({ lines, isSecond }) => lines >= ENOUGH_LINES && !isSecond)
      .map(({ address, role }) => {
        const service = shared.get(address);
        const found = inner.get(address)?.name ?? (service === undefined ? '' : `= ${service}`);
        return [role, found] as const;
      }),
  );
}

/** Measures an inventory that was found in a world's lines against what the world truly holds. */
export function scoreInventory(truth: WorldTruth, inventory: Inventory): Score {
  return {
    members: members(truth, inventory),
    nesting: nesting(truth, inventory),
    ...balancing(truth, inventory),
    tiers: tiers(truth, inventory),
    applications: applications(truth, inventory),
    names: names(truth, inventory),
    ...sharing(truth, inventory),
    spurious: spurious(truth, inventory),
    ari: ari(truth, inventory),
    findings: judgeFindings(truth, inventory),
  };
}
