import type { FlowFilter } from '../../../shared/domain/filter.ts';
import type { Histogram } from '../../../shared/domain/flow.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import type { Database } from '../store/database.ts';
import { numberOf } from '../store/rows.ts';
import { fixed, i64, sql, timeMs, type Sql } from '../store/sql.ts';
import { conditionOf, type Resolver } from './conditions.ts';
import type { Texts } from './flow-list.ts';

const MINUTE = 60_000;

/** Bucket widths people read easily, in minutes. */
const WIDTHS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080, 43_200];

/** The narrowest easy width, in milliseconds, that needs no more than the wished buckets. */
export function bucketWidth(spanMs: number, buckets: number): number {
  const wished = spanMs / Math.max(1, buckets) / MINUTE;
  const width = WIDTHS.find((minutes) => minutes >= wished) ?? Math.ceil(wished / 43_200) * 43_200;
  return width * MINUTE;
}

/**
 * Events over time and by action, over the filter's window or the whole archive. The terms count;
 * the window only bounds the axis, so that a brushed histogram keeps its surroundings when asked
 * without a window. With terms, events of sources that hold flows only count at the first of the hour.
 */
export async function readHistogram(
  database: Database,
  resolver: Resolver,
  texts: Texts,
  question: { readonly filter: FlowFilter; readonly buckets: number },
  signal: CancelSignal,
): Promise<Histogram> {
  const { filter } = question;
  const window = filter.window ?? (await wholeWindow(database, signal));
  if (window === null) return { start: 0, bucketMs: MINUTE, series: [] };
  const bucketMs = bucketWidth(window.to - window.from, question.buckets);
  const start = Math.floor(window.from / bucketMs) * bucketMs;
  const count = Math.max(1, Math.ceil((window.to - start) / bucketMs));
  const rows = await database.query(
    sql`select (epoch_ms(minute_at) - ${i64(start)}) // ${i64(bucketMs)} as bucket, action,
        sum(events)::bigint as events
      from ${perMinute(filter, resolver)}
      where minute_at >= ${timeMs(start)} and minute_at < ${timeMs(start + count * bucketMs)}
      group by all`,
    signal,
  );
  const byAction = new Map<string, number[]>();
  for (const row of rows) {
    const action = texts.actionText(numberOf(row, 'action'));
    const events = byAction.get(action) ?? Array<number>(count).fill(0);
    byAction.set(action, events);
    const bucket = numberOf(row, 'bucket');
    events[bucket] = (events[bucket] ?? 0) + numberOf(row, 'events');
  }
  const series = [...byAction]
    .map(([action, events]) => ({ action, events }))
    .sort((a, b) => (a.action < b.action ? -1 : 1));
  return { start, bucketMs, series };
}

function perMinute(filter: FlowFilter, resolver: Resolver): Sql {
  if (filter.terms.length === 0) return fixed('minute');
  return sql`(
    select seen_at as minute_at, action, 1 as events
    from session_event
    where ${conditionOf(filter.terms, resolver)}
    union all
    select first_at as minute_at, action, events
    from kept_session
    where ${conditionOf(filter.terms, resolver)}
  )`;
}

/** From the first minute with an event to the end of the last; `null` where there is none. */
export async function wholeWindow(
  database: Database,
  signal: CancelSignal,
): Promise<{ readonly from: number; readonly to: number } | null> {
  const rows = await database.query(
    fixed('select epoch_ms(min(minute_at)) as first, epoch_ms(max(minute_at)) as last from minute'),
    signal,
  );
  const [row] = rows;
  if (row === undefined || row['first'] === null) return null;
  return { from: numberOf(row, 'first'), to: numberOf(row, 'last') + MINUTE };
}
