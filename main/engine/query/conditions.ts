import type { FilterTerm } from '../../../shared/domain/filter.ts';
import { DIRECTIONS } from '../../../shared/domain/flow.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import { parseAddress, parseAddressRange, rangeHas } from '../../../shared/net/address.ts';
import { parseService, type Service } from '../../../shared/net/service.ts';
import { fixed, join, sql, text, u32, type Sql } from '../store/sql.ts';

/** Sessions a balancer opens to a member in the place of those that come to one of its VIPs. */
export interface Leg {
  /** Codes of addresses. */
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly port: number;
  /** Number of the VIP's node. */
  readonly node: number;
}

/** What turns names in a filter into the numbers of the tables. */
export interface Resolver {
  /** Addresses of a group, `null` where there is no such group. */
  membersOf(group: string): readonly string[] | null;
  /** Number of a node of the map by its id, `null` where there is no such node. */
  nodeOf(id: string): number | null;
  /** Balancers' legs to members, each with the node of the VIP it stands for. */
  legs(): readonly Leg[];
  /** Place of a group's tier in its application, by the id of its node; `null` where it has none. */
  orderOf(id: string): number | null;
  /** Groups by the id of their node, each with the application it belongs to as a filter names it. */
  applicationGroups(): readonly { readonly node: string; readonly application: string }[];
  /** The code of an address, made where it is new. */
  addressCode(address: string): number | undefined;
  /** All addresses that are no ordinary IPv4 address, with their codes. */
  codedAddresses(): readonly { readonly code: number; readonly text: string }[];
  /** Codes of the texts of a kind that equal the value, case aside. */
  codesOf(kind: 'action' | 'tag' | 'host', value: string): readonly number[];
}

/** Codes of coded addresses start here; smaller numbers are IPv4 addresses. */
const FIRST_CODED = 0xf000_0000n;

function isOneOf(column: Sql, codes: readonly number[]): Sql {
  if (codes.length === 0) return fixed('false');
  return sql`${column} in (${join(
    codes.map((code) => sql`${u32(code)}`),
    ', ',
    '',
  )})`;
}

function rangeCondition(column: Sql, value: string, resolver: Resolver): Sql | null {
  const range = parseAddressRange(value);
  if (range === undefined) return null;
  const conditions: Sql[] = [];
  if (range.family === 4 && range.first < FIRST_CODED) {
    const last = range.last < FIRST_CODED ? range.last : FIRST_CODED - 1n;
    const from = u32(Number(range.first));
    conditions.push(sql`${column} between ${from} and ${u32(Number(last))}`);
  }
  const coded = resolver.codedAddresses().filter(({ text }) => {
    const address = parseAddress(text);
    return address !== undefined && rangeHas(range, address);
  });
  if (coded.length > 0) {
    conditions.push(
      isOneOf(
        column,
        coded.map(({ code }) => code),
      ),
    );
  }
  return sql`(${join(conditions, ' or ', 'false')})`;
}

/** An address, block, range, group name, or the id of a node of the map. */
function addressCondition(column: Sql, value: string, resolver: Resolver): Sql {
  const range = rangeCondition(column, value, resolver);
  if (range !== null) return range;
  const [prefix, rest] = value.split(/:(.*)/s);
  if (rest !== undefined && (prefix === 'workload' || prefix === 'address')) {
    const inner = rangeCondition(column, rest, resolver);
    if (inner !== null) return inner;
  }
  if (rest !== undefined && prefix === 'node') return nodeCondition(column, rest, resolver);
  const members = resolver.membersOf(prefix === 'group' && rest !== undefined ? rest : value);
  if (members !== null) {
    return isOneOf(
      column,
      members.flatMap((member) => resolver.addressCode(member) ?? []),
    );
  }
  return nodeCondition(column, value, resolver);
}

/** The addresses that a node of the map stands for. */
function nodeCondition(column: Sql, id: string, resolver: Resolver): Sql {
  const node = resolver.nodeOf(id);
  if (node === null) throw new Failure('name-unknown', { name: id });
  return sql`${column} in (select address from address_node where node = ${u32(node)})`;
}

