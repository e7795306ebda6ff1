import type { ExportCounts } from '../../../../shared/domain/export.ts';
import type { GroupDefinition, ImportedRuleset } from '../../../../shared/domain/imported.ts';
import type { Inventory } from '../../../../shared/domain/inventory.ts';
import type { DefaultRule, Policy, Rule, Ruleset } from '../../../../shared/domain/ruleset.ts';
import { scopeOf } from '../../../../shared/policy/compile.ts';
import { GroupCollector, type ModelGroup } from './groups.ts';
import { idFrom, IdRegister } from './ids.ts';
import { membershipOf, type Membership } from './membership.ts';
import type { ExportReport } from './report.ts';
import { modelService, serviceIdText, type ModelService } from './services.ts';

export type { ModelGroup } from './groups.ts';

/**
 * Ids of objects begin with this, so that loading a document never overwrites an object the system had
 * before: there, too, a group's id often is its name.
 */
export const ID_PREFIX = 'segwright-';

/** A rule with everything it names found. */
export interface ModelRule {
  readonly rule: Rule;
  /** Unique in its policy, whatever the case of letters. */
  readonly id: string;
  readonly sources: readonly ModelGroup[];
  readonly destinations: readonly ModelGroup[];
  readonly services: readonly ModelService[];
  /** Where the rule is enforced; empty means everywhere. */
  readonly appliedTo: readonly ModelGroup[];
}

/** A policy with at least one rule. */
export interface ModelPolicy {
  readonly policy: Policy;
  /** Unique in the model, whatever the case of letters. */
  readonly id: string;
  readonly rules: readonly ModelRule[];
}

/** A ruleset with all it names, what the exporters write. */
export interface ExportModel {
  readonly policies: readonly ModelPolicy[];
  /** `null` where the ruleset leaves the system's own as it is. */
  readonly defaultRule: DefaultRule | null;
  /** All groups the rules name and the groups inside, in the order of their keys. */
  readonly groups: readonly ModelGroup[];
  /** All services the rules name, in the order of their keys. */
  readonly services: readonly ModelService[];
  /** Ids of the services that are not predefined, by key. */
  readonly serviceIds: ReadonlyMap<string, string>;
  readonly membership: Membership;
  /** The ids of all groups, so that parts of groups get others. */
  readonly groupIds: IdRegister;
  groupOf(key: string): ModelGroup | undefined;
}

/** What a model is made of. */
export interface ModelInput {
  readonly ruleset: Ruleset;
  readonly inventory: Inventory;
  readonly definitions: readonly GroupDefinition[];
  /** What the system has, whose ids no new object may get; absent where nothing is known of it. */
  readonly present?: ImportedRuleset | undefined;
}

function servicesOf(rule: Rule, report: ExportReport): readonly ModelService[] {
  const services = new Map<string, ModelService>();
  for (const text of rule.services) {
    const service = modelService(text);
    if (service === undefined) report.refuse(rule, 'services', `"${text}" is no service`);
    else services.set(service.key, service);
  }
  return [...services.values()];
}

/** A register in which the ids of some objects are taken. */
function registerWith(objects: readonly { readonly id: string }[] = []): IdRegister {
  const register = new IdRegister();
  for (const { id } of objects) register.take(id);
  return register;
}

function identify({ id, name }: Policy | Rule) {
  return { name: id, identity: JSON.stringify([id, name]) };
}

function byKey<T extends { readonly key: string }>(items: Iterable<T>): readonly T[] {
  return [...items].toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/**
 * Finds everything the rules name. What cannot be found is an error in the report, and the rule goes on
 * without it; nothing may then be written.
 *
 * The same ruleset and inventory always give the same model, whatever the order of the inventory.
 */
export function buildModel(
  { ruleset, inventory, definitions, present }: ModelInput,
  report: ExportReport,
): ExportModel {
  const membership = membershipOf(inventory, definitions);
  const policies = ruleset.policies.filter((policy) => policy.rules.length > 0);
  const collector = new GroupCollector(membership, report);
  for (const policy of policies) {
    for (const rule of policy.rules) {
      for (const object of [...rule.sources, ...rule.destinations]) collector.add(rule, object);
      for (const name of scopeOf(policy, rule)) collector.add(rule, { kind: 'group', name });
    }
  }
  const groupIds = registerWith(present?.groups);
  const groups = collector.groups(groupIds, ID_PREFIX);
  const groupOf = new Map(groups.map((group) => [group.key, group]));
  const services = new Map<string, ModelService>();
  const presentPolicies = present?.policyOrigins.map(({ id }) => {
    return { id: id.startsWith(ID_PREFIX) ? id.slice(ID_PREFIX.length) : id };
  });
  const policyIds = registerWith(presentPolicies).takeAll('', policies.map(identify));
  const modelPolicies = policies.map((policy, at): ModelPolicy => {
    const ruleIds = new IdRegister().takeAll('', policy.rules.map(identify));
    return {
      policy,
      id: policyIds[at] ?? '',
      rules: policy.rules.map((rule, index): ModelRule => {
        const own = servicesOf(rule, report);
        for (const service of own) services.set(service.key, service);
        return {
          rule,
          id: ruleIds[index] ?? '',
          sources: collector.found(groupOf, rule.sources),
          destinations: collector.found(groupOf, rule.destinations),
          services: own,
          appliedTo: collector.found(
            groupOf,
            scopeOf(policy, rule).map((name) => ({ kind: 'group', name })),
          ),
        };
      }),
    };
  });
  const allServices = byKey(services.values());
  const ownServices = allServices.filter((service) => service.predefined === undefined);
  const ids = registerWith(present?.services).takeAll(
    ID_PREFIX,
    ownServices.map(({ key }) => ({ name: serviceIdText(key), identity: key })),
  );
  return {
    policies: modelPolicies,
    defaultRule: ruleset.defaultRule ?? null,
    groups,
    services: allServices,
    serviceIds: new Map(ownServices.map(({ key }, at) => [key, ids[at] ?? idFrom(key)])),
    membership,
    groupIds,
    groupOf: (key) => groupOf.get(key),
  };
}

/** How much a model holds. */
export function countsOf(model: ExportModel): ExportCounts {
  return {
    groups: model.groups.length,
    services: model.services.length,
    policies: model.policies.length,
    rules: model.policies.reduce((sum, { rules }) => sum + rules.length, 0),
  };
}
