import type { TimeWindow } from '../../../shared/domain/filter.ts';
import { fixed, sql, timeMs, type Sql } from '../store/sql.ts';

/**
 * The relation all questions about flows are asked of, with the columns of table `flow`: the
 * roll-up itself, or the events of a time window summed the same way.
 */
export function flowsIn(window: TimeWindow | null): Sql {
  if (window === null) return fixed('flow');
  return sql`(
    select direction, source, destination, protocol, port, action, ruleset, rule, tag, reply,
      count(*)::ubigint as events,
      count(*) filter (where kind = 0)::ubigint as matches,
      count(*) filter (where kind = 1)::ubigint as terms,
      sum(bytes)::ubigint as bytes,
      sum(packets)::ubigint as packets,
      min(seen_at) as first_at,
      max(seen_at) as last_at
    from session_event
    where seen_at >= ${timeMs(window.from)} and seen_at < ${timeMs(window.to)}
    group by all
  )`;
}
