import type { GraphNode, NodeKind } from '../../../shared/domain/graph.ts';
import type { Inventory } from '../../../shared/domain/inventory.ts';
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

/** A node without its sessions, which depend on the filter. */
export type MapNode = Omit<GraphNode, 'sessions'>;

/** The map's nodes and which of them stands for which address. */
export interface MapNodes {
  readonly nodes: readonly MapNode[];
  readonly nodeOfAddress: ReadonlyMap<string, string>;
}

/** As many single addresses outside the groups are drawn; the others are gathered. */
const MAX_SINGLE_ADDRESSES = 40;

/** A single address outside the groups has at least this share of all sessions. */
const SINGLE_SHARE = 0.002;

/** A shared service is used by at least this share of the innermost groups, and by two. */
const SHARED_BY = 0.6;

/** A shared address serves no more services than this; a directory controller has about ten. */
const SHARED_SERVICES = 16;

const GATHERING: readonly { readonly kind: NodeKind; readonly label: string }[] = [
  { kind: 'outside', label: 'Outside' },
  { kind: 'blocked', label: 'Blocked sources' },
  { kind: 'other', label: 'Other addresses' },
];

function isShared(use: AddressUse, leafCount: number): boolean {
  return (
    use.servedPassed > 0 &&
    leafCount >= 2 &&
    use.leafGroups >= Math.max(2, Math.ceil(SHARED_BY * leafCount)) &&
    use.serviceCount <= SHARED_SERVICES
  );
}

/** The node an address outside the groups is gathered in when it gets none of its own. */
function gatheringKind(use: AddressUse): NodeKind {
  if (isGroupAddress(use.address)) return 'other';
  if (use.opened > 0 && use.openedPassed === 0 && use.servedPassed === 0) return 'blocked';
  return use.opened >= use.served ? 'outside' : 'other';
}

function singles(strangers: readonly AddressUse[], total: number): ReadonlySet<string> {
  const busy = strangers
    .filter((use) => !isGroupAddress(use.address))
    .filter((use) => use.openedPassed + use.servedPassed >= SINGLE_SHARE * total)
    .filter((use) => gatheringKind(use) !== 'blocked')
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
    for (const { name, members, parents } of inventory.groups) {
      const parent = parents[0] === undefined ? null : `group:${parents[0]}`;
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

  addSingle(address: string, kind: 'ip-set' | 'shared'): void {
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

/**
 * Chooses what the map shows for every address: its innermost group; one node for all workloads
 * without a group; for strangers a node of their own where they are busy, inside "Shared services"
 * where most groups use them; and otherwise a node that gathers many.
 */
export function buildMapNodes(inventory: Inventory, uses: readonly AddressUse[]): MapNodes {
  const list = new NodeList();
  list.addGroups(inventory);
  const leaf = leafGroups(inventory.groups);
  for (const [address, group] of leaf) list.addWorkload(address, group);
  for (const address of inventory.ungrouped) list.gather(address, 'ungrouped');
  list.addGathering('ungrouped', 'Workloads without a group');

  const strangers = uses.filter((use) => !list.nodeOfAddress.has(use.address));
  const total = uses.reduce((sum, use) => sum + use.openedPassed, 0);
  const own = singles(strangers, total);
  const leafCount = new Set(leaf.values()).size;
  for (const use of strangers) {
    if (isShared(use, leafCount) && !isGroupAddress(use.address)) {
      list.addSingle(use.address, 'shared');
    } else if (own.has(use.address)) {
      list.addSingle(use.address, 'ip-set');
    } else {
      list.gather(use.address, gatheringKind(use));
    }
  }
  list.addSharedFrame();
  for (const { kind, label } of GATHERING) list.addGathering(kind, label);
  return { nodes: list.nodes, nodeOfAddress: list.nodeOfAddress };
}
