import { compareAddressTexts, parseAddress } from '../net/address.ts';
import { keyOf } from './correction.ts';
import { summaryOf, type OutsideInventory, type OutsideSet } from './outside.ts';
import type { Contradiction, Group, Inventory } from './inventory.ts';

function addressesByName(
  imports: readonly OutsideInventory[],
): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const { names } of imports) {
    for (const [address, name] of Object.entries(names)) {
      const addresses = byName.get(name.toLowerCase()) ?? [];
      addresses.push(address);
      byName.set(name.toLowerCase(), addresses);
    }
  }
  return byName;
}

/** The set with the addresses of its virtual machines, as far as any inventory has them. */
function withMachines(
  set: OutsideSet,
  addresses: ReadonlyMap<string, readonly string[]>,
): OutsideSet {
  const { machines = [], ...rest } = set;
  const more = machines.flatMap((name) => addresses.get(name.toLowerCase()) ?? []);
  if (more.length === 0) return rest;
  return { ...rest, members: [...new Set([...set.members, ...more])].sort(compareAddressTexts) };
}

/** Groups and IP sets of inventories from outside, found by name. A later inventory goes before an earlier one. */
export class OutsideSets {
  readonly all: readonly OutsideSet[];
  readonly #groups = new Map<string, OutsideSet>();

  constructor(imports: readonly OutsideInventory[]) {
    const byName = new Map<string, OutsideSet>();
    const addresses = addressesByName(imports);
    for (const { sets } of imports) {
      for (const set of sets) byName.set(`${set.kind} ${set.name}`, withMachines(set, addresses));
    }
    this.all = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const set of this.all) {
      if (set.kind === 'group') this.#groups.set(set.name.toLowerCase(), set);
    }
  }

  /** The group from outside that has the name a group was found by, or the one it has now; case aside. */
  of({ id, name }: { readonly id: string; readonly name: string }): OutsideSet | undefined {
    return this.#groups.get(keyOf(id).toLowerCase()) ?? this.#groups.get(name.toLowerCase());
  }
}

/** All addresses of which the log shows that they are workloads. */
function workloadsOf(inventory: Inventory): ReadonlySet<string> {
  return new Set([...inventory.ungrouped, ...inventory.groups.flatMap((group) => group.members)]);
}

/**
 * Members by an inventory from outside of which the log shows nothing, by the innermost group they
 * belong to. An address that two groups claim of which neither holds the other belongs to none.
 */
function silentMembers(inventory: Inventory, sets: OutsideSets): ReadonlyMap<string, Group> {
  const known = workloadsOf(inventory);
  const others = new Set([
    ...inventory.vips.flatMap(({ address, snat }) => [address, ...snat]),
    ...inventory.sharedServices.map(({ address }) => address),
  ]);
  const claims = new Map<string, Group[]>();
  for (const group of inventory.groups) {
    for (const address of sets.of(group)?.members ?? []) {
      if (known.has(address) || others.has(address) || parseAddress(address) === undefined)
        continue;
      const claimants = claims.get(address) ?? [];
      claimants.push(group);
      claims.set(address, claimants);
    }
  }
  const silent = new Map<string, Group>();
  for (const [address, groups] of claims) {
    const inner = groups.filter(
      (group) => !groups.some((each) => each.parents.includes(group.name)),
    );
    const [only] = inner;
    if (only !== undefined && inner.length === 1) silent.set(address, only);
  }
  return silent;
}

/**
 * Adds to what was found in the flows what inventories from outside say where the log is silent:
 * names of addresses, members that logged nothing, and groups and IP sets for use in rules. Where
 * the log speaks about members, it holds.
 */
export function withImports(inventory: Inventory, imports: readonly OutsideInventory[]): Inventory {
  if (imports.length === 0) return inventory;
  const sets = new OutsideSets(imports);
  const silent = silentMembers(inventory, sets);
  const added = new Map<string, string[]>();
  for (const [address, { name, parents }] of silent) {
    for (const holder of [name, ...parents]) {
      const list = added.get(holder) ?? [];
      list.push(address);
      added.set(holder, list);
    }
  }
  const groups = inventory.groups.map((group) => {
    const more = added.get(group.name);
    if (more === undefined) return group;
    return { ...group, members: [...group.members, ...more].sort(compareAddressTexts) };
  });
  const found = new Set(inventory.groups.flatMap((group) => sets.of(group) ?? []));
  const lone = sets.all.flatMap((set): readonly [string, string][] => {
    const [address] = set.members;
    const isOne = set.kind === 'ip-set' && set.members.length === 1 && address !== undefined;
    return isOne && parseAddress(address) !== undefined ? [[address, set.name]] : [];
  });
  return {
    ...inventory,
    groups,
    names: Object.assign(
      {},
      Object.fromEntries(lone),
      ...imports.map(({ names }) => names),
    ) as Record<string, string>,
    outside: sets.all.filter((set) => !found.has(set)),
    imports: imports.map(summaryOf),
  };
}

/**
 * Where inventories from outside and the corrected inventory disagree about members, of which the
 * log shows something and the analyst said nothing.
 *
 * @param isSettled whether the analyst said where an address belongs
 */
export function membershipContradictions(
  inventory: Inventory,
  imports: readonly OutsideInventory[],
  isSettled: (address: string) => boolean,
): readonly Contradiction[] {
  if (imports.length === 0) return [];
  const sets = new OutsideSets(imports);
  const workloads = workloadsOf(inventory);
  return inventory.groups.flatMap((group): readonly Contradiction[] => {
    const set = sets.of(group);
    if (set === undefined) return [];
    const outside = new Set(set.members);
    const inside = new Set(group.members);
    const onlyLog = group.members.filter((each) => !outside.has(each) && !isSettled(each));
    const onlyInventory = set.members.filter(
      (each) => !inside.has(each) && workloads.has(each) && !isSettled(each),
    );
    if (onlyLog.length === 0 && onlyInventory.length === 0) return [];
    return [{ kind: 'membership', group: group.name, onlyLog, onlyInventory }];
  });
}
