import type { Inventory } from './inventory.ts';
import type { Category, DefaultRule, Ruleset } from './ruleset.ts';
import { rulesOf } from './ruleset-change.ts';

/** The systems a ruleset can come from. */
export const IMPORT_FORMATS = ['nsx-t', 'nsx-v', 'terraform', 'segwright'] as const;

/** One of the systems a ruleset can come from. */
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** A property a member of a group must have, in the words of the NSX Policy API. */
export interface GroupCondition {
  /** As `VirtualMachine`. */
  readonly member: string;
  /** As `Tag` or `Name`. */
  readonly key: string;
  /** As `EQUALS` or `STARTSWITH`. */
  readonly operator: string;
  /** A tag with a scope is written `scope|tag`. */
  readonly value: string;
}

/** A group as another system defines it. */
export interface GroupDefinition {
  /** What rules of the imported ruleset call it; unique in the import. */
  readonly name: string;
  /** The other system's id. */
  readonly id: string;
  /** The path (NSX-T) rules name it by there; `null` where there is none. */
  readonly path: string | null;
  readonly kind: 'group' | 'ip-set';
  /** Addresses, blocks and ranges that are members, also through effective members where they were given. */
  readonly addresses: readonly string[];
  /** Names of groups inside. */
  readonly children: readonly string[];
  /** Machines with all conditions of any of these lists are members. */
  readonly conditions: readonly (readonly GroupCondition[])[];
  /** Whether it has, or may have, members that nothing here names. */
  readonly unresolved: boolean;
}

/** A service of the other system. */
export interface ServiceDefinition {
  readonly name: string;
  readonly id: string;
  readonly path: string | null;
  /** As in rules: `TCP/443`. */
  readonly services: readonly string[];
}

/** Something an import could not read as it stands, or that a person must know. */
export interface ImportProblem {
  readonly severity: 'error' | 'warning';
  /** Id of the rule in the imported ruleset. */
  readonly rule: string | null;
  readonly message: string;
}

/** Where a rule or policy of an import stood, so that a patch can name it again. */
export interface ImportOrigin {
  /** Id of the rule or policy in the imported ruleset. */
  readonly key: string;
  /** Id in the other system. */
  readonly id: string;
  /** Path (NSX-T) of the object; `null` where there is none. */
  readonly path: string | null;
  readonly sequence: number;
  /** The version of the object: `generationNumber` of an NSX-v section; `null` where there is none. */
  readonly version: string | null;
}

/** A ruleset read from another system. */
export interface ImportedRuleset {
  readonly format: ImportFormat;
  /** What it was read from, as the user named it. */
  readonly source: string;
  readonly ruleset: Ruleset;
  readonly groups: readonly GroupDefinition[];
  readonly services: readonly ServiceDefinition[];
  readonly problems: readonly ImportProblem[];
  readonly policyOrigins: readonly ImportOrigin[];
  readonly ruleOrigins: readonly ImportOrigin[];
}

/** What an import brought, in numbers. */
export interface ImportSummary {
  readonly format: ImportFormat;
  readonly policies: number;
  readonly rules: number;
  readonly groups: number;
  readonly services: number;
  /** Names of groups with members nobody named. */
  readonly unresolved: readonly string[];
  readonly problems: readonly ImportProblem[];
}

/** Policies an overview of an import lists. */
const LISTED = 200;

/** What an import holds, short enough to be shown. */
export interface ImportOverview extends ImportSummary {
  /** The files it was read from, as the user named them. */
  readonly source: string;
  readonly defaultRule: DefaultRule | null;
  /** The first policies in the order of evaluation. */
  readonly firstPolicies: readonly {
    readonly name: string;
    readonly category: Category;
    readonly rules: number;
    /** Rules among them that are disabled. */
    readonly disabled: number;
  }[];
  /** How many problems there are; `problems` holds the first of them. */
  readonly problemCount: number;
}

/** What the import of files would bring. */
export interface ImportPreview extends ImportOverview {
  /** Rules of the present draft, whose place the import would take. */
  readonly draftRules: number;
  /** Why it cannot become the draft; `null` where it can. */
  readonly draftProblem: string | null;
}

/**
 * The groups of an import with the members the log shows, for those whose own system names no member: a
 * group by condition is known in an inventory by its name.
 */
export function withMembers(
  groups: readonly GroupDefinition[],
  inventory: Pick<Inventory, 'groups'>,
): readonly GroupDefinition[] {
  const members = new Map(inventory.groups.map((group) => [group.name, group.members]));
  return groups.map((group) => {
    const seen = group.unresolved ? members.get(group.name) : undefined;
    if (seen === undefined) return group;
    return { ...group, addresses: [...new Set([...group.addresses, ...seen])] };
  });
}

/** What the import of these files brought, in numbers. */
export function summaryOf(imported: ImportedRuleset): ImportSummary {
  return {
    format: imported.format,
    policies: imported.ruleset.policies.length,
    rules: rulesOf(imported.ruleset).length,
    groups: imported.groups.length,
    services: imported.services.length,
    unresolved: imported.groups
      .filter(({ unresolved, addresses, children }) => {
        return unresolved && addresses.length + children.length === 0;
      })
      .map(({ name }) => name),
    problems: imported.problems.slice(0, 500),
  };
}

/** The import of these files, short enough to be shown. */
export function overviewOf(imported: ImportedRuleset): ImportOverview {
  const { policies, defaultRule = null } = imported.ruleset;
  return {
    ...summaryOf(imported),
    source: imported.source,
    defaultRule,
    firstPolicies: policies.slice(0, LISTED).map(({ name, category, rules }) => ({
      name,
      category,
      rules: rules.length,
      disabled: rules.filter(({ disabled }) => disabled).length,
    })),
    problemCount: imported.problems.length,
  };
}
