import { bug } from '../../../../shared/failure/failure.ts';
import { parseAddress, type Address } from '../../../../shared/net/address.ts';
import { hasPorts, isIcmp } from '../../../../shared/net/service.ts';
import type { ServiceSeenOnce } from '../../../../shared/policy/service-set.ts';

/** What rules look at of many flows, a typed array a column. */
export interface FlowKeys {
  readonly count: number;
  /** Index into `codes`. */
  readonly source: Uint32Array;
  /** Index into `codes`. */
  readonly destination: Uint32Array;
  /** Index into `services`. */
  readonly service: Uint32Array;
  /** Codes of all addresses in rising order: IPv4 addresses as numbers, then codes of others. */
  readonly codes: Uint32Array;
  /** The addresses of `codes` that are no plain IPv4 number, from the first such place on. */
  readonly coded: readonly Address[];
  readonly services: readonly ServiceSeenOnce[];
}

/** Flows as the database gives them. */
export interface RawFlows {
  /** Address codes. */
  readonly source: Uint32Array;
  /** Address codes. */
  readonly destination: Uint32Array;
  /** Protocol * 65,536 + destination port. */
  readonly service: Uint32Array;
  /** A client's port that stands for the flow's; `null` where clients' ports are not told apart. */
  readonly slice: Uint32Array | null;
  /** ICMP type * 256 + code of the flow at a place; `null` where it is not known. */
  readonly icmp: (at: number, protocol: number) => number | null;
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

/** A growing column of whole numbers. */
export const u32s = () => new Column((length) => new Uint32Array(length));
/** A growing column of sums. */
export const doubles = () => new Column((length) => new Float64Array(length));

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

/** Numbers the addresses and services of flows. */
export function indexFlows(raw: RawFlows, addressText: (code: number) => string): FlowKeys {
  const list = new ServiceList(raw.slice !== null);
  const service = raw.service.map((key, at) => {
    const protocol = Math.floor(key / 65_536);
    const type = isIcmp(protocol) ? raw.icmp(at, protocol) : null;
    return list.numberOf(key, raw.slice?.[at] ?? 0, type);
  });
  const codes = sortedCodes(raw.source, raw.destination);
  return {
    count: raw.source.length,
    source: placesOf(raw.source, codes),
    destination: placesOf(raw.destination, codes),
    service,
    codes,
    coded: Array.from(codes.subarray(lowerBound(codes, FIRST_CODED)), (code) => {
      return parseAddress(addressText(code)) ?? bug(`code ${code} is no address`);
    }),
    services: list.services,
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

/** The address at a place among the codes. */
export function addressAt({ codes, coded }: FlowKeys, place: number): Address {
  const other = coded[place - (codes.length - coded.length)];
  return other ?? { family: 4, value: BigInt(codes[place] ?? 0) };
}
