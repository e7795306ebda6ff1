import type { RulesetChange } from './ruleset.ts';
import type { Suggestion } from './suggestion.ts';

/** The change of the ruleset that accepting suggestions is, undone in one step. */
export function acceptanceOf(suggestions: readonly Suggestion[]): RulesetChange {
  const [first, ...others] = suggestions;
  const label =
    first !== undefined && others.length === 0
      ? `Accept suggestion "${first.rule.name}"`.slice(0, 255)
      : `Accept ${suggestions.length} suggestions`;
  return {
    kind: 'several',
    label,
    changes: suggestions.map(({ policy, category, rule }) => ({
      kind: 'add-rule',
      policy,
      category,
      rule,
    })),
  };
}
