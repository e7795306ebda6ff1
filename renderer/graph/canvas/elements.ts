import type { Graph, GraphEdge, GraphNode } from '../../../shared/domain/graph.ts';
import { serviceLabel, type RuleEdge } from '../rule-edges.ts';
import {
  boxesOf,
  childrenOf,
  drawableNodes,
  isFolded,
  isGroupNode,
  lineage,
  linesOf,
  sizeOf,
  type Box,
  type Point,
} from './geometry.ts';
import { bendAround } from './routing.ts';

/** A node as Cytoscape takes it. */
export interface NodeElement {
  readonly group: 'nodes';
  readonly data: {
    readonly id: string;
    readonly parent?: string;
    readonly label: string;
    readonly width: number;
    readonly height: number;
  };
  readonly classes: string;
  /** Absent for nodes that hold others: they stand around those. */
  readonly position?: Point;
}

/** An edge as Cytoscape takes it. */
export interface EdgeElement {
  readonly group: 'edges';
  readonly data: {
    readonly id: string;
    readonly source: string;
    readonly target: string;
    readonly label: string;
    readonly width: number;
    readonly bend: number;
  };
  readonly classes: string;
}

/** Above this many edges their labels are shown only for what is selected. */
const MOST_LABELS = 90;
const PAIR_BEND = 26;
const RULE_BEND = 58;

/** Width of an edge by the logarithm of its sessions, in pixels. */
export function edgeWidth(sessions: number): number {
  return Math.min(7, 1.4 + Math.log10(1 + sessions) * 1.15);
}

function nodeElement(
  node: GraphNode,
  holds: boolean,
  positions: ReadonlyMap<string, Point>,
): NodeElement {
  const position = positions.get(node.id);
  return {
    group: 'nodes',
    data: {
      id: node.id,
      ...(node.parent === null ? {} : { parent: node.parent }),
      label: holds ? `${node.label}  ·  ${node.members}` : linesOf(node).join('\n'),
      ...sizeOf(node),
    },
    classes: `${node.kind}${holds ? ' holder' : isFolded(node) ? ' folded' : ''}${node.parent === null ? ' root' : ''}`,
    ...(holds || position === undefined ? {} : { position }),
  };
}

/** What a line between two nodes has to go around: leaf groups and single nodes that hold neither end. */
function obstaclesFor(
  edge: { readonly source: string; readonly target: string },
  nodes: readonly GraphNode[],
  boxes: ReadonlyMap<string, Box>,
  byId: ReadonlyMap<string, GraphNode>,
  solid: ReadonlySet<string>,
): readonly Box[] {
  const ends = new Set([...lineage(edge.source, byId), ...lineage(edge.target, byId)]);
  return nodes.flatMap((node) => {
    if (!solid.has(node.id) || ends.has(node.id)) return [];
    if (lineage(node.id, byId).some((id) => id === edge.source || id === edge.target)) return [];
    const box = boxes.get(node.id);
    return box === undefined ? [] : [box];
  });
}

/**
 * What colours the lines: what happened to the sessions, what the draft would do with them, who
 * logged them, or in which of two windows they were.
 */
export type Overlay = 'state' | 'draft' | 'seen' | 'change';

/** Who logged the sessions of an edge: at both places where each logged some. */
export function seenBy({ seen }: GraphEdge): 'both' | 'perimeter' | 'vnic' | 'elsewhere' {
  if (seen.both > 0 || (seen.vnic > 0 && seen.perimeter > 0)) return 'both';
  if (seen.perimeter > 0) return 'perimeter';
  return seen.vnic > 0 ? 'vnic' : 'elsewhere';
}

function flowElement(
  edge: GraphEdge,
  bend: number,
  quiet: boolean,
  infra: boolean,
  overlay: Overlay,
  links: number,
  mark: string | undefined,
): EdgeElement {
  const { id, source, target, sessions, services, serviceCount, state } = edge;
  const look =
    overlay === 'seen'
      ? `seen-${seenBy(edge)}`
      : overlay === 'draft'
        ? `draft-${mark ?? 'untold'}`
        : overlay === 'change' && mark !== undefined
          ? `change-${mark}`
          : state;
  return {
    group: 'edges',
    data: {
      id,
      source,
      target,
      label: `${serviceLabel(services.slice(0, 2), serviceCount)}${links > 1 ? ` (${links} links)` : ''}`,
      width: edgeWidth(sessions),
      bend,
    },
    classes: `flow ${look}${links > 1 ? ' bundle' : ''}${quiet ? ' quiet' : ''}${infra ? ' infra' : ''}`,
  };
}

function ruleElement(edge: RuleEdge, bend: number): EdgeElement {
  const { id, source, target, label, action, disabled } = edge;
  const classes = `rule ${action === 'ALLOW' ? 'permits' : 'denies'}${disabled ? ' disabled' : ''}`;
  return { group: 'edges', data: { id, source, target, label, width: 4, bend }, classes };
}

/**
 * All elements of the map, for the places given.
 *
 * @param marks what the overlay says of an edge, by its id
 */
export function elementsOf(
  graph: Graph,
  rules: readonly RuleEdge[],
  positions: ReadonlyMap<string, Point>,
  overlay: Overlay = 'state',
  bundles: ReadonlyMap<string, number> = new Map(),
  marks: ReadonlyMap<string, string> | null = null,
): readonly (NodeElement | EdgeElement)[] {
  const nodes = drawableNodes(graph);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const children = childrenOf(nodes);
  const boxes = boxesOf(nodes, positions);
  const solid = new Set(
    nodes
      .filter((node) => {
        const inside = children.get(node.id) ?? [];
        if (inside.length > 0) return inside.every((child) => !isGroupNode(child));
        return node.kind !== 'workload' || node.parent === null;
      })
      .map((node) => node.id),
  );
  const pairs = new Set(graph.edges.map(({ source, target }) => `${source}\n${target}`));
  const known = graph.edges.filter(({ source, target }) => byId.has(source) && byId.has(target));
  const routed = nodes.length <= 400 && known.length <= 1_000;
  const bendOf = (edge: { readonly source: string; readonly target: string }, rest: number) => {
    const from = boxes.get(edge.source);
    const to = boxes.get(edge.target);
    if (!routed || from === undefined || to === undefined) return rest;
    return bendAround(from, to, obstaclesFor(edge, nodes, boxes, byId, solid), rest);
  };
  const quiet = known.length > MOST_LABELS;
  const isInfra = (id: string) => byId.get(id)?.kind === 'shared';
  return [
    ...nodes.map((node) => nodeElement(node, children.has(node.id), positions)),
    ...known.map((edge) => {
      const pair = pairs.has(`${edge.target}\n${edge.source}`);
      const infra = isInfra(edge.source) || isInfra(edge.target);
      const bend = infra ? 0 : bendOf(edge, pair ? PAIR_BEND : 0);
      const links = bundles.get(edge.id) ?? 1;
      return flowElement(edge, bend, quiet || infra, infra, overlay, links, marks?.get(edge.id));
    }),
    ...rules
      .filter(({ source, target }) => byId.has(source) && byId.has(target))
      .map((edge) => {
        const bend = bendOf(edge, 0);
        return ruleElement(edge, bend < 0 ? bend - RULE_BEND : bend + RULE_BEND);
      }),
  ];
}
