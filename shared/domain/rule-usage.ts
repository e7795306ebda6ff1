import type { RuleHits, Tally } from './decision.ts';
import type { Category, RuleAction, RuleDraft } from './ruleset.ts';

/** Distinct flows, the lines behind them, and when they were seen. */
export interface SeenFlowSum extends Tally {
  /** Milliseconds since 1970 UTC; `null` where no flow was seen. */
  readonly first: number | null;
  readonly last: number | null;
}

/** How often a rule decides, and when it would have. */
export interface RuleSeen extends RuleHits {
  /** The flows it decides at either end or both, each once, with all their lines. */
  readonly seen: SeenFlowSum;
}

/** How often each rule decides. */
export interface HitList {
  /** The ruleset's revision that was decided with. */
  readonly revision: number;
  /** Every enabled rule, in the order of evaluation; those without hits too. */
  readonly rules: readonly RuleSeen[];
  readonly defaultRule: Omit<RuleSeen, 'rule'>;
}

/** The rule whose usage is asked for. */
export type UsageSubject =
  /** A rule of the draft by its id, or `default`. A disabled one is decided as if it were enabled. */
  | { readonly kind: 'rule'; readonly id: string }
  /** A rule the draft does not have: it is decided as if it were added. */
  | {
      readonly kind: 'draft';
      readonly policy: string;
      readonly category?: Category;
      readonly rule: RuleDraft;
    };

/** How many things a rule is for, and how many of them were seen. */
export interface UsedPart {
  readonly used: number;
  /** `null` where the rule is for any. */
  readonly allowed: number | null;
}

/** A service among the flows a rule decides. */
export interface ServiceOfRule extends SeenFlowSum {
  /** `TCP/443`, or the protocol's name where there are no ports. */
  readonly service: string;
}

/** Another enabled rule for some of the flows a rule is for, at the same vNIC. */
export interface CoveringRule {
  /** The other rule's id. */
  readonly rule: string;
  readonly action: RuleAction;
  /** Whether the other is for all the rule is for, at each end where the rule is enforced. */
  readonly isWhole: boolean;
}

/** Others among the rules before or after a rule. */
export interface CoveringRules {
  /** Those for all of it first, then in the order of evaluation; at most 100. */
  readonly rules: readonly CoveringRule[];
  readonly total: number;
}

/** What was seen of one rule, and how it stands among the others. */
export interface RuleUsage extends Omit<RuleSeen, 'rule'> {
  readonly revision: number;
  /** The rule's id; for one that is not in the draft the id it would get. */
  readonly rule: string;
  /** False where the rule is disabled or not in the draft: all figures are as if it were in force. */
  readonly isInForce: boolean;
  /** Those with the most lines first, at most 100. */
  readonly services: readonly ServiceOfRule[];
  readonly sources: UsedPart;
  readonly destinations: UsedPart;
  /** Pairs of a source and a destination; an address with itself is none. */
  readonly pairs: UsedPart;
  /** Ports, ICMP types, or protocols without either. */
  readonly ports: UsedPart;
  /** Addresses it is for that no flow it decides came from, at most 100, as single ones or ranges. */
  readonly unusedSources: readonly string[];
  /** Addresses it is for that no flow it decides went to, at most 100, as single ones or ranges. */
  readonly unusedDestinations: readonly string[];
  readonly earlier: CoveringRules;
  readonly later: CoveringRules;
  /** Logged flows that are allowed with it and blocked without it. */
  readonly allows: Tally;
  /** Logged flows that are blocked with it and allowed without it. */
  readonly blocks: Tally;
}
