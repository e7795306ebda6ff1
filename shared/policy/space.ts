import { AddressSet } from './address-set.ts';
import type { ServiceSet } from './service-set.ts';

/** All flows from some addresses to others with some services. */
export interface Space {
  readonly sources: AddressSet;
  readonly destinations: AddressSet;
  readonly services: ServiceSet;
}

function isEmpty({ sources, destinations, services }: Space): boolean {
  return sources.isEmpty || destinations.isEmpty || services.isEmpty;
}

/** Whether some flow is in both. */
export function overlap(a: Space, b: Space): boolean {
  return (
    a.sources.overlaps(b.sources) &&
    a.destinations.overlaps(b.destinations) &&
    a.services.overlaps(b.services)
  );
}

/** The flows in both. */
export function intersection(a: Space, b: Space): Space {
  return {
    sources: a.sources.intersect(b.sources),
    destinations: a.destinations.intersect(b.destinations),
    services: a.services.intersect(b.services),
  };
}

/** The flows of the first without those of the second, as spaces without a flow in common. */
export function without(a: Space, b: Space): readonly Space[] {
  if (!overlap(a, b)) return [a];
  const sources = a.sources.intersect(b.sources);
  const destinations = a.destinations.intersect(b.destinations);
  return [
    { ...a, sources: a.sources.subtract(b.sources) },
    { ...a, sources, destinations: a.destinations.subtract(b.destinations) },
    { sources, destinations, services: a.services.subtract(b.services) },
  ].filter((space) => !isEmpty(space));
}

/** The parts of a space that hold flows: no flow leads from one family of addresses to the other. */
export function familiesOf(space: Space): readonly Space[] {
  return [AddressSet.ALL_IPV4, AddressSet.ALL_IPV6]
    .map((family) => ({
      sources: space.sources.intersect(family),
      destinations: space.destinations.intersect(family),
      services: space.services,
    }))
    .filter((each) => !isEmpty(each));
}

function joined(
  spaces: readonly Space[],
  keyOf: (space: Space) => string,
  join: (a: Space, b: Space) => Space,
): readonly Space[] {
  const byKey = new Map<string, Space>();
  for (const space of spaces) {
    const key = keyOf(space);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? space : join(known, space));
  }
  return [...byKey.values()];
}

/** The same flows in fewer spaces: those that differ in one of the three only become one. */
export function gathered(spaces: readonly Space[]): readonly Space[] {
  for (let present = spaces; ;) {
    let next = joined(
      present,
      (space) => `${space.destinations.key} ${space.services.key}`,
      (a, b) => ({ ...a, sources: a.sources.union(b.sources) }),
    );
    next = joined(
      next,
      (space) => `${space.sources.key} ${space.services.key}`,
      (a, b) => ({ ...a, destinations: a.destinations.union(b.destinations) }),
    );
    next = joined(
      next,
      (space) => `${space.sources.key} ${space.destinations.key}`,
      (a, b) => ({ ...a, services: a.services.union(b.services) }),
    );
    if (next.length === present.length) return next;
    present = next;
  }
}
