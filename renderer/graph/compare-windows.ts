import type { TimeWindow } from '../../shared/domain/filter.ts';
import type { Graph, GraphEdge } from '../../shared/domain/graph.ts';

/** Where a link was seen: only in the window, only in the one compared with, or in both. */
export type Change = 'new' | 'gone' | 'both';

/** What the window is compared with. */
export const BASES = ['all before', 'same span before', 'pinned'] as const;

/** One of the choices of {@link BASES}. */
export type Base = (typeof BASES)[number];

/**
 * The window to compare with; `null` where there is none: no window is chosen, nothing lies before
 * it, or nothing is pinned.
 *
 * @param all the time the project spans
 */
export function baseWindow(
  base: Base,
  window: TimeWindow | null,
  all: TimeWindow | null,
  pinned: TimeWindow | null,
): TimeWindow | null {
  if (base === 'pinned') return pinned;
  if (window === null || all === null || window.from <= all.from) return null;
  const from = base === 'all before' ? all.from : window.from - (window.to - window.from);
  return { from: Math.max(from, all.from), to: window.from };
}

/** Two maps as one: the links of both, and where each was seen. */
export interface ComparedMap {
  readonly edges: readonly GraphEdge[];
  readonly changes: ReadonlyMap<string, Change>;
}

/**
 * Compares the links of two maps, of which the second is that of the window compared with. Links in
 * both have the figures of the first, with the time since when they were seen.
 */
export function compareMaps(now: Graph, before: Graph): ComparedMap {
  const past = new Map(before.edges.map((edge) => [edge.id, edge]));
  const present = new Set(now.edges.map(({ id }) => id));
  const changes = new Map<string, Change>();
  const kept = now.edges.map((edge) => {
    const old = past.get(edge.id);
    changes.set(edge.id, old === undefined ? 'new' : 'both');
    return old === undefined ? edge : { ...edge, first: Math.min(edge.first, old.first) };
  });
  const gone = before.edges.filter(({ id }) => !present.has(id));
  for (const { id } of gone) changes.set(id, 'gone');
  return { edges: [...kept, ...gone], changes };
}

/** How many links are new, gone and in both. */
export function countChanges(
  changes: ReadonlyMap<string, Change>,
): Readonly<Record<Change, number>> {
  const counts = { new: 0, gone: 0, both: 0 };
  for (const change of changes.values()) counts[change]++;
  return counts;
}
