import { type Project, type Source, sumReasons } from '../../shared/domain/archive.ts';
import type { Database } from './store/database.ts';
import { SCHEMA_VERSION } from './store/migrations.ts';
import { numberOrNull } from './store/rows.ts';
import * as sources from './store/sources.ts';
import { fixed } from './store/sql.ts';

/** A source whose loading failed and that could not be removed on a full disk. */
function endedSource(source: Source): Source {
  return source.state === 'loading' ? { ...source, state: 'unfinished' } : source;
}

/** What the user sees of a project: its sources and what was counted of them, one by one and in all. */
export async function describeProject(
  database: Database,
  isLoading: boolean,
  notices: readonly string[],
): Promise<Project> {
  const all = await sources.list(database);
  const sum = (pick: (source: (typeof all)[number]) => number) =>
    all.reduce((total, source) => total + pick(source), 0);
  const rows = await database.query(
    fixed('select epoch_ms(min(first_at)) as first, epoch_ms(max(last_at)) as last from source'),
  );
  const first = rows[0] === undefined ? null : numberOrNull(rows[0], 'first');
  const last = rows[0] === undefined ? null : numberOrNull(rows[0], 'last');
  return {
    path: database.path,
    schemaVersion: SCHEMA_VERSION,
    sources: isLoading ? all : all.map(endedSource),
    totals: {
      lines: sum((source) => source.lines),
      events: sum((source) => source.events),
      rejects: sum((source) => source.rejects),
      other: sum((source) => source.other),
      blank: sum((source) => source.blank),
      duplicates: sum((source) => source.duplicates),
    },
    rejectReasons: sumReasons(all.map((source) => source.rejectReasons)),
    window: first === null || last === null ? null : { from: first, to: last + 1 },
    notices,
  };
}
