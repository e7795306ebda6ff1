import type { GroupDefinition } from '../../../../shared/domain/imported.ts';
import type { Inventory } from '../../../../shared/domain/inventory.ts';

/** What is known of a group, whoever knows it. */
export interface KnownGroup {
  readonly name: string;
  readonly members: readonly string[];
  readonly children: readonly string[];
  /** The definition another system gave; absent where the group was found in the log only. */
  readonly definition?: GroupDefinition;
}

/** Groups by name, and what lies in each. */
export interface Membership {
  group(name: string): KnownGroup | undefined;
  /** The group itself and every known group inside it, however deep. */
  within(name: string): ReadonlySet<string>;
  /** Addresses of the group and of all groups inside it. */
  addresses(name: string): ReadonlySet<string>;
  /** Known groups directly inside, by name; without those that hold the group in turn. */
  children(name: string): readonly string[];
}

function knownGroups(
  inventory: Inventory,
  definitions: readonly GroupDefinition[],
): ReadonlyMap<string, KnownGroup> {
  const groups = new Map<string, KnownGroup>();
  for (const { name, members, children } of inventory.groups)
    groups.set(name, { name, members, children });
  for (const definition of definitions) {
    const { name, addresses, children } = definition;
    const seen = groups.get(name);
    groups.set(name, {
      name,
      members: [...addresses, ...(definition.unresolved ? (seen?.members ?? []) : [])],
      children,
      definition,
    });
  }
  return groups;
}

/**
 * Reads an inventory as a tree of groups. A group another system defines is what it says there; members
 * seen in the log count where that system does not name them all. Loops, which no real inventory has, do
 * no harm.
 */
export function membershipOf(
  inventory: Inventory,
  definitions: readonly GroupDefinition[] = [],
): Membership {
  const groups = knownGroups(inventory, definitions);
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
