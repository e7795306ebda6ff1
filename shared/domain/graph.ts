/**
 * What a node of the map stands for. `application` holds groups, `workload` lies inside a group;
 * `vip` is an address of a load balancer, `ip-set` another address that is no workload, `shared`
 * one that many groups use; `ungrouped`, `outside`, `blocked` and `other` gather many addresses.
 */
export type NodeKind =
  | 'application'
  | 'group'
  | 'workload'
  | 'vip'
  | 'ip-set'
  | 'shared'
  | 'ungrouped'
  | 'outside'
  | 'blocked'
  | 'other';

/** A node of the map. */
export interface GraphNode {
  /** `app:NAME`, `group:NAME`, `workload:ADDRESS`, `address:ADDRESS`, or the kind itself for gathering nodes. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  /** The node it lies in. */
  readonly parent: string | null;
  /** How many addresses it stands for. */
  readonly members: number;
  readonly sessions: number;
  /** Place of its tier in the application, the entry's is 0; `null` where it has none. */
  readonly order: number | null;
}

/** A service seen between two nodes. */
export interface ServiceSeen {
  /** `TCP/443`. */
  readonly service: string;
  /** `HTTPS`, where the service has a common name. */
  readonly name: string | null;
  readonly sessions: number;
  readonly events: number;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
  /** Whether the log shows sessions of it passed, dropped, or both. */
  readonly state: EdgeState;
}

/** What the log says happened on an edge. */
export type EdgeState = 'allowed' | 'blocked' | 'mixed';

/**
 * Sessions by the places that logged flows of their addresses and service: only workloads' vNICs,
 * only a perimeter firewall, or both. Sessions that only a flow collector saw are in none.
 */
export interface SeenSessions {
  readonly vnic: number;
  readonly perimeter: number;
  readonly both: number;
}

/** Flows between two nodes, summed. */
export interface GraphEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly sessions: number;
  readonly events: number;
  readonly bytes: number;
  /** When the first and the last event was logged, of those that pass the filter; ms since 1970 UTC. */
  readonly first: number;
  readonly last: number;
  /** The most used services first; `serviceCount` tells how many there are. */
  readonly services: readonly string[];
  readonly serviceCount: number;
  readonly state: EdgeState;
  readonly seen: SeenSessions;
}

/** The map: nodes, and one edge per pair and way. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Events between addresses of one node, which no edge shows. */
  readonly insideEvents: number;
  /** Whether the project holds flows that a perimeter firewall logged. */
  readonly hasPerimeter: boolean;
}
