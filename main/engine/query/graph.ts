import type { FlowFilter } from '../../../shared/domain/filter.ts';
import type {
  EdgeState,
  Graph,
  GraphEdge,
  GraphNode,
  NodeKind,
  ServiceSeen,
} from '../../../shared/domain/graph.ts';
import { bug, Failure } from '../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import { serviceName, serviceText } from '../../../shared/net/service.ts';
import type { Database } from '../store/database.ts';
import { numberOf, numbersOf, type Row, textOf, textOrNull } from '../store/rows.ts';
import { fixed, sql, u32, type Sql } from '../store/sql.ts';
import { conditionOf, type Resolver } from './conditions.ts';
import { legRelation } from './map-ends.ts';
import { flowsIn, onceOfSides, SESSIONS } from './session-rows.ts';

/** Services listed on an edge; the rest is counted. */
const EDGE_SERVICES = 3;

/** Edges drawn at most, the busiest first. */
const MAX_EDGES = 2_000;

const NODE_KINDS: readonly NodeKind[] = [
  'application',
  'group',
  'workload',
  'vip',
  'ip-set',
  'shared',
  'ungrouped',
  'outside',
  'blocked',
  'other',
];

/** Actions after which the packet went on. Source: the actions NSX documents for packet logs. */
const PASSING = [
  'PASS',
  'NAT',
  'NONAT',
  'RDR',
  'NORDR',
  'PUNT',
  'COPY',
  'REDIRECT',
  'GOTO_FILTER',
  'PBR',
  'LB',
];

/** Codes of the actions after which the packet went on. */
export function passingCodes(resolver: Resolver): readonly number[] {
  return PASSING.flatMap((action) => resolver.codesOf('action', action));
}

/** Sessions between two addresses over one service, each counted once however often it was logged. */
function sessionsByEnds(filter: FlowFilter, resolver: Resolver): Sql {
  const passing = passingCodes(resolver);
  const passed = passing.length === 0 ? fixed('false') : fixed(`action in (${passing.join(', ')})`);
  return sql`${legRelation(resolver.legs())},
    ends as (
      select source, destination, protocol, port,
        sum(events)::bigint as events,
        ${onceOfSides(SESSIONS)} as sessions,
        ${onceOfSides('bytes')} as bytes,
        bool_or(${passed}) as has_passed,
        bool_or(not ${passed}) as has_dropped,
        bool_or(seen = 0) as at_vnic,
        bool_or(seen = 1) as at_perimeter,
        min(first_at) as first_at,
        max(last_at) as last_at
      from ${flowsIn(filter.window)}
      where reply = 0 and ${conditionOf(filter.terms, resolver)}
      group by all
    )`;
}

/** Sessions of ends by who logged them. */
const SEEN_SUMS = fixed(`
        coalesce(sum(sessions) filter (where at_vnic and not at_perimeter), 0)::bigint as seen_vnic,
        coalesce(sum(sessions) filter (where at_perimeter and not at_vnic), 0)::bigint as seen_perimeter,
        coalesce(sum(sessions) filter (where at_vnic and at_perimeter), 0)::bigint as seen_both`);

async function holdsPerimeter(database: Database, signal: CancelSignal): Promise<boolean> {
  const rows = await database.query(
    fixed('select 1 as found from flow where seen = 1 limit 1'),
    signal,
  );
  return rows.length > 0;
}

function stateOf(row: Row): EdgeState {
  if (row['has_passed'] !== true) return 'blocked';
  return row['has_dropped'] === true ? 'mixed' : 'allowed';
}

async function readNodes(
  database: Database,
  signal: CancelSignal,
): Promise<Map<number, GraphNode>> {
  const rows = await database.query(
    fixed('select node, id, kind, label, parent, members from node order by node'),
    signal,
  );
  return new Map(
    rows.map((row) => [
      numberOf(row, 'node'),
      {
        id: textOf(row, 'id'),
        kind: NODE_KINDS.find((kind) => kind === row['kind']) ?? bug('a node without a kind'),
        label: textOf(row, 'label'),
        parent: textOrNull(row, 'parent'),
        members: numberOf(row, 'members'),
        sessions: 0,
        order: null,
      },
    ]),
  );
}

async function readEdges(
  database: Database,
  resolver: Resolver,
  filter: FlowFilter,
  signal: CancelSignal,
): Promise<readonly Row[]> {
  return database.query(
    sql`with ${sessionsByEnds(filter, resolver)},
    by_service as (
      select coalesce(leg.node, s.node) as source, t.node as target, ends.protocol, ends.port,
        sum(ends.events)::bigint as events,
        sum(ends.sessions)::bigint as sessions,
        sum(ends.bytes)::bigint as bytes,
        ${SEEN_SUMS},
        bool_or(has_passed) as has_passed,
        bool_or(has_dropped) as has_dropped,
        min(first_at) as first_at,
        max(last_at) as last_at
      from ends
      join address_node as s on s.address = ends.source
      join address_node as t on t.address = ends.destination
      left join leg on leg.source = ends.source and leg.destination = ends.destination
        and leg.protocol = ends.protocol and leg.port = ends.port
      group by all
    ),
    ranked as (
      select *, row_number() over (
        partition by source, target order by has_passed desc, sessions desc, protocol, port
      ) as rank
      from by_service
    )
    select source, target,
      sum(events)::bigint as events,
      sum(sessions)::bigint as sessions,
      sum(bytes)::bigint as bytes,
      bool_or(has_passed) as has_passed,
      bool_or(has_dropped) as has_dropped,
      sum(seen_vnic)::bigint as seen_vnic,
      sum(seen_perimeter)::bigint as seen_perimeter,
      sum(seen_both)::bigint as seen_both,
      epoch_ms(min(first_at)) as first,
      epoch_ms(max(last_at)) as last,
      count(*) as service_count,
      list(protocol::integer * 65536 + port::integer order by rank)
        filter (where rank <= ${u32(EDGE_SERVICES)}) as services
    from ranked
    group by all
    order by sessions desc, source, target`,
    signal,
  );
}

