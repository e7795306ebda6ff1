import type { Tally } from '../../../../shared/domain/decision.ts';
import type { Source } from '../../../../shared/domain/archive.ts';

/** Logged traffic, and what would decide it. */
export interface ReportedFlow {
  readonly source: string;
  readonly destination: string;
  readonly service: string;
  /** The rule that stops it, by id, or `default`. */
  readonly decidedBy: string;
  readonly events: number;
}

/** A finding of a check. */
export interface ReportedFinding {
  readonly severity: string;
  readonly kind: string;
  /** The rule's name; `null` where it is about no single one. */
  readonly rule: string | null;
  readonly detail: string;
}

/** What only the report shows; what is absent was not asked for. */
export interface ReportFacts {
  readonly sources: readonly Source[];
  /** What tells the contents of sources apart, by their path. */
  readonly contents?: ReadonlyMap<string, string>;
  /** Shares of what was logged that an explicit rule allows, 0 to 1. */
  readonly coverage?: { readonly flows: number; readonly events: number; readonly needed: number };
  /** Events a rule decides, by its id, at both ends together. */
  readonly hits?: ReadonlyMap<string, number>;
  /** Logged traffic that passed and that the rules would stop, the busiest first. */
  readonly denied?: readonly ReportedFlow[];
  /** 0 to 100. */
  readonly score?: number;
  /** What a check found, the most severe first. */
  readonly findings?: readonly ReportedFinding[];
  /** How many findings there are in all. */
  readonly findingCount?: number;
  /** What would be hit besides once all is closed. */
  readonly closing?: {
    readonly isClosed: boolean;
    readonly passed: Tally;
    readonly needed: Tally;
    /** The busiest first. */
    readonly flows: readonly ReportedFlow[];
  };
}
