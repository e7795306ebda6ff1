import type { FindingFix, RuleFinding } from '../../domain/finding.ts';
import type { Rule, RuleObject, Ruleset } from '../../domain/ruleset.ts';
import { isClosing } from '../../domain/ruleset-change.ts';
import { AddressSet } from '../address-set.ts';
import type { CompiledRule, CompiledRuleset } from '../compile.ts';
import type { MemberResolver } from '../members.ts';
import { ServiceSet } from '../service-set.ts';
import { findInAppliedTo } from './applied-to.ts';
import { RuleAlgebra, type Standing } from './algebra.ts';
import { isLocked, listed } from './wording.ts';

function removal(compiled: CompiledRule): FindingFix | null {
  if (isLocked(compiled)) return null;
  const { rule } = compiled;
  return {
    label: `Remove rule "${rule.name}"`,
    changes: [{ kind: 'remove-rule', id: rule.id }],
    changesDecisions: false,
  };
}

/** Findings about how one rule stands among the others. */
function standingFindings(
  compiled: CompiledRule,
  standing: Standing | undefined,
  ruleset: CompiledRuleset,
): readonly RuleFinding[] {
  const { rule } = compiled;
  const at = (places: readonly number[]) => places.flatMap((place) => ruleset.rules[place] ?? []);
  const names = (rules: readonly CompiledRule[]) => listed(rules.map((each) => each.rule.name));
  const ids = (rules: readonly CompiledRule[]) => rules.map((each) => each.rule.id);
  if (standing === undefined || standing.isEmpty) return [];
  if (standing.shadowedBy !== null) {
    const before = at(standing.shadowedBy);
    const against = before.filter((each) => each.rule.action !== rule.action);
    const word = before.length === 1 ? 'decides' : 'together decide';
    const detail = `"${rule.name}" never takes effect: ${names(before)} before it ${word} all it is for`;
    return [
      {
        kind: against.length > 0 ? 'contradicting' : 'shadowed',
        severity: against.length > 0 ? 'high' : 'medium',
        rule: rule.id,
        others: ids(before),
        detail:
          against.length > 0
            ? `${detail}, and ${names(against)} with ${against[0]?.rule.action ?? ''} where it says ${rule.action}.`
            : `${detail}.`,
        fix: removal(compiled),
      },
    ];
  }
  const found: RuleFinding[] = [];
  // While the default rule is open it would do for every allow rule; that is a finding of its own.
  const isByDefault = rule.action === 'ALLOW' && standing.redundantTo?.includes(-1) === true;
  if (standing.redundantTo !== null && !isByDefault) {
    const later = at(standing.redundantTo);
    const rest = standing.redundantTo.includes(-1) ? ['the default rule'] : [];
    const who = [...(later.length > 0 ? [names(later)] : []), ...rest].join(' and ');
    found.push({
      kind: 'redundant',
      severity: 'low',
      rule: rule.id,
      others: ids(later),
      detail: `Without "${rule.name}" ${who} would decide all it decides in the same way; only hits and log lines would differ.`,
      fix: removal(compiled),
    });
  }
  if (standing.hazards.length > 0 && !isClosing(rule)) {
    const before = at(standing.hazards);
    found.push({
      kind: 'order-hazard',
      severity: 'low',
      rule: rule.id,
      others: ids(before),
      detail: `"${rule.name}" overlaps ${names(before)} before it, of another action and neither part of the other: what both are for hangs on their order.`,
      fix: null,
    });
  }
  return found;
}

function anyAny({ rule, sources, destinations, services }: CompiledRule): readonly RuleFinding[] {
  if (rule.action !== 'ALLOW') return [];
  const isWide = (set: AddressSet) => set.contains(AddressSet.ALL_IPV4);
  if (!isWide(sources) || !isWide(destinations)) return [];
  const isEvery = services.contains(ServiceSet.ALL);
  return [
    {
      kind: 'any-any',
      severity: isEvery ? 'high' : 'medium',
      rule: rule.id,
      others: [],
      detail: `"${rule.name}" allows ${isEvery ? 'everything' : rule.services.join(', ')} from anywhere to anywhere.`,
      fix: null,
    },
  ];
}

