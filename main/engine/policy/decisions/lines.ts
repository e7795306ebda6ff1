import type { TimeWindow } from '../../../../shared/domain/filter.ts';
import type { LinePage } from '../../../../shared/domain/flow.ts';
import type { CancelSignal } from '../../../../shared/ipc/cancel.ts';
import { hasPorts } from '../../../../shared/net/service.ts';
import { readPicked, type EvidenceTexts } from '../../query/evidence.ts';
import type { Database } from '../../store/database.ts';
import { numberOf } from '../../store/rows.ts';
import { fixed, sql, timeMs, u32, u32s, type Sql } from '../../store/sql.ts';
import type { Decided } from './decided.ts';
import { sliceOfPort } from './flow-columns.ts';
import { placeOf, wantedFlows, type DecidedFlowQuestion } from './views.ts';

/** Flows whose lines are looked for at most: more keys than this take too long to hand over. */
const MOST_FLOWS = 20_000;

/** Ways a line may be logged on, as the bits of a mask: IN, OUT, THROUGH. */
const [IN, OUT, ANY_WAY] = [1, 2, 7];

/** Which of a flow's lines an end decides: those its vNIC logged, or all where it logged none. */
function waysOf({ flows, decisions, combinations }: Decided, flow: number, place: number): number {
  const { inPassed, inBlocked, outPassed, outBlocked } = flows.lines;
  const at = combinations.ofFlow[flow] ?? 0;
  const ins = (inPassed[flow] ?? 0) + (inBlocked[flow] ?? 0);
  const outs = (outPassed[flow] ?? 0) + (outBlocked[flow] ?? 0);
  const atSource = decisions.sourceRule[at] === place ? (outs > 0 ? OUT : ANY_WAY) : 0;
  const atDestination = decisions.destinationRule[at] === place ? (ins > 0 ? IN : ANY_WAY) : 0;
  return atSource | atDestination;
}

function eventsOn({ flows }: Decided, flow: number, ways: number): number {
  const { inPassed, inBlocked, outPassed, outBlocked, throughPassed, throughBlocked } = flows.lines;
  const sum = (bit: number, a: Float64Array, b: Float64Array) =>
    (ways & bit) === 0 ? 0 : (a[flow] ?? 0) + (b[flow] ?? 0);
  return (
    sum(IN, inPassed, inBlocked) +
    sum(OUT, outPassed, outBlocked) +
    sum(ANY_WAY - IN - OUT, throughPassed, throughBlocked)
  );
}

interface Chosen {
  readonly flow: number;
  readonly ways: number;
  readonly events: number;
}

/** The keys of flows as a relation: addresses, service, stretch of the client's port, and ways. */
function keysOf({ flows }: Decided, chosen: readonly Chosen[]): Sql {
  const serviceAt = (flow: number) => flows.services[flows.service[flow] ?? 0];
  const codes = (column: Uint32Array) => chosen.map(({ flow }) => flows.codes[column[flow] ?? 0]);
  const numbers = (column: readonly (number | undefined)[]) =>
    u32s(column.map((each) => each ?? 0));
  return sql`
    select unnest(${numbers(codes(flows.source))}) as source,
      unnest(${numbers(codes(flows.destination))}) as destination,
      unnest(${numbers(
        chosen.map(({ flow }) => {
          const { protocol = 0, port = 0 } = serviceAt(flow) ?? {};
          return protocol * 65_536 + port;
        }),
      )}) as service,
      unnest(${numbers(chosen.map(({ flow }) => serviceAt(flow)?.sourcePort ?? 0))}) as slice,
      unnest(${numbers(chosen.map(({ ways }) => ways))}) as ways`;
}

/** Events that are decided, with the columns of the keys; the client's port only where rules look at it. */
function eventsIn(window: TimeWindow | null, edges: readonly number[]): Sql {
  const within =
    window === null
      ? fixed('true')
      : sql`seen_at >= ${timeMs(window.from)} and seen_at < ${timeMs(window.to)}`;
  return sql`
    select packed_event.source as source_id, line, seen_at,
      client as source, server as destination,
      protocol::uinteger * 65536
        + case when protocol in (6, 17, 132) then server_port else 0 end as service,
      ${edges.length === 0 ? fixed('0::uinteger') : sliceOfPort(edges)} as slice,
      1 << direction as way
    from packed_event
    join context on context.code = packed_event.context
    where reply = 0 and ${within}`;
}

/**
 * The latest lines of decided flows, the latest first: of all flows asked for, or of a rule's flows
 * those that the rule decides.
 *
 * @param isChosen picks among them
 * @throws Cancelled
 */
export async function linesOf(
  decided: Decided,
  question: DecidedFlowQuestion & { readonly window: TimeWindow | null; readonly limit: number },
  store: { readonly database: Database; readonly texts: EvidenceTexts },
  signal: CancelSignal,
  isChosen: (flow: number) => boolean = () => true,
): Promise<LinePage> {
  const { window, limit, ...wish } = question;
  const place = wish.rule === undefined ? null : placeOf(decided, wish.rule);
  const all = wantedFlows(decided, wish)
    .filter(isChosen)
    .map((flow): Chosen => {
      const ways = place === null ? ANY_WAY : waysOf(decided, flow, place);
      return { flow, ways, events: eventsOn(decided, flow, ways) };
    })
    .sort((a, b) => b.events - a.events || a.flow - b.flow);
  const chosen = all.slice(0, MOST_FLOWS);
  const events = all.reduce((sum, each) => sum + each.events, 0);
  const leftOut = all.length - chosen.length;
  if (chosen.length === 0) return { lines: [], listed: 0, events, leftOut };
  const { services } = decided.flows;
  const edges = services.some(
    ({ protocol, sourcePort }) => hasPorts(protocol) && sourcePort !== null,
  )
    ? decided.ruleset.rules.flatMap((rule) => rule.services.sourcePortEdges)
    : [];
  const matched = sql`
    from (${eventsIn(window, [...new Set(edges)])})
    join (${keysOf(decided, chosen)}) using (source, destination, service, slice)
    where ways & way <> 0`;
  const rows = await store.database.query(sql`select count(*) as listed ${matched}`, signal);
  const picked = sql`select source_id, line ${matched}
    order by seen_at desc, source_id, line desc limit ${u32(limit)}`;
  const lines = await readPicked(store.database, store.texts, picked, signal);
  return {
    lines,
    listed: rows[0] === undefined ? 0 : numberOf(rows[0], 'listed'),
    events,
    leftOut,
  };
}
