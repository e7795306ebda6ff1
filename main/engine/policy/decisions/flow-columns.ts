import type { TimeWindow } from '../../../../shared/domain/filter.ts';
import { bug } from '../../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../../shared/ipc/cancel.ts';
import { parseAddress, type Address } from '../../../../shared/net/address.ts';
import { hasPorts, isIcmp } from '../../../../shared/net/service.ts';
import type { ServiceSeenOnce } from '../../../../shared/policy/service-set.ts';
import type { Database } from '../../store/database.ts';
import { numberOf } from '../../store/rows.ts';
import { fixed, join, sql, timeMs, u32, type Sql } from '../../store/sql.ts';

/** The sums of each distinct flow: lines that passed and lines that did not, by where they were logged. */
const MEASURES = [
  'inPassed',
  'inBlocked',
  'outPassed',
  'outBlocked',
  'throughPassed',
  'throughBlocked',
] as const;

/** The distinct flows of a project, a typed array a column, without replies. */
export interface FlowColumns {
  readonly count: number;
  /** Index into `codes`. */
  readonly source: Uint32Array;
  /** Index into `codes`. */
  readonly destination: Uint32Array;
  /** Index into `services`. */
  readonly service: Uint32Array;
  readonly lines: Readonly<Record<(typeof MEASURES)[number], Float64Array>>;
  /** Codes of all addresses in rising order: IPv4 addresses as numbers, then codes of others. */
  readonly codes: Uint32Array;
  /** The addresses of `codes` that are no plain IPv4 number, from the first such place on. */
  readonly coded: readonly Address[];
  readonly services: readonly ServiceSeenOnce[];
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

/** Codes from here on stand for addresses that are no plain IPv4 number. */
export const FIRST_CODED = 0xf000_0000;

/** A column that grows. */
class Column<T extends Uint32Array | Float64Array> {
  readonly #make: (length: number) => T;
  #array: T;
  #length = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#array = make(65_536);
  }

  add(values: Uint32Array | Float64Array): void {
    if (this.#length + values.length > this.#array.length) {
      const larger = this.#make(2 * (this.#length + values.length));
      larger.set(this.#array);
      this.#array = larger;
    }
    this.#array.set(values, this.#length);
    this.#length += values.length;
  }

  done(): T {
    const exact = this.#make(this.#length);
    exact.set(this.#array.subarray(0, this.#length));
    return exact;
  }
}

const u32s = () => new Column((length) => new Uint32Array(length));
const doubles = () => new Column((length) => new Float64Array(length));

function within(window: TimeWindow | null): Sql {
  if (window === null) return fixed('true');
  return sql`seen_at >= ${timeMs(window.from)} and seen_at < ${timeMs(window.to)}`;
}

/** Which of the stretches between the edges a client's port lies in, told by the stretch's first port. */
function sliceOfPort(edges: readonly number[]): Sql {
  const cases = edges
    .toSorted((a, b) => b - a)
    .map((edge) => sql`when client_port >= ${u32(edge)} then ${u32(edge)}`);
  return sql`(case when protocol not in (6, 17, 132) then 0 ${join(cases, ' ', '')} else 0 end)::uinteger`;
}

/** The relation flows are summed from: the roll-up, or events where the roll-up does not tell enough. */
function rowsOf(window: TimeWindow | null, edges: readonly number[]): Sql {
  if (window === null && edges.length === 0) {
    return fixed(
      'select direction, source, destination, protocol, port, action, events, 0::uinteger as slice from flow where reply = 0',
    );
  }
  return sql`select direction, source, destination, protocol, port, action,
      count(*) as events, ${sliceOfPort(edges)} as slice
    from (
      select direction, src as source, dst as destination, protocol,
        case when protocol in (6, 17, 132) then dst_port else 0 end as port,
        src_port as client_port, action
      from event
      where reply = 0 and ${within(window)}
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
      ${fixed(sums.join(', '))}
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

/** Numbers services as they come. */
class ServiceList {
  readonly services: ServiceSeenOnce[] = [];
  readonly #numbers = new Map<number, number>();
  readonly #knowsSourcePorts: boolean;

  constructor(knowsSourcePorts: boolean) {
    this.#knowsSourcePorts = knowsSourcePorts;
  }

  numberOf(key: number, slice: number, icmp: number | null): number {
    const id = (key * 65_536 + slice) * 65_537 + (icmp === null ? 0 : icmp + 1);
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const protocol = Math.floor(key / 65_536);
    const sourcePort = this.#knowsSourcePorts && hasPorts(protocol) ? slice : null;
    const number = this.services.push({ protocol, port: key % 65_536, sourcePort, icmp }) - 1;
    this.#numbers.set(id, number);
    return number;
  }
}

function sortedCodes(...columns: readonly Uint32Array[]): Uint32Array {
  const all = new Set<number>();
  for (const column of columns) for (const code of column) all.add(code);
  return Uint32Array.from(all).sort();
}

/** The place of every code of a column among the sorted codes. */
function placesOf(column: Uint32Array, codes: Uint32Array): Uint32Array {
  const place = new Map<number, number>();
  codes.forEach((code, at) => place.set(code, at));
  return column.map((code) => place.get(code) ?? bug('an address without a place'));
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
  const sums = MEASURES.map(doubles);
  await source.database.columns(
    flowStatement(source, window, sourcePortEdges),
    (columns) => {
      [...keys, ...sums].forEach((column, at) => {
        column.add(columns[at] ?? bug('a column is missing'));
      });
    },
    signal,
  );
  const [sources, destinations, serviceKeys, slices] = keys.map((column) => column.done());
  if (!sources || !destinations || !serviceKeys || !slices) bug('a column is missing');
  const icmp = await icmpTypes(source.database, window, signal);
  const list = new ServiceList(sourcePortEdges.length > 0);
  const service = serviceKeys.map((key, at) => {
    const protocol = Math.floor(key / 65_536);
    const type = isIcmp(protocol)
      ? (icmp.get(`${sources[at]} ${destinations[at]} ${protocol}`) ?? null)
      : null;
    return list.numberOf(key, slices[at] ?? 0, type);
  });
  const codes = sortedCodes(sources, destinations);
  const replies = await source.database.query(
    sql`select count(*) as events from event where reply = 1 and ${within(window)}`,
    signal,
  );
  return {
    count: sources.length,
    source: placesOf(sources, codes),
    destination: placesOf(destinations, codes),
    service,
    lines: Object.fromEntries(
      MEASURES.map((name, at) => [name, sums[at]?.done() ?? bug('a column is missing')]),
    ) as FlowColumns['lines'],
    codes,
    coded: Array.from(codes.subarray(lowerBound(codes, FIRST_CODED)), (code) => {
      return parseAddress(source.addressText(code)) ?? bug(`code ${code} is no address`);
    }),
    services: list.services,
    replyEvents: replies[0] === undefined ? 0 : numberOf(replies[0], 'events'),
  };
}

/** The first place whose value is not below the one asked for. */
export function lowerBound(values: Uint32Array, value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
