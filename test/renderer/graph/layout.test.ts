import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boxesOf,
  drawableNodes,
  hitTest,
  type Box,
} from '../../../renderer/graph/canvas/geometry.ts';
import { layoutMap } from '../../../renderer/graph/canvas/layout.ts';
import { bendAround } from '../../../renderer/graph/canvas/routing.ts';
import type { Graph, GraphNode } from '../../../shared/domain/graph.ts';
import { aNode, anEdge, aThreeTierGraph } from '../support/scripted.ts';

function overlap(a: Box, b: Box): boolean {
  return (
    Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2
  );
}

function overlapsOf(graph: Graph): readonly string[] {
  const nodes = drawableNodes(graph);
  const boxes = boxesOf(nodes, layoutMap(graph));
  return nodes.flatMap((a, at) =>
    nodes.slice(at + 1).flatMap((b) => {
      const [boxA, boxB] = [boxes.get(a.id), boxes.get(b.id)];
      if (a.parent !== b.parent || boxA === undefined || boxB === undefined) return [];
      return overlap(boxA, boxB) ? [`${a.id} and ${b.id}`] : [];
    }),
  );
}

function boxOf(graph: Graph, id: string): Box {
  const box = boxesOf(drawableNodes(graph), layoutMap(graph)).get(id);
  if (box === undefined) throw new Error(`${id} has no box`);
  return box;
}

const graphs: fc.Arbitrary<Graph> = fc
  .record({
    apps: fc.array(fc.array(fc.nat({ max: 20 }), { maxLength: 4 }), { maxLength: 3 }),
    addresses: fc.nat({ max: 14 }),
    shared: fc.nat({ max: 13 }),
    pairs: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 999 })), { maxLength: 40 }),
    gathering: fc.subarray(['outside', 'blocked', 'ungrouped', 'other'] as const),
  })
  .map(({ apps, addresses, shared, pairs, gathering }) => {
    const nodes: GraphNode[] = apps.flatMap((tiers, app) => [
      aNode(`group:APP${app}`, { kind: 'group' }),
      ...tiers.flatMap((members, tier) => [
        aNode(`group:APP${app}T${tier}`, { kind: 'group', parent: `group:APP${app}` }),
        ...Array.from({ length: members }, (_, at) =>
          aNode(`workload:2001:db8:${app}:${tier}::${at}`, { parent: `group:APP${app}T${tier}` }),
        ),
      ]),
    ]);
    for (let at = 0; at < addresses; at++)
      nodes.push(aNode(`address:192.0.2.${at}`, { kind: 'ip-set' }));
    for (let at = 0; at < shared; at++)
      nodes.push(aNode(`address:198.51.100.${at}`, { kind: 'shared', parent: 'shared' }));
    for (const kind of gathering) nodes.push(aNode(kind, { kind, members: 9 }));
    const edges = pairs.flatMap(([a, b, sessions]) => {
      const source = nodes[a % Math.max(1, nodes.length)];
      const target = nodes[b % Math.max(1, nodes.length)];
      return source === undefined || target === undefined || source === target
        ? []
        : [anEdge(source.id, target.id, { sessions })];
    });
    return { nodes, edges, insideEvents: 0, hasPerimeter: false };
  });

describe('the layout of the map', () => {
  it('lets no two neighbours overlap on a three-tier application', () => {
    expect(overlapsOf(aThreeTierGraph())).toEqual([]);
  });

  it('lets no two neighbours overlap, whatever the graph, and places every node', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        expect(overlapsOf(graph)).toEqual([]);
        const places = layoutMap(graph);
        const nodes = drawableNodes(graph);
        const holders = new Set(nodes.map((node) => node.parent));
        for (const node of nodes) if (!holders.has(node.id)) expect(places.has(node.id)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('is the same for the same graph, whatever the order its nodes and edges come in', () => {
    const graph = aThreeTierGraph();
    const turned = { ...graph, nodes: graph.nodes.toReversed(), edges: graph.edges.toReversed() };
    expect(layoutMap(aThreeTierGraph())).toEqual(layoutMap(graph));
    expect(layoutMap(turned)).toEqual(layoutMap(graph));
  });

  it('puts tiers from left to right by who opens sessions to whom, with VIPs above and shared services below', () => {
    const graph = aThreeTierGraph();
    const web = boxOf(graph, 'group:SGTSWEB');
    const app = boxOf(graph, 'group:SGTSAPP');
    const database = boxOf(graph, 'group:SGTSDB');
    const frame = boxOf(graph, 'group:SGTSBOOKS');
    expect(web.x).toBeLessThan(app.x);
    expect(app.x).toBeLessThan(database.x);
    expect(boxOf(graph, 'address:192.0.2.102').y).toBeLessThan(frame.y - frame.height / 2);
    expect(boxOf(graph, 'shared').y).toBeGreaterThan(frame.y + frame.height / 2);
    expect(boxOf(graph, 'outside').x).toBeLessThan(frame.x - frame.width / 2);
  });
});

describe('the node under a point', () => {
  it('is the innermost one', () => {
    const graph = aThreeTierGraph();
    const boxes = boxesOf(drawableNodes(graph), layoutMap(graph));
    const { x, y } = boxOf(graph, 'workload:192.0.2.11');
    expect(hitTest(boxes, { x, y })).toBe('workload:192.0.2.11');
    const web = boxOf(graph, 'group:SGTSWEB');
    expect(hitTest(boxes, { x: web.x, y: web.y - web.height / 2 + 5 })).toBe('group:SGTSWEB');
    expect(hitTest(boxes, { x: web.x, y: web.y - 5_000 })).toBeUndefined();
  });
});

describe('a line of the map', () => {
  const box = (x: number, y: number): Box => ({ x, y, width: 100, height: 100 });

  it('bends to the nearer side of what lies between its ends', () => {
    expect(bendAround(box(0, 0), box(600, 0), [box(300, -30)], 0)).toBeGreaterThan(0);
    expect(bendAround(box(0, 0), box(600, 0), [box(300, 30)], 0)).toBeLessThan(0);
  });

  it('stays as it is where nothing lies between them', () => {
    expect(bendAround(box(0, 0), box(600, 0), [box(300, 400)], 26)).toBe(26);
  });
});

it('lays a thousand groups out without comparing each with each', () => {
  const groups = Array.from({ length: 1_000 }, (_, at) => aNode(`group:G${at}`, { kind: 'group' }));
  const edges = groups.map(({ id }, at) => anEdge(id, `group:G${(at * 7 + 1) % 1_000}`));
  const graph = { nodes: groups, edges, insideEvents: 0, hasPerimeter: false };
  const begin = process.cpuUsage().user;
  expect(layoutMap(graph).size).toBe(1_000);
  expect((process.cpuUsage().user - begin) / 1_000).toBeLessThan(3_000);
});
