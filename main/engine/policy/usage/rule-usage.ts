import type { Tally } from '../../../../shared/domain/decision.ts';
import type {
  CoveringRules,
  RuleUsage,
  ServiceOfRule,
  UsageSubject,
  UsedPart,
} from '../../../../shared/domain/rule-usage.ts';
import type { Ruleset } from '../../../../shared/domain/ruleset.ts';
import { applyChange, rulesOf } from '../../../../shared/domain/ruleset-change.ts';
import { bug, Failure } from '../../../../shared/failure/failure.ts';
import type { Address, AddressRange } from '../../../../shared/net/address.ts';
import { serviceText } from '../../../../shared/net/service.ts';
import { AddressSet } from '../../../../shared/policy/address-set.ts';
import type { CompiledRule } from '../../../../shared/policy/compile.ts';
import { coveringRules } from '../../../../shared/policy/findings/covering.ts';
import { serviceKey, ServiceSet } from '../../../../shared/policy/service-set.ts';
import type { Decided } from '../decisions/decided.ts';
import { addressAt } from '../decisions/flow-keys.ts';
import { BY_DEFAULT } from '../decisions/rule-masks.ts';
import { hitList, SeenSum } from './seen.ts';

/** Services, unused addresses and covering rules told at most. */
const MAX_TOLD = 100;

/** The default rule as it is asked for. */
const DEFAULT = 'default';

/** A rule to look at, in a ruleset where it is in force, and the same ruleset without it. */
export interface SubjectRulesets {
  readonly rule: string;
  readonly isInForce: boolean;
  readonly withIt: Ruleset;
  readonly withoutIt: Ruleset;
}

function disabled(ruleset: Ruleset, id: string, isDisabled: boolean): Ruleset {
  const rule = rulesOf(ruleset).find((each) => each.id === id);
  if (rule === undefined) throw new Failure('rule-unknown', { rule: id });
  if (rule.disabled === isDisabled) return ruleset;
  return applyChange(ruleset, { kind: 'update-rule', rule: { ...rule, disabled: isDisabled } });
}

/**
 * The rulesets to decide with, for the usage of a rule.
 *
 * @throws Failure `rule-unknown`, or `rule-incomplete` for a rule that could not be added
 */
export function rulesetsFor(draft: Ruleset, subject: UsageSubject): SubjectRulesets {
  if (subject.kind === 'rule') {
    const { id } = subject;
    if (id === DEFAULT) return { rule: id, isInForce: true, withIt: draft, withoutIt: draft };
    const withIt = disabled(draft, id, false);
    const isInForce = withIt === draft;
    return { rule: id, isInForce, withIt, withoutIt: disabled(draft, id, true) };
  }
  const { kind, ...of } = subject;
  const known = new Set(rulesOf(draft).map(({ id }) => id));
  const rule = { ...of.rule, disabled: false };
  const withIt = applyChange(draft, { kind: 'add-rule', ...of, rule });
  const added = rulesOf(withIt).find(({ id }) => !known.has(id)) ?? bug(`no rule from a ${kind}`);
  return { rule: added.id, isInForce: false, withIt, withoutIt: draft };
}

/** Flows whose decision one ruleset changes to the other. */
function changedFrom(before: Decided, after: Decided): Pick<RuleUsage, 'allows' | 'blocks'> {
  const sums = { allows: { flows: 0, events: 0 }, blocks: { flows: 0, events: 0 } };
  const { flows, weights } = after;
  const isAllowed = ({ decisions, combinations }: Decided, flow: number) =>
    decisions.isAllowed[combinations.ofFlow[flow] ?? 0] === 1;
  if (before === after) return sums;
  for (let flow = 0; flow < flows.count; flow++) {
    const now = isAllowed(after, flow);
    if (isAllowed(before, flow) === now) continue;
    const sum = now ? sums.allows : sums.blocks;
    sum.flows++;
    sum.events += (weights.passed[flow] ?? 0) + (weights.blocked[flow] ?? 0);
  }
  return sums;
}

function decidedFlows({ flows, combinations, decisions }: Decided, place: number): number[] {
  const isOf = Uint8Array.from({ length: combinations.count }, (_, at) =>
    Number(decisions.sourceRule[at] === place || decisions.destinationRule[at] === place),
  );
  const found: number[] = [];
  for (let flow = 0; flow < flows.count; flow++) {
    if (isOf[combinations.ofFlow[flow] ?? 0] === 1) found.push(flow);
  }
  return found;
}

function servicesOf({ flows, weights }: Decided, found: readonly number[]) {
  const sums = new Map<string, SeenSum>();
  const keys = new Set<number>();
  for (const flow of found) {
    const service = flows.services[flows.service[flow] ?? 0];
    if (service === undefined) continue;
    keys.add(serviceKey(service));
    const text = serviceText(service.protocol, service.port);
    const sum = sums.get(text) ?? new SeenSum();
    sums.set(text, sum);
    const events = (weights.passed[flow] ?? 0) + (weights.blocked[flow] ?? 0);
    sum.add(1, events, flows.first[flow] ?? 0, flows.last[flow] ?? 0);
  }
  const services = [...sums].map(([service, sum]): ServiceOfRule => {
    return { service, ...sum.done() };
  });
  services.sort((a, b) => b.events - a.events || (a.service < b.service ? -1 : 1));
  return { services: services.slice(0, MAX_TOLD), ports: keys.size };
}

