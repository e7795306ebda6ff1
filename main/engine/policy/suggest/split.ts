import type { Cluster } from './cover.ts';
import type { Need } from './needs.ts';

/** What a side of a rule, its services and its applied-to may hold, by the contract and by NSX. */
export const MAX_LISTED = 128;

/** Parties of a side where a rule is split: both sides together and an IP set of others still fit. */
const MAX_PARTIES = 63;

/** A list in lists of at most so many items. */
export function inPieces<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}

const keysOf = (needs: readonly Need[], end: 'source' | 'destination') => [
  ...new Set(needs.map((need) => need[end].key)),
];

function scopeOf(needs: readonly Need[]): number {
  if (needs.some(({ isWide }) => isWide)) return 0;
  return new Set(needs.flatMap(({ enforcedBy }) => [...enforcedBy])).size;
}

function fits(needs: readonly Need[]): boolean {
  return (
    keysOf(needs, 'source').length < MAX_LISTED &&
    keysOf(needs, 'destination').length < MAX_LISTED &&
    scopeOf(needs) <= MAX_LISTED
  );
}

/**
 * The cluster in pieces that one rule each can say, none of its needs left out: as it is where one
 * rule can say it all.
 *
 * @param servicesOf the services of the rule that would be written for some needs
 */
export function fittingClusters(
  { policy, needs }: Cluster,
  servicesOf: (cluster: Cluster) => readonly string[],
): readonly Cluster[] {
  const bySide = fits(needs) ? [needs] : splitSides(needs);
  return bySide.flatMap((own): readonly Cluster[] => {
    if (servicesOf({ policy, needs: own }).length <= MAX_LISTED) return [{ policy, needs: own }];
    const services = [...new Set(own.map(({ service }) => service))].sort();
    return inPieces(services, MAX_LISTED).map((some) => ({
      policy,
      needs: own.filter(({ service }) => some.includes(service)),
    }));
  });
}

function splitSides(needs: readonly Need[]): readonly (readonly Need[])[] {
  return inPieces(keysOf(needs, 'source'), MAX_PARTIES).flatMap((sources) => {
    const own = needs.filter(({ source }) => sources.includes(source.key));
    return inPieces(keysOf(own, 'destination'), MAX_PARTIES).map((destinations) =>
      own.filter(({ destination }) => destinations.includes(destination.key)),
    );
  });
}
