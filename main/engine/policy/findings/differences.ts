import type { Tally } from '../../../../shared/domain/decision.ts';
import type { Closing, Drift, NewFlows, ReasonsToPass } from '../../../../shared/domain/finding.ts';
import { outcomeOf } from '../../../../shared/policy/decide.ts';
import type { Decided } from '../decisions/decided.ts';
import { BY_DEFAULT, NOT_ENFORCED } from '../decisions/rule-masks.ts';
import { isCovered, outcomeOfFlow, rowOf } from '../decisions/views.ts';

/** Flows told of each kind. */
export const MAX_ROWS = 100;

/** Gives the text of an address by its code. */
export type AddressText = (code: number) => string;

class FlowSum implements Tally {
  flows = 0;
  events = 0;

  add(events: number): void {
    this.flows++;
    this.events += events;
  }

  done(): Tally {
    return { flows: this.flows, events: this.events };
  }
}

const isAllowed = ({ decisions, combinations }: Decided, flow: number) =>
  decisions.isAllowed[combinations.ofFlow[flow] ?? 0] === 1;

function eventsOf({ weights }: Decided, flow: number): number {
  return (weights.passed[flow] ?? 0) + (weights.blocked[flow] ?? 0);
}

function flowsWhere({ flows }: Decided, isWanted: (flow: number) => boolean): number[] {
  const found: number[] = [];
  for (let flow = 0; flow < flows.count; flow++) if (isWanted(flow)) found.push(flow);
  return found;
}

function tallyOf(decided: Decided, flows: readonly number[]): Tally {
  const sum = new FlowSum();
  for (const flow of flows) sum.add(eventsOf(decided, flow));
  return sum.done();
}

function busiest(decided: Decided, flows: readonly number[]): readonly number[] {
  return flows
    .toSorted((a, b) => eventsOf(decided, b) - eventsOf(decided, a) || a - b)
    .slice(0, MAX_ROWS);
}

/** Flows that two rulesets decide otherwise, told as if the other one had been logged. */
export function driftOf(decided: Decided, against: Decided, addressText: AddressText): Drift {
  const changed = flowsWhere(
    decided,
    (flow) => isAllowed(decided, flow) !== isAllowed(against, flow),
  );
  return {
    total: tallyOf(decided, changed),
    rows: busiest(decided, changed).map((flow) => ({
      ...rowOf(decided, flow, addressText),
      outcome: outcomeOf(isAllowed(against, flow), isAllowed(decided, flow)),
    })),
  };
}

/** What would be blocked besides, once all is closed. */
export function closingOf(
  decided: Decided,
  closed: Decided,
  needed: Uint8Array,
  addressText: AddressText,
): Omit<Closing, 'isClosed' | 'disabled'> {
  const hit = flowsWhere(closed, (flow) => isAllowed(decided, flow) && !isAllowed(closed, flow));
  const passed = hit.filter((flow) => (closed.weights.passed[flow] ?? 0) > 0);
  const { combinations, decisions, ruleset } = closed;
  const sums = new Map<string, FlowSum>();
  for (const flow of hit) {
    const at = combinations.ofFlow[flow] ?? 0;
    const ends = new Set([decisions.sourceRule[at], decisions.destinationRule[at]]);
    for (const end of ends) {
      const { action } = ruleset.rules[end ?? BY_DEFAULT]?.rule ?? ruleset.defaultRule;
      if (end === NOT_ENFORCED || action === 'ALLOW') continue;
      const rule = ruleset.rules[end ?? BY_DEFAULT]?.rule.id ?? 'default';
      const sum = sums.get(rule) ?? new FlowSum();
      sums.set(rule, sum);
      sum.add(eventsOf(closed, flow));
    }
  }
  return {
    total: tallyOf(closed, hit),
    passed: tallyOf(closed, passed),
    needed: tallyOf(
      closed,
      hit.filter((flow) => needed[flow] === 1),
    ),
    rules: [...sums]
      .map(([rule, sum]) => ({ rule, ...sum.done() }))
      .sort((a, b) => b.events - a.events),
    rows: busiest(closed, passed).map((flow) => rowOf(closed, flow, addressText)),
  };
}

/** Why the flows pass that were blocked when they were logged. */
export function reasonsToPass(decided: Decided): ReasonsToPass {
  const { combinations, decisions } = decided;
  const sums = { rules: new FlowSum(), defaultRule: new FlowSum(), unenforced: new FlowSum() };
  for (const flow of flowsWhere(
    decided,
    (each) => outcomeOfFlow(decided, each) === 'newly-allowed',
  )) {
    const at = combinations.ofFlow[flow] ?? 0;
    const isNowhere =
      decisions.sourceRule[at] === NOT_ENFORCED && decisions.destinationRule[at] === NOT_ENFORCED;
    const reason = isNowhere ? 'unenforced' : isCovered(decided, at) ? 'rules' : 'defaultRule';
    sums[reason].add(eventsOf(decided, flow));
  }
  return {
    rules: sums.rules.done(),
    defaultRule: sums.defaultRule.done(),
    unenforced: sums.unenforced.done(),
  };
}

/** What the draft does with flows that were first seen at a time or later. */
export function newFlowsSince(
  since: number,
  decided: Decided,
  needed: Uint8Array,
  addressText: AddressText,
): NewFlows {
  const found = flowsWhere(decided, (flow) => (decided.flows.first[flow] ?? 0) >= since);
  const open = found.filter((flow) => !isCovered(decided, decided.combinations.ofFlow[flow] ?? 0));
  const passed = open.filter((flow) => (decided.weights.passed[flow] ?? 0) > 0);
  return {
    since,
    total: tallyOf(decided, found),
    uncovered: tallyOf(decided, passed),
    needed: tallyOf(
      decided,
      passed.filter((flow) => needed[flow] === 1),
    ),
    rows: busiest(decided, passed).map((flow) => rowOf(decided, flow, addressText)),
  };
}
