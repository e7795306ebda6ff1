import type { Graph, GraphNode } from '../../../shared/domain/graph.ts';

/** A point in the map's own coordinates, or on the page, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An upright rectangle by its centre. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** Space between the border of a compound node and what lies in it, in pixels; its title stands there. */
export const COMPOUND_PADDING = 26;

/** The compound node around the shared services. */
export const SHARED_ID = 'shared';

const CHARACTER_WIDTH = 7;

/** Whether a node is one address that is no workload: a VIP or another IP set. */
export function isSingleAddress(node: GraphNode): boolean {
  return node.kind === 'ip-set' || node.kind === 'vip';
}

/** Whether a node is a group, or an application, which holds groups. */
export function isGroupNode(node: GraphNode): boolean {
  return node.kind === 'group' || node.kind === 'application';
}

/** A node of the map, with how many nodes are hidden in it where it is folded. */
export type MapNode = GraphNode & { readonly hidden?: number };

/** Whether a node is folded: it stands for what lies in it. */
export function isFolded(node: MapNode): boolean {
  return (node.hidden ?? 0) > 0;
}

/** The lines written on a node that holds no others. */
export function linesOf(node: MapNode): readonly string[] {
  if (node.kind === 'workload' || (node.kind === 'shared' && !isFolded(node))) return [node.label];
  if (node.kind === 'vip') return [node.label, 'VIP'];
  if (node.kind === 'ip-set') return [node.label, 'IP set'];
  const held = node.members === 1 ? '1 address' : `${node.members} addresses`;
  return [node.label, isFolded(node) ? `+ ${held} inside` : held];
}

/** The size of a node that holds no others, wide enough for its text. */
export function sizeOf(node: MapNode): { readonly width: number; readonly height: number } {
  const lines = linesOf(node);
  const text = Math.max(...lines.map((line) => line.length)) * CHARACTER_WIDTH;
  if (node.kind === 'workload') return { width: Math.max(100, text + 20), height: 30 };
  if (node.kind === 'shared' && !isFolded(node))
    return { width: Math.max(108, text + 24), height: 34 };
  if (isSingleAddress(node)) return { width: Math.max(118, text + 34), height: 42 };
  // The text stands left of the tag's point, which takes part of the width.
  const point = node.kind === 'other' ? 40 : 0;
  return { width: Math.max(136, text + 44) + point, height: 58 };
}

/**
 * The nodes of a graph in a form that can be drawn: shared services get the compound node around
 * them where the engine names it without sending it, and a parent that is absent is dropped.
 */
export function drawableNodes(graph: Graph): readonly GraphNode[] {
  const ids = new Set(graph.nodes.map((node) => node.id));
  const inShared = graph.nodes.filter((node) => node.parent === SHARED_ID);
  const container: GraphNode = {
    id: SHARED_ID,
    kind: 'shared',
    label: 'Shared services',
    parent: null,
    members: inShared.length,
    sessions: inShared.reduce((sum, node) => sum + node.sessions, 0),
    order: null,
  };
  const nodes =
    inShared.length > 0 && !ids.has(SHARED_ID) ? [container, ...graph.nodes] : graph.nodes;
  const known = new Set(nodes.map((node) => node.id));
  return nodes.map((node) =>
    node.parent !== null && !known.has(node.parent) ? { ...node, parent: null } : node,
  );
}

/** Nodes by the node they lie in. */
export function childrenOf(nodes: readonly GraphNode[]): ReadonlyMap<string, readonly GraphNode[]> {
  const children = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    if (node.parent === null) continue;
    const list = children.get(node.parent);
    if (list === undefined) children.set(node.parent, [node]);
    else list.push(node);
  }
  return children;
}

/** A node and all it lies in, the innermost first. */
export function lineage(id: string, byId: ReadonlyMap<string, GraphNode>): readonly string[] {
  const line: string[] = [];
  for (let at: string | null = id; at !== null && !line.includes(at);) {
    line.push(at);
    at = byId.get(at)?.parent ?? null;
  }
  return line;
}

/** The smallest box around all given, grown by a padding. */
export function boxAround(boxes: readonly Box[], padding: number): Box {
  const left = Math.min(...boxes.map((box) => box.x - box.width / 2)) - padding;
  const right = Math.max(...boxes.map((box) => box.x + box.width / 2)) + padding;
  const top = Math.min(...boxes.map((box) => box.y - box.height / 2)) - padding;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height / 2)) + padding;
  return {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    width: right - left,
    height: bottom - top,
  };
}

/** Boxes of all nodes, those of compound nodes made from what lies in them. */
export function boxesOf(
  nodes: readonly GraphNode[],
  positions: ReadonlyMap<string, Point>,
): ReadonlyMap<string, Box> {
  const children = childrenOf(nodes);
  const boxes = new Map<string, Box>();
  function boxOf(node: GraphNode): Box {
    const inside = children.get(node.id) ?? [];
    const place = positions.get(node.id) ?? { x: 0, y: 0 };
    const box =
      inside.length === 0
        ? { ...place, ...sizeOf(node) }
        : boxAround(inside.map(boxOf), COMPOUND_PADDING);
    boxes.set(node.id, box);
    return box;
  }
  for (const node of nodes) if (node.parent === null) boxOf(node);
  return boxes;
}

/** Whether the point lies in the box grown by a margin. */
export function boxHas(box: Box, { x, y }: Point, margin = 0): boolean {
  return (
    Math.abs(x - box.x) <= box.width / 2 + margin && Math.abs(y - box.y) <= box.height / 2 + margin
  );
}

/** The smallest box under a point: the innermost node there. */
export function hitTest(
  boxes: ReadonlyMap<string, Box>,
  point: Point,
  margin = 0,
): string | undefined {
  let best: string | undefined;
  let bestArea = Infinity;
  for (const [id, box] of boxes) {
    const area = box.width * box.height;
    if (area < bestArea && boxHas(box, point, margin)) {
      best = id;
      bestArea = area;
    }
  }
  return best;
}