/** How many addresses a set holds; `null` where it holds all of a family. */
function countOf(set: AddressSet): number | null {
  const isAny = set.contains(AddressSet.ALL_IPV4) || set.contains(AddressSet.ALL_IPV6);
  return isAny ? null : Number(set.size);
}

function rangeOf({ family, value }: Address): AddressRange {
  return { family, first: value, last: value };
}

/** The addresses among the flows at the places given. */
function seenSet({ flows }: Decided, places: ReadonlySet<number>): AddressSet {
  return AddressSet.ofRanges([...places].map((place) => rangeOf(addressAt(flows, place))));
}

interface Parts {
  readonly sources: UsedPart;
  readonly destinations: UsedPart;
  readonly pairs: UsedPart;
  readonly unusedSources: readonly string[];
  readonly unusedDestinations: readonly string[];
}

function partsOf(
  decided: Decided,
  rule: CompiledRule | undefined,
  found: readonly number[],
): Parts {
  const { flows } = decided;
  const sources = new Set(found.map((flow) => flows.source[flow] ?? 0));
  const destinations = new Set(found.map((flow) => flows.destination[flow] ?? 0));
  const pairs = new Set(
    found
      .map((flow) => [flows.source[flow] ?? 0, flows.destination[flow] ?? 0] as const)
      .filter(([source, destination]) => source !== destination)
      .map(([source, destination]) => source * flows.codes.length + destination),
  );
  const allowed = {
    sources: rule === undefined ? null : countOf(rule.sources),
    destinations: rule === undefined ? null : countOf(rule.destinations),
  };
  const isCounted = allowed.sources !== null && allowed.destinations !== null;
  const unused = (set: AddressSet | undefined, count: number | null, places: Set<number>) =>
    set === undefined || count === null
      ? []
      : set.subtract(seenSet(decided, places)).texts().slice(0, MAX_TOLD);
  return {
    sources: { used: sources.size, allowed: allowed.sources },
    destinations: { used: destinations.size, allowed: allowed.destinations },
    pairs: {
      used: pairs.size,
      allowed:
        rule === undefined || !isCounted
          ? null
          : (allowed.sources ?? 0) * (allowed.destinations ?? 0) -
            Number(rule.sources.intersect(rule.destinations).size),
    },
    unusedSources: unused(rule?.sources, allowed.sources, sources),
    unusedDestinations: unused(rule?.destinations, allowed.destinations, destinations),
  };
}

function covering({ ruleset }: Decided, place: number): Pick<RuleUsage, 'earlier' | 'later'> {
  const all = coveringRules(ruleset, place);
  const told = (isWanted: (other: number) => boolean): CoveringRules => {
    const wanted = all.filter((each) => isWanted(each.place));
    const rules = wanted
      .toSorted((a, b) => Number(b.isWhole) - Number(a.isWhole) || a.place - b.place)
      .slice(0, MAX_TOLD)
      .flatMap(({ place: other, isWhole }) => {
        const rule = ruleset.rules[other]?.rule;
        return rule === undefined ? [] : [{ rule: rule.id, action: rule.action, isWhole }];
      });
    return { rules, total: wanted.length };
  };
  return { earlier: told((other) => other < place), later: told((other) => other > place) };
}

const NONE: Tally = { flows: 0, events: 0 };

/**
 * What was seen of one rule, and how it stands among the others.
 *
 * @param decided the flows decided with the rule in force, and without it
 */
export function usageOfRule(
  { rule: id, isInForce }: SubjectRulesets,
  decided: { readonly withIt: Decided; readonly withoutIt: Decided },
  revision: number,
): RuleUsage {
  const { withIt, withoutIt } = decided;
  const place =
    id === DEFAULT ? BY_DEFAULT : withIt.ruleset.rules.findIndex(({ rule }) => rule.id === id);
  const compiled = withIt.ruleset.rules[place];
  const found = id === DEFAULT || place >= 0 ? decidedFlows(withIt, place) : [];
  const { rules, defaultRule } = hitList(withIt, revision);
  const { source, destination, seen } =
    id === DEFAULT
      ? defaultRule
      : (rules[place] ?? { source: NONE, destination: NONE, seen: new SeenSum().done() });
  const { services, ports } = servicesOf(withIt, found);
  const isAnyService = compiled === undefined || compiled.services.contains(ServiceSet.ALL);
  return {
    revision,
    rule: id,
    isInForce,
    ...{ source, destination, seen, services },
    ...partsOf(withIt, compiled, found),
    ports: { used: ports, allowed: isAnyService ? null : compiled.services.size },
    ...covering(withIt, place),
    ...changedFrom(withoutIt, withIt),
  };
}
