import type { Contradiction } from '../../../shared/domain/inventory.ts';
import { compareAddressTexts } from '../../../shared/net/address.ts';
import type { StatementRunner } from '../store/marks.ts';
import { numberOf } from '../store/rows.ts';
import { i32, u32s } from '../store/sql.ts';
import { entry } from './facts.ts';
import { rowsOf, sampleEvery, statementOf } from './statement.ts';
import vnicPlace from './vnic-place.sql';

/** Where and when a vNIC filter logged an address. */
export interface Place {
  readonly filter: number;
  readonly host: number;
  /** Milliseconds since 1970 UTC. */
  readonly first: number;
  readonly last: number;
}

/** Two hosts may log one vNIC for so long while it moves. */
const MOVE_MS = 60_000;

/**
 * Whether two places contradict each other: they logged the same address at the same time. One
 * filter after the other is a machine that was moved or connected anew.
 */
export function areAtOdds(one: Place, other: Place): boolean {
  if (one.filter === other.filter && one.host === other.host) return false;
  const overlap = Math.min(one.last, other.last) - Math.max(one.first, other.first);
  return overlap > MOVE_MS;
}

/** Every workload's places. */
export type Places = ReadonlyMap<number, readonly Place[]>;

/** Reads where and when vNIC filters logged each workload. */
export async function readPlaces(
  database: StatementRunner,
  workloads: readonly number[],
  events: number,
): Promise<Places> {
  const every = i32(sampleEvery(events));
  const rows = await rowsOf(database, statementOf(vnicPlace, u32s(workloads), every));
  const places = new Map<number, Place[]>();
  for (const row of rows) {
    entry(places, numberOf(row, 'vantage'), () => []).push({
      filter: numberOf(row, 'filter'),
      host: numberOf(row, 'host'),
      first: numberOf(row, 'first_ms'),
      last: numberOf(row, 'last_ms'),
    });
  }
  return places;
}

/** Addresses that several vNICs logged at one time. */
export function placeContradictions(
  places: Places,
  codes: { addressText(code: number): string; filterText(code: number): string },
): readonly Contradiction[] {
  return [...places]
    .flatMap(([vantage, own]): { address: string; filters: readonly string[] }[] => {
      const odd = own.filter((one) => own.some((other) => areAtOdds(one, other)));
      if (odd.length === 0) return [];
      const filters = new Set(odd.map(({ filter }) => codes.filterText(filter)));
      return [{ address: codes.addressText(vantage), filters: [...filters].sort() }];
    })
    .sort((a, b) => compareAddressTexts(a.address, b.address))
    .map(({ address, filters }) => ({ kind: 'address', address, filters }));
}

/** A vNIC with more addresses than this is a router's, and its addresses are not one machine's. */
const MOST_ADDRESSES = 4;

/** Addresses that one vNIC filter of one host logged: they are one machine's, such as its IPv4 and IPv6 address. */
export function machinesOf(places: Places): readonly (readonly number[])[] {
  const byFilter = new Map<string, number[]>();
  for (const [vantage, own] of places) {
    for (const { filter, host } of own)
      entry(byFilter, `${host} ${filter}`, () => []).push(vantage);
  }
  return [...byFilter.values()].filter(
    (addresses) => addresses.length > 1 && addresses.length <= MOST_ADDRESSES,
  );
}
