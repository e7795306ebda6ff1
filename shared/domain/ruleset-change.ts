import { Failure } from '../failure/failure.ts';
import type { Policy, Rule, Ruleset, RulesetChange } from './ruleset.ts';

/** A ruleset without any policy. */
export const EMPTY_RULESET: Ruleset = { policies: [] };

/** All rules of a ruleset in the order they are evaluated. */
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

function mapRules(ruleset: Ruleset, change: (rules: readonly Rule[]) => readonly Rule[]): Ruleset {
  return {
    policies: ruleset.policies.map((policy) => ({ ...policy, rules: change(policy.rules) })),
  };
}

function addRule(ruleset: Ruleset, change: RulesetChange & { kind: 'add-rule' }): Ruleset {
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
      policies: ruleset.policies.map((policy, at) =>
        at === index ? { ...policy, rules: [...policy.rules, rule] } : policy,
      ),
    };
  }
  const policyIds = new Set(ruleset.policies.map((policy) => policy.id));
  const policy: Policy = {
    id: freeName(slug(change.policy, 60), policyIds, 60),
    name: change.policy,
    category: 'Application',
    rules: [rule],
  };
  return { policies: [...ruleset.policies, policy] };
}

function moveRule(ruleset: Ruleset, id: string, to: number): Ruleset {
  return mapRules(ruleset, (rules) => {
    const rule = rules.find((each) => each.id === id);
    if (rule === undefined) return rules;
    const rest = rules.filter((each) => each !== rule);
    return [...rest.slice(0, to), rule, ...rest.slice(to)];
  });
}

/**
 * The ruleset after a change. The one given stays as it is.
 *
 * A new rule joins the policy of the given name, which is made where it does not exist; its id and
 * tag get a number where they are taken. A policy that loses its last rule goes.
 *
 * @throws Failure `rule-unknown` or `rule-incomplete`
 */
export function applyChange(ruleset: Ruleset, change: RulesetChange): Ruleset {
  if (change.kind === 'add-rule') return addRule(ruleset, change);
  const id = change.kind === 'update-rule' ? change.rule.id : change.id;
  if (!rulesOf(ruleset).some((rule) => rule.id === id))
    throw new Failure('rule-unknown', { rule: id });
  switch (change.kind) {
    case 'update-rule':
      checkRule(change.rule);
      return mapRules(ruleset, (rules) =>
        rules.map((rule) => (rule.id === id ? change.rule : rule)),
      );
    case 'remove-rule': {
      const left = mapRules(ruleset, (rules) => rules.filter((rule) => rule.id !== id));
      return { policies: left.policies.filter((policy) => policy.rules.length > 0) };
    }
    case 'move-rule':
      return moveRule(ruleset, id, change.to);
  }
}

/** The name of a change, for the undo and redo buttons. */
export function nameOfChange(ruleset: Ruleset, change: RulesetChange): string {
  if (change.kind === 'add-rule') return `Add rule "${change.rule.name}"`;
  const id = change.kind === 'update-rule' ? change.rule.id : change.id;
  const name = rulesOf(ruleset).find((rule) => rule.id === id)?.name ?? id;
  const verb = { 'update-rule': 'Edit', 'remove-rule': 'Remove', 'move-rule': 'Move' }[change.kind];
  return `${verb} rule "${name}"`;
}
