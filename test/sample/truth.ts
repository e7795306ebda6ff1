/** A security group as the sample was built. */
export interface TruthGroup {
  /** The tag, which is the group's name. */
  readonly name: string;
  /** The rule that carries the tag, the same on every host. */
  readonly rule: number;
  readonly action: 'PASS' | 'DROP';
  /** Addresses in address order; those of the children where it holds groups. */
  readonly members: readonly string[];
  readonly parents: readonly string[];
  readonly children: readonly string[];
  /** Events under the tag. */
  readonly events: number;
}

/** A protected address. */
export interface TruthWorkload {
  readonly address: string;
  readonly name: string;
  /** The tier's group; `null` where only the default rule holds. */
  readonly group: string | null;
  /** The host's short name, as in the folder of its bundle. */
  readonly host: string;
  /** Filter hash or VIF digits in its lines. */
  readonly filter: string;
  /** Events of its vNIC, broadcast and multicast included. */
  readonly events: number;
}

/** A port of a VIP and what stands behind it. */
export interface TruthVipPort {
  readonly protocol: number;
  readonly port: number;
  /** Addresses of the members. */
  readonly pool: readonly string[];
  readonly poolPort: number;
}

/** An address of the load balancer. */
export interface TruthVip {
  readonly address: string;
  readonly name: string;
  readonly ports: readonly TruthVipPort[];
  /** The addresses from which the load balancer opens sessions to the pool. */
  readonly snat: readonly string[];
  /** The group of the pool. */
  readonly group: string;
}

/** An address outside the groups that serves everybody. */
export interface TruthSharedService {
  readonly address: string;
  readonly name: string;
  /** As `TCP/443`. */
  readonly services: readonly string[];
}

/** An outside party with a name, and its addresses; none where no line shows them. */
export interface TruthParty {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** Traffic that belongs there. */
export interface TruthFlow {
  /** Name of a group, a shared service, a party, or `load-balancer`. */
  readonly from: string;
  /** Name of a group, a VIP, a shared service or a party. */
  readonly to: string;
  /** As `TCP/443` or `ICMP`. */
  readonly service: string;
}

/** The account of lines: lines = events + rejects + other + blank. */
export interface TruthCounts {
  readonly lines: number;
  readonly events: number;
  /** DFW lines, by program name or by `INET`, that nobody can read. */
  readonly rejects: number;
  /** Lines of other programs, and garbage that does not look like the DFW. */
  readonly other: number;
  readonly blank: number;
}

/** One DFW log of the archive. */
export interface TruthSource extends TruthCounts {
  /** The path inside the archive. */
  readonly path: string;
  readonly host: string;
  readonly format: 'nsx-v' | 'nsx-t';
  /** Time of the first and last event, ISO 8601 UTC. */
  readonly first: string;
  readonly last: string;
}

/** What a sample truly holds: the answers a reader of the archive should come to. */
export interface SampleTruth {
  readonly seed: number;
  readonly scale: number;
  readonly groups: readonly TruthGroup[];
  readonly catchAllTag: string;
  /** In address order. */
  readonly workloads: readonly TruthWorkload[];
  /** Workloads of no group. */
  readonly ungrouped: readonly string[];
  /** Destinations of IN lines that are no workload: a broadcast and a multicast address. */
  readonly notWorkloads: readonly string[];
  readonly vips: readonly TruthVip[];
  readonly shared: readonly TruthSharedService[];
  readonly scanners: readonly string[];
  readonly parties: readonly TruthParty[];
  readonly intended: readonly TruthFlow[];
  /** DFW logs in the order of the archive. */
  readonly sources: readonly TruthSource[];
  /** Sums over {@link SampleTruth.sources}. */
  readonly totals: TruthCounts;
  /** Files without DFW lines, and the number of their lines. */
  readonly otherFiles: readonly { readonly path: string; readonly lines: number }[];
  /** Time of the first and last event of all, ISO 8601 UTC. */
  readonly first: string;
  readonly last: string;
  /** How many lines there are of each kind worth a test; a line may be of several kinds. */
  readonly kinds: Readonly<Record<string, number>>;
}
