/** A set of workloads known by its log tag. */
export interface Group {
  /** The tag, which is the security group's name. */
  readonly name: string;
  /** Addresses of the members, in address order. */
  readonly members: readonly string[];
  /** Groups that hold this one, the closest first. */
  readonly parents: readonly string[];
  /** Groups directly inside this one. */
  readonly children: readonly string[];
  /** `null` until tiers are inferred. */
  readonly tier: string | null;
  /** `null` until applications are inferred. */
  readonly application: string | null;
  /** 0 to 1: the share of members that more than one event proves. */
  readonly confidence: number;
  /** Events whose tag and vantage prove the membership. */
  readonly events: number;
}

/** Two groups that share members although neither holds the other. */
export interface Contradiction {
  readonly groups: readonly [string, string];
  readonly shared: readonly string[];
}

/** What discovery found in the flows. */
export interface Inventory {
  readonly groups: readonly Group[];
  /** Tags that name no group: seen at nearly every workload, or only on the default rule. */
  readonly catchAllTags: readonly string[];
  readonly contradictions: readonly Contradiction[];
  /** Workloads: addresses with a vantage of their own. */
  readonly workloads: number;
  /** Workloads that belong to no group. */
  readonly ungrouped: readonly string[];
}
