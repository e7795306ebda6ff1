import Graph from 'graphology';
import louvain from 'graphology-communities-louvain';
import { findRoles, type RoleFacts } from '../../main/engine/discover/roles.ts';

/** Sorts workloads into roles: the number of its role for each workload. */
export type RoleMethod = (facts: RoleFacts) => ReadonlyMap<number, number>;

type Peers = ReadonlyMap<number, ReadonlySet<string>>;

/** Whom each workload speaks with, each way and on which service; members of a pool with its VIP. */
function peersOf({ links, balanced, vips, asked }: RoleFacts): Peers {
  const peers = new Map<number, Set<string>>([...asked].map((code) => [code, new Set<string>()]));
  for (const { client, server, service } of links) {
    peers.get(client)?.add(`to ${server} ${service}`);
    peers.get(server)?.add(`from ${client} ${service}`);
  }
  for (const [member, services] of balanced) {
    for (const service of services.keys()) peers.get(member)?.add(`balanced ${service}`);
  }
  for (const { address, ports } of vips) {
    for (const { port, pool } of ports) {
      for (const member of pool) peers.get(member)?.add(`behind ${address} ${port}`);
    }
  }
  return new Map([...peers].filter(([, own]) => own.size > 0));
}

function common(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let count = 0;
  for (const peer of one) if (other.has(peer)) count++;
  return count;
}

/** What the engine does: profiles of peers and services, refined until they no longer change. */
export const byProfiles: RoleMethod = (facts) =>
  new Map(
    findRoles(facts).flatMap(({ members }, role) => members.map((code) => [code, role] as const)),
  );

/** Community detection (Blondel et al., 2008) on the graph of how alike the peers of workloads are. */
export const byCommunities: RoleMethod = (facts) => {
  const peers = [...peersOf(facts)];
  const graph = new Graph({ type: 'undirected' });
  for (const [code] of peers) graph.addNode(code);
  peers.forEach(([code, own], at) => {
    for (const [other, others] of peers.slice(at + 1)) {
      const shared = common(own, others);
      if (shared === 0) continue;
      graph.addEdge(code, other, { weight: shared / (own.size + others.size - shared) });
    }
  });
  let seed = 1;
  const rng = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const found = louvain(graph, { getEdgeWeight: 'weight', rng, randomWalk: false });
  return new Map(Object.entries(found).map(([code, role]) => [Number(code), role]));
};

/** Biconnected components of a graph given by neighbours (Hopcroft and Tarjan, 1973), as sets of nodes. */
function biconnected(
  near: ReadonlyMap<number, ReadonlySet<number>>,
): readonly ReadonlySet<number>[] {
  const depth = new Map<number, number>();
  const low = new Map<number, number>();
  const stack: (readonly [number, number])[] = [];
  const found: Set<number>[] = [];
  const visit = (node: number, parent: number, at: number): void => {
    depth.set(node, at);
    low.set(node, at);
    for (const next of near.get(node) ?? []) {
      if (next === parent) continue;
      const seen = depth.get(next);
      if (seen !== undefined) {
        if (seen < at) stack.push([node, next]);
        low.set(node, Math.min(low.get(node) ?? at, seen));
        continue;
      }
      stack.push([node, next]);
      visit(next, node, at + 1);
      low.set(node, Math.min(low.get(node) ?? at, low.get(next) ?? at));
      if ((low.get(next) ?? 0) < at) continue;
      const component = new Set<number>();
      for (;;) {
        const edge = stack.pop();
        if (edge === undefined) break;
        component.add(edge[0]).add(edge[1]);
        if (edge[0] === node && edge[1] === next) break;
      }
      found.push(component);
    }
  };
  for (const node of near.keys()) if (!depth.has(node)) visit(node, -1, 0);
  return found;
}

/** Groups this alike by the peers they have in common are merged, as the paper's second step does. */
const MERGE = 0.6;

/**
 * Role classification by connection patterns (Tan, Poletto, Guttag and Kaashoek, USENIX ATC 2003):
 * for falling k, workloads with k peers in common that form a biconnected component become a group,
 * and count as one peer from then on; then groups with like peers are merged. The paper knows hosts
 * only; here a peer is a host with the service and the way, which tells more.
 */
export const byConnectionPatterns: RoleMethod = (facts) => {
  const own = new Map([...peersOf(facts)].map(([code, peers]) => [code, new Set(peers)]));
  const group = new Map<number, number>();
  let groups = 0;
  const label = (peer: string) =>
    peer.replace(/^(to|from) (\d+)/, (whole, way: string, code: string) => {
      const number = group.get(Number(code));
      return number === undefined ? whole : `${way} group${number}`;
    });
  const relabelled = () =>
    new Map([...own].map(([code, peers]) => [code, new Set([...peers].map(label))]));
  const most = Math.max(1, ...[...own.values()].map((peers) => peers.size));
  for (let k = most; k >= 1; k--) {
    const peers = relabelled();
    const free = [...own.keys()].filter((code) => !group.has(code));
    const near = new Map<number, Set<number>>();
    free.forEach((one, at) => {
      for (const other of free.slice(at + 1)) {
        if (common(peers.get(one) ?? new Set(), peers.get(other) ?? new Set()) < k) continue;
        near.set(one, (near.get(one) ?? new Set()).add(other));
        near.set(other, (near.get(other) ?? new Set()).add(one));
      }
    });
    const components = [...biconnected(near)].sort((a, b) => b.size - a.size);
    for (const component of components) {
      const fresh = [...component].filter((code) => !group.has(code));
      if (fresh.length < 2) continue;
      for (const code of fresh) group.set(code, groups);
      groups++;
    }
  }
  for (const code of own.keys()) if (!group.has(code)) group.set(code, groups++);
  return merged(group, relabelled());
};

function merged(
  group: ReadonlyMap<number, number>,
  peers: ReadonlyMap<number, ReadonlySet<string>>,
): ReadonlyMap<number, number> {
  const sets = new Map<number, Set<string>>();
  for (const [code, number] of group) {
    const held = sets.get(number) ?? new Set<string>();
    for (const peer of peers.get(code) ?? []) held.add(peer);
    sets.set(number, held);
  }
  const target = new Map<number, number>();
  const all = [...sets];
  all.forEach(([number, one], at) => {
    for (const [other, others] of all.slice(0, at)) {
      const shared = common(one, others);
      if (shared / (one.size + others.size - shared) >= MERGE) {
        target.set(number, target.get(other) ?? other);
        break;
      }
    }
  });
  return new Map([...group].map(([code, number]) => [code, target.get(number) ?? number]));
}