/** A service, or bare ports, which mean TCP and UDP. */
function serviceCondition(value: string): Sql {
  const texts = /^\d/.test(value) ? [`TCP/${value}`, `UDP/${value}`] : [value];
  const conditions = texts.map((each) => {
    const service = parseService(each);
    const isLimited = service?.icmp !== undefined || service?.sources !== undefined;
    if (service === undefined || isLimited) throw new Failure('name-unknown', { name: value });
    return oneService(service);
  });
  return sql`(${join(conditions, ' or ', 'false')})`;
}

function oneService({ protocol, ports }: Service): Sql {
  const ranges = ports.map(({ first, last }) => sql`port between ${u32(first)} and ${u32(last)}`);
  return sql`(protocol = ${u32(protocol)} and (${join(ranges, ' or ', 'true')}))`;
}

const SOURCE = fixed('source');
const DESTINATION = fixed('destination');

function valueCondition(term: FilterTerm, value: string, resolver: Resolver): Sql {
  switch (term.field) {
    case 'source':
      return addressCondition(SOURCE, value, resolver);
    case 'destination':
      return addressCondition(DESTINATION, value, resolver);
    case 'address':
      return sql`(${addressCondition(SOURCE, value, resolver)} or ${addressCondition(DESTINATION, value, resolver)})`;
    case 'vantage':
      return sql`((direction = 0 and ${addressCondition(DESTINATION, value, resolver)})
        or (direction = 1 and ${addressCondition(SOURCE, value, resolver)}))`;
    case 'service':
      return serviceCondition(value);
    case 'action':
      return isOneOf(fixed('action'), resolver.codesOf('action', value));
    case 'tag':
      return isOneOf(fixed('tag'), resolver.codesOf('tag', value));
    case 'rule': {
      const rule = Number(value);
      const isRule = Number.isInteger(rule) && rule >= 0 && rule < 2 ** 32;
      if (!isRule) throw new Failure('name-unknown', { name: value });
      return sql`rule = ${u32(rule)}`;
    }
    case 'direction': {
      const wanted = value.toUpperCase();
      const direction = DIRECTIONS.findIndex((each) => each === wanted);
      if (direction < 0) throw new Failure('name-unknown', { name: value });
      return sql`direction = ${u32(direction)}`;
    }
    case 'seen':
      return seenCondition(value);
    case 'host':
      return hostCondition(resolver.codesOf('host', value), value);
  }
}

/**
 * Flows of which a host logged at least one line. Of a source that holds flows only, the host is known
 * where all its lines named the same.
 */
function hostCondition(hosts: readonly number[], name: string): Sql {
  return sql`(direction, source, destination, protocol, port, rule, tag) in (
    select
      case when reply = 1 and direction < 2 then 1 - direction else direction end,
      client, server, protocol,
      case when protocol in (6, 17, 132) then server_port else 0 end,
      rule, tag
    from (
      select distinct context, client, server, server_port
      from packed_event
      where origin in (select code from origin where ${isOneOf(fixed('host'), hosts)})
      union all
      select context, client, server, server_port
      from kept_flow
      where source in (select id from source where lower(host) = lower(${text(name)}))
    ) as logged
    join context on context.code = logged.context
  )`;
}

/** Seen by vNICs alone, by perimeter firewalls alone, by both, or by a flow collector. */
function seenCondition(value: string): Sql {
  const having = SEEN_BY.get(value.toLowerCase());
  if (having === undefined) throw new Failure('name-unknown', { name: value });
  return sql`(source, destination, protocol, port) in (
    select (source, destination, protocol, port) from flow
    group by source, destination, protocol, port
    having ${fixed(having)}
  )`;
}

const SEEN_BY: ReadonlyMap<string, string> = new Map([
  ['vnic', 'bool_or(seen = 0) and not bool_or(seen = 1)'],
  ['perimeter', 'bool_or(seen = 1) and not bool_or(seen = 0)'],
  ['both', 'bool_or(seen = 0) and bool_or(seen = 1)'],
  ['collector', 'bool_or(seen = 2)'],
]);

/**
 * The terms of a filter as a condition on the columns of table `flow`.
 *
 * @throws Failure `name-unknown` where a value names nothing in this project
 */
export function conditionOf(terms: readonly FilterTerm[], resolver: Resolver): Sql {
  const conditions = terms.map((term) => {
    const values = term.values.map((value) => valueCondition(term, value, resolver));
    const any = sql`(${join(values, ' or ', 'false')})`;
    return term.exclude ? sql`not ${any}` : any;
  });
  return join(conditions, ' and ', 'true');
}
