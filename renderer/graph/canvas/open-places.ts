import type { Graph } from '../../../shared/domain/graph.ts';
import { boxesOf, childrenOf, lineage, type Box, type Point } from './geometry.ts';
import { layoutMap } from './layout.ts';

type Places = ReadonlyMap<string, Point>;

const GAP = 24;

function areNear(a: Box, b: Box): boolean {
  return (
    Math.abs(a.x - b.x) < (a.width + b.width) / 2 + GAP &&
    Math.abs(a.y - b.y) < (a.height + b.height) / 2 + GAP
  );
}

/** How far a node goes aside along one axis, so that one in its middle can grow. */
function aside(at: number, middle: number, half: number, growth: number): number {
  if (at > middle + half) return growth;
  return at < middle - half ? -growth : 0;
}

/**
 * Places after a folded node was opened where it stands: what lies in it around its middle, as it
 * stood there before or laid out anew; the others stay, or go aside as far as it grew where they
 * would be covered.
 *
 * @param graph the map with the node open
 */
export function openPlaces(graph: Graph, id: string, places: Places): Places {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const isInside = (each: string) => lineage(each, byId).includes(id);
  const inside = graph.nodes.filter((node) => isInside(node.id));
  const holders = childrenOf(graph.nodes);
  const middle = places.get(id) ?? { x: 0, y: 0 };
  const leaves = inside.filter((node) => !holders.has(node.id));
  const isKnown = leaves.every((leaf) => places.has(leaf.id));
  const own = inside.map((node) => (node.id === id ? { ...node, parent: null } : node));
  const ids = new Set(own.map((node) => node.id));
  const laid = isKnown
    ? places
    : layoutMap({
        ...graph,
        nodes: own,
        edges: graph.edges.filter(({ source, target }) => ids.has(source) && ids.has(target)),
      });
  const result = new Map(places);
  const drawn = boxesOf(own, laid).get(id) ?? { ...middle, width: 0, height: 0 };
  for (const leaf of leaves) {
    const { x, y } = laid.get(leaf.id) ?? middle;
    result.set(leaf.id, {
      x: Math.round(x - drawn.x + middle.x),
      y: Math.round(y - drawn.y + middle.y),
    });
  }
  const open: Box = { ...drawn, ...middle };
  const closed = boxesOf(
    own.filter((node) => node.id === id),
    places,
  ).get(id);
  const others = graph.nodes.filter((node) => !holders.has(node.id) && !isInside(node.id));
  const boxes = boxesOf(graph.nodes, result);
  const isCovered = others.some((node) => {
    const box = boxes.get(node.id);
    return box !== undefined && areNear(box, open);
  });
  if (!isCovered || closed === undefined) return result;
  const across = Math.max(0, (open.width - closed.width) / 2) + GAP;
  const down = Math.max(0, (open.height - closed.height) / 2) + GAP;
  for (const { id: other } of others) {
    const { x, y } = result.get(other) ?? middle;
    result.set(other, {
      x: Math.round(x + aside(x, middle.x, closed.width / 2, across)),
      y: Math.round(y + aside(y, middle.y, closed.height / 2, down)),
    });
  }
  return result;
}
