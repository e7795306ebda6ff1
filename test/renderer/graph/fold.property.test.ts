import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxesOf, childrenOf } from '../../../renderer/graph/canvas/geometry.ts';
import { layoutMap } from '../../../renderer/graph/canvas/layout.ts';
import { openPlaces } from '../../../renderer/graph/canvas/open-places.ts';
import { foldable, foldedAtFirst, foldMap } from '../../../renderer/graph/fold.ts';
import { readFolded, writeFolded } from '../../../renderer/graph/places.ts';
import type { Graph } from '../../../shared/domain/graph.ts';
import { anEdge, aNode, aThreeTierGraph } from '../support/scripted.ts';

const graph = aThreeTierGraph();
const holders = foldable(graph).map(({ id }) => id);
const anyFolds = fc.subarray(holders).map((ids) => new Set(ids));

const total = ({ edges, insideEvents }: Graph) =>
  edges.reduce((sum, edge) => sum + edge.events, insideEvents);

describe('a folded map', () => {
  it('hides what lies in folded nodes and loses no event', () => {
    fc.assert(
      fc.property(anyFolds, (folded) => {
        const { graph: shown, standsFor } = foldMap(graph, folded);
        expect(total(shown)).toBe(total(graph));
        const ids = new Set(shown.nodes.map(({ id }) => id));
        for (const { parent } of shown.nodes) expect(folded.has(parent ?? '')).toBe(false);
        for (const { id } of graph.nodes) expect(ids.has(standsFor(id))).toBe(true);
        for (const { id, source, target } of shown.edges) {
          expect(ids.has(source) && ids.has(target)).toBe(true);
          expect(id).toBe(`${source}>${target}`);
        }
        expect(new Set(shown.edges.map(({ id }) => id)).size).toBe(shown.edges.length);
      }),
    );
  });

  it('bundles links between what is left and says how many and in which state', () => {
    const { graph: shown, bundles } = foldMap(
      {
        ...graph,
        edges: [...graph.edges, anEdge('outside', 'group:SGTSAPP', { state: 'blocked' })],
      },
      new Set(['group:SGTSBOOKS']),
    );
    const bundle = shown.edges.find(({ id }) => id === 'outside>group:SGTSBOOKS');
    expect(bundle).toMatchObject({
      sessions: 20,
      events: 40,
      state: 'mixed',
      services: ['TCP/443'],
    });
    expect(bundles.get('outside>group:SGTSBOOKS')).toBe(2);
    const held = shown.nodes.find(({ id }) => id === 'group:SGTSBOOKS');
    expect(held).toMatchObject({ hidden: 9 });
  });

  it('is the whole map again when nothing is folded', () => {
    const { graph: shown, bundles } = foldMap(graph, new Set());
    expect(shown.edges).toEqual(graph.edges);
    expect(bundles.size).toBe(0);
  });

  it('begins with the shared services folded, and with all groups where there are very many', () => {
    expect([...foldedAtFirst(graph)]).toEqual(['shared']);
    const many: Graph = {
      ...graph,
      edges: [],
      nodes: Array.from({ length: 400 }, (_, at) => [
        aNode(`group:G${at}`, { kind: 'group' }),
        aNode(`workload:10.0.${at % 256}.${at}`, { parent: `group:G${at}` }),
      ]).flat(),
    };
    expect(foldMap(many, foldedAtFirst(many)).graph.nodes).toHaveLength(400);
  });

  it('reads back what was folded, and nothing from what is no list', () => {
    const folded = new Set(['group:A', 'shared']);
    expect(readFolded(writeFolded(folded))).toEqual(folded);
    for (const text of [null, '', '{}', '7']) expect(readFolded(text)).toBeNull();
    expect(readFolded('[]')).toEqual(new Set());
  });
});

describe('a node opened in place', () => {
  it('covers no other node, wherever it stands', () => {
    fc.assert(
      fc.property(anyFolds, fc.constantFrom(...holders), (others, id) => {
        const before = foldMap(graph, new Set([...others, id])).graph;
        if (!before.nodes.some((node) => node.id === id)) return;
        const folded = new Set(others);
        folded.delete(id);
        const after = foldMap(graph, folded).graph;
        const places = openPlaces(after, id, layoutMap(before));
        const boxes = boxesOf(after.nodes, places);
        const children = childrenOf(after.nodes);
        const leaves = after.nodes.filter((node) => !children.has(node.id));
        for (const [at, a] of leaves.entries()) {
          for (const b of leaves.slice(at + 1)) {
            const [one, two] = [boxes.get(a.id), boxes.get(b.id)];
            if (one === undefined || two === undefined) throw new Error('a node without a place');
            const isApart =
              Math.abs(one.x - two.x) >= (one.width + two.width) / 2 ||
              Math.abs(one.y - two.y) >= (one.height + two.height) / 2;
            expect([a.id, b.id, isApart]).toEqual([a.id, b.id, true]);
          }
        }
      }),
    );
  });

  it('takes back the places it had, and leaves the others where they stand, where there is room', () => {
    const places = layoutMap(graph);
    const open = foldMap(graph, new Set()).graph;
    const box = boxesOf(open.nodes, places).get('group:SGTSAPP');
    const folded = new Map(places).set('group:SGTSAPP', { x: box?.x ?? 0, y: box?.y ?? 0 });
    const again = openPlaces(open, 'group:SGTSAPP', folded);
    for (const [id, { x, y }] of places) {
      expect(Math.abs((again.get(id)?.x ?? NaN) - x)).toBeLessThanOrEqual(1);
      expect(Math.abs((again.get(id)?.y ?? NaN) - y)).toBeLessThanOrEqual(1);
    }
  });
});
