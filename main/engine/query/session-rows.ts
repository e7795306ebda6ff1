import type { TimeWindow } from '../../../shared/domain/filter.ts';
import { fixed, sql, timeMs, type Sql } from '../store/sql.ts';

const SUMMED =
  fixed(`direction, source, destination, protocol, port, action, ruleset, rule, tag, reply,
  seen, kind, weight, bytes, packets`);

/** Whether a sum of `kept_session` belongs to a window. */
export function keptIn(window: TimeWindow | null): Sql {
  if (window === null) return fixed('true');
  return sql`first_at >= ${timeMs(window.from)} and last_at < ${timeMs(window.to)}`;
}

/**
 * The relation all questions about flows are asked of, with the columns of table `flow`: the
 * roll-up itself, or the events of a time window summed the same way. Of sources that hold flows
 * only, it has the sums by hour whose first and last event lie in the window.
 */
export function flowsIn(window: TimeWindow | null): Sql {
  if (window === null) return fixed('flow');
  return sql`(
    select direction, source, destination, protocol, port, action, ruleset, rule, tag, reply, seen,
      sum(events)::ubigint as events,
      coalesce(sum(events * weight) filter (where kind = 0), 0)::ubigint as matches,
      coalesce(sum(events * weight) filter (where kind = 1), 0)::ubigint as terms,
      sum(bytes)::ubigint as bytes,
      sum(packets)::ubigint as packets,
      min(first_at) as first_at,
      max(last_at) as last_at
    from (
      select ${SUMMED}, 1 as events, seen_at as first_at, seen_at as last_at
      from session_event
      where seen_at >= ${timeMs(window.from)} and seen_at < ${timeMs(window.to)}
      union all
      select ${SUMMED}, events, first_at, last_at
      from kept_session
      where ${keptIn(window)}
    )
    group by all
  )`;
}

const SIDES = [0, 1, 2] as const;

/**
 * The greatest of the sums at the three places that may log one session: the server's vNIC, the
 * client's vNIC, and in between. So a session counts once however often it was logged.
 */
export function onceOfSides(summed: string): Sql {
  // Sums of doubles, exact up to 2^53, take half the time of DuckDB's sums of integers.
  const sums = SIDES.map((side) => `sum((${summed})::double) filter (where direction = ${side})`);
  return fixed(`greatest(${sums.join(', ')})`);
}

/** Sessions of a roll-up row: lines of beginnings or of ends, whichever are more. */
export const SESSIONS = 'greatest(matches, terms)';
