import type { GroupCondition, GroupDefinition } from '../../../../shared/domain/imported.ts';
import type { Rule, RuleObject } from '../../../../shared/domain/ruleset.ts';
import { memberAddresses, writtenAddresses, type AddressLists } from './addresses.ts';
import type { IdRegister } from './ids.ts';
import type { Membership } from './membership.ts';
import { quote, type ExportReport } from './report.ts';

/** A security group or an IP set, as every format writes it. */
export interface ModelGroup {
  /** Equal groups have equal keys. */
  readonly key: string;
  readonly kind: 'group' | 'ip-set';
  readonly name: string;
  readonly id: string;
  /** Addresses that no group inside has. */
  readonly addresses: AddressLists;
  /** Keys of groups inside; only security groups have any. */
  readonly children: readonly string[];
  readonly conditions: readonly (readonly GroupCondition[])[];
  readonly definition: GroupDefinition | undefined;
}

type Wanted = Omit<ModelGroup, 'id'>;

function keyOf(object: RuleObject): string {
  if (object.kind === 'group') return JSON.stringify(['group', object.name]);
  const addresses = writtenAddresses(object.addresses);
  return JSON.stringify(['ip-set', object.name, addresses]);
}

const NO_ADDRESSES: AddressLists = { 4: [], 6: [] };

/** Gathers the groups rules name, and those inside, each once. */
export class GroupCollector {
  readonly #membership: Membership;
  readonly #report: ExportReport;
  readonly #wanted = new Map<string, Wanted>();
  readonly #keys = new Map<RuleObject, string>();

  constructor(membership: Membership, report: ExportReport) {
    this.#membership = membership;
    this.#report = report;
  }

  /** Takes an object a rule names; where it cannot be written, the report says so of the rule. */
  add(rule: Rule, object: RuleObject): void {
    const key = this.#key(object);
    if (this.#wanted.has(key)) return;
    if (object.kind === 'ip-set') {
      this.#wanted.set(key, this.#ipSet(rule, object, key));
      return;
    }
    const group = this.#group(rule, object.name, key);
    if (group === undefined) return;
    this.#wanted.set(key, group);
    for (const name of this.#membership.children(object.name))
      this.add(rule, { kind: 'group', name });
  }

  /** All groups in the order of their keys, with ids that do not hang on any order. */
  groups(register: IdRegister, prefix: string): readonly ModelGroup[] {
    const wanted = [...this.#wanted.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const ids = register.takeAll(
      prefix,
      wanted.map(({ key, name }) => ({ name, identity: key })),
    );
    return wanted.map((group, at) => ({ ...group, id: ids[at] ?? '' }));
  }

  /** The groups of one side of a rule, each once. */
  found(
    groups: ReadonlyMap<string, ModelGroup>,
    objects: readonly RuleObject[],
  ): readonly ModelGroup[] {
    const found = new Set<ModelGroup>();
    for (const object of objects) {
      const group = groups.get(this.#key(object));
      if (group !== undefined) found.add(group);
    }
    return [...found];
  }

  #key(object: RuleObject): string {
    const known = this.#keys.get(object);
    if (known !== undefined) return known;
    const key = keyOf(object);
    this.#keys.set(object, key);
    return key;
  }

  #ipSet(rule: Rule, object: RuleObject & { kind: 'ip-set' }, key: string): Wanted {
    const { name } = object;
    const base = { key, kind: 'ip-set', name, children: [], conditions: [] } as const;
    const addresses = writtenAddresses(object.addresses);
    const field = rule.sources.includes(object) ? 'sources' : 'destinations';
    if ('unreadable' in addresses) {
      const problem = `IP set ${quote(name)} holds "${addresses.unreadable}", which is no address, block or range`;
      this.#report.refuse(rule, field, problem);
      return { ...base, addresses: NO_ADDRESSES, definition: undefined };
    }
    if (object.addresses.length === 0) {
      const problem = `IP set ${quote(name)} has no address, and an empty one would match anything`;
      this.#report.refuse(rule, field, problem);
    }
    return { ...base, addresses, definition: undefined };
  }

  #group(rule: Rule, name: string, key: string): Wanted | undefined {
    const membership = this.#membership;
    const known = membership.group(name);
    const has = (object: RuleObject) => object.kind === 'group' && object.name === name;
    const field = rule.sources.some(has)
      ? 'sources'
      : rule.destinations.some(has)
        ? 'destinations'
        : 'appliedTo';
    if (known === undefined) {
      this.#report.refuse(rule, field, `security group ${quote(name)} is not in this project`);
      return undefined;
    }
    const children = membership.children(name);
    const inChildren = new Set(children.flatMap((child) => [...membership.addresses(child)]));
    const own = [...membership.addresses(name)].filter((address) => !inChildren.has(address));
    const addresses = memberAddresses(own);
    const base = {
      key,
      kind: 'group' as const,
      name,
      children: children.map((child) => keyOf({ kind: 'group', name: child })),
      conditions: known.definition?.conditions ?? [],
      definition: known.definition,
    };
    if ('unreadable' in addresses) {
      const problem = `security group ${quote(name)} holds "${addresses.unreadable}", which is no address`;
      this.#report.refuse(rule, field, problem);
      return { ...base, addresses: NO_ADDRESSES };
    }
    return { ...base, addresses };
  }
}
