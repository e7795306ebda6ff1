import type { GraphNode, NodeKind } from '../../../shared/domain/graph.ts';
import type { Application, Inventory } from '../../../shared/domain/inventory.ts';
import { leafGroups } from './membership.ts';
import { isGroupAddress } from './vantage.ts';

/** What an address does as a client and as a server, in sessions. */
export interface AddressUse {
  readonly address: string;
  readonly opened: number;
  readonly openedPassed: number;
  readonly served: number;
  readonly servedPassed: number;
  /** Distinct services it served, blocked ones not counted. */
  readonly serviceCount: number;
  /** Distinct clients. */
  readonly clients: number;
  /** Distinct innermost groups its clients belong to. */
  readonly leafGroups: number;
}

/** A node without what depends on the filter and on the inventory in force. */
export type MapNode = Omit<GraphNode, 'sessions' | 'order'>;

/** The map's nodes and which of them stands for which address. */
export interface MapNodes {
  readonly nodes: readonly MapNode[];
  readonly nodeOfAddress: ReadonlyMap<string, string>;
}

/** As many single addresses outside the groups are drawn; the others are gathered. */
const MAX_SINGLE_ADDRESSES = 40;

/** A single address outside the groups has at least this share of all sessions. */
const SINGLE_SHARE = 0.002;

const GATHERING: readonly { readonly kind: NodeKind; readonly label: string }[] = [
  { kind: 'outside', label: 'Outside' },
  { kind: 'blocked', label: 'Blocked sources' },
  { kind: 'other', label: 'Other addresses' },
];

/** The node an address outside the groups is gathered in when it gets none of its own. */
function gatheringKind(use: AddressUse, spurious: ReadonlySet<string>): NodeKind {
  if (isGroupAddress(use.address)) return 'other';
  if (spurious.has(use.address)) return 'blocked';
  if (use.openedPassed + use.servedPassed === 0) return 'other';
  return use.opened >= use.served ? 'outside' : 'other';
}

function singles(
  strangers: readonly AddressUse[],
  total: number,
  spurious: ReadonlySet<string>,
): ReadonlySet<string> {
  const busy = strangers
    .filter((use) => !isGroupAddress(use.address))
    .filter((use) => use.openedPassed + use.servedPassed >= SINGLE_SHARE * total)
    .filter((use) => gatheringKind(use, spurious) !== 'blocked')
    .sort(
      (a, b) =>
        b.openedPassed + b.servedPassed - (a.openedPassed + a.servedPassed) ||
        (a.address < b.address ? -1 : 1),
    );
  return new Set(busy.slice(0, MAX_SINGLE_ADDRESSES).map((use) => use.address));
}

class NodeList {
  readonly nodes: MapNode[] = [];
  readonly nodeOfAddress = new Map<string, string>();
  readonly #gathered = new Map<NodeKind, number>();

  addGroups(inventory: Inventory): void {
    const framed = framedApplications(inventory);
    for (const { name, groups } of framed) {
      const own = inventory.groups.filter((group) => groups.includes(group.name));
      const members = new Set(own.flatMap((group) => group.members)).size;
      this.nodes.push({
        id: `app:${name}`,
        kind: 'application',
        label: name,
        parent: null,
        members,
      });
    }
    for (const { name, members, parents } of inventory.groups) {
      const frame = framed.find(({ groups }) => groups.includes(name));
      const around = frame === undefined ? null : `app:${frame.name}`;
      const parent = parents[0] === undefined ? around : `group:${parents[0]}`;
      this.nodes.push({
        id: `group:${name}`,
        kind: 'group',
        label: name,
        parent,
        members: members.length,
      });
    }
  }

  /** A workload is drawn inside its group, but stands for itself only there: flows count for the group. */
  addWorkload(address: string, group: string): void {
    const parent = `group:${group}`;
    this.nodes.push({
      id: `workload:${address}`,
      kind: 'workload',
      label: address,
      parent,
      members: 1,
    });
    this.nodeOfAddress.set(address, parent);
  }

  addSingle(address: string, kind: 'ip-set' | 'vip' | 'shared'): void {
    const parent = kind === 'shared' ? 'shared' : null;
    this.nodes.push({ id: `address:${address}`, kind, label: address, parent, members: 1 });
    this.nodeOfAddress.set(address, `address:${address}`);
  }

