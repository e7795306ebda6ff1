import type { TierKind } from './names.ts';
import type { WorldOptions } from './options.ts';

/** A security group as the estate was built. */
export interface WorldGroup {
  /** The tag, which is the group's name. */
  readonly name: string;
  /** All members. */
  readonly members: readonly string[];
  /** Members with a line under the tag at their own vNIC; nobody can find more than these. */
  readonly proven: readonly string[];
  readonly parents: readonly string[];
  readonly children: readonly string[];
  /** `null` where the group is no tier: it is an application, or shared. */
  readonly tier: TierKind | null;
  /** `null` for a group that belongs to several applications, or to none. */
  readonly application: string | null;
}

/** A port of a VIP and what stands behind it. */
export interface WorldVipPort {
  readonly protocol: number;
  readonly port: number;
  readonly poolPort: number;
  /** Addresses of the members, the silent ones included. */
  readonly pool: readonly string[];
  /** For each member, how many sessions to the port it was given where lines of both legs are left. */
  readonly stitched: Readonly<Record<string, number>>;
}

/** An address of a load balancer. */
export interface WorldVip {
  readonly address: string;
  readonly name: string;
  readonly balancer: string;
  readonly mode: 'snat' | 'inline';
  readonly ports: readonly WorldVipPort[];
  /** The addresses from which the balancer opens sessions; none where it keeps the client's. */
  readonly snat: readonly string[];
  /** For each SNAT address, the sessions of this VIP where lines of both legs are left. */
  readonly snatStitched: Readonly<Record<string, number>>;
  /** The groups of the pool; empty where its members have no tag. */
  readonly groups: readonly string[];
  readonly role: string;
  /** Sessions to the VIP of which a line is left; 0 where all clients stand beyond every vNIC. */
  readonly sessions: number;
}

/** An application as the estate was built. */
export interface WorldApplication {
  readonly name: string;
  /** Innermost groups that belong to it alone. */
  readonly groups: readonly string[];
  /** A word its tags, or that of the group around them, hold in lower case; `null` where they hold none. */
  readonly stem: string | null;
  readonly roles: readonly string[];
}

/** One tier opens sessions to another, directly or through a VIP. */
export interface WorldEdge {
  readonly application: string;
  readonly fromRole: string;
  readonly toRole: string;
  readonly fromGroups: readonly string[];
  readonly toGroups: readonly string[];
  readonly vip: string | null;
  /** As `TCP/443`. */
  readonly service: string;
  /** Sessions of which lines are left that show both ends. */
  readonly sessions: number;
}

/** An address that serves, or visits, everybody. */
export interface WorldShared {
  readonly address: string;
  readonly name: string;
  /** `serves` when others open sessions to it, `polls` when it opens sessions to them, `both`. */
  readonly way: 'serves' | 'polls' | 'both';
  /** As `UDP/53`: those it serves. */
  readonly services: readonly string[];
  /** As `TCP/22`: those it uses at the workloads it visits. */
  readonly polls: readonly string[];
  /** Groups, or roles where there are no tags, with lines to it or from it. */
  readonly usedBy: readonly string[];
  /** Sessions with it at one end of which a line is left. */
  readonly sessions: number;
  /** The tag of its group, where it is in one. */
  readonly group: string | null;
}

/** An address that does what it should not. */
export interface WorldSpurious {
  readonly address: string;
  readonly kind: 'scanner' | 'sweeper' | 'port-scan' | 'wrong-address';
  /** Attempts of which a line is left. */
  readonly attempts: number;
  /** Distinct targets and ports of those. */
  readonly targets: number;
  readonly ports: number;
}

/** A load balancer. */
export interface WorldBalancer {
  readonly name: string;
  readonly mode: 'snat' | 'inline';
  readonly snat: readonly string[];
  /** Where its own questions to members come from. */
  readonly self: string;
}

/** A protected address. */
export interface WorldWorkload {
  readonly address: string;
  readonly name: string;
  readonly host: string;
  /** The innermost tag, or `null`. */
  readonly group: string | null;
  /** Application and tier, or what else it is: `ORDERS.web`, `desktop`, `dns`. */
  readonly role: string;
  /** Lines left at its own vNIC. */
  readonly lines: number;
  /** True for the second, IPv6, address of a machine. */
  readonly isSecond: boolean;
}

/** A busy server beyond every vNIC that is neither a VIP nor shared. */
export interface WorldOutsider {
  readonly address: string;
  readonly name: string;
  readonly service: string;
  readonly role: string;
  readonly lines: number;
}

/** Traffic that belongs there, and is to be allowed. */
export interface WorldFlow {
  /** A role, `balancer:NAME`, or the name of a shared service or party. */
  readonly from: string;
  /** A role, or the name of a VIP, shared service or outsider. */
  readonly to: string;
  readonly service: string;
  /** Addresses of both ends. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
}

/** What a world truly holds. */
export interface WorldTruth {
  readonly seed: number;
  readonly options: WorldOptions;
  readonly workloads: readonly WorldWorkload[];
  readonly groups: readonly WorldGroup[];
  /** Tags of the default rule. */
  readonly catchAllTags: readonly string[];
  readonly balancers: readonly WorldBalancer[];
  readonly vips: readonly WorldVip[];
  readonly applications: readonly WorldApplication[];
  readonly edges: readonly WorldEdge[];
  readonly shared: readonly WorldShared[];
  readonly spurious: readonly WorldSpurious[];
  readonly outsiders: readonly WorldOutsider[];
  readonly intended: readonly WorldFlow[];
  /** Lines written, and lines lost. */
  readonly lines: number;
  readonly lost: number;
}
