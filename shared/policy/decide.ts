import type { RuleAction } from '../domain/ruleset.ts';
import type { Address } from '../net/address.ts';
import type { CompiledRule, CompiledRuleset } from './compile.ts';
import type { ServiceSeenOnce } from './service-set.ts';

/** A flow as far as rules look at it. */
export interface DecidedFlow extends ServiceSeenOnce {
  readonly source: Address;
  readonly destination: Address;
}

/** The ends of a flow at which a vNIC may enforce rules. */
export type End = 'source' | 'destination';

/** What the table of one end's vNIC does with a flow. */
export interface EndDecision {
  /** False where the end is no workload: then it lets everything pass. */
  readonly isEnforced: boolean;
  /** The first rule that matches; `null` for the default rule, or where nothing is enforced. */
  readonly rule: CompiledRule | null;
  readonly action: RuleAction;
  /** Rules further down that match too, in order. */
  readonly later: readonly CompiledRule[];
}

/** What a ruleset does with a flow. */
export interface Decision {
  readonly source: EndDecision;
  readonly destination: EndDecision;
  /** Whether every end that enforces rules allows it. */
  readonly isAllowed: boolean;
}

/** Whether a rule lies in the table of the vNIC at one end of a flow, for packets of that way. */
export function isInTable(rule: CompiledRule, vnic: Address, end: End): boolean {
  const isItsWay = end === 'source' ? rule.isOut : rule.isIn;
  return isItsWay && (rule.table === null || rule.table.has(vnic));
}

/** Whether a rule's sources, destinations and services hold the flow, wherever it is enforced. */
export function matches(rule: CompiledRule, flow: DecidedFlow): boolean {
  return (
    rule.services.has(flow) &&
    rule.sources.has(flow.source) &&
    rule.destinations.has(flow.destination)
  );
}

/** What the table of the vNIC at one end does with a flow. */
export function decideAt(ruleset: CompiledRuleset, flow: DecidedFlow, end: End): EndDecision {
  const vnic = flow[end];
  if (!ruleset.workloads.has(vnic)) {
    return { isEnforced: false, rule: null, action: 'ALLOW', later: [] };
  }
  const [rule = null, ...later] = ruleset.rules.filter(
    (each) => isInTable(each, vnic, end) && matches(each, flow),
  );
  const action = rule?.rule.action ?? ruleset.defaultRule.action;
  return { isEnforced: true, rule, action, later };
}

/**
 * What a ruleset does with one flow: the first match in the table of each end's vNIC, outbound at
 * the source and inbound at the destination. The flow passes where every enforcing end allows it.
 */
export function decide(ruleset: CompiledRuleset, flow: DecidedFlow): Decision {
  const source = decideAt(ruleset, flow, 'source');
  const destination = decideAt(ruleset, flow, 'destination');
  const isAllowed = source.action === 'ALLOW' && destination.action === 'ALLOW';
  return { source, destination, isAllowed };
}

/** What a ruleset changes for traffic that was logged. */
export const OUTCOMES = [
  'still-allowed',
  'newly-allowed',
  'newly-blocked',
  'still-blocked',
] as const;

/** One of the things a ruleset can change for traffic that was logged. */
export type Outcome = (typeof OUTCOMES)[number];

/** The outcome by what the log says happened, and by what the ruleset would do. */
export function outcomeOf(wasAllowed: boolean, isAllowed: boolean): Outcome {
  if (wasAllowed) return isAllowed ? 'still-allowed' : 'newly-blocked';
  return isAllowed ? 'newly-allowed' : 'still-blocked';
}
