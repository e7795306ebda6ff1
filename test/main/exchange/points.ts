import { checkNsxTree } from '../../../main/engine/exchange/nsx-t/check.ts';
import type { ExportRequest } from '../../../shared/domain/export.ts';
import type { GroupDefinition } from '../../../shared/domain/imported.ts';
import { EMPTY_INVENTORY, type Inventory } from '../../../shared/domain/inventory.ts';
import type { Policy, Rule, RuleObject, Ruleset } from '../../../shared/domain/ruleset.ts';
import { exported, problemsOf, type Exported } from '../../support/export.ts';
import { readBody } from '../../support/nsx-body.ts';

/** A JSON object of a document. */
export type Node = Record<string, unknown>;

/** An IP set of a rule. */
export function ipSet(name: string, ...addresses: readonly string[]): RuleObject {
  return { kind: 'ip-set', name, addresses };
}

/** A security group of a rule. */
export function group(name: string): RuleObject {
  return { kind: 'group', name };
}

/** Two tiers, and the group of both. */
export const INVENTORY: Inventory = {
  ...EMPTY_INVENTORY,
  groups: [
    ['WEB', ['192.0.2.11', '192.0.2.12'], []],
    ['APP', ['192.0.2.21', '2001:db8::21'], []],
    ['SHOP', ['192.0.2.30'], ['WEB', 'APP']],
  ].map(([name, members, children]) => ({
    name: name as string,
    members: members as readonly string[],
    children: children as readonly string[],
    parents: [],
    tier: null,
    application: null,
    confidence: 1,
    id: `group:${String(name)}`,
    basis: 'tag',
    standing: 'inferred',
    proofs: [],
    events: 1,
  })),
};

/** A rule from web to app with some fields otherwise. */
export function ruleOf(change: Partial<Rule> = {}): Rule {
  return {
    id: 'web-app',
    name: 'Web to app',
    sources: [group('WEB')],
    destinations: [group('APP')],
    services: ['TCP/8443'],
    appliedTo: ['WEB', 'APP'],
    action: 'ALLOW',
    direction: 'IN_OUT',
    ipVersion: 'IPV4_IPV6',
    logged: true,
    tag: 'web-app',
    notes: '',
    disabled: false,
    ...change,
  };
}

/** A policy of such rules. */
export function policyOf(rules: readonly Partial<Rule>[], change: Partial<Policy> = {}): Policy {
  return { id: 'shop', name: 'SHOP', category: 'Application', rules: rules.map(ruleOf), ...change };
}

/** A ruleset of one policy. */
export function rulesetOf(...rules: readonly Partial<Rule>[]): Ruleset {
  return { policies: [policyOf(rules)] };
}

/** What an export is made of besides the ruleset. */
export interface World {
  readonly inventory?: Inventory;
  readonly definitions?: readonly GroupDefinition[];
}

/** The document of a ruleset. */
export function write(
  request: ExportRequest,
  ruleset: Ruleset,
  { inventory = INVENTORY, definitions }: World = {},
): Exported {
  return exported(request, { ruleset, inventory, definitions });
}

/** The sentences an export says, errors first. */
export function told(
  request: ExportRequest,
  ruleset: Ruleset,
  { inventory = INVENTORY, definitions }: World = {},
): string {
  const problems = problemsOf(request, { ruleset, inventory, definitions });
  return problems.map(({ severity, message }) => `${severity}: ${message}`).join('\n');
}

/** The NSX-T body of a ruleset, read back. */
export function bodyOf(ruleset: Ruleset, world: World = {}) {
  return readBody(JSON.parse(write({ format: 'nsx-t' }, ruleset, world).text));
}

/** The first rule of the NSX-T body of a ruleset. */
export function bodyRule(rule: Partial<Rule>, world: World = {}) {
  const found = bodyOf(rulesetOf(rule), world).policies[0]?.rules[0];
  if (found === undefined) throw new Error('no rule');
  return found;
}

/** All entries of services the rule brings along. */
export function entriesOf(...services: readonly string[]) {
  return [...bodyOf(rulesetOf({ services })).services.values()].flatMap(
    ({ service_entries: entries }) => entries,
  );
}

function find(tree: unknown, type: string): Node {
  const waiting: unknown[] = [tree];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (typeof next !== 'object' || next === null) continue;
    const node = next as Node;
    if (node['resource_type'] === type) return node;
    waiting.push(...Object.values(node));
  }
  throw new Error(`no ${type}`);
}

/** What the check says of a good body in which the first object of a type was spoilt. */
export function spoilt(type: string, spoil: (node: Node) => void): string {
  const { text } = write({ format: 'nsx-t' }, rulesetOf({}));
  const tree: unknown = JSON.parse(text);
  const before = checkNsxTree([tree], '4');
  if (before.length > 0) throw new Error(before[0]?.message);
  spoil(find(tree, type));
  return checkNsxTree([tree], '4')
    .map(({ message }) => message)
    .join('\n');
}
