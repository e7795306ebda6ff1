import type { Outcome } from '../policy/decide.ts';
import type { RuleAction } from './ruleset.ts';

/** Distinct flows and the logged lines behind them. */
export interface Tally {
  readonly flows: number;
  readonly events: number;
}

/** How often a rule is the first match, at each end's vNIC. */
export interface RuleHits {
  /** The rule's id. */
  readonly rule: string;
  /** Outbound, at the vNIC of the source. */
  readonly source: Tally;
  /** Inbound, at the vNIC of the destination. */
  readonly destination: Tally;
}

/** What the draft would do with everything that was logged. */
export interface DecisionSummary {
  /** The ruleset's revision that was decided with. */
  readonly revision: number;
  readonly total: Tally;
  readonly outcomes: Readonly<Record<Outcome, Tally>>;
  /** What explicit allow rules permit at every end that enforces rules. */
  readonly covered: Tally;
  /** Every enabled rule, in the order of evaluation; those without hits too. */
  readonly rules: readonly RuleHits[];
  /** What the default rule decides. */
  readonly defaultRule: Omit<RuleHits, 'rule'>;
  /** First matches by policy, both ends together. */
  readonly policies: readonly (Tally & { readonly policy: string })[];
  /** Lines of replies to sessions whose beginning was not logged; they are not decided. */
  readonly replyEvents: number;
}

/** A logged flow and what the draft would do with it. */
export interface DecidedFlowRow {
  readonly source: string;
  readonly destination: string;
  /** `TCP/443`, or the protocol's name where there are no ports. */
  readonly service: string;
  readonly outcome: Outcome;
  readonly events: number;
  /** Id of the rule that decides at the source's vNIC, `default`, or `null` where nothing enforces. */
  readonly sourceRule: string | null;
  /** Id of the rule that decides at the destination's vNIC, `default`, or `null` where nothing enforces. */
  readonly destinationRule: string | null;
}

/** One page of decided flows, the busiest first. */
export interface DecidedFlowPage {
  readonly rows: readonly DecidedFlowRow[];
  readonly total: Tally;
}

/** What the draft would do with the flows between two nodes of the map. */
export interface DecidedEdge {
  /** Id of the edge, as in the map: `NODE>NODE`. */
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly outcomes: Readonly<Record<Outcome, Tally>>;
  /** What explicit allow rules permit at every end that enforces rules. */
  readonly covered: Tally;
}

/** What one end's vNIC would do with a flow that need not have been seen. */
export interface ExplainedEnd {
  /** False where the end is no workload: nothing is enforced there. */
  readonly isEnforced: boolean;
  /** Id of the rule that decides, `default`, or `null` where nothing is enforced. */
  readonly rule: string | null;
  readonly action: RuleAction;
  /** Ids of the rules further down that match too, in order. */
  readonly later: readonly string[];
}

/** What the draft would do with one flow. */
export interface ExplainedFlow {
  readonly source: ExplainedEnd;
  readonly destination: ExplainedEnd;
  readonly isAllowed: boolean;
}
