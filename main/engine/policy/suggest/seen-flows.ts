import { bug } from '../../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../../shared/ipc/cancel.ts';
import { onceOfSides, SESSIONS } from '../../query/session-rows.ts';
import { fixed, sql } from '../../store/sql.ts';
import type { FlowSource } from '../decisions/flow-columns.ts';
import { answersOf, readUnanswered } from '../decisions/unanswered.ts';
import { doubles, indexFlows, u32s, type FlowKeys } from '../decisions/flow-keys.ts';

/** Distinct flows, without replies, with what suggestions ask of them. */
export interface SeenFlows extends FlowKeys {
  readonly events: Float64Array;
  readonly sessions: Float64Array;
  /** 1 where some session got through, as far as the vNICs that logged it tell. */
  readonly passed: Uint8Array;
  /** One of `ANSWERS` for each flow. */
  readonly answers: Uint8Array;
  /** Milliseconds since 1970 UTC. */
  readonly first: Float64Array;
  readonly last: Float64Array;
}

/** Reads all distinct flows of a project. */
export async function readSeenFlows(source: FlowSource, signal: CancelSignal): Promise<SeenFlows> {
  const passing =
    source.passing.length === 0 ? 'false' : `action in (${source.passing.join(', ')})`;
  const has = (condition: string) => fixed(`coalesce(bool_or(${condition}), false)`);
  const keys = [u32s(), u32s(), u32s(), u32s()] as const;
  const sums = [doubles(), doubles(), doubles(), doubles()] as const;
  await source.database.columns(
    sql`select source, destination, (protocol::uinteger * 65536 + port)::uinteger as service,
        ((${has(`direction = 0 and ${passing}`)})
          or (${has(passing)} and not ${has('direction = 0')}))::uinteger as passed,
        sum(events)::double as events,
        coalesce(${onceOfSides(SESSIONS)}, 0)::double as sessions,
        epoch_ms(min(first_at))::double as first_at,
        epoch_ms(max(last_at))::double as last_at
      from flow
      where reply = 0
      group by source, destination, protocol, port
      order by source, destination, service`,
    (columns) => {
      [...keys, ...sums].forEach((column, at) => {
        column.add(columns[at] ?? bug('a column is missing'));
      });
    },
    signal,
  );
  const [sources, destinations, services, passed] = keys.map((column) => column.done());
  if (!sources || !destinations || !services || !passed) bug('a column is missing');
  const raw = { source: sources, destination: destinations, service: services };
  const indexed = indexFlows({ ...raw, slice: null, icmp: () => null }, source.addressText);
  return {
    ...indexed,
    answers: answersOf(indexed, await readUnanswered(source.database, signal)),
    passed: Uint8Array.from(passed),
    events: sums[0].done(),
    sessions: sums[1].done(),
    first: sums[2].done(),
    last: sums[3].done(),
  };
}
