import type { FilterField, FlowFilter } from '../../../shared/domain/filter.ts';
import {
  DIRECTIONS,
  type FlowKey,
  type FlowOrder,
  type FlowPage,
  type FlowRow,
} from '../../../shared/domain/flow.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import { protocolName, serviceText } from '../../../shared/net/service.ts';
import type { Database } from '../store/database.ts';
import { numberOf, textOf, type Row } from '../store/rows.ts';
import { fixed, join, sql, texts, u32, type Sql } from '../store/sql.ts';
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
  sourceGroup: 'source_group',
  destinationGroup: 'destination_group',
  sourceApplication: 'source_application',
  destinationApplication: 'destination_application',
  protocol: 'protocol',
};

/** Keys that tell sessions apart before they are summed, besides the two addresses and the service. */
const EXTRA: ReadonlySet<FlowKey> = new Set(['direction', 'action', 'rule', 'tag']);

/** Keys that say where an address belongs. */
const PLACES: ReadonlySet<FlowKey> = new Set([
  'sourceGroup',
  'destinationGroup',
  'sourceApplication',
  'destinationApplication',
]);

/** The sums with the nodes of the map and the applications of both ends. */
function placedEnds(resolver: Resolver): Sql {
  const groups = resolver.applicationGroups();
  return sql`, framed as (
      select unnest(${texts(groups.map(({ node }) => node))}) as id,
        unnest(${texts(groups.map(({ application }) => application))}) as application
    ), spelled as (
      select node, id,
        case when kind = 'group'
          and id not in (select parent from node where kind = 'group' and parent is not null)
        then id else 'node:' || id end as own
      from node
    ), belonging as (
      select address, own, coalesce(framed.application, own) as frame
      from address_node
      join spelled using (node)
      left join framed using (id)
    ), placed as (
      select ends.*,
        coalesce(s.own, 'node:other') as source_group,
        coalesce(d.own, 'node:other') as destination_group,
        coalesce(s.frame, 'node:other') as source_application,
        coalesce(d.frame, 'node:other') as destination_application
      from ends
      left join belonging as s on s.address = ends.source
      left join belonging as d on d.address = ends.destination
    )`;
}

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
        sum(events::double) as events,
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

/** Fields that do not tell sides, verdicts or rules apart. */
const TALK_FIELDS: ReadonlySet<FilterField> = new Set([
  'source',
  'destination',
  'address',
  'service',
  'seen',
]);

/** The table that holds the sums asked for, or finer ones that only have to be added; `null` for none. */
function sumsOf({ filter, by }: FlowQuestion): 'talk' | 'listed_flow' | null {
  if (filter.window !== null) return null;
  if (by.includes('direction')) return 'listed_flow';
  const isPlain = !by.some((key) => EXTRA.has(key));
  return isPlain && filter.terms.every(({ field }) => TALK_FIELDS.has(field)) ? 'talk' : null;
}

/** By what the rows of a table are told apart: nothing is left to add where flows are summed by all of it. */
const LISTED_KEYS: Readonly<Record<'talk' | 'listed_flow', readonly FlowKey[]>> = {
  talk: ['source', 'destination', 'service'],
  listed_flow: ['direction', 'source', 'destination', 'service', 'action', 'rule', 'tag'],
};

function textsOf(row: Row, by: ReadonlySet<FlowKey>, names: Texts): FlowRow {
  const pick = <T>(key: FlowKey, value: () => T): T | null => (by.has(key) ? value() : null);
  return {
    direction: pick('direction', () => DIRECTIONS[numberOf(row, 'direction')] ?? 'THROUGH'),
    source: pick('source', () => names.addressText(numberOf(row, 'source'))),
    destination: pick('destination', () => names.addressText(numberOf(row, 'destination'))),
    service: pick('service', () => serviceText(numberOf(row, 'protocol'), numberOf(row, 'port'))),
    action: pick('action', () => names.actionText(numberOf(row, 'action'))),
    rule: pick('rule', () => numberOf(row, 'rule')),
    tag: pick('tag', () => names.tagText(numberOf(row, 'tag'))),
    sourceGroup: pick('sourceGroup', () => textOf(row, 'source_group')),
    destinationGroup: pick('destinationGroup', () => textOf(row, 'destination_group')),
    sourceApplication: pick('sourceApplication', () => textOf(row, 'source_application')),
    destinationApplication: pick('destinationApplication', () =>
      textOf(row, 'destination_application'),
    ),
    protocol: pick('protocol', () => protocolName(numberOf(row, 'protocol'))),
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
  names: Texts,
  question: FlowQuestion,
  signal: CancelSignal,
): Promise<FlowPage> {
  const by = new Set(question.by);
  const summedAlready = sumsOf(question);
  const extra = question.by.filter((key) => EXTRA.has(key)).map((key) => fixed(COLUMNS[key]));
  const columns = new Set(question.by.flatMap((key) => COLUMNS[key].split(', ')));
  const keys = [...columns].map(fixed);
  const isPlaced = question.by.some((key) => PLACES.has(key));
  const placed = isPlaced ? placedEnds(resolver) : fixed('');
  const condition = conditionOf(question.filter.terms, resolver);
  const summed =
    summedAlready === null
      ? summedFlows(flowsIn(question.filter.window), condition, join(extra, ', ', ''))
      : sql`with ends as (
          select *, reply as is_reply from ${fixed(summedAlready)} where ${condition}
        )`;
  const key = join(keys, ', ', '');
  const order = sql`order by ${fixed(ORDERS[question.order])}${keys.length === 0 ? key : sql`, ${key}`}
    limit ${u32(question.limit)} offset ${u32(question.offset)}`;
  const found = keys.length === 0 ? key : sql`${key}, `;
  const isListed =
    summedAlready !== null && LISTED_KEYS[summedAlready].every((each) => by.has(each));
  const rows = await database.query(
    isListed && !isPlaced
      ? sql`
    with whole as (
      select count(*) as total_rows,
        sum(events::double)::bigint as total_events,
        sum(sessions::double)::bigint as total_sessions
      from ${fixed(summedAlready)}
      where ${condition}
    )
    select ${found}
      reply, events, sessions, bytes, packets,
      epoch_ms(first_at) as first, epoch_ms(last_at) as last,
      total_rows, total_events, total_sessions
    from ${fixed(summedAlready)}, whole
    where ${condition}
    ${order}`
      : sql`${summed}${placed}, totals as (
      select ${found}
        min(is_reply) as reply,
        sum(events::double)::bigint as events,
        sum(sessions::double)::bigint as sessions,
        sum(bytes::double)::bigint as bytes,
        sum(packets::double)::bigint as packets,
        min(first_at) as first_at,
        max(last_at) as last_at
      from ${fixed(isPlaced ? 'placed' : 'ends')}
      group by all
    )
    select ${found}
      reply, events, sessions, bytes, packets,
      epoch_ms(first_at) as first, epoch_ms(last_at) as last,
      count(*) over () as total_rows,
      (sum(events::double) over ())::bigint as total_events,
      (sum(sessions::double) over ())::bigint as total_sessions
    from totals
    where events > 0
    ${order}`,
    signal,
  );
  const [first] = rows;
  return {
    rows: rows.map((row) => textsOf(row, by, names)),
    totalRows: first === undefined ? 0 : numberOf(first, 'total_rows'),
    totalEvents: first === undefined ? 0 : numberOf(first, 'total_events'),
    totalSessions: first === undefined ? 0 : numberOf(first, 'total_sessions'),
  };
}