  gather(address: string, kind: NodeKind): void {
    this.#gathered.set(kind, (this.#gathered.get(kind) ?? 0) + 1);
    this.nodeOfAddress.set(address, kind);
  }

  addGathering(kind: NodeKind, label: string): void {
    const members = this.#gathered.get(kind);
    if (members === undefined) return;
    this.nodes.push({ id: kind, kind, label, parent: null, members });
  }

  addSharedFrame(): void {
    const members = this.nodes.filter((node) => node.parent === 'shared').length;
    if (members === 0) return;
    this.nodes.push({
      id: 'shared',
      kind: 'shared',
      label: 'Shared services',
      parent: null,
      members,
    });
  }
}

/** Applications that need a frame of their own: of several groups, and no one group holds all of them. */
function framedApplications({ applications, groups }: Inventory): readonly Application[] {
  const parentsOf = new Map(groups.map(({ name, parents }) => [name, parents]));
  return applications.filter(
    ({ groups: own }) =>
      own.length > 1 &&
      !own.some((name) =>
        own.every((other) => other === name || parentsOf.get(other)?.includes(name) === true),
      ),
  );
}

/** Sessions a balancer opens to a member in the place of those to its VIP. */
export interface BalancerLeg {
  readonly source: string;
  readonly member: string;
  readonly protocol: number;
  readonly port: number;
  readonly vip: string;
}

/** Legs of balancers that stand for one VIP only; a member's port behind two VIPs tells neither. */
export function balancerLegs({ vips }: Inventory): readonly BalancerLeg[] {
  const legs = new Map<string, BalancerLeg | null>();
  for (const { address, ports, snat } of vips) {
    for (const { protocol, pool, poolPort } of ports) {
      for (const member of pool) {
        for (const source of snat) {
          const key = `${source} ${member} ${protocol} ${poolPort}`;
          const held = legs.get(key);
          const leg = { source, member, protocol, port: poolPort, vip: address };
          legs.set(key, held === undefined || held?.vip === address ? leg : null);
        }
      }
    }
  }
  return [...legs.values()].filter((leg) => leg !== null);
}

/** Place of every group's tier in its application, by the id of the group's node. */
export function tierOrders({ applications }: Inventory): ReadonlyMap<string, number> {
  return new Map(
    applications.flatMap(({ tiers }) =>
      tiers.flatMap(({ groups }, at) => groups.map((name) => [`group:${name}`, at] as const)),
    ),
  );
}

/** The VIP a balancer's address is drawn as: the only one it stands for, else the first. */
function vipOfBalancers({ vips }: Inventory): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { address, snat } of vips) {
    for (const source of snat) if (!found.has(source)) found.set(source, address);
  }
  return found;
}

/**
 * Chooses what the map shows for every address: its innermost group; VIPs and shared services a
 * node each, a balancer's own addresses with their VIP; one node for all workloads without a group;
 * for strangers a node of their own where they are busy, and otherwise a node that gathers many.
 */
export function buildMapNodes(inventory: Inventory, uses: readonly AddressUse[]): MapNodes {
  const list = new NodeList();
  list.addGroups(inventory);
  const leaf = leafGroups(inventory.groups);
  for (const [address, group] of leaf) list.addWorkload(address, group);
  for (const { address } of inventory.vips) list.addSingle(address, 'vip');
  for (const { address } of inventory.sharedServices) {
    if (!list.nodeOfAddress.has(address)) list.addSingle(address, 'shared');
  }
  for (const [address, vip] of vipOfBalancers(inventory)) {
    if (!list.nodeOfAddress.has(address)) list.nodeOfAddress.set(address, `address:${vip}`);
  }
  for (const address of inventory.ungrouped) {
    if (!list.nodeOfAddress.has(address)) list.gather(address, 'ungrouped');
  }
  list.addGathering('ungrouped', 'Workloads without a group');

  const spurious = new Set(inventory.spurious.map(({ address }) => address));
  const strangers = uses.filter((use) => !list.nodeOfAddress.has(use.address));
  const total = uses.reduce((sum, use) => sum + use.openedPassed, 0);
  const own = singles(strangers, total, spurious);
  for (const use of strangers) {
    if (own.has(use.address)) list.addSingle(use.address, 'ip-set');
    else list.gather(use.address, gatheringKind(use, spurious));
  }
  list.addSharedFrame();
  for (const { kind, label } of GATHERING) list.addGathering(kind, label);
  return { nodes: list.nodes, nodeOfAddress: list.nodeOfAddress };
}
