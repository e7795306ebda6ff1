import type { RuleFinding } from '../../../../shared/domain/finding.ts';
import type { DecisionSummary } from '../../../../shared/domain/decision.ts';
import { formatService, serviceText } from '../../../../shared/net/service.ts';
import { AddressSet } from '../../../../shared/policy/address-set.ts';
import type { CompiledRule } from '../../../../shared/policy/compile.ts';
import { ServiceSet } from '../../../../shared/policy/service-set.ts';
import type { Decided } from '../decisions/decided.ts';
import { BY_DEFAULT } from '../decisions/rule-masks.ts';

/** A rule that allows fewer pairs of addresses than this is never called too broad. */
const FEW_PAIRS = 50;

/** Share of the pairs a rule allows that must be seen for it not to be called too broad. */
const USED_SHARE = 0.1;

/** Observed services up to which a wide service is worth narrowing by hand. */
const MOST_SERVICES = 15;

/** What was seen of the flows a rule decides. */
export interface RuleUsage {
  readonly sources: ReadonlySet<number>;
  readonly destinations: ReadonlySet<number>;
  /** Pairs of source and destination. */
  readonly pairs: ReadonlySet<number>;
  /** Numbers of services. */
  readonly services: ReadonlySet<number>;
}

interface Usage extends RuleUsage {
  readonly sources: Set<number>;
  readonly destinations: Set<number>;
  readonly pairs: Set<number>;
  readonly services: Set<number>;
}

/** What was seen of the flows each rule decides at either end, by its place. */
export function usageOf(decided: Decided): readonly RuleUsage[] {
  const { flows, combinations, decisions, ruleset } = decided;
  const usages = ruleset.rules.map((): Usage => {
    return { sources: new Set(), destinations: new Set(), pairs: new Set(), services: new Set() };
  });
  for (let flow = 0; flow < flows.count; flow++) {
    const at = combinations.ofFlow[flow] ?? 0;
    const atSource = decisions.sourceRule[at] ?? BY_DEFAULT;
    const atDestination = decisions.destinationRule[at] ?? BY_DEFAULT;
    for (const place of atSource === atDestination ? [atSource] : [atSource, atDestination]) {
      const usage = usages[place];
      if (usage === undefined) continue;
      const [source, destination] = [flows.source[flow] ?? 0, flows.destination[flow] ?? 0];
      usage.sources.add(source);
      usage.destinations.add(destination);
      usage.pairs.add(source * flows.codes.length + destination);
      usage.services.add(flows.service[flow] ?? 0);
    }
  }
  return usages;
}

/** The pairs of workloads and other finite addresses a rule allows; infinite where a side is any. */
export function allowedPairs({ sources, destinations }: CompiledRule): number {
  if (sources.contains(AddressSet.ALL_IPV4) || destinations.contains(AddressSet.ALL_IPV4)) {
    return Infinity;
  }
  return Number(sources.size) * Number(destinations.size);
}

function unused({ rule }: CompiledRule): RuleFinding {
  return {
    kind: 'unused',
    severity: 'low',
    rule: rule.id,
    others: [],
    detail: `"${rule.name}" decides no flow that was logged.`,
    fix:
      rule.locked === true
        ? null
        : {
            label: `Disable rule "${rule.name}"`,
            changes: [{ kind: 'update-rule', rule: { ...rule, disabled: true } }],
            changesDecisions: true,
          },
  };
}

function tooBroad(compiled: CompiledRule, usage: RuleUsage): readonly RuleFinding[] {
  const allowed = allowedPairs(compiled);
  if (allowed < FEW_PAIRS || !Number.isFinite(allowed)) return [];
  if (usage.pairs.size >= USED_SHARE * allowed) return [];
  const { rule } = compiled;
  return [
    {
      kind: 'too-broad',
      severity: allowed > 100 * FEW_PAIRS ? 'medium' : 'low',
      rule: rule.id,
      others: [],
      detail: `"${rule.name}" allows ${allowed.toLocaleString('en')} pairs of addresses; ${usage.pairs.size} were seen (${usage.sources.size} sources, ${usage.destinations.size} destinations).`,
      fix: null,
    },
  ];
}

