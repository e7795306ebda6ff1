import type { Graph, GraphNode } from '../../../shared/domain/graph.ts';
import { lineage } from './geometry.ts';

/** Words in group names that tell a tier where the flows do not. */
const TIER_HINTS: readonly RegExp[] = [
  /web|www|front|proxy|dmz/i,
  /app|api|svc|mid/i,
  /db|sql|data|ora|store/i,
];

function hintOf(name: string): number {
  const at = TIER_HINTS.findIndex((hint) => hint.test(name));
  return at < 0 ? 1 : at;
}

/** Sessions from one sibling to another, directly or through one node that is no group (a VIP). */
function sessionsBetween(
  siblings: readonly GraphNode[],
  graph: Graph,
  byId: ReadonlyMap<string, GraphNode>,
): (from: string, to: string) => number {
  const isAddress = (id: string) => ['ip-set', 'vip'].includes(byId.get(id)?.kind ?? '');
  const ids = new Set(siblings.map((node) => node.id));
  const siblingOf = (id: string) => lineage(id, byId).find((each) => ids.has(each));
  const sums = new Map<string, number>();
  const add = (from: string, to: string, sessions: number) => {
    if (from !== to) sums.set(`${from}\n${to}`, (sums.get(`${from}\n${to}`) ?? 0) + sessions);
  };
  const into = new Map<string, { readonly from: string; readonly sessions: number }[]>();
  for (const { source, target, sessions, state } of graph.edges) {
    if (state === 'blocked') continue;
    const from = siblingOf(source);
    const to = siblingOf(target);
    if (from !== undefined && to !== undefined) add(from, to, sessions);
    else if (from !== undefined && isAddress(target))
      into.set(target, [...(into.get(target) ?? []), { from, sessions }]);
  }
  for (const { source, target, sessions } of graph.edges) {
    const to = siblingOf(target);
    if (to === undefined) continue;
    for (const way of into.get(source) ?? []) add(way.from, to, Math.min(sessions, way.sessions));
  }
  return (from, to) => sums.get(`${from}\n${to}`) ?? 0;
}

/** Siblings above this many are ordered by one figure each: comparing all with all would take too long. */
const MOST_RANKED = 60;

/** Siblings by the sessions they open less those opened to them, the greatest first. */
function byBalance(
  siblings: readonly GraphNode[],
  graph: Graph,
  byId: ReadonlyMap<string, GraphNode>,
): readonly GraphNode[] {
  const ids = new Set(siblings.map((node) => node.id));
  const siblingOf = (id: string) => lineage(id, byId).find((each) => ids.has(each));
  const balance = new Map<string, number>();
  const add = (id: string | undefined, sessions: number) => {
    if (id !== undefined) balance.set(id, (balance.get(id) ?? 0) + sessions);
  };
  for (const { source, target, sessions, state } of graph.edges) {
    if (state === 'blocked') continue;
    add(siblingOf(source), sessions);
    add(siblingOf(target), -sessions);
  }
  return [...siblings].sort(
    (a, b) => (balance.get(b.id) ?? 0) - (balance.get(a.id) ?? 0) || (a.label < b.label ? -1 : 1),
  );
}

/**
 * Sibling groups in the order of their tiers: as discovery found it, else who opens sessions comes before whom they are opened
 * to. Where flows do not tell, the name does, then the alphabet.
 */
export function orderSiblings(
  siblings: readonly GraphNode[],
  graph: Graph,
  byId: ReadonlyMap<string, GraphNode>,
): readonly GraphNode[] {
  if (siblings.every(({ order, parent }) => order !== null && parent !== null)) {
    return [...siblings].sort(
      (a, b) => (a.order ?? 0) - (b.order ?? 0) || (a.label < b.label ? -1 : 1),
    );
  }
  if (siblings.length > MOST_RANKED) return byBalance(siblings, graph, byId);
  const between = sessionsBetween(siblings, graph, byId);
  const left = [...siblings].sort(
    (a, b) => hintOf(a.label) - hintOf(b.label) || (a.label < b.label ? -1 : 1),
  );
  const ordered: GraphNode[] = [];
  while (left.length > 0) {
    const pressure = (node: GraphNode) =>
      left.reduce((sum, other) => sum + between(other.id, node.id) - between(node.id, other.id), 0);
    const free = left.filter((node) =>
      left.every((other) => between(other.id, node.id) <= between(node.id, other.id)),
    );
    const candidates = free.length > 0 ? free : left;
    const lowestHint = Math.min(...candidates.map((node) => hintOf(node.label)));
    const next =
      free.length > 0
        ? free.find((node) => hintOf(node.label) === lowestHint)
        : candidates.reduce((best, node) => (pressure(node) < pressure(best) ? node : best));
    if (next === undefined) break;
    ordered.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return ordered;
}
