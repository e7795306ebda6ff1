import type { Corrected } from './corrected-inventory.ts';
import type { Group, Inventory } from './inventory.ts';
import type { Policy, Rule, RuleObject, Ruleset } from './ruleset.ts';

/** Names of groups that changed, old to new: renamed groups, and groups that went into others. */
export function changedNames(before: Inventory, after: Corrected): ReadonlyMap<string, string> {
  const names = new Map(after.inventory.groups.map(({ id, name }) => [id, name]));
  return new Map(
    before.groups.flatMap(({ id, name }): readonly [string, string][] => {
      const now = names.get(id) ?? names.get(after.merged.get(id) ?? id);
      return now === undefined || now === name ? [] : [[name, now]];
    }),
  );
}

function renamed(names: ReadonlyMap<string, string>, list: readonly string[]): readonly string[] {
  if (!list.some((name) => names.has(name))) return list;
  return [...new Set(list.map((name) => names.get(name) ?? name))];
}

function side(
  names: ReadonlyMap<string, string>,
  objects: readonly RuleObject[],
): readonly RuleObject[] {
  const isGroup = (object: RuleObject) => object.kind === 'group';
  if (!objects.some((object) => isGroup(object) && names.has(object.name))) return objects;
  const seen = new Set<string>();
  return objects.flatMap((object): readonly RuleObject[] => {
    if (object.kind !== 'group') return [object];
    const name = names.get(object.name) ?? object.name;
    if (seen.has(name)) return [];
    seen.add(name);
    return [{ kind: 'group', name }];
  });
}

function renameInRule(names: ReadonlyMap<string, string>, rule: Rule): Rule {
  const sources = side(names, rule.sources);
  const destinations = side(names, rule.destinations);
  const appliedTo = renamed(names, rule.appliedTo);
  const isSame =
    sources === rule.sources && destinations === rule.destinations && appliedTo === rule.appliedTo;
  return isSame ? rule : { ...rule, sources, destinations, appliedTo };
}

/** The ruleset after groups got other names. Rules and policies that name none of them stay the same objects. */
export function renameGroups(ruleset: Ruleset, names: ReadonlyMap<string, string>): Ruleset {
  if (names.size === 0) return ruleset;
  const policies = ruleset.policies.map((policy): Policy => {
    const rules = policy.rules.map((rule) => renameInRule(names, rule));
    const isSame = rules.every((rule, at) => rule === policy.rules[at]);
    if (policy.appliedTo === undefined) return isSame ? policy : { ...policy, rules };
    const appliedTo = renamed(names, policy.appliedTo);
    return isSame && appliedTo === policy.appliedTo ? policy : { ...policy, rules, appliedTo };
  });
  const isSame = policies.every((policy, at) => policy === ruleset.policies[at]);
  return isSame ? ruleset : { ...ruleset, policies };
}

/** Names of all groups that rules speak of. */
function groupsNamed({ policies }: Ruleset): ReadonlySet<string> {
  const names = new Set<string>();
  for (const policy of policies) {
    for (const name of policy.appliedTo ?? []) names.add(name);
    for (const { sources, destinations, appliedTo } of policy.rules) {
      for (const name of appliedTo) names.add(name);
      for (const object of [...sources, ...destinations]) {
        if (object.kind === 'group') names.add(object.name);
      }
    }
  }
  return names;
}

/** The inventory with those groups from outside that rules speak of, for what works on rules. */
export function withOutsideGroups(inventory: Inventory, ruleset: Ruleset): Inventory {
  if (inventory.outside.length === 0) return inventory;
  const named = groupsNamed(ruleset);
  const known = new Set(inventory.groups.map(({ name }) => name));
  const added = inventory.outside
    .filter(({ kind, name }) => kind === 'group' && named.has(name) && !known.has(name))
    .map(({ name, members }): Group => ({
      id: `group:${name}`,
      name,
      basis: 'imported',
      members,
      parents: [],
      children: [],
      tier: null,
      application: null,
      events: 0,
      confidence: 1,
      standing: 'declared',
      proofs: [],
    }));
  return added.length === 0 ? inventory : { ...inventory, groups: [...inventory.groups, ...added] };
}
