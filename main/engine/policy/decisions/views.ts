import type {
  DecidedFlowPage,
  DecidedFlowRow,
  DecisionSummary,
  RuleHits,
} from '../../../../shared/domain/decision.ts';
import { OUTCOMES, outcomeOf, type Outcome } from '../../../../shared/policy/decide.ts';
import { serviceText } from '../../../../shared/net/service.ts';
import type { Decided } from './decided.ts';
import { BY_DEFAULT, NOT_ENFORCED } from './rule-masks.ts';

interface Sum {
  flows: number;
  events: number;
}

const zero = (): Sum => ({ flows: 0, events: 0 });

function add(sum: Sum, flows: number, events: number): void {
  sum.flows += flows;
  sum.events += events;
}

function outcomeSums(): Record<Outcome, Sum> {
  return {
    'still-allowed': zero(),
    'newly-allowed': zero(),
    'newly-blocked': zero(),
    'still-blocked': zero(),
  };
}

/** Whether explicit allow rules decide at every enforcing end, and at one at least. */
export function isCovered({ ruleset, decisions }: Decided, at: number): boolean {
  const source = decisions.sourceRule[at] ?? NOT_ENFORCED;
  const destination = decisions.destinationRule[at] ?? NOT_ENFORCED;
  if (source === NOT_ENFORCED && destination === NOT_ENFORCED) return false;
  return isOpen(ruleset, source) && isOpen(ruleset, destination);
}

/** Whether an end enforces nothing, or an explicit allow rule decides there. */
function isOpen({ rules }: Decided['ruleset'], end: number): boolean {
  return end === NOT_ENFORCED || rules[end]?.rule.action === 'ALLOW';
}

/** The sums of all flows: outcomes, coverage, and hits of rules and policies. */
export function summarise(decided: Decided, revision: number): DecisionSummary {
  const { combinations, combined, decisions, ruleset, flows } = decided;
  const outcomes = outcomeSums();
  const [total, covered] = [zero(), zero()];
  const hits = ruleset.rules.map(() => ({ source: zero(), destination: zero() }));
  const byDefault = { source: zero(), destination: zero() };
  const hit = (rule: number, end: 'source' | 'destination', count: number, lines: number) => {
    if (rule !== NOT_ENFORCED) add((hits[rule] ?? byDefault)[end], count, lines);
  };
  for (let at = 0; at < combinations.count; at++) {
    const [passed, blocked] = [combined.passed[at] ?? 0, combined.blocked[at] ?? 0];
    const passedFlows = combined.passedFlows[at] ?? 0;
    const blockedFlows = combined.blockedFlows[at] ?? 0;
    const isAllowed = decisions.isAllowed[at] === 1;
    add(outcomes[outcomeOf(true, isAllowed)], passedFlows, passed);
    add(outcomes[outcomeOf(false, isAllowed)], blockedFlows, blocked);
    const count = passedFlows + blockedFlows;
    add(total, count, passed + blocked);
    if (isCovered(decided, at)) add(covered, count, passed + blocked);
    hit(decisions.sourceRule[at] ?? NOT_ENFORCED, 'source', count, combined.atSource[at] ?? 0);
    const atDestination = combined.atDestination[at] ?? 0;
    hit(decisions.destinationRule[at] ?? NOT_ENFORCED, 'destination', count, atDestination);
  }
  const rules = ruleset.rules.map(({ rule }, at): RuleHits => {
    return { rule: rule.id, ...(hits[at] ?? byDefault) };
  });
  return {
    revision,
    total,
    outcomes,
    covered,
    rules,
    defaultRule: byDefault,
    policies: sumByPolicy(decided, rules),
    replyEvents: flows.replyEvents,
  };
}

function sumByPolicy({ ruleset }: Decided, hits: readonly RuleHits[]) {
  const sums = new Map<string, Sum>();
  ruleset.rules.forEach(({ policy }, at) => {
    const sum = sums.get(policy.id) ?? zero();
    sums.set(policy.id, sum);
    for (const end of [hits[at]?.source, hits[at]?.destination]) {
      add(sum, end?.flows ?? 0, end?.events ?? 0);
    }
  });
  return [...sums].map(([policy, sum]) => ({ policy, ...sum }));
}

