import type { Source } from '../../../../shared/domain/archive.ts';

/** What only the report shows. */
export interface ReportFacts {
  readonly sources: readonly Source[];
}
