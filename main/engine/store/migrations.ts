import initial from './migrations/0001-initial.sql';
import yearAndContext from './migrations/0002-year-and-context.sql';
import packedEvents from './migrations/0003-packed-events.sql';
import keptFlows from './migrations/0004-kept-flows.sql';
import origin from './migrations/0005-origin.sql';
import talks from './migrations/0006-talks.sql';
import vnicHits from './migrations/0007-vnic-hits.sql';

/** One step from a schema version to the next. */
export interface Migration {
  /** The schema version after this step. */
  readonly version: number;
  readonly sql: string;
}

/** All steps in order. A released step is never edited: a new one follows it. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, sql: initial },
  { version: 2, sql: yearAndContext },
  { version: 3, sql: packedEvents },
  { version: 4, sql: keptFlows },
  { version: 5, sql: origin },
  { version: 6, sql: talks },
  { version: 7, sql: vnicHits },
];

/** The schema version this program writes and reads. */
export const SCHEMA_VERSION = MIGRATIONS.at(-1)?.version ?? 0;
