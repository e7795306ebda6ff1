import { Failure } from '../failure/failure.ts';
import type { Policy, Rule, Ruleset, RulesetChange, SingleChange } from './ruleset.ts';

/** A ruleset without any policy. */
export const EMPTY_RULESET: Ruleset = { policies: [] };

/** All rules of a ruleset, policy after policy as they are listed. */
export function rulesOf(ruleset: Ruleset): readonly Rule[] {
  return ruleset.policies.flatMap((policy) => policy.rules);
}

/** A text made safe for an id or a tag: letters, digits, `_` and `-`, at most `most` characters. */
export function slug(text: string, most: number): string {
  const safe = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, most)
    .replace(/-+$/, '');
  return safe === '' ? 'x' : safe;
}

/** The wanted name, or the wanted name with the first free number after it, within `most` characters. */
export function freeName(wanted: string, taken: ReadonlySet<string>, most: number): string {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number++) {
    const suffix = `-${number}`;
    const name = wanted.slice(0, most - suffix.length) + suffix;
    if (!taken.has(name)) return name;
  }
}

function checkRule(rule: Omit<Rule, 'id'>): void {
  if (rule.name.trim() === '') throw new Failure('rule-incomplete', { problem: 'it has no name' });
  for (const side of [rule.sources, rule.destinations]) {
    for (const object of side) {
      if (object.kind === 'ip-set' && object.addresses.length === 0) {
        const problem = `IP set "${object.name}" has no address`;
        throw new Failure('rule-incomplete', { problem });
      }
    }
  }
}

/**
 * Checks that no two policies and no two rules have one id.
 *
 * @throws Failure `rule-incomplete`
 */
export function checkIds(ruleset: Ruleset): void {
  const lists = [
    ['policies', ruleset.policies],
    ['rules', rulesOf(ruleset)],
  ] as const;
  for (const [what, list] of lists) {
    const seen = new Set<string>();
    for (const { id } of list) {
      if (seen.has(id)) {
        throw new Failure('rule-incomplete', { problem: `two ${what} have the id "${id}"` });
      }
      seen.add(id);
    }
  }
}

function mapRules(ruleset: Ruleset, change: (rules: readonly Rule[]) => readonly Rule[]): Ruleset {
  return {
    ...ruleset,
    policies: ruleset.policies.map((policy) => ({ ...policy, rules: change(policy.rules) })),
  };
}

/** Whether a rule closes its policy: it blocks everything, of everybody, on the vNICs it is applied to. */
export function isClosing(rule: Omit<Rule, 'id'>): boolean {
  return (
    rule.action !== 'ALLOW' &&
    rule.sources.length + rule.destinations.length + rule.services.length === 0
  );
}

/** Rules with one more, before those that close the policy. */
function joined(rules: readonly Rule[], rule: Rule): readonly Rule[] {
  if (isClosing(rule)) return [...rules, rule];
  const last = rules.findLastIndex((each) => !isClosing(each));
  return [...rules.slice(0, last + 1), rule, ...rules.slice(last + 1)];
}

function addRule(ruleset: Ruleset, change: SingleChange & { kind: 'add-rule' }): Ruleset {
  checkRule(change.rule);
  const rules = rulesOf(ruleset);
  const ids = new Set(rules.map((rule) => rule.id));
  const tags = new Set(rules.map((rule) => rule.tag));
  const rule: Rule = {
    ...change.rule,
    id: freeName(slug(change.rule.name, 60), ids, 60),
    tag: freeName(change.rule.tag, tags, 32),
  };
  const index = ruleset.policies.findIndex((policy) => policy.name === change.policy);
  if (index >= 0) {
    return {
      ...ruleset,
      policies: ruleset.policies.map((policy, at) =>
        at === index ? { ...policy, rules: joined(policy.rules, rule) } : policy,
      ),
    };
  }
  const policyIds = new Set(ruleset.policies.map((policy) => policy.id));
  const policy: Policy = {
    id: freeName(slug(change.policy, 60), policyIds, 60),
    name: change.policy,
    category: change.category ?? 'Application',
    rules: [rule],
  };
  return { ...ruleset, policies: [...ruleset.policies, policy] };
}

