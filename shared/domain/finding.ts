import type { Agreement } from './agreement.ts';
import type { DecidedFlowRow, Tally } from './decision.ts';
import type { Outcome } from '../policy/decide.ts';
import type { SingleChange } from './ruleset.ts';

/** What a check can find in a ruleset. */
export const FINDING_KINDS = [
  'contradicting',
  'any-any',
  'useless-applied-to',
  'unresolved',
  'empty',
  'uncovered',
  'missing-applied-to',
  'shadowed',
  'order-hazard',
  'redundant',
  'too-broad',
  'wide-service',
  'mergeable',
  'unused',
] as const;

/** One of the things a check can find. */
export type FindingKind = (typeof FINDING_KINDS)[number];

/** How much a finding matters, the most first. */
export const SEVERITIES = ['high', 'medium', 'low'] as const;

/** One of the degrees a finding matters to. */
export type Severity = (typeof SEVERITIES)[number];

/** Changes that settle a finding. */
export interface FindingFix {
  /** What is done, as in `Remove rule "web to app"`. */
  readonly label: string;
  readonly changes: readonly SingleChange[];
  /** Whether some flow, seen or not, may be decided otherwise afterwards. */
  readonly changesDecisions: boolean;
}

/** One result of a check. */
export interface RuleFinding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** Id of the rule it is about, `default`, or `null` where it is about the whole ruleset. */
  readonly rule: string | null;
  /** Ids of the rules that have part in it. */
  readonly others: readonly string[];
  /** What was found and why it matters, in one sentence. */
  readonly detail: string;
  readonly fix: FindingFix | null;
}

/** One part of the segmentation score. */
export interface ScorePart {
  readonly name: string;
  /** Points it counts at most; all parts together count 100. */
  readonly weight: number;
  /** 0 to 1. */
  readonly value: number;
}

/** How the flows of a ruleset differ from those of another. */
export interface Drift {
  /** Flows one ruleset allows and the other does not. */
  readonly total: Tally;
  /** The busiest of them; the outcome tells it as if the other ruleset had been logged. */
  readonly rows: readonly DecidedFlowRow[];
}

/** Why flows pass that were blocked when they were logged. */
export interface ReasonsToPass {
  /** Explicit allow rules permit them at every end that enforces rules. */
  readonly rules: Tally;
  /** The default rule lets them pass at one end or both. */
  readonly defaultRule: Tally;
  /** Neither end has a vNIC that enforces rules. */
  readonly unenforced: Tally;
}

/**
 * What would be hit if all were closed: every deny that closes a policy enabled, and the default
 * rule dropping.
 */
export interface Closing {
  /** Whether all is closed in the draft itself; then nothing more would be hit. */
  readonly isClosed: boolean;
  /** Ids of the closing denies that are disabled in the draft. */
  readonly disabled: readonly string[];
  /** Logged flows that the draft allows and that would be blocked. */
  readonly total: Tally;
  /** Those of them that passed when they were logged. */
  readonly passed: Tally;
  /** Those of them that passed and serve an application or a shared service. */
  readonly needed: Tally;
  /** Which rules would block them, `default` among them; a flow counts at each that blocks it. */
  readonly rules: readonly (Tally & { readonly rule: string })[];
  /** The busiest of those that passed, as they would be decided. */
  readonly rows: readonly DecidedFlowRow[];
}

/** What the draft does with flows that were first seen at a time or later. */
export interface NewFlows {
  /** Milliseconds since 1970 UTC. */
  readonly since: number;
  readonly total: Tally;
  /** Those of them that passed and that no explicit allow rule permits. */
  readonly uncovered: Tally;
  /** Those of the uncovered that serve an application or a shared service. */
  readonly needed: Tally;
  /** The busiest of the uncovered. */
  readonly rows: readonly DecidedFlowRow[];
}

/** How much explicit allow rules permit of some flows. */
export interface Coverage {
  readonly total: Tally;
  /** What explicit allow rules permit. */
  readonly covered: Tally;
  /** The same of the needed flows: those that passed and serve an application or a shared service. */
  readonly needed: { readonly total: Tally; readonly covered: Tally };
}

/** All that a check says. */
export interface CheckReport extends Coverage {
  readonly revision: number;
  readonly applications: readonly ({ readonly name: string } & Coverage)[];
  readonly outcomes: Readonly<Record<Outcome, Tally>>;
  /** The busiest flows that passed and would be blocked. */
  readonly newlyBlocked: readonly DecidedFlowRow[];
  /** The busiest flows that were blocked and would pass. */
  readonly newlyAllowed: readonly DecidedFlowRow[];
  /** Why those that were blocked would pass. */
  readonly reasonsToPass: ReasonsToPass;
  readonly closing: Closing;
  /** `null` where no time was asked about. */
  readonly newFlows: NewFlows | null;
  /** What a reader must know to read the figures right, in sentences. */
  readonly notes: readonly string[];
  /** What matters most first, at most 1,000 a kind. */
  readonly findings: readonly RuleFinding[];
  readonly counts: Readonly<Partial<Record<FindingKind, number>>>;
  /** 0 to 100. */
  readonly score: number;
  readonly scoreParts: readonly ScorePart[];
  /** `null` where no rule has a number that logs show. */
  readonly agreement: Agreement | null;
  /** `null` where there is nothing to compare with. */
  readonly drift: Drift | null;
}
