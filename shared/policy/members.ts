import type { Inventory } from '../domain/inventory.ts';
import { AddressSet } from './address-set.ts';

/** The effective members of a group, groups inside it included. */
export interface GroupMembers {
  /** Addresses of workloads: on their vNICs rules applied to the group are enforced. */
  readonly workloads: AddressSet;
  /** Addresses the group holds as such; they are matched, but enforce nothing. */
  readonly addresses: AddressSet;
}

/** What tells the members of groups. */
export interface MemberResolver {
  /** All addresses with a vNIC of their own. */
  readonly workloads: AddressSet;
  /** Members of the group; `null` where nobody knows the group. */
  members(group: string): GroupMembers | null;
}

/** A group that a ruleset brought along. */
export interface GroupOfRuleset {
  readonly name: string;
  /** `ip-set` for a group that holds only addresses. */
  readonly kind: 'group' | 'ip-set';
  /** Addresses, CIDR blocks and ranges. */
  readonly addresses: readonly string[];
  /** Names of groups inside. */
  readonly children: readonly string[];
}

interface Direct extends GroupMembers {
  readonly children: readonly string[];
}

function directGroups(
  inventory: Inventory,
  brought: readonly GroupOfRuleset[],
  known: AddressSet,
): ReadonlyMap<string, Direct> {
  const direct = new Map<string, Direct>();
  for (const { name, members, children } of inventory.groups) {
    const workloads = AddressSet.read(members).set;
    direct.set(name, { workloads, addresses: AddressSet.NONE, children });
  }
  for (const { name, kind, addresses, children } of brought) {
    const { set } = AddressSet.read(addresses);
    const workloads = kind === 'ip-set' ? AddressSet.NONE : set.intersect(known);
    direct.set(name, { workloads, addresses: set.subtract(workloads), children });
  }
  return direct;
}

/**
 * The members of the groups of an inventory, and of groups that a ruleset brought along, which take
 * precedence over those of the same name. Of the latter's addresses those of known workloads count
 * as workloads, unless the group is an IP set.
 */
export function resolverOf(
  inventory: Inventory,
  brought: readonly GroupOfRuleset[] = [],
): MemberResolver {
  const known = AddressSet.read([
    ...inventory.ungrouped,
    ...inventory.groups.flatMap((group) => group.members),
  ]).set;
  const direct = directGroups(inventory, brought, known);
  const resolved = new Map<string, GroupMembers>();

  function collect(name: string, onTheWay: Set<string>): GroupMembers | null {
    const done = resolved.get(name);
    if (done !== undefined) return done;
    const own = direct.get(name);
    if (own === undefined || onTheWay.has(name)) return null;
    onTheWay.add(name);
    let { workloads, addresses } = own;
    for (const child of own.children) {
      const inner = collect(child, onTheWay);
      if (inner === null) continue;
      workloads = workloads.union(inner.workloads);
      addresses = addresses.union(inner.addresses);
    }
    return { workloads, addresses };
  }

  return {
    workloads: known,
    members: (name) => {
      const members = collect(name, new Set());
      if (members !== null) resolved.set(name, members);
      return members;
    },
  };
}