function moveRule(ruleset: Ruleset, id: string, to: number): Ruleset {
  return mapRules(ruleset, (rules) => {
    const rule = rules.find((each) => each.id === id);
    if (rule === undefined) return rules;
    const rest = rules.filter((each) => each !== rule);
    return [...rest.slice(0, to), rule, ...rest.slice(to)];
  });
}

function updatePolicy(ruleset: Ruleset, fields: Omit<Policy, 'rules'>): Ruleset {
  if (fields.name.trim() === '') {
    throw new Failure('rule-incomplete', { problem: 'its policy has no name' });
  }
  return {
    ...ruleset,
    policies: ruleset.policies.map((policy) =>
      policy.id === fields.id ? { ...fields, rules: policy.rules } : policy,
    ),
  };
}

function movePolicy(ruleset: Ruleset, id: string, to: number): Ruleset {
  const rest = ruleset.policies.filter((policy) => policy.id !== id);
  const moved = ruleset.policies.filter((policy) => policy.id === id);
  return { ...ruleset, policies: [...rest.slice(0, to), ...moved, ...rest.slice(to)] };
}

function checkKnown(ids: readonly { readonly id: string }[], id: string): void {
  if (!ids.some((each) => each.id === id)) throw new Failure('rule-unknown', { rule: id });
}

function applySingle(ruleset: Ruleset, change: SingleChange): Ruleset {
  switch (change.kind) {
    case 'add-rule':
      return addRule(ruleset, change);
    case 'update-rule':
      checkKnown(rulesOf(ruleset), change.rule.id);
      checkRule(change.rule);
      return mapRules(ruleset, (rules) =>
        rules.map((rule) => (rule.id === change.rule.id ? change.rule : rule)),
      );
    case 'remove-rule': {
      checkKnown(rulesOf(ruleset), change.id);
      const left = mapRules(ruleset, (rules) => rules.filter((rule) => rule.id !== change.id));
      return { ...left, policies: left.policies.filter((policy) => policy.rules.length > 0) };
    }
    case 'move-rule':
      checkKnown(rulesOf(ruleset), change.id);
      return moveRule(ruleset, change.id, change.to);
    case 'update-policy':
      checkKnown(ruleset.policies, change.policy.id);
      return updatePolicy(ruleset, change.policy);
    case 'move-policy':
      checkKnown(ruleset.policies, change.id);
      return movePolicy(ruleset, change.id, change.to);
    case 'set-default':
      return { ...ruleset, defaultRule: change.rule };
  }
}

/**
 * The ruleset after a change. The one given stays as it is.
 *
 * A new rule joins the policy of the given name, which is made where it does not exist, before the
 * rules that close it; its id and tag get a number where they are taken. A policy that loses its last rule goes. Of `several`
 * changes each is made to what the one before it left.
 *
 * @throws Failure `rule-unknown` or `rule-incomplete`
 */
export function applyChange(ruleset: Ruleset, change: RulesetChange): Ruleset {
  if (change.kind !== 'several') return applySingle(ruleset, change);
  return change.changes.reduce(applySingle, ruleset);
}

/** The name of a change, for the undo and redo buttons. */
export function nameOfChange(ruleset: Ruleset, change: RulesetChange): string {
  const ruleName = (id: string) => rulesOf(ruleset).find((rule) => rule.id === id)?.name ?? id;
  switch (change.kind) {
    case 'several':
      return change.label;
    case 'add-rule':
      return `Add rule "${change.rule.name}"`;
    case 'update-rule':
      return `Edit rule "${ruleName(change.rule.id)}"`;
    case 'remove-rule':
      return `Remove rule "${ruleName(change.id)}"`;
    case 'move-rule':
      return `Move rule "${ruleName(change.id)}"`;
    case 'update-policy':
      return `Edit policy "${change.policy.name}"`;
    case 'move-policy': {
      const name = ruleset.policies.find((policy) => policy.id === change.id)?.name ?? change.id;
      return `Move policy "${name}"`;
    }
    case 'set-default':
      return 'Edit the default rule';
  }
}