/** Which decided flows are asked for; an absent part asks for nothing. */
export interface DecidedFlowQuestion {
  readonly outcomes?: readonly Outcome[];
  /** Id of the rule that decides at either end, or `default`. */
  readonly rule?: string;
}

/** The outcome of one flow. */
export function outcomeOfFlow({ weights, decisions, combinations }: Decided, flow: number) {
  const at = combinations.ofFlow[flow] ?? 0;
  return outcomeOf((weights.passed[flow] ?? 0) > 0, decisions.isAllowed[at] === 1);
}

/** The place of a rule by its id or `default`; `null` where it is not in force. */
export function placeOf({ ruleset }: Decided, id: string): number | null {
  if (id === 'default') return BY_DEFAULT;
  const place = ruleset.rules.findIndex(({ rule }) => rule.id === id);
  return place < 0 ? null : place;
}

/** The flows asked for, in the order they are held in. */
export function wantedFlows(decided: Decided, question: DecidedFlowQuestion): number[] {
  const { combinations, decisions, weights } = decided;
  const outcomes = new Set(question.outcomes ?? OUTCOMES);
  const place = question.rule === undefined ? BY_DEFAULT : placeOf(decided, question.rule);
  if (place === null) return [];
  const wanted = {
    passed: new Uint8Array(combinations.count),
    blocked: new Uint8Array(combinations.count),
  };
  for (let at = 0; at < combinations.count; at++) {
    const { sourceRule, destinationRule, isAllowed } = decisions;
    const isOfRule =
      question.rule === undefined || sourceRule[at] === place || destinationRule[at] === place;
    if (!isOfRule) continue;
    wanted.passed[at] = outcomes.has(outcomeOf(true, isAllowed[at] === 1)) ? 1 : 0;
    wanted.blocked[at] = outcomes.has(outcomeOf(false, isAllowed[at] === 1)) ? 1 : 0;
  }
  const found: number[] = [];
  combinations.ofFlow.forEach((at, flow) => {
    const side = (weights.passed[flow] ?? 0) > 0 ? wanted.passed : wanted.blocked;
    if (side[at] === 1) found.push(flow);
  });
  return found;
}

/** One page of decided flows, those with the most lines first. */
export function pageOfFlows(
  decided: Decided,
  question: DecidedFlowQuestion,
  page: { readonly offset: number; readonly limit: number },
  addressText: (code: number) => string,
): DecidedFlowPage {
  const { weights } = decided;
  const events = (flow: number) => (weights.passed[flow] ?? 0) + (weights.blocked[flow] ?? 0);
  const found = wantedFlows(decided, question).sort((a, b) => events(b) - events(a) || a - b);
  return {
    rows: found
      .slice(page.offset, page.offset + page.limit)
      .map((flow) => rowOf(decided, flow, addressText)),
    total: { flows: found.length, events: found.reduce((sum, flow) => sum + events(flow), 0) },
  };
}

/** One flow as it is told. */
export function rowOf(
  decided: Decided,
  flow: number,
  addressText: (code: number) => string,
): DecidedFlowRow {
  const { flows, weights, combinations, decisions, ruleset } = decided;
  const at = combinations.ofFlow[flow] ?? 0;
  const service = flows.services[flows.service[flow] ?? 0];
  const name = (rule: number | undefined) =>
    rule === NOT_ENFORCED ? null : (ruleset.rules[rule ?? BY_DEFAULT]?.rule.id ?? 'default');
  return {
    source: addressText(flows.codes[flows.source[flow] ?? 0] ?? 0),
    destination: addressText(flows.codes[flows.destination[flow] ?? 0] ?? 0),
    service: serviceText(service?.protocol ?? 0, service?.port ?? 0),
    outcome: outcomeOfFlow(decided, flow),
    events: (weights.passed[flow] ?? 0) + (weights.blocked[flow] ?? 0),
    sourceRule: name(decisions.sourceRule[at]),
    destinationRule: name(decisions.destinationRule[at]),
  };
}
