import type { FlowFilter, TimeWindow } from '../../../shared/domain/filter.ts';
import type { GroupHits } from '../../../shared/domain/flow.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import type { Database } from '../store/database.ts';
import { numberOf, textOf } from '../store/rows.ts';
import { i64, sql, timeMs, type Sql } from '../store/sql.ts';
import { conditionOf, type Resolver } from './conditions.ts';
import { bucketWidth, wholeWindow } from './histogram.ts';

const MINUTE = 60_000;

/** What `vnic_hit` is counted by. */
const QUARTER = 15 * MINUTE;

/** Whether hits are counted already: of all events, in buckets and a window of whole quarters of an hour. */
function isCounted({ terms, window }: FlowFilter, bucketMs: number): boolean {
  const isWhole = (time: number) => time % QUARTER === 0;
  const edges = window === null ? [] : [window.from, window.to];
  return terms.length === 0 && isWhole(bucketMs) && edges.every(isWhole);
}

function hitsIn(window: TimeWindow, condition: Sql): Sql {
  const [from, to] = [timeMs(window.from), timeMs(window.to)];
  return sql`
      select seen_at as hit_at, case when direction = 0 then destination else source end as address,
        1 as events
      from session_event
      where direction < 2 and seen_at >= ${from} and seen_at < ${to} and ${condition}
      union all
      select first_at as hit_at, case when direction = 0 then destination else source end as address,
        events
      from kept_session
      where direction < 2 and first_at >= ${from} and first_at < ${to} and ${condition}`;
}

/**
 * Events over time by the group whose member's vNIC logged them, over the filter's window or the whole
 * archive. Events of sources that hold flows only count at the first of their hour.
 */
export async function readGroupHits(
  database: Database,
  resolver: Resolver,
  question: { readonly filter: FlowFilter; readonly buckets: number },
  signal: CancelSignal,
): Promise<GroupHits> {
  const { filter } = question;
  const window = filter.window ?? (await wholeWindow(database, signal));
  if (window === null) return { start: 0, bucketMs: MINUTE, groups: [] };
  const bucketMs = bucketWidth(window.to - window.from, question.buckets);
  const start = Math.floor(window.from / bucketMs) * bucketMs;
  const count = Math.max(1, Math.ceil((window.to - start) / bucketMs));
  const hits = isCounted(filter, bucketMs)
    ? sql`
      select quarter_at as hit_at, address, events
      from vnic_hit
      where quarter_at >= ${timeMs(Math.floor(window.from / QUARTER) * QUARTER)}
        and quarter_at < ${timeMs(window.to)}`
    : hitsIn(window, conditionOf(filter.terms, resolver));
  const rows = await database.query(
    sql`
    with hit as (${hits}
    ), at_vnic as (
      select (epoch_ms(hit_at) - ${i64(start)}) // ${i64(bucketMs)} as bucket, address,
        sum(events::double) as events
      from hit
      group by all
    )
    select bucket, node.label as label, node.id as id, sum(at_vnic.events)::bigint as events
    from at_vnic
    join address_node using (address)
    join node using (node)
    where node.kind = 'group'
    group by all`,
    signal,
  );
  const groups = new Map<string, { readonly label: string; readonly events: number[] }>();
  for (const row of rows) {
    const id = textOf(row, 'id');
    const own = groups.get(id) ?? {
      label: textOf(row, 'label'),
      events: Array<number>(count).fill(0),
    };
    groups.set(id, own);
    own.events[numberOf(row, 'bucket')] = numberOf(row, 'events');
  }
  const total = (events: readonly number[]) => events.reduce((sum, each) => sum + each, 0);
  return {
    start,
    bucketMs,
    groups: [...groups]
      .map(([id, { label, events }]) => ({ id, label, events, total: total(events) }))
      .sort((a, b) => b.total - a.total || (a.id < b.id ? -1 : 1)),
  };
}
