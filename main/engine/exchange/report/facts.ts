import type { Source } from '../../../../shared/domain/archive.ts';

/** Logged traffic that passed, and that the rules would stop. */
export interface DeniedFlow {
  readonly source: string;
  readonly destination: string;
  readonly service: string;
  /** The rule that stops it, by id, or `default`. */
  readonly decidedBy: string;
  readonly events: number;
}

/** What only the report shows; what is absent was not asked for. */
export interface ReportFacts {
  readonly sources: readonly Source[];
  /** What tells the contents of sources apart, by their path. */
  readonly contents?: ReadonlyMap<string, string>;
  /** Shares of what was logged that an explicit rule allows, 0 to 1. */
  readonly coverage?: { readonly flows: number; readonly events: number };
  /** Events a rule decides, by its id, at both ends together. */
  readonly hits?: ReadonlyMap<string, number>;
  /** The busiest first. */
  readonly denied?: readonly DeniedFlow[];
}