/** The map under a filter: every node, and an edge for every pair with at least one event. */
export async function readGraph(
  database: Database,
  resolver: Resolver,
  filter: FlowFilter,
  signal: CancelSignal,
): Promise<Graph> {
  const nodes = await readNodes(database, signal);
  const rows = await readEdges(database, resolver, filter, signal);
  const sessions = new Map<number, number>();
  const edges: GraphEdge[] = [];
  let insideEvents = 0;
  for (const row of rows) {
    const source = numberOf(row, 'source');
    const target = numberOf(row, 'target');
    const count = numberOf(row, 'sessions');
    sessions.set(source, (sessions.get(source) ?? 0) + count);
    if (source === target) {
      insideEvents += numberOf(row, 'events');
      continue;
    }
    sessions.set(target, (sessions.get(target) ?? 0) + count);
    const from = nodes.get(source)?.id ?? bug('an edge from nowhere');
    const to = nodes.get(target)?.id ?? bug('an edge to nowhere');
    edges.push({
      id: `${from}>${to}`,
      source: from,
      target: to,
      sessions: count,
      events: numberOf(row, 'events'),
      bytes: numberOf(row, 'bytes'),
      first: numberOf(row, 'first'),
      last: numberOf(row, 'last'),
      services: numbersOf(row, 'services').map((key) =>
        serviceText(Math.floor(key / 65_536), key % 65_536),
      ),
      serviceCount: numberOf(row, 'service_count'),
      state: stateOf(row),
      seen: {
        vnic: numberOf(row, 'seen_vnic'),
        perimeter: numberOf(row, 'seen_perimeter'),
        both: numberOf(row, 'seen_both'),
      },
    });
  }
  return {
    nodes: [...nodes].map(([number, node]) => ({
      ...node,
      sessions: sessions.get(number) ?? 0,
      order: resolver.orderOf(node.id),
    })),
    edges: edges.slice(0, MAX_EDGES),
    insideEvents,
    hasPerimeter: await holdsPerimeter(database, signal),
  };
}

/** The condition that an address column lies in a node: a workload by its address, others by their members. */
function inNode(column: Sql, id: string, resolver: Resolver): Sql {
  const address = /^workload:(.+)$/.exec(id)?.[1];
  if (address !== undefined) {
    const code = resolver.addressCode(address) ?? unknown(id);
    return sql`${column} = ${u32(code)}`;
  }
  const group = /^group:(.+)$/.exec(id)?.[1];
  if (group !== undefined) {
    const members = resolver.membersOf(group) ?? unknown(id);
    const codes = members.flatMap((member) => resolver.addressCode(member) ?? []);
    return codes.length === 0 ? fixed('false') : fixed(`${column.text} in (${codes.join(', ')})`);
  }
  if (id.startsWith('app:')) {
    const codes = (resolver.membersOf(id) ?? unknown(id)).flatMap(
      (member) => resolver.addressCode(member) ?? [],
    );
    return codes.length === 0 ? fixed('false') : fixed(`${column.text} in (${codes.join(', ')})`);
  }
  if (id === 'shared') {
    return sql`${column} in (
      select address from address_node join node using (node) where node.parent = 'shared'
    )`;
  }
  const node = resolver.nodeOf(id) ?? unknown(id);
  return sql`${column} in (select address from address_node where node = ${u32(node)})`;
}

/** The condition that sessions come from a node; a VIP's are those its balancer opens in its place. */
function inSource(id: string, resolver: Resolver): Sql {
  const node = resolver.nodeOf(id);
  const own = sql`(leg.node is null and ${inNode(fixed('source'), id, resolver)})`;
  return node === null ? own : sql`(leg.node = ${u32(node)} or ${own})`;
}

function unknown(id: string): never {
  throw new Failure('name-unknown', { name: id });
}

/**
 * The services seen from one node to another, the most used first.
 *
 * @throws Failure `name-unknown` where a node does not exist
 */
export async function readServices(
  database: Database,
  resolver: Resolver,
  question: { readonly filter: FlowFilter; readonly source: string; readonly target: string },
  signal: CancelSignal,
): Promise<readonly ServiceSeen[]> {
  const rows = await database.query(
    sql`with ${sessionsByEnds(question.filter, resolver)}
    select protocol, port,
      sum(events)::bigint as events,
      sum(sessions)::bigint as sessions,
      sum(bytes)::bigint as bytes,
      bool_or(has_passed) as has_passed,
      bool_or(has_dropped) as has_dropped,
      epoch_ms(min(first_at)) as first,
      epoch_ms(max(last_at)) as last
    from ends
    left join leg using (source, destination, protocol, port)
    where ${inSource(question.source, resolver)}
      and ${inNode(fixed('destination'), question.target, resolver)}
    group by protocol, port
    order by has_passed desc, sessions desc, protocol, port
    limit 1000`,
    signal,
  );
  return rows.map((row) => {
    const service = serviceText(numberOf(row, 'protocol'), numberOf(row, 'port'));
    return {
      service,
      name: serviceName(service) ?? null,
      sessions: numberOf(row, 'sessions'),
      events: numberOf(row, 'events'),
      bytes: numberOf(row, 'bytes'),
      first: numberOf(row, 'first'),
      last: numberOf(row, 'last'),
      state: stateOf(row),
    };
  });
}
