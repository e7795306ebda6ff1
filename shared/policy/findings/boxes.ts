import type { AddressSet } from '../address-set.ts';
import type { CompiledRule } from '../compile.ts';
import type { End } from '../decide.ts';
import type { ServiceSet } from '../service-set.ts';

/** Flows from some addresses to some over some services. */
export interface Box {
  readonly sources: AddressSet;
  readonly destinations: AddressSet;
  readonly services: ServiceSet;
}

/** Whether no flow is in the box. */
export function isEmptyBox({ sources, destinations, services }: Box): boolean {
  return sources.isEmpty || destinations.isEmpty || services.isEmpty;
}

/** What a rule is for at the vNICs of one end, workloads or not; `null` where it is for nothing there. */
export function boxAt(rule: CompiledRule, end: End): Box | null {
  if (!(end === 'source' ? rule.isOut : rule.isIn)) return null;
  const { sources, destinations, services, table } = rule;
  const box: Box =
    table === null
      ? { sources, destinations, services }
      : end === 'source'
        ? { sources: sources.intersect(table), destinations, services }
        : { sources, destinations: destinations.intersect(table), services };
  return isEmptyBox(box) ? null : box;
}

/** Whether some flow is in both boxes. */
export function overlapping(a: Box, b: Box): boolean {
  return (
    a.sources.overlaps(b.sources) &&
    a.destinations.overlaps(b.destinations) &&
    a.services.overlaps(b.services)
  );
}

/** Whether every flow of the inner box is in the outer one. */
export function boxContains(outer: Box, inner: Box): boolean {
  return (
    outer.sources.contains(inner.sources) &&
    outer.destinations.contains(inner.destinations) &&
    outer.services.contains(inner.services)
  );
}

/** The flows of a box that are not in another, as boxes that share none. */
export function subtractBox(from: Box, taken: Box): readonly Box[] {
  if (!overlapping(from, taken)) return [from];
  const sources = from.sources.intersect(taken.sources);
  const destinations = from.destinations.intersect(taken.destinations);
  return [
    { ...from, sources: from.sources.subtract(taken.sources) },
    { ...from, sources, destinations: from.destinations.subtract(taken.destinations) },
    { sources, destinations, services: from.services.subtract(taken.services) },
  ].filter((box) => !isEmptyBox(box));
}

/** The flows that are in both boxes; `null` where there are none. */
export function intersectBoxes(a: Box, b: Box): Box | null {
  if (!overlapping(a, b)) return null;
  return {
    sources: a.sources.intersect(b.sources),
    destinations: a.destinations.intersect(b.destinations),
    services: a.services.intersect(b.services),
  };
}
