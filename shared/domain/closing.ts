import type { Ruleset } from './ruleset.ts';
import { FACTORY_DEFAULT } from './ruleset.ts';
import { isClosing, rulesOf } from './ruleset-change.ts';

/** Ids of the rules that close a policy and are disabled. */
export function openClosings(ruleset: Ruleset): readonly string[] {
  return rulesOf(ruleset)
    .filter((rule) => rule.disabled && isClosing(rule))
    .map(({ id }) => id);
}

/**
 * The ruleset as it is to be in the end: every rule that closes a policy enabled, and a default rule
 * that drops and logs where it allowed. The very same ruleset where it is so already.
 */
export function closedRuleset(ruleset: Ruleset): Ruleset {
  const { action } = ruleset.defaultRule ?? FACTORY_DEFAULT;
  const open = new Set(openClosings(ruleset));
  if (open.size === 0 && action !== 'ALLOW') return ruleset;
  return {
    ...ruleset,
    policies: ruleset.policies.map((policy) =>
      policy.rules.some(({ id }) => open.has(id))
        ? {
            ...policy,
            rules: policy.rules.map((rule) =>
              open.has(rule.id) ? { ...rule, disabled: false } : rule,
            ),
          }
        : policy,
    ),
    ...(action === 'ALLOW'
      ? { defaultRule: { ...ruleset.defaultRule, action: 'DROP', logged: true } as const }
      : {}),
  };
}