function wideService(
  compiled: CompiledRule,
  usage: RuleUsage,
  { flows }: Decided,
): readonly RuleFinding[] {
  const { rule, services } = compiled;
  const seen = [...usage.services].flatMap((at) => flows.services[at] ?? []);
  if (services.size <= seen.length) return [];
  const texts = [...new Set(seen.map(({ protocol, port }) => serviceText(protocol, port)))].sort();
  if (texts.length > MOST_SERVICES) return [];
  const narrow = ServiceSet.of(
    seen.map(({ protocol, port, icmp }) => ({
      protocol,
      ports: [6, 17, 132].includes(protocol) ? [{ first: port, last: port }] : [],
      // The beginnings of sessions do not tell the type: a rule for all types is not narrowed by some.
      ...(icmp === null || services.contains(ServiceSet.of([{ protocol, ports: [] }]))
        ? {}
        : { icmp: [{ type: icmp >> 8, code: null }] }),
    })),
  );
  if (!services.contains(narrow) || services.size <= 2 * narrow.size) return [];
  const changed = { ...rule, services: narrow.services().map(formatService) };
  return [
    {
      kind: 'wide-service',
      severity: services.size > 1_000 ? 'medium' : 'low',
      rule: rule.id,
      others: [],
      detail: `"${rule.name}" allows ${rule.services.length === 0 ? 'every service' : rule.services.join(', ')}; only ${texts.join(', ')} was seen.`,
      fix:
        rule.locked === true
          ? null
          : {
              label: `Narrow it to ${changed.services.join(', ')}`,
              changes: [{ kind: 'update-rule', rule: changed }],
              changesDecisions: true,
            },
    },
  ];
}

function uncovered(decided: Decided, needed: Uint8Array): readonly RuleFinding[] {
  const { combinations, decisions, ruleset, weights } = decided;
  let flows = 0;
  let events = 0;
  let neededCount = 0;
  combinations.ofFlow.forEach((at, flow) => {
    const isDefault =
      decisions.sourceRule[at] === BY_DEFAULT || decisions.destinationRule[at] === BY_DEFAULT;
    const passed = weights.passed[flow] ?? 0;
    if (!isDefault || passed === 0) return;
    flows++;
    events += passed;
    if (needed[flow] === 1) neededCount++;
  });
  if (flows === 0) return [];
  const serving =
    neededCount === 0
      ? 'None of them serves an application.'
      : `${neededCount.toLocaleString('en')} of them ${neededCount === 1 ? 'serves' : 'serve'} an application or a shared service.`;
  const verb = ruleset.defaultRule.action === 'ALLOW' ? 'allowed' : 'blocked';
  return [
    {
      kind: 'uncovered',
      severity: neededCount === 0 ? 'low' : 'medium',
      rule: 'default',
      others: [],
      detail: `${flows.toLocaleString('en')} flows that passed (${events.toLocaleString('en')} lines) are ${verb} by the default rule at one end or both: no rule says what becomes of them. ${serving}`,
      fix: null,
    },
  ];
}

/** What can be said of a ruleset by the flows it decides: rules unused, too broad or with wide services. */
export function findInUsage(
  decided: Decided,
  summary: DecisionSummary,
  usages: readonly RuleUsage[],
  needed: Uint8Array,
): readonly RuleFinding[] {
  const found = decided.ruleset.rules.flatMap((compiled, place): readonly RuleFinding[] => {
    const hits = summary.rules[place];
    if (hits === undefined || hits.source.flows + hits.destination.flows === 0) {
      return [unused(compiled)];
    }
    const usage = usages[place];
    if (usage === undefined || compiled.rule.action !== 'ALLOW') return [];
    return [...tooBroad(compiled, usage), ...wideService(compiled, usage, decided)];
  });
  return [...found, ...uncovered(decided, needed)];
}