function unresolved({
  rule,
  unresolved: odd,
  sources,
  destinations,
  services,
  table,
}: CompiledRule): readonly RuleFinding[] {
  const found: RuleFinding[] = [];
  if (odd.length > 0) {
    found.push({
      kind: 'unresolved',
      severity: 'high',
      rule: rule.id,
      others: [],
      detail: `"${rule.name}" names ${listed(odd)}, of which nothing is known here: it is decided as if empty.`,
      fix: null,
    });
  }
  const isNowhere = table?.isEmpty === true;
  if (isNowhere) {
    found.push({
      kind: 'useless-applied-to',
      severity: 'high',
      rule: rule.id,
      others: [],
      detail: `"${rule.name}" is enforced on no vNIC: no group it is applied to holds a workload. Groups of addresses enforce nothing.`,
      fix: null,
    });
  } else if (sources.isEmpty || destinations.isEmpty || services.isEmpty) {
    const what = sources.isEmpty ? 'source' : destinations.isEmpty ? 'destination' : 'service';
    found.push({
      kind: 'empty',
      severity: 'medium',
      rule: rule.id,
      others: [],
      detail: `"${rule.name}" matches nothing: its ${what} holds nothing.`,
      fix: null,
    });
  }
  return found;
}

/** All of a rule but its name, services and numbers: rules equal in it differ only in service. */
function shapeOf({ rule, policy }: CompiledRule): string {
  const texts = (objects: readonly RuleObject[]) =>
    objects.map((each) => JSON.stringify(each)).sort();
  return JSON.stringify([
    policy.id,
    texts(rule.sources),
    rule.sourcesNegated ?? false,
    texts(rule.destinations),
    rule.destinationsNegated ?? false,
    [...rule.appliedTo].sort(),
    [rule.action, rule.direction, rule.ipVersion, rule.logged],
  ]);
}

/** Services a rule takes; the number NSX allows. */
const MAX_SERVICES = 128;

function mergeable(
  ruleset: CompiledRuleset,
  algebra: RuleAlgebra,
  standings: readonly Standing[],
): readonly RuleFinding[] {
  const firstOfShape = new Map<string, CompiledRule>();
  return ruleset.rules.flatMap((compiled): readonly RuleFinding[] => {
    const shape = shapeOf(compiled);
    const first = firstOfShape.get(shape);
    const { rule } = compiled;
    const isDead = standings[compiled.order]?.shadowedBy !== null;
    if (isDead || rule.services.length === 0 || compiled.unresolved.length > 0) return [];
    if (first === undefined) {
      firstOfShape.set(shape, compiled);
      return [];
    }
    const services = [...new Set([...first.rule.services, ...rule.services])];
    if (services.length > MAX_SERVICES || !algebra.canMoveUp(compiled.order, first.order))
      return [];
    const merged: Rule = { ...first.rule, services };
    return [
      {
        kind: 'mergeable',
        severity: 'low',
        rule: rule.id,
        others: [first.rule.id],
        detail: `"${rule.name}" differs from "${first.rule.name}" only in its services: one rule can say both.`,
        fix:
          isLocked(compiled) || isLocked(first)
            ? null
            : {
                label: `Merge it into "${first.rule.name}"`,
                changes: [
                  { kind: 'update-rule', rule: merged },
                  { kind: 'remove-rule', id: rule.id },
                ],
                changesDecisions: false,
              },
      },
    ];
  });
}

function openDefault(
  ruleset: Ruleset,
  { defaultRule, rules }: CompiledRuleset,
): readonly RuleFinding[] {
  if (defaultRule.action !== 'ALLOW') return [];
  const rule = { ...(ruleset.defaultRule ?? defaultRule), action: 'DROP', logged: true } as const;
  const isClosed = rules.some((each) => isClosing(each.rule));
  return [
    {
      kind: 'any-any',
      severity: isClosed ? 'low' : 'medium',
      rule: 'default',
      others: [],
      detail: isClosed
        ? 'The default rule allows all that no rule is for, wherever no deny closes the application.'
        : 'The default rule allows all that no rule is for.',
      fix: {
        label: 'Let the default rule drop and log',
        changes: [{ kind: 'set-default', rule }],
        changesDecisions: true,
      },
    },
  ];
}

/**
 * What can be said of a ruleset by its sets alone, without any flow: shadowed and contradicting rules
 * (by one rule or several together), redundant and mergeable ones, order hazards, any-any rules, rules
 * that match nothing, and applied-to that is missing or useless.
 */
export function findInRules(
  ruleset: Ruleset,
  compiled: CompiledRuleset,
  resolver: MemberResolver,
): readonly RuleFinding[] {
  const algebra = new RuleAlgebra(compiled);
  const standings = algebra.standings();
  return [
    ...compiled.rules.flatMap((rule) => [
      ...unresolved(rule),
      ...standingFindings(rule, standings[rule.order], compiled),
      ...anyAny(rule),
      ...findInAppliedTo(rule, resolver),
    ]),
    ...mergeable(compiled, algebra, standings),
    ...openDefault(ruleset, compiled),
  ];
}
