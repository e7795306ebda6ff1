import type { RuleFinding } from '../../domain/finding.ts';
import type { RuleObject } from '../../domain/ruleset.ts';
import { AddressSet } from '../address-set.ts';
import { scopeOf, type CompiledRule } from '../compile.ts';
import type { MemberResolver } from '../members.ts';
import { isLocked, listed } from './wording.ts';

function groupsOf(objects: readonly RuleObject[]): readonly string[] | null {
  const names = objects.flatMap((each) => (each.kind === 'group' ? [each.name] : []));
  return names.length === objects.length && names.length > 0 ? names : null;
}

/** Findings about the vNICs a rule is enforced on. */
export function findInAppliedTo(
  compiled: CompiledRule,
  resolver: MemberResolver,
): readonly RuleFinding[] {
  const { rule, policy, table, sources, destinations } = compiled;
  const isOnePolicys = (policy.appliedTo ?? []).length > 0;
  if (table?.isEmpty === true || sources.isEmpty || destinations.isEmpty) return [];
  const sides = [
    { end: 'source', set: sources, groups: groupsOf(rule.sources), isSeen: compiled.isOut },
    {
      end: 'destination',
      set: destinations,
      groups: groupsOf(rule.destinations),
      isSeen: compiled.isIn,
    },
  ].filter(({ isSeen }) => isSeen);
  const named = sides.filter(({ groups }) => groups !== null);
  const isNegated = rule.sourcesNegated === true || rule.destinationsNegated === true;
  if (isNegated) return [];
  if (table === null) {
    if (sides.length !== named.length) return [];
    const groups = named.flatMap((side) => side.groups ?? []);
    return wholeDfw(compiled, groups, resolver);
  }
  const ofWorkloads = sides.map((side) => ({
    ...side,
    own: side.set.intersect(resolver.workloads),
  }));
  if (sides.length > 0 && ofWorkloads.every(({ own }) => !own.overlaps(table))) {
    const detail = `"${rule.name}" is applied to ${listed(scopeOf(policy, rule))}, which hold none of its sources and destinations.`;
    return [
      {
        kind: 'useless-applied-to',
        severity: 'high',
        rule: rule.id,
        others: [],
        detail,
        fix: null,
      },
    ];
  }
  if (rule.action !== 'ALLOW') return [];
  return ofWorkloads
    .filter(({ own, groups }) => groups !== null && !own.isEmpty && !own.overlaps(table))
    .map(({ end, groups }): RuleFinding => {
      const isFixable = !isOnePolicys && !isLocked(compiled);
      return {
        kind: 'missing-applied-to',
        severity: 'medium',
        rule: rule.id,
        others: [],
        detail: `"${rule.name}" is not enforced at its ${end}s: they are in no group it is applied to, so another rule or the default decides there.`,
        fix: isFixable
          ? {
              label: `Apply it to ${listed(groups ?? [])} too`,
              changes: [
                {
                  kind: 'update-rule',
                  rule: {
                    ...rule,
                    appliedTo: [...new Set([...rule.appliedTo, ...(groups ?? [])])],
                  },
                },
              ],
              changesDecisions: true,
            }
          : null,
      };
    });
}

/** A rule of the whole DFW that is about some groups alone, where limiting it to them changes nothing. */
function wholeDfw(
  compiled: CompiledRule,
  groups: readonly string[],
  resolver: MemberResolver,
): readonly RuleFinding[] {
  const { rule } = compiled;
  if (groups.length === 0) return [];
  const held = groups.reduce(
    (sum, name) => sum.union(resolver.members(name)?.workloads ?? AddressSet.NONE),
    AddressSet.NONE,
  );
  const sides = [
    compiled.isOut ? compiled.sources : AddressSet.NONE,
    compiled.isIn ? compiled.destinations : AddressSet.NONE,
  ];
  const isEnough = sides.every((side) => held.contains(side.intersect(resolver.workloads)));
  if (held.isEmpty || !isEnough) return [];
  const names = [...new Set(groups)];
  return [
    {
      kind: 'missing-applied-to',
      severity: 'low',
      rule: rule.id,
      others: [],
      detail: `"${rule.name}" is put into the table of every vNIC, though it is only about ${listed(names)}.`,
      fix: isLocked(compiled)
        ? null
        : {
            label: 'Apply it to its own groups',
            changes: [{ kind: 'update-rule', rule: { ...rule, appliedTo: names } }],
            changesDecisions: false,
          },
    },
  ];
}
