import type { EdgeState, Graph, GraphEdge, GraphNode } from '../../shared/domain/graph.ts';
import {
  childrenOf,
  drawableNodes,
  isGroupNode,
  lineage,
  SHARED_ID,
  type MapNode,
} from './canvas/geometry.ts';

/** What is left of a map when some of its nodes are folded. */
export interface FoldedMap {
  readonly graph: Graph;
  /** How many links each bundle stands for, by the id of its edge; links of their own are left out. */
  readonly bundles: ReadonlyMap<string, number>;
  /** The node that stands for another: itself, or the outermost folded node it lies in. */
  readonly standsFor: (id: string) => string;
}

/** Nodes above which a map begins folded: what the eye can bear in full detail. */
const MOST_OPEN = 500;

const LISTED = 3;

function worseOf(a: EdgeState, b: EdgeState): EdgeState {
  return a === b ? a : 'mixed';
}

function bundle(
  id: string,
  source: string,
  target: string,
  links: readonly GraphEdge[],
): GraphEdge {
  const sum = (of: (edge: GraphEdge) => number) => links.reduce((all, edge) => all + of(edge), 0);
  const busiest = [...links].sort((a, b) => b.sessions - a.sessions);
  const services = [...new Set(busiest.flatMap((edge) => edge.services))];
  return {
    id,
    source,
    target,
    sessions: sum((edge) => edge.sessions),
    events: sum((edge) => edge.events),
    bytes: sum((edge) => edge.bytes),
    first: Math.min(...links.map((edge) => edge.first)),
    last: Math.max(...links.map((edge) => edge.last)),
    services: services.slice(0, LISTED),
    // Links tell their busiest services only: there are at least so many.
    serviceCount: Math.max(services.length, ...links.map((edge) => edge.serviceCount)),
    state: links.map((edge) => edge.state).reduce(worseOf),
    seen: {
      vnic: sum((edge) => edge.seen.vnic),
      perimeter: sum((edge) => edge.seen.perimeter),
      both: sum((edge) => edge.seen.both),
    },
  };
}

/** Folds nodes: what lies in them is hidden, and links are bundled between what is left. */
export function foldMap(graph: Graph, folded: ReadonlySet<string>): FoldedMap {
  const nodes = drawableNodes(graph);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const cover = new Map(
    nodes.map(({ id }) => [id, lineage(id, byId).findLast((each) => folded.has(each)) ?? id]),
  );
  const held = new Map<string, number>();
  for (const [id, by] of cover) if (id !== by) held.set(by, (held.get(by) ?? 0) + 1);
  const standsFor = (id: string) => cover.get(id) ?? id;
  const gathered = new Map<string, { source: string; target: string; links: GraphEdge[] }>();
  let insideEvents = graph.insideEvents;
  for (const edge of graph.edges) {
    const source = standsFor(edge.source);
    const target = standsFor(edge.target);
    if (source === target) {
      insideEvents += edge.events;
      continue;
    }
    const id = `${source}>${target}`;
    const found = gathered.get(id);
    if (found === undefined) gathered.set(id, { source, target, links: [edge] });
    else found.links.push(edge);
  }
  const all = [...gathered].map(([id, { source, target, links }]) => ({
    edge: links.length === 1 && links[0]?.id === id ? links[0] : bundle(id, source, target, links),
    count: links.length,
  }));
  return {
    graph: {
      ...graph,
      nodes: nodes.flatMap((node): readonly MapNode[] => {
        if (standsFor(node.id) !== node.id) return [];
        const hidden = held.get(node.id);
        return [hidden === undefined ? node : { ...node, hidden }];
      }),
      edges: all.map(({ edge }) => edge),
      insideEvents,
    },
    bundles: new Map(
      all.flatMap(({ edge, count }) => (count > 1 ? [[edge.id, count] as const] : [])),
    ),
    standsFor,
  };
}

/** Nodes that can be folded: those that hold others. */
export function foldable(graph: Graph): readonly GraphNode[] {
  const nodes = drawableNodes(graph);
  const children = childrenOf(nodes);
  return nodes.filter(({ id }) => children.has(id));
}

/**
 * What is folded until the user says otherwise: the shared services, and on large maps the
 * innermost groups, then everything that holds others.
 */
export function foldedAtFirst(graph: Graph): ReadonlySet<string> {
  const holders = foldable(graph);
  const children = childrenOf(drawableNodes(graph));
  const shared = holders.filter(({ id }) => id === SHARED_ID);
  const inner = holders.filter(
    ({ id }) => !(children.get(id) ?? []).some((child) => isGroupNode(child)),
  );
  for (const choice of [shared, inner]) {
    const folded = new Set(choice.map(({ id }) => id));
    if (foldMap(graph, folded).graph.nodes.length <= MOST_OPEN) return folded;
  }
  return new Set(holders.map(({ id }) => id));
}
