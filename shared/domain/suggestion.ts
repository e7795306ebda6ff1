import type { FilterTerm } from './filter.ts';
import type { Category, RuleDraft } from './ruleset.ts';
import type { Tally } from './decision.ts';

/**
 * How far rules are drawn together: one rule a flow; one a pair of groups and service; one a pair of
 * groups; the same with several sources where destination and services are equal; one a pair of tiers.
 */
export const SUGGESTION_LEVELS = ['flow', 'service', 'pair', 'cover', 'tier'] as const;

/** The level at which rules look as a person writes them: place in {@link SUGGESTION_LEVELS}. */
export const DEFAULT_LEVEL = 3;

/** A rule that would permit what was seen, or that closes an application. */
export interface Suggestion {
  /** Policy and name, unique in one answer. */
  readonly id: string;
  /** Tells the suggestion from others through all lists; a rejection is remembered by it. */
  readonly key: string;
  readonly policy: string;
  readonly category: Category;
  readonly rule: RuleDraft;
  /** True for the deny that closes an application; it permits nothing. */
  readonly isClosing: boolean;
  /** Distinct flows behind it. */
  readonly flows: number;
  readonly events: number;
  readonly sessions: number;
  /** Milliseconds since 1970 UTC; `null` where no flow is behind it. */
  readonly first: number | null;
  readonly last: number | null;
  /** Open the lines behind it. */
  readonly terms: readonly FilterTerm[];
  /** What no rule permitted and this one does, once all are accepted. */
  readonly gain: Tally;
}

/** A suggestion the analyst rejected: it is not made again until it is brought back. */
export interface RejectedSuggestion {
  readonly key: string;
  readonly policy: string;
  /** The rule's name. */
  readonly name: string;
}

/** Why flows have no suggestion. */
export const LEFT_OUT = ['spurious', 'blocked', 'unanswered', 'no-workload', 'no-group'] as const;

/** A point of the curve from narrow to wide rules. */
export interface SuggestionPoint {
  /** Place in {@link SUGGESTION_LEVELS}. */
  readonly level: number;
  /** Rules suggested, closing denies included. */
  readonly rules: number;
  /** Share of source, destination and service together that would be allowed and was never seen, 0 to 1. */
  readonly overPermission: number;
  /**
   * Share of the legitimate flows seen in the last fifth of the time that rules made from the rest
   * would not permit, 0 to 1.
   */
  readonly holdOutLoss: number;
}

/** Rules suggested for what was seen. */
export interface SuggestionList {
  readonly level: number;
  /** In the order of the ruleset they would make: shared services, then applications. */
  readonly suggestions: readonly Suggestion[];
  readonly total: Tally;
  /** What explicit allow rules permit, with the ruleset as it is. */
  readonly covered: Tally;
  /** The same once all suggestions are accepted. */
  readonly coveredAfter: Tally;
  /**
   * Flows that serve a purpose of the asked applications, how many of them rules permit now, and how
   * many once all suggestions are accepted.
   */
  readonly legitimate: Tally & { readonly permittedNow: number; readonly permitted: number };
  /** All that were rejected, whether they would be suggested now or not. */
  readonly rejected: readonly RejectedSuggestion[];
  /** How many of the rejected ones would be suggested now. */
  readonly rejectedNow: number;
  readonly leftOut: readonly (Tally & { readonly reason: (typeof LEFT_OUT)[number] })[];
  /** Addresses of spurious sources, which no suggestion is for. */
  readonly spurious: readonly string[];
  /** Levels that would make more rules than anybody reads are missing. */
  readonly curve: readonly SuggestionPoint[];
}
