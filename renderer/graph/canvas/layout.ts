import type { Graph, GraphNode } from '../../../shared/domain/graph.ts';
import { compareAddressTexts } from '../../../shared/net/address.ts';
import { gridBlock, leafBlock, pad, rowBlock, stackBlock, type Block } from './blocks.ts';
import {
  childrenOf,
  COMPOUND_PADDING,
  drawableNodes,
  isGroupNode,
  isSingleAddress,
  lineage,
  SHARED_ID,
  sizeOf,
  type Point,
} from './geometry.ts';
import { orderSiblings } from './rank.ts';

const CELL_GAP = 10;
const TIER_GAP = 104;
const LANE_GAP = 72;
const STRIP_GAP = 86;
const COLUMN_GAP = 100;
const SIDE_GAP = 26;
const SIDE_ROWS = 9;
const FLAT_ROW = 4;
const SHARED_GAP = 22;

/** Room above the folded shared services, so that their bundles are long enough for their labels. */
const FOLDED_GAP = 40;

function gridColumns(count: number): number {
  if (count <= 5) return 1;
  return count <= 16 ? 2 : Math.ceil(Math.sqrt(count / 2.5));
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Where the nodes of a map stand. Repeatable: the same graph gives the same places. */
class Layout {
  readonly positions = new Map<string, Point>();
  readonly #graph: Graph;
  readonly #nodes: readonly GraphNode[];
  readonly #byId: ReadonlyMap<string, GraphNode>;
  readonly #children: ReadonlyMap<string, readonly GraphNode[]>;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#nodes = [...drawableNodes(graph)].sort(
      (a, b) => compareAddressTexts(a.label, b.label) || compareTexts(a.id, b.id),
    );
    this.#byId = new Map(this.#nodes.map((node) => [node.id, node]));
    this.#children = childrenOf(this.#nodes);
  }

  run(): void {
    const roots = this.#nodes.filter((node) => node.parent === null);
    const groups = orderSiblings(roots.filter(isGroupNode), this.#graph, this.#byId);
    const lanes = this.#lanes(groups);
    const callers = roots.filter((node) => this.#isCaller(node, lanes));
    const satellites = this.#satellites(
      roots.filter((node) => !callers.includes(node)),
      lanes,
    );
    let top = 0;
    let width = 0;
    let laneTop: number | null = null;
    for (const [at, lane] of lanes.entries()) {
      const block = rowBlock(
        lane.map((group) => this.#groupBlock(group)),
        TIER_GAP,
      );
      const near = satellites.get(at) ?? [];
      const strips = this.#stripCount(near, block.width);
      const stripHeight = Math.max(0, ...near.map((node) => sizeOf(node).height));
      top += strips * (stripHeight + STRIP_GAP);
      block.place(0, top);
      laneTop ??= top;
      this.#placeStrips(near, strips, top, stripHeight);
      top += block.height + LANE_GAP;
      width = Math.max(width, block.width);
    }
    const bottom = this.#placeShared(width, lanes.length > 0 ? top + 24 : 0);
    this.#placeSides(roots, callers, satellites.get(-1) ?? [], width, {
      top: laneTop ?? 0,
      bottom: Math.max(bottom, top - LANE_GAP, 0),
    });
  }

  /** Applications (groups with groups inside) have a lane each; plain groups share lanes. */
  #lanes(groups: readonly GraphNode[]): readonly (readonly GraphNode[])[] {
    const nests = (group: GraphNode) => (this.#children.get(group.id) ?? []).some(isGroupNode);
    const lanes: (readonly GraphNode[])[] = groups.filter(nests).map((group) => [group]);
    const flat = groups.filter((group) => !nests(group));
    for (let at = 0; at < flat.length; at += FLAT_ROW) lanes.push(flat.slice(at, at + FLAT_ROW));
    return lanes;
  }

  #groupBlock(group: GraphNode): Block {
    const inside = this.#children.get(group.id) ?? [];
    if (inside.length === 0) return leafBlock(group, this.positions);
    const groups = orderSiblings(inside.filter(isGroupNode), this.#graph, this.#byId);
    const leaves = inside.filter((node) => !isGroupNode(node));
    const blocks = groups.map((node) => this.#groupBlock(node));
    if (leaves.length > 0) {
      const cells = leaves.map((node) => leafBlock(node, this.positions));
      blocks.push(gridBlock(cells, gridColumns(cells.length), CELL_GAP));
    }
    return pad(rowBlock(blocks, TIER_GAP), COMPOUND_PADDING);
  }

  /** Whether an address only opens sessions, and only to the first tier of a lane: it comes from the left. */
  #isCaller(node: GraphNode, lanes: readonly (readonly GraphNode[])[]): boolean {
    if (!isSingleAddress(node)) return false;
    const edges = this.#graph.edges.filter((edge) => [edge.source, edge.target].includes(node.id));
    if (edges.length === 0 || edges.some((edge) => edge.target === node.id)) return false;
    const entries = new Set(lanes.map((lane) => this.#entry(lane)));
    return edges.every((edge) => lineage(edge.target, this.#byId).some((id) => entries.has(id)));
  }

  /** The leftmost group of a lane that holds no others. */
  #entry(lane: readonly GraphNode[]): string | undefined {
    const [first] = lane;
    if (first === undefined) return undefined;
    const inside = (this.#children.get(first.id) ?? []).filter(isGroupNode);
    return inside.length === 0
      ? first.id
      : this.#entry(orderSiblings(inside, this.#graph, this.#byId));
  }

  /** Addresses by the lane they have most sessions with; -1 for those that have none with any. */
  #satellites(
    roots: readonly GraphNode[],
    lanes: readonly (readonly GraphNode[])[],
  ): ReadonlyMap<number, readonly GraphNode[]> {
    const laneOf = new Map(
      lanes.flatMap((lane, at) => lane.map((group) => [group.id, at] as const)),
    );
    const rootOf = (id: string) => lineage(id, this.#byId).at(-1) ?? id;
    const result = new Map<number, GraphNode[]>();
    for (const node of roots) {
      if (!isSingleAddress(node)) continue;
      const sums = new Map<number, number>();
      for (const { source, target, sessions } of this.#graph.edges) {
        if (source !== node.id && target !== node.id) continue;
        const lane = laneOf.get(rootOf(source === node.id ? target : source));
        if (lane !== undefined) sums.set(lane, (sums.get(lane) ?? 0) + sessions + 1);
      }
      const [best] = [...sums].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
      const lane = best?.[0] ?? -1;
      result.set(lane, [...(result.get(lane) ?? []), node]);
    }
    return result;
  }

  #stripCount(near: readonly GraphNode[], width: number): number {
    const wanted = near.reduce((sum, node) => sum + sizeOf(node).width + 28, 0);
    return near.length === 0 ? 0 : Math.ceil(wanted / Math.max(width * 1.35, 480));
  }

  /**
   * Where an address would like to stand: between the tiers it links; before the tier it opens
   * sessions to, or after the one that opens sessions to it, where it knows only one.
   */
  #wish(node: GraphNode): number {
    const spots: number[] = [];
    for (const { source, target } of this.#graph.edges) {
      if (source !== node.id && target !== node.id) continue;
      const peer = source === node.id ? target : source;
      const span = this.#span(peer);
      if (span === undefined) continue;
      const aside = TIER_GAP / 2;
      spots.push(source === node.id ? span.left - aside : span.right + aside);
    }
    return spots.length === 0 ? 0 : spots.reduce((sum, spot) => sum + spot, 0) / spots.length;
  }

  #span(id: string): { readonly left: number; readonly right: number } | undefined {
    const inside = this.#children.get(id) ?? [];
    if (inside.length > 0) {
      const spans = inside.flatMap((child) => this.#span(child.id) ?? []);
      if (spans.length === 0) return undefined;
      return {
        left: Math.min(...spans.map((span) => span.left)) - COMPOUND_PADDING,
        right: Math.max(...spans.map((span) => span.right)) + COMPOUND_PADDING,
      };
    }
    const node = this.#byId.get(id);
    const place = this.positions.get(id);
    if (node === undefined || place === undefined || isSingleAddress(node)) return undefined;
    const { width } = sizeOf(node);
    return { left: place.x - width / 2, right: place.x + width / 2 };
  }

  #placeStrips(near: readonly GraphNode[], strips: number, top: number, stripHeight: number): void {
    const wished = near
      .map((node) => ({ node, wish: this.#wish(node) }))
      .sort((a, b) => a.wish - b.wish || compareTexts(a.node.id, b.node.id));
    for (let strip = 0; strip < strips; strip++) {
      const row = wished.filter((_, at) => at % strips === strip);
      const y = top - (strip + 1) * (stripHeight + STRIP_GAP) + stripHeight / 2;
      let edge = -Infinity;
      const placed = row.map(({ node, wish }) => {
        const { width } = sizeOf(node);
        const x = Math.max(wish, edge + width / 2 + 28);
        edge = x + width / 2;
        return { node, x, wish };
      });
      const drift =
        placed.reduce((sum, { x, wish }) => sum + x - wish, 0) / Math.max(1, placed.length);
      for (const { node, x } of placed)
        this.positions.set(node.id, { x: Math.round(x - drift), y: Math.round(y) });
    }
  }

  /** Nodes in rows like bricks, so that lines from above reach the lower rows between the upper ones. */
  #bricks(nodes: readonly GraphNode[], columns: number, cellWidth: number): Block {
    const rowHeight = Math.max(...nodes.map((node) => sizeOf(node).height)) + SHARED_GAP;
    const rows = Math.ceil(nodes.length / columns);
    const shift = rows > 1 ? cellWidth / 2 : 0;
    return {
      width: columns * cellWidth - SHARED_GAP + shift,
      height: rows * rowHeight - SHARED_GAP,
      place: (left, top) => {
        nodes.forEach((node, at) => {
          const row = Math.floor(at / columns);
          const x = left + (at % columns) * cellWidth + (row % 2) * shift;
          leafBlock(node, this.positions).place(x, top + row * rowHeight);
        });
      },
    };
  }

  /** Shared services in a box under the lanes; returns where that ends. */
  #placeShared(width: number, top: number): number {
    const shared = [...(this.#children.get(SHARED_ID) ?? [])].sort(
      (a, b) => b.sessions - a.sessions || compareTexts(a.id, b.id),
    );
    const folded = this.#byId.get(SHARED_ID);
    if (shared.length === 0) {
      if (folded === undefined) return top;
      const leaf = leafBlock(folded, this.positions);
      leaf.place((width - leaf.width) / 2, top + FOLDED_GAP);
      return top + FOLDED_GAP + leaf.height;
    }
    const cellWidth = Math.max(...shared.map((node) => sizeOf(node).width)) + SHARED_GAP;
    const most = Math.max(4, Math.floor((width - 2 * COMPOUND_PADDING) / cellWidth));
    const rows = Math.ceil(shared.length / most);
    const columns = Math.ceil(shared.length / rows);
    const block = pad(this.#bricks(shared, columns, cellWidth), COMPOUND_PADDING);
    block.place((width - block.width) / 2, top);
    return top + block.height;
  }

  /** Nodes in a column, or in several where they are many. */
  #sideBlock(nodes: readonly GraphNode[]): Block {
    const columns: Block[] = [];
    for (let at = 0; at < nodes.length; at += SIDE_ROWS) {
      const part = nodes.slice(at, at + SIDE_ROWS);
      columns.unshift(
        stackBlock(
          part.map((node) => leafBlock(node, this.positions)),
          SIDE_GAP,
        ),
      );
    }
    return rowBlock(columns, SIDE_GAP);
  }

  /** Who mostly opens sessions stands left of the lanes, who mostly answers right of them. */
  #placeSides(
    roots: readonly GraphNode[],
    callers: readonly GraphNode[],
    loose: readonly GraphNode[],
    width: number,
    span: { readonly top: number; readonly bottom: number },
  ): void {
    const gathering = roots.filter(
      (node) => !isGroupNode(node) && !isSingleAddress(node) && node.id !== SHARED_ID,
    );
    const balance = (id: string) =>
      this.#graph.edges.reduce(
        (sum, edge) =>
          sum + (edge.source === id ? edge.sessions : edge.target === id ? -edge.sessions : 0),
        0,
      );
    const order: readonly string[] = ['outside', 'ungrouped', 'blocked', 'other'];
    const sorted = [...gathering].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
    const goesLeft = (node: GraphNode) =>
      node.kind === 'outside' || node.kind === 'blocked' || balance(node.id) > 0;
    const outside = sorted.filter((node) => node.kind === 'outside');
    const others = sorted.filter((node) => goesLeft(node) && node.kind !== 'outside');
    const left = this.#sideBlock([...outside, ...callers, ...loose, ...others]);
    const right = this.#sideBlock(sorted.filter((node) => !goesLeft(node)));
    const strips = [...this.positions.values()].map((point) => point.x);
    const leftEdge = Math.min(0, ...strips.map((x) => x - 70));
    const rightEdge = Math.max(width, ...strips.map((x) => x + 70));
    left.place(leftEdge - COLUMN_GAP - left.width, (span.top + span.bottom - left.height) / 2);
    right.place(rightEdge + COLUMN_GAP, (span.top + span.bottom - right.height) / 2);
  }
}

/**
 * Places for all nodes that hold no others, as centres: tiers from left to right inside their
 * application, VIPs and other addresses above the tiers they link, shared services underneath, who
 * comes from outside on the left.
 */
export function layoutMap(graph: Graph): ReadonlyMap<string, Point> {
  const layout = new Layout(graph);
  layout.run();
  return layout.positions;
}
