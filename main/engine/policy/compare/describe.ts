import type {
  ComparedSpace,
  ComparedSpaces,
  RulesetComparison,
} from '../../../../shared/domain/comparison.ts';
import { bug } from '../../../../shared/failure/failure.ts';
import type { Address } from '../../../../shared/net/address.ts';
import type { Difference } from '../../../../shared/policy/compare.ts';
import type { Space } from '../../../../shared/policy/space.ts';
import { FIRST_CODED, lowerBound, type FlowKeys } from '../decisions/flow-keys.ts';
import type { SeenFlows } from '../suggest/seen-flows.ts';
import type { SetNames } from './named-sets.ts';

/** Spaces of each kind that are told. */
const TOLD = 200;

/** Spaces of each kind for which logged flows are counted. */
const COUNTED = 2_000;

function addressesOf({ codes, coded }: FlowKeys): readonly Address[] {
  const first = lowerBound(codes, FIRST_CODED);
  return Array.from(codes, (code, at): Address => {
    if (at < first) return { family: 4, value: BigInt(code) };
    return coded[at - first] ?? bug('an address without its text');
  });
}

function marks<T>(items: readonly T[], has: (item: T) => boolean): Uint8Array {
  return Uint8Array.from(items, (item) => (has(item) ? 1 : 0));
}

interface Counted {
  readonly space: Space;
  readonly flows: number;
  readonly events: number;
}

function count(space: Space, flows: SeenFlows, addresses: readonly Address[]): Counted {
  const sources = marks(addresses, (address) => space.sources.has(address));
  const destinations = marks(addresses, (address) => space.destinations.has(address));
  const services = marks(flows.services, (service) => space.services.has(service));
  let found = 0;
  let events = 0;
  for (let flow = 0; flow < flows.count; flow++) {
    if (
      sources[flows.source[flow] ?? 0] !== 1 ||
      destinations[flows.destination[flow] ?? 0] !== 1 ||
      services[flows.service[flow] ?? 0] !== 1
    )
      continue;
    found++;
    events += flows.events[flow] ?? 0;
  }
  return { space, flows: found, events };
}

/** Says a difference in words, with what was logged of it. */
export function describeDifference(
  { newlyAllowed, newlyDenied, isWhole }: Difference,
  flows: SeenFlows,
  names: SetNames,
  unresolved: readonly string[],
): RulesetComparison {
  const addresses = addressesOf(flows);
  const told = (spaces: readonly Space[]): ComparedSpaces => {
    const counted = spaces.slice(0, COUNTED).map((space) => count(space, flows, addresses));
    const first = counted.toSorted((a, b) => b.events - a.events).slice(0, TOLD);
    return {
      count: spaces.length,
      first: first.map(({ space, flows: seen, events }): ComparedSpace => ({
        sources: names.addresses(space.sources),
        destinations: names.addresses(space.destinations),
        services: names.services(space.services),
        observed: { flows: seen, events },
      })),
    };
  };
  return {
    isEqual: isWhole && newlyAllowed.length + newlyDenied.length === 0,
    isWhole,
    newlyAllowed: told(newlyAllowed),
    newlyDenied: told(newlyDenied),
    unresolved,
  };
}
