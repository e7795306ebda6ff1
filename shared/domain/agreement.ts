import type { Tally } from './decision.ts';

/**
 * Why a ruleset decides a line otherwise than the log says: the log's rule is not applied to the vNIC
 * (`applied-to`), or no longer holds an address (`group-drift`); another rule stands before it
 * (`order`); the vNIC is no known workload's (`unknown-address`); the log's rule is not in the
 * ruleset (`unknown-rule`); or it was changed, of which lines of the same flow under another rule, or
 * a service or action that does not fit, are the signs (`rule-changed`).
 */
export const CAUSES = [
  'applied-to',
  'group-drift',
  'order',
  'unknown-address',
  'unknown-rule',
  'rule-changed',
] as const;

/** One of the causes of a disagreement. */
export type Cause = (typeof CAUSES)[number];

/** A line the ruleset decides otherwise than the log says. */
export interface Disagreement {
  readonly cause: Cause;
  readonly direction: 'IN' | 'OUT';
  readonly source: string;
  readonly destination: string;
  /** As `TCP/443`. */
  readonly service: string;
  /** The rule's number in the log. */
  readonly loggedRule: number;
  readonly loggedAction: string;
  /** Id of the rule that decides by the ruleset, `default`, or `null` where nothing enforces. */
  readonly decidedRule: string | null;
  readonly events: number;
}

/** How far a replay of a ruleset gives the rules and verdicts of the log. */
export interface Agreement {
  /** All that was logged at vNICs; a flow is one way of one pair of addresses over one service. */
  readonly total: Tally;
  /** Of them, where rule and verdict are the log's. */
  readonly agree: Tally;
  readonly causes: Readonly<Record<Cause, Tally>>;
  /** Some of each cause, those with the most lines first. */
  readonly examples: readonly Disagreement[];
  /** Lines decided by a rule without a number: only the verdict is compared. */
  readonly withoutNumber: number;
}
