import type { HistoryState } from './history.ts';

/** What a rule does; NSX Policy `Rule.action`, without JUMP_TO_APPLICATION. */
export const RULE_ACTIONS = ['ALLOW', 'DROP', 'REJECT'] as const;

/** One of the things a rule does. */
export type RuleAction = (typeof RULE_ACTIONS)[number];

/** Where a policy stands in the order of evaluation; NSX Policy `SecurityPolicy.category`, L3 only. */
export const CATEGORIES = ['Emergency', 'Infrastructure', 'Environment', 'Application'] as const;

/** One of the categories of a policy. */
export type Category = (typeof CATEGORIES)[number];

/** One side of a rule: a security group by name, or an IP set with its addresses. */
export type RuleObject =
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'ip-set'; readonly name: string; readonly addresses: readonly string[] };

/** One line of a policy. */
export interface Rule {
  readonly id: string;
  readonly name: string;
  /** Empty means any source. */
  readonly sources: readonly RuleObject[];
  /** True where the rule is for every source but these; absent means false. */
  readonly sourcesNegated?: boolean;
  /** Empty means any destination. */
  readonly destinations: readonly RuleObject[];
  /** True where the rule is for every destination but these; absent means false. */
  readonly destinationsNegated?: boolean;
  /** `TCP/443`, `UDP/53`, `ICMP/8`, as `parseService` reads them; empty means any service. */
  readonly services: readonly string[];
  /** Names of the security groups on whose vNICs the rule is enforced; empty means the whole DFW. */
  readonly appliedTo: readonly string[];
  readonly action: RuleAction;
  readonly direction: 'IN' | 'OUT' | 'IN_OUT';
  readonly ipVersion: 'IPV4' | 'IPV6' | 'IPV4_IPV6';
  readonly logged: boolean;
  /** The log label: 1 to 32 of `A-Z a-z 0-9 _ -`. */
  readonly tag: string;
  readonly notes: string;
  readonly disabled: boolean;
  /** True for a rule that suggestions must leave alone; absent means false. */
  readonly locked?: boolean;
  /** The number the manager gave the rule, which logs show; absent for a rule it does not have yet. */
  readonly logId?: number;
}

/** A rule before it has an id. */
export type RuleDraft = Omit<Rule, 'id'>;

/** An ordered list of rules; NSX-v calls it a section. */
export interface Policy {
  readonly id: string;
  readonly name: string;
  readonly category: Category;
  /**
   * Names of the groups on whose vNICs all its rules are enforced, whatever theirs say; absent or
   * empty leaves it to the rules.
   */
  readonly appliedTo?: readonly string[];
  /** True for a policy that suggestions must leave alone; absent means false. */
  readonly locked?: boolean;
  readonly rules: readonly Rule[];
}

/** What closes every vNIC's table: the rule for what no other rule is for. */
export interface DefaultRule {
  readonly action: RuleAction;
  readonly logged: boolean;
  /** Its number in logs, where it is known. */
  readonly logId?: number;
}

/** The default rule of a ruleset that names none: the one NSX is delivered with. */
export const FACTORY_DEFAULT: DefaultRule = { action: 'ALLOW', logged: false };

/**
 * All policies. They are evaluated by category, and within a category in the order of the list.
 */
export interface Ruleset {
  readonly policies: readonly Policy[];
  /** Absent means {@link FACTORY_DEFAULT}. */
  readonly defaultRule?: DefaultRule;
}

/** The ruleset and what undo and redo would do to it and to all else the user made. */
export interface RulesetState extends HistoryState {
  readonly ruleset: Ruleset;
}

/** A change of one thing in the ruleset. */
export type SingleChange =
  | {
      readonly kind: 'add-rule';
      readonly policy: string;
      /** Of the policy, where it is made anew; absent means `Application`. */
      readonly category?: Category;
      readonly rule: RuleDraft;
    }
  | { readonly kind: 'update-rule'; readonly rule: Rule }
  | { readonly kind: 'remove-rule'; readonly id: string }
  | { readonly kind: 'move-rule'; readonly id: string; readonly to: number }
  | { readonly kind: 'update-policy'; readonly policy: Omit<Policy, 'rules'> }
  | { readonly kind: 'move-policy'; readonly id: string; readonly to: number }
  | { readonly kind: 'set-default'; readonly rule: DefaultRule };

/** A change to the ruleset; `several` are made together, and undone together. */
export type RulesetChange =
  | SingleChange
  | {
      readonly kind: 'several';
      /** What undo and redo call it. */
      readonly label: string;
      readonly changes: readonly SingleChange[];
    };

/** What a rule between two nodes of the map would be, before the user accepts it. */
export interface RuleProposal {
  readonly sources: readonly RuleObject[];
  readonly destinations: readonly RuleObject[];
  readonly appliedTo: readonly string[];
  /** The policy the rule would join: the application's, named after the outermost group. */
  readonly policy: string;
  readonly name: string;
  readonly tag: string;
}
