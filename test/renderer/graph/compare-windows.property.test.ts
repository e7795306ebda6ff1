import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementsOf } from '../../../renderer/graph/canvas/elements.ts';
import { layoutMap } from '../../../renderer/graph/canvas/layout.ts';
import { baseWindow, compareMaps, countChanges } from '../../../renderer/graph/compare-windows.ts';
import type { GraphEdge } from '../../../shared/domain/graph.ts';
import { anEdge, aThreeTierGraph } from '../support/scripted.ts';

const graph = aThreeTierGraph();
const someEdges = fc.subarray([...graph.edges]);

describe('two windows compared', () => {
  it('tell every link once: new, gone or in both', () => {
    fc.assert(
      fc.property(someEdges, someEdges, (now, before) => {
        const { edges, changes } = compareMaps(
          { ...graph, edges: now },
          { ...graph, edges: before },
        );
        const ids = (list: readonly GraphEdge[]) => new Set(list.map(({ id }) => id));
        const [present, past] = [ids(now), ids(before)];
        const either = new Set([...present, ...past]);
        expect(ids(edges)).toEqual(either);
        expect(edges).toHaveLength(either.size);
        for (const id of ids(edges)) {
          const wanted = !past.has(id) ? 'new' : present.has(id) ? 'both' : 'gone';
          expect(changes.get(id)).toBe(wanted);
        }
        const { new: fresh, gone, both } = countChanges(changes);
        expect([fresh + both, gone + both]).toEqual([present.size, past.size]);
      }),
    );
  });

  it('keep since when a link was seen', () => {
    const id = 'a>b';
    const now = { ...graph, edges: [anEdge('a', 'b', { first: 50, last: 60 })] };
    const before = { ...graph, edges: [anEdge('a', 'b', { first: 10, last: 20 })] };
    const [edge] = compareMaps(now, before).edges;
    expect(edge).toMatchObject({ id, first: 10, last: 60 });
  });

  it('colour the map, a link that is gone as a ghost', () => {
    const before = { ...graph, edges: graph.edges.slice(1) };
    const now = { ...graph, edges: graph.edges.slice(0, 3) };
    const { edges, changes } = compareMaps(now, before);
    const drawn = elementsOf(
      { ...graph, edges },
      [],
      layoutMap(graph),
      'change',
      new Map(),
      changes,
    );
    const look = (id: string | undefined) => drawn.find(({ data }) => data.id === id)?.classes;
    expect(look(graph.edges[0]?.id)).toContain('change-new');
    expect(look(graph.edges[1]?.id)).toContain('change-both');
    expect(look(graph.edges[3]?.id)).toContain('change-gone');
  });
});

describe('the window compared with', () => {
  const all = { from: 0, to: 1_000 };
  const window = { from: 400, to: 500 };

  it('lies before the one chosen, up to it', () => {
    expect(baseWindow('all before', window, all, null)).toEqual({ from: 0, to: 400 });
    expect(baseWindow('same span before', window, all, null)).toEqual({ from: 300, to: 400 });
    expect(baseWindow('same span before', { from: 50, to: 300 }, all, null)).toEqual({
      from: 0,
      to: 50,
    });
  });

  it('is none where no window is chosen or nothing lies before it', () => {
    expect(baseWindow('all before', null, all, null)).toBeNull();
    expect(baseWindow('all before', { from: 0, to: 9 }, all, null)).toBeNull();
    expect(baseWindow('pinned', window, all, null)).toBeNull();
  });

  it('is the pinned one wherever that lies', () => {
    const pinned = { from: 700, to: 800 };
    expect(baseWindow('pinned', window, all, pinned)).toEqual(pinned);
  });
});
