import type { Tally } from './decision.ts';

/** Some addresses or services in words: the first of them, and how many there are. */
export interface NamedSet {
  /** Names of groups, addresses, ranges, services, or `any`. */
  readonly texts: readonly string[];
  /** How many texts there are in all. */
  readonly count: number;
}

/** Flows from some addresses to others with some services. */
export interface ComparedSpace {
  readonly sources: NamedSet;
  readonly destinations: NamedSet;
  readonly services: NamedSet;
  /** What was logged of them, without replies. */
  readonly observed: Tally;
}

/** Spaces of one kind, those with the most logged lines first. */
export interface ComparedSpaces {
  readonly count: number;
  /** The first of them. */
  readonly first: readonly ComparedSpace[];
}

/** What one ruleset allows and another does not. */
export interface RulesetComparison {
  /** Whether both decide every flow there can be the same. */
  readonly isEqual: boolean;
  /** False where they differ in so much that not all of it was compared. */
  readonly isWhole: boolean;
  readonly newlyAllowed: ComparedSpaces;
  readonly newlyDenied: ComparedSpaces;
  /** Groups nobody knows the members of, and services nobody knows: rules match nothing through them. */
  readonly unresolved: readonly string[];
}
