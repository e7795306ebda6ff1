import type { Group, Inventory } from '../../../shared/domain/inventory.ts';

/** The groups of an inventory by name, and what lies in each. */
export interface Membership {
  group(name: string): Group | undefined;
  /** The group itself and every known group inside it, however deep. */
  within(name: string): ReadonlySet<string>;
  /** Addresses of the group and of all groups inside it. */
  addresses(name: string): ReadonlySet<string>;
  /** Known groups directly inside, by name; without those that hold the group in turn. */
  children(name: string): readonly string[];
}

/** Reads an inventory as a tree of groups. Loops, which no real inventory has, do no harm. */
export function membershipOf(inventory: Inventory): Membership {
  const groups = new Map(inventory.groups.map((group) => [group.name, group]));
  const reach = new Map<string, ReadonlySet<string>>();

  function within(name: string): ReadonlySet<string> {
    const known = reach.get(name);
    if (known !== undefined) return known;
    const found = new Set<string>();
    const waiting = [name];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (found.has(next) || !groups.has(next)) continue;
      found.add(next);
      waiting.push(...(groups.get(next)?.children ?? []));
    }
    reach.set(name, found);
    return found;
  }

  return {
    group: (name) => groups.get(name),
    within,
    addresses: (name) =>
      new Set([...within(name)].flatMap((each) => groups.get(each)?.members ?? [])),
    children: (name) =>
      [...new Set(groups.get(name)?.children ?? [])]
        .filter((child) => groups.has(child) && !within(child).has(name))
        .toSorted(),
  };
}
