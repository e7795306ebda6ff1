import type {
  GroupCondition,
  ImportFormat,
  ImportProblem,
} from '../../../../shared/domain/imported.ts';
import type { Category, DefaultRule, Rule } from '../../../../shared/domain/ruleset.ts';

/** A group as it was read, before references are followed. */
export interface ReadGroup {
  readonly name: string;
  readonly id: string;
  /** What rules and other groups name it by. */
  readonly keys: readonly string[];
  readonly path: string | null;
  readonly addresses: readonly string[];
  /** Keys of groups inside. */
  readonly inside: readonly string[];
  readonly conditions: readonly (readonly GroupCondition[])[];
  /** Whether it may have members that stand nowhere here. */
  readonly unresolved: boolean;
  /** Whether it can be a place of enforcement though nothing but addresses is named. */
  readonly isSecurityGroup: boolean;
}

/** A service as it was read. */
export interface ReadService {
  readonly name: string;
  readonly id: string;
  readonly keys: readonly string[];
  readonly path: string | null;
  readonly services: readonly string[];
  /** Keys of services inside. */
  readonly inside: readonly string[];
}

/** What a side of a rule names: a group by key, or addresses. */
export type ReadEnd =
  | { readonly kind: 'key'; readonly key: string; readonly name: string }
  | { readonly kind: 'address'; readonly text: string };

/** A rule as it was read. */
export interface ReadRule extends Omit<
  Rule,
  'sources' | 'destinations' | 'services' | 'appliedTo'
> {
  readonly path: string | null;
  readonly sequence: number;
  readonly sources: readonly ReadEnd[];
  readonly destinations: readonly ReadEnd[];
  readonly appliedTo: readonly ReadEnd[];
  /** Services said in the rule. */
  readonly services: readonly string[];
  /** Keys of services named. */
  readonly serviceKeys: readonly string[];
}

/** A policy as it was read. */
export interface ReadPolicy {
  readonly id: string;
  readonly path: string | null;
  readonly name: string;
  readonly category: Category;
  readonly sequence: number;
  readonly version: string | null;
  readonly appliedTo: readonly ReadEnd[];
  readonly rules: readonly ReadRule[];
}

/** Everything a reader found. */
export interface ReadRuleset {
  readonly format: ImportFormat;
  readonly groups: readonly ReadGroup[];
  readonly services: readonly ReadService[];
  readonly policies: readonly ReadPolicy[];
  readonly defaultRule?: DefaultRule | undefined;
  readonly problems: readonly ImportProblem[];
}
