import type { FlowFilter } from '../../../shared/domain/filter.ts';
import {
  DIRECTIONS,
  type FlowKey,
  type FlowOrder,
  type FlowPage,
  type FlowRow,
} from '../../../shared/domain/flow.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import { serviceText } from '../../../shared/net/service.ts';
import type { Database } from '../store/database.ts';
import { numberOf, type Row } from '../store/rows.ts';
import { fixed, join, sql, u32, type Sql } from '../store/sql.ts';
import { conditionOf, type Resolver } from './conditions.ts';
import { flowsIn, onceOfSides, SESSIONS } from './session-rows.ts';

/** Turns codes of the tables into texts. */
export interface Texts {
  addressText(code: number): string;
  actionText(code: number): string;
  tagText(code: number): string;
}

/** Which flows, summed and ordered how, and which page of them. */
export interface FlowQuestion {
  readonly filter: FlowFilter;
  readonly by: readonly FlowKey[];
  readonly order: FlowOrder;
  readonly offset: number;
  readonly limit: number;
}

const COLUMNS: Readonly<Record<FlowKey, string>> = {
  direction: 'direction',
  source: 'source',
  destination: 'destination',
  service: 'protocol, port',
  action: 'action',
  rule: 'rule',
  tag: 'tag',
};

const ORDERS: Readonly<Record<FlowOrder, string>> = {
  sessions: 'sessions desc, events desc',
  events: 'events desc',
  bytes: 'bytes desc, events desc',
  packets: 'packets desc, events desc',
  first: 'first_at',
  last: 'last_at desc',
};

/**
 * Sums the flows twice. First by the two addresses and the service besides the keys asked for, so
 * that a session logged at several places counts once.
 * Then by the keys alone.
 */
export function summedFlows(flows: Sql, condition: Sql, keys: Sql): Sql {
  return sql`
    with ends as (
      select source, destination, protocol, port, reply${keys.text === '' ? keys : sql`, ${keys}`},
        sum(events) as events,
        max(reply) as is_reply,
        ${onceOfSides(SESSIONS)} as sessions,
        ${onceOfSides('bytes')} as bytes,
        ${onceOfSides('packets')} as packets,
        min(first_at) as first_at,
        max(last_at) as last_at
      from ${flows}
      where ${condition}
      group by all
    )`;
}

function textsOf(row: Row, by: ReadonlySet<FlowKey>, texts: Texts): FlowRow {
  const pick = <T>(key: FlowKey, value: () => T): T | null => (by.has(key) ? value() : null);
  return {
    direction: pick('direction', () => DIRECTIONS[numberOf(row, 'direction')] ?? 'THROUGH'),
    source: pick('source', () => texts.addressText(numberOf(row, 'source'))),
    destination: pick('destination', () => texts.addressText(numberOf(row, 'destination'))),
    service: pick('service', () => serviceText(numberOf(row, 'protocol'), numberOf(row, 'port'))),
    action: pick('action', () => texts.actionText(numberOf(row, 'action'))),
    rule: pick('rule', () => numberOf(row, 'rule')),
    tag: pick('tag', () => texts.tagText(numberOf(row, 'tag'))),
    reply: numberOf(row, 'reply') === 1,
    events: numberOf(row, 'events'),
    sessions: numberOf(row, 'sessions'),
    bytes: numberOf(row, 'bytes'),
    packets: numberOf(row, 'packets'),
    first: numberOf(row, 'first'),
    last: numberOf(row, 'last'),
  };
}

/**
 * One page of flows summed by the keys asked for.
 *
 * @throws Failure `name-unknown` for a filter value that names nothing, Cancelled
 */
export async function listFlows(
  database: Database,
  resolver: Resolver,
  texts: Texts,
  question: FlowQuestion,
  signal: CancelSignal,
): Promise<FlowPage> {
  const by = new Set(question.by);
  const ends = ['source', 'destination', 'service'];
  const extra = question.by.filter((key) => !ends.includes(key)).map((key) => fixed(COLUMNS[key]));
  const keys = question.by.map((key) => fixed(COLUMNS[key]));
  const summed = summedFlows(
    flowsIn(question.filter.window),
    conditionOf(question.filter.terms, resolver),
    join(extra, ', ', ''),
  );
  const key = join(keys, ', ', '');
  const rows = await database.query(
    sql`${summed}, totals as (
      select ${keys.length === 0 ? key : sql`${key}, `}
        min(is_reply) as reply,
        sum(events)::bigint as events,
        sum(sessions)::bigint as sessions,
        sum(bytes)::bigint as bytes,
        sum(packets)::bigint as packets,
        min(first_at) as first_at,
        max(last_at) as last_at
      from ends
      group by all
    )
    select ${keys.length === 0 ? key : sql`${key}, `}
      reply, events, sessions, bytes, packets,
      epoch_ms(first_at) as first, epoch_ms(last_at) as last,
      count(*) over () as total_rows,
      (sum(events) over ())::bigint as total_events,
      (sum(sessions) over ())::bigint as total_sessions
    from totals
    where events > 0
    order by ${fixed(ORDERS[question.order])}${keys.length === 0 ? key : sql`, ${key}`}
    limit ${u32(question.limit)} offset ${u32(question.offset)}`,
    signal,
  );
  const [first] = rows;
  return {
    rows: rows.map((row) => textsOf(row, by, texts)),
    totalRows: first === undefined ? 0 : numberOf(first, 'total_rows'),
    totalEvents: first === undefined ? 0 : numberOf(first, 'total_events'),
    totalSessions: first === undefined ? 0 : numberOf(first, 'total_sessions'),
  };
}
