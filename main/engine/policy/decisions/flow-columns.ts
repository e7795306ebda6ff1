import type { TimeWindow } from '../../../../shared/domain/filter.ts';
import { bug } from '../../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../../shared/ipc/cancel.ts';
import { ASSUMED_SOURCE_PORT } from '../../../../shared/policy/service-set.ts';
import { keptIn } from '../../query/session-rows.ts';
import type { Database } from '../../store/database.ts';
import { numberOf } from '../../store/rows.ts';
import { fixed, join, sql, timeMs, u32, type Sql } from '../../store/sql.ts';
import { doubles, indexFlows, u32s, type FlowKeys } from './flow-keys.ts';
import { answersOf, readUnanswered } from './unanswered.ts';

/** Lines of each flow that passed and lines that did not, by the way they were logged on. */
type Measure =
  'inPassed' | 'inBlocked' | 'outPassed' | 'outBlocked' | 'throughPassed' | 'throughBlocked';

/** The distinct flows of a project, without replies, and how often they were logged. */
export interface FlowColumns extends FlowKeys {
  readonly lines: Readonly<Record<Measure, Float64Array>>;
  /** Milliseconds since 1970 UTC. */
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** One of `ANSWERS` for each flow, by all that was logged. */
  readonly answers: Uint8Array;
  /** Lines of replies to sessions whose beginning was not logged. */
  readonly replyEvents: number;
}

/** What a project knows that the columns need. */
export interface FlowSource {
  readonly database: Database;
  readonly addressText: (code: number) => string;
  /** Codes of the actions after which a packet went on. */
  readonly passing: readonly number[];
}

function within(window: TimeWindow | null): Sql {
  if (window === null) return fixed('true');
  return sql`seen_at >= ${timeMs(window.from)} and seen_at < ${timeMs(window.to)}`;
}

/**
 * Which of the stretches between the edges a client's port (`client_port`) lies in, told by the
 * stretch's first port. No client uses port 0, which is reserved (RFC 6335 §6): it says that the
 * line told none, and {@link ASSUMED_SOURCE_PORT} is taken.
 */
export function sliceOfPort(edges: readonly number[]): Sql {
  const cases = edges
    .toSorted((a, b) => b - a)
    .map(
      (edge) =>
        sql`when coalesce(nullif(client_port, 0), ${u32(ASSUMED_SOURCE_PORT)}) >= ${u32(edge)} then ${u32(edge)}`,
    );
  return sql`(case when protocol not in (6, 17, 132) then 0 ${join(cases, ' ', '')} else 0 end)::uinteger`;
}

/**
 * The relation flows are summed from: the roll-up, or events where the roll-up does not tell enough.
 * Of sources that hold flows only it has the sums by hour that lie in the window, without client's port.
 */
function rowsOf(window: TimeWindow | null, edges: readonly number[]): Sql {
  if (window === null && edges.length === 0) {
    return fixed(
      'select direction, source, destination, protocol, port, action, events, first_at, last_at, 0::uinteger as slice from flow where reply = 0',
    );
  }
  return sql`select direction, source, destination, protocol, port, action,
      sum(events) as events, min(first_at) as first_at, max(last_at) as last_at,
      ${sliceOfPort(edges)} as slice
    from (
      select direction, src as source, dst as destination, protocol,
        case when protocol in (6, 17, 132) then dst_port else 0 end as port,
        src_port as client_port, action, 1 as events, seen_at as first_at, seen_at as last_at
      from event
      where reply = 0 and ${within(window)}
      union all
      select direction, source, destination, protocol, port, 0 as client_port, action, events,
        first_at, last_at
      from kept_session
      where reply = 0 and ${keptIn(window)}
    )
    group by all`;
}

function flowStatement(source: FlowSource, window: TimeWindow | null, edges: readonly number[]) {
  const passed = source.passing.length === 0 ? 'false' : `action in (${source.passing.join(', ')})`;
  const sums = [0, 1, 2].flatMap((direction) =>
    [passed, `not (${passed})`].map(
      (verdict) =>
        `coalesce(sum(events) filter (where direction = ${direction} and ${verdict}), 0)::double`,
    ),
  );
  return sql`select source, destination, protocol::uinteger * 65536 + port as service, slice,
      ${fixed(sums.join(', '))},
      epoch_ms(min(first_at))::double as first_at, epoch_ms(max(last_at))::double as last_at
    from (${rowsOf(window, edges)})
    group by source, destination, protocol, port, slice
    order by source, destination, service, slice`;
}

/** The ICMP type and code most seen of each pair of addresses, as far as ends of sessions tell. */
async function icmpTypes(
  database: Database,
  window: TimeWindow | null,
  signal: CancelSignal,
): Promise<ReadonlyMap<string, number>> {
  const rows = await database.query(
    sql`select src, dst, protocol, mode(icmp) as icmp from event
      where protocol in (1, 58) and icmp <> 0 and reply = 0 and ${within(window)}
      group by src, dst, protocol`,
    signal,
  );
  return new Map(
    rows.map((row) => [
      `${numberOf(row, 'src')} ${numberOf(row, 'dst')} ${numberOf(row, 'protocol')}`,
      numberOf(row, 'icmp'),
    ]),
  );
}

/**
 * Reads the distinct flows of a project, or of a time window of it.
 *
 * Roll-ups do not keep the client's port: where rules look at it, `sourcePortEdges` names the ports
 * at which they make a difference, and flows are summed from the events by the stretches between.
 * ICMP types are those the ends of sessions tell of the same pair of addresses.
 */
export async function readFlowColumns(
  source: FlowSource,
  options: { readonly window: TimeWindow | null; readonly sourcePortEdges: readonly number[] },
  signal: CancelSignal,
): Promise<FlowColumns> {
  const { window, sourcePortEdges } = options;
  const keys = [u32s(), u32s(), u32s(), u32s()] as const;
  const sums = [doubles(), doubles(), doubles(), doubles(), doubles(), doubles()] as const;
  const times = [doubles(), doubles()] as const;
  await source.database.columns(
    flowStatement(source, window, sourcePortEdges),
    (columns) => {
      [...keys, ...sums, ...times].forEach((column, at) => {
        column.add(columns[at] ?? bug('a column is missing'));
      });
    },
    signal,
  );
  const [sources, destinations, serviceKeys, slices] = keys.map((column) => column.done());
  if (!sources || !destinations || !serviceKeys || !slices) bug('a column is missing');
  const icmp = await icmpTypes(source.database, window, signal);
  const flowKeys = indexFlows(
    {
      source: sources,
      destination: destinations,
      service: serviceKeys,
      slice: sourcePortEdges.length > 0 ? slices : null,
      icmp: (at, protocol) => icmp.get(`${sources[at]} ${destinations[at]} ${protocol}`) ?? null,
    },
    source.addressText,
  );
  const replies = await source.database.query(
    sql`select (select count(*) from event where reply = 1 and ${within(window)})
        + (select coalesce(sum(events), 0) from kept_session where reply = 1 and ${keptIn(window)})
        as events`,
    signal,
  );
  return {
    ...flowKeys,
    lines: {
      inPassed: sums[0].done(),
      inBlocked: sums[1].done(),
      outPassed: sums[2].done(),
      outBlocked: sums[3].done(),
      throughPassed: sums[4].done(),
      throughBlocked: sums[5].done(),
    },
    first: times[0].done(),
    last: times[1].done(),
    answers: answersOf(flowKeys, await readUnanswered(source.database, signal)),
    replyEvents: replies[0] === undefined ? 0 : numberOf(replies[0], 'events'),
  };
}
