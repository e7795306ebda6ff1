import type { FilterTerm } from './filter.ts';
import type { OutsideSet, OutsideSummary } from './outside.ts';

/** What some lines show about a finding. */
export interface Proof {
  /** One sentence, such as `192.0.2.251 opens TCP/8443 to the pool within 4 ms`. */
  readonly reason: string;
  /** Select the flows that show it, and through them the lines. */
  readonly terms: readonly FilterTerm[];
  readonly events: number;
}

/**
 * What the analyst made of a finding: nothing yet, accepted as it is, accepted with changes, or
 * stated by the analyst where nothing was found. Rejected findings are not in the inventory's lists.
 */
export const STANDINGS = ['inferred', 'accepted', 'edited', 'declared'] as const;

/** One of the things the analyst made of a finding. */
export type Standing = (typeof STANDINGS)[number];

/** What all findings have. */
export interface Finding {
  /** `KIND:KEY`, the same whenever the same thing is found again: `group:SG-WEB`, `vip:192.0.2.101`. */
  readonly id: string;
  /** 0 to 1: of the findings at 0.9, nine in ten are right. 1 for what the analyst accepted or stated. */
  readonly confidence: number;
  readonly standing: Standing;
  readonly proofs: readonly Proof[];
}

/**
 * How a group became known: by its log tag, by the role of its members, from the analyst, or from
 * an inventory from outside.
 */
export type GroupBasis = 'tag' | 'role' | 'declared' | 'imported';

/** A set of workloads. */
export interface Group extends Finding {
  /** The security group's name: its tag, or a name made from its role. */
  readonly name: string;
  readonly basis: GroupBasis;
  /** Addresses of the members, in address order. */
  readonly members: readonly string[];
  /** Groups that hold this one, the closest first. */
  readonly parents: readonly string[];
  /** Groups directly inside this one. */
  readonly children: readonly string[];
  /** Its role in the application, such as `web`; `null` where it has none. */
  readonly tier: string | null;
  /** The application's name; `null` where it belongs to none. */
  readonly application: string | null;
  /** Events that prove the membership. */
  readonly events: number;
}

/** A port of a VIP and the pool behind it. */
export interface VipPort {
  /** IP protocol number. */
  readonly protocol: number;
  readonly port: number;
  /** Addresses of the pool's members seen serving, in address order. */
  readonly pool: readonly string[];
  /** The members' port, which the balancer may have translated. */
  readonly poolPort: number;
}

/**
 * How a balancer passes sessions on: `one-arm` from addresses of its own (SNAT), `inline` with the
 * client's address kept, `unknown` where the pool was not seen.
 */
export type VipMode = 'one-arm' | 'inline' | 'unknown';

/** An address of a load balancer; an IP set in rules. */
export interface Vip extends Finding {
  readonly address: string;
  readonly ports: readonly VipPort[];
  /** Addresses from which the balancer opens sessions to the pools, in address order. */
  readonly snat: readonly string[];
  readonly mode: VipMode;
  /** The group most of the pool belongs to; `null` where the pool has none. */
  readonly group: string | null;
  /** All groups of the pool, `group` first. */
  readonly groups: readonly string[];
  /** The application served; `null` where it belongs to none. */
  readonly application: string | null;
}

/** Groups of one role, a step in the order of an application. */
export interface Tier {
  readonly name: string;
  readonly groups: readonly string[];
}

/** Groups that work together, once shared services are set aside. */
export interface Application extends Finding {
  readonly name: string;
  /** Tiers in the order sessions run through them, the entry first. */
  readonly tiers: readonly Tier[];
  /** All its groups, those that hold others included, in order of name. */
  readonly groups: readonly string[];
  /** Addresses of its VIPs, in address order. */
  readonly vips: readonly string[];
}

/** Something many groups use: an address outside the groups on well-known services. */
export interface SharedService extends Finding {
  readonly address: string;
  /** What it is, such as `DNS`. */
  readonly name: string;
  /** As `UDP/53`, in order of use. */
  readonly services: readonly string[];
  /** Names of the innermost groups that use it, or that it reaches. */
  readonly usedBy: readonly string[];
  /** `false` for what opens the sessions itself, such as monitoring or backup. */
  readonly isServer: boolean;
}

/**
 * Why a source does not belong: many targets, many ports of one target, a lone mistake, or because
 * the analyst says so.
 */
export type SpuriousKind = 'sweep' | 'scan' | 'wrong-address' | 'declared';

/** An address whose sessions serve no purpose of an application. */
export interface SpuriousSource extends Finding {
  readonly address: string;
  readonly kind: SpuriousKind;
  readonly events: number;
  /** Distinct destinations. */
  readonly targets: number;
  /** Distinct services asked for. */
  readonly ports: number;
  /** Share of its sessions that passed and were answered, 0 to 1. */
  readonly answered: number;
}

/** Two groups that share members although neither holds the other, or one address at two places. */
export type Contradiction =
  | {
      readonly kind: 'overlap';
      readonly groups: readonly [string, string];
      readonly shared: readonly string[];
    }
  | {
      /** One address was logged by several vNIC filters that overlap in time, or on several hosts. */
      readonly kind: 'address';
      readonly address: string;
      readonly filters: readonly string[];
    }
  | {
      /** An inventory from outside and the log disagree about members of a group. */
      readonly kind: 'membership';
      readonly group: string;
      /** Members by the log only. */
      readonly onlyLog: readonly string[];
      /** Members by the outside inventory only. */
      readonly onlyInventory: readonly string[];
    };

/** A finding the analyst rejected. */
export interface Rejected {
  readonly id: string;
  /** What it was called. */
  readonly name: string;
}

/** What is known about who is who: found in the flows, and corrected by the analyst. */
export interface Inventory {
  readonly groups: readonly Group[];
  readonly vips: readonly Vip[];
  readonly applications: readonly Application[];
  readonly sharedServices: readonly SharedService[];
  readonly spurious: readonly SpuriousSource[];
  /** Tags that name no group: seen at nearly every workload, or only on the default rule. */
  readonly catchAllTags: readonly string[];
  readonly contradictions: readonly Contradiction[];
  /** Workloads: addresses with a vantage of their own. */
  readonly workloads: number;
  /** Workloads that belong to no group. */
  readonly ungrouped: readonly string[];
  /** Names of addresses, by address: from inventories from outside and from the analyst. */
  readonly names: Readonly<Record<string, string>>;
  readonly rejected: readonly Rejected[];
  /** Corrections without effect because what they are about is not found any more, as sentences. */
  readonly dangling: readonly string[];
  /** Groups and IP sets from outside of which the log shows nothing, usable in rules. */
  readonly outside: readonly OutsideSet[];
  readonly imports: readonly OutsideSummary[];
}

/** What there is before anything was loaded. */
export const EMPTY_INVENTORY: Inventory = {
  groups: [],
  vips: [],
  applications: [],
  sharedServices: [],
  spurious: [],
  catchAllTags: [],
  contradictions: [],
  workloads: 0,
  ungrouped: [],
  names: {},
  rejected: [],
  dangling: [],
  outside: [],
  imports: [],
};
