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
  /** Empty means any destination. */
  readonly destinations: readonly RuleObject[];
  /** `TCP/443`, `UDP/53`, `ICMP`; empty means any service. */
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
}

/** A rule before it has an id. */
export type RuleDraft = Omit<Rule, 'id'>;

/** An ordered list of rules; NSX-v calls it a section. */
export interface Policy {
  readonly id: string;
  readonly name: string;
  readonly category: Category;
  readonly rules: readonly Rule[];
}

/** All policies, in order. */
export interface Ruleset {
  readonly policies: readonly Policy[];
}

/** The ruleset and what undo and redo would do to it. */
export interface RulesetState {
  readonly ruleset: Ruleset;
  /** Grows with every change, undo and redo. */
  readonly revision: number;
  /** Name of the change that undo takes back; `null` where there is none. */
  readonly undo: string | null;
  /** Name of the change that redo makes again; `null` where there is none. */
  readonly redo: string | null;
}

/** A change to the ruleset. */
export type RulesetChange =
  | { readonly kind: 'add-rule'; readonly policy: string; readonly rule: RuleDraft }
  | { readonly kind: 'update-rule'; readonly rule: Rule }
  | { readonly kind: 'remove-rule'; readonly id: string }
  | { readonly kind: 'move-rule'; readonly id: string; readonly to: number };

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
