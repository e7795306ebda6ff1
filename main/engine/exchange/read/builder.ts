import type {
  GroupDefinition,
  ImportedRuleset,
  ImportOrigin,
  ImportProblem,
  ServiceDefinition,
} from '../../../../shared/domain/imported.ts';
import {
  CATEGORIES,
  type Policy,
  type Rule,
  type RuleObject,
} from '../../../../shared/domain/ruleset.ts';
import { slug } from '../../../../shared/domain/ruleset-change.ts';
import { PREDEFINED_SERVICES } from '../model/predefined.ts';
import { Names } from './names.ts';
import type {
  ReadEnd,
  ReadGroup,
  ReadPolicy,
  ReadRule,
  ReadRuleset,
  ReadService,
} from './read-ruleset.ts';

class Builder {
  readonly #read: ReadRuleset;
  readonly #groups = new Map<string, ReadGroup>();
  readonly #services = new Map<string, ReadService>();
  readonly #names = new Map<ReadGroup, string>();
  readonly #plain = new Map<ReadGroup, readonly string[] | null>();
  readonly #unknown = new Map<string, string>();
  readonly #problems: ImportProblem[];

  constructor(read: ReadRuleset) {
    this.#read = read;
    this.#problems = [...read.problems];
    const names = new Names();
    for (const group of read.groups) {
      for (const key of group.keys) this.#groups.set(key, group);
      this.#names.set(group, names.take(group.name, group.id));
    }
    for (const service of read.services)
      for (const key of service.keys) this.#services.set(key, service);
  }

  build(source: string): ImportedRuleset {
    const ids = new Names();
    const policyIds = new Names();
    const ruleOrigins: ImportOrigin[] = [];
    const policyOrigins: ImportOrigin[] = [];
    const rank = ({ category }: ReadPolicy) => CATEGORIES.indexOf(category);
    const ordered = this.#read.policies.toSorted(
      (a, b) => rank(a) - rank(b) || a.sequence - b.sequence,
    );
    const policies = ordered.map((policy): Policy => {
      const id = policyIds.take(policy.id, 'policy');
      policyOrigins.push({ ...policy, key: id });
      const appliedTo = policy.appliedTo.map((end) => this.#scopeName(end));
      const rules = policy.rules
        .toSorted((a, b) => a.sequence - b.sequence)
        .map((rule) => {
          const key = ids.take(rule.id, policy.id);
          const { id: own, path, sequence } = rule;
          ruleOrigins.push({ key, id: own, path, sequence, version: null });
          return this.#rule(rule, key);
        });
      const base = { id, name: policy.name, category: policy.category, rules };
      return appliedTo.length === 0 ? base : { ...base, appliedTo };
    });
    this.#warnAboutTies(ordered);
    const { defaultRule } = this.#read;
    return {
      format: this.#read.format,
      source,
      ruleset: defaultRule === undefined ? { policies } : { policies, defaultRule },
      groups: this.#definitions(),
      services: this.#read.services.map((service): ServiceDefinition => ({
        name: service.name,
        id: service.id,
        path: service.path,
        services: this.#serviceTexts(service, new Set()),
      })),
      problems: this.#problems,
      policyOrigins: policyOrigins.map(({ key, id, path, sequence, version }) => {
        return { key, id, path, sequence, version };
      }),
      ruleOrigins,
    };
  }

  #say(rule: string | null, message: string, severity: ImportProblem['severity'] = 'error'): void {
    this.#problems.push({ severity, rule, message });
  }

  #warnAboutTies(policies: readonly ReadPolicy[]): void {
    for (const { name, rules } of policies) {
      const numbers = rules.map(({ sequence }) => sequence);
      if (new Set(numbers).size < numbers.length)
        this.#say(
          null,
          `Policy "${name}" has rules of one sequence number: their order is not certain, and that of the file is taken.`,
          'warning',
        );
    }
  }

  #rule(read: ReadRule, id: string): Rule {
    const side = (ends: readonly ReadEnd[]) => ends.map((end) => this.#object(end, id));
    const found = read.serviceKeys.flatMap((key) => this.#serviceOf(key, id));
    // No service would mean any: a rule whose services say nothing keeps their names and matches nothing.
    const isEmpty = read.services.length + found.length === 0;
    const named = isEmpty ? read.serviceKeys : found;
    const isSafe = read.tag === '' || /^[A-Za-z0-9_-]{1,32}$/.test(read.tag);
    const tag = isSafe ? read.tag : slug(read.tag, 32);
    this.#warnAboutNegation(read, id);
    if (!isSafe) {
      const message = `The log label "${read.tag}" of rule "${read.name}" was read as "${tag}".`;
      this.#say(id, message, 'warning');
    }
    return {
      id,
      name: (read.name === '' ? id : read.name).slice(0, 255),
      sources: side(read.sources),
      ...(read.sourcesNegated === true ? { sourcesNegated: true } : {}),
      destinations: side(read.destinations),
      ...(read.destinationsNegated === true ? { destinationsNegated: true } : {}),
      services: [...new Set([...read.services, ...named])],
      appliedTo: [...new Set(read.appliedTo.map((end) => this.#scopeName(end)))],
      action: read.action,
      direction: read.direction,
      ipVersion: read.ipVersion,
      logged: read.logged,
      tag,
      notes: read.notes.slice(0, 2_048),
      disabled: read.disabled,
      ...(read.logId === undefined ? {} : { logId: read.logId }),
    };
  }

  /** A side that excludes a group nobody named the members of matches more here than at its system. */
  #warnAboutNegation(read: ReadRule, id: string): void {
    const excluded = [
      ...(read.sourcesNegated === true ? read.sources : []),
      ...(read.destinationsNegated === true ? read.destinations : []),
    ];
    for (const end of excluded) {
      const group = end.kind === 'key' ? this.#groups.get(end.key) : undefined;
      const isKnown =
        end.kind === 'address' ||
        (group !== undefined && !group.unresolved && group.conditions.length === 0);
      if (isKnown) continue;
      const message = `Rule "${read.name}" is for everything but group "${end.name}", whose members are not all named: it matches more here than where it came from.`;
      this.#say(id, message, 'warning');
    }
  }

  #serviceOf(key: string, rule: string): readonly string[] {
    const service = this.#services.get(key);
    if (service !== undefined) return this.#serviceTexts(service, new Set());
    const id = key.slice(key.lastIndexOf('/') + 1);
    const predefined = [...PREDEFINED_SERVICES].find(([, each]) => each.id === id);
    if (predefined !== undefined) return [predefined[0]];
    this.#say(
      rule,
      `Service "${key}" is not in what was read: the rule matches nothing through it.`,
    );
    return [key];
  }

  #serviceTexts(service: ReadService, seen: Set<ReadService>): readonly string[] {
    if (seen.has(service)) return [];
    seen.add(service);
    const inside = service.inside.flatMap((key) => {
      const inner = this.#services.get(key);
      return inner === undefined
        ? this.#serviceOf(key, service.name)
        : this.#serviceTexts(inner, seen);
    });
    return [...new Set([...service.services, ...inside])];
  }

  /** All addresses of a group that is nothing else; `null` where it is more. */
  #addressesOnly(
    group: ReadGroup,
    seen: ReadonlySet<ReadGroup> = new Set(),
  ): readonly string[] | null {
    const known = this.#plain.get(group);
    if (known !== undefined) return known;
    if (seen.has(group)) return [];
    const below = new Set([...seen, group]);
    let all: readonly string[] | null = null;
    if (!group.unresolved && !group.isSecurityGroup && group.conditions.length === 0) {
      const inside = group.inside.map((key) => {
        const inner = this.#groups.get(key);
        return inner === undefined ? null : this.#addressesOnly(inner, below);
      });
      if (inside.every((list) => list !== null)) all = [...group.addresses, ...inside.flat()];
    }
    if (all?.length === 0) all = null;
    if (seen.size === 0) this.#plain.set(group, all);
    return all;
  }

  #object(end: ReadEnd, rule: string): RuleObject {
    if (end.kind === 'address')
      return { kind: 'ip-set', name: end.text.slice(0, 255), addresses: [end.text] };
    const group = this.#groups.get(end.key);
    if (group === undefined) {
      this.#say(
        rule,
        `Group "${end.name}" is not in what was read: its members are not known.`,
        'warning',
      );
      return { kind: 'group', name: this.#unknownName(end) };
    }
    const name = this.#names.get(group) ?? group.name;
    const addresses = this.#addressesOnly(group);
    if (addresses === null || addresses.length > 10_000) return { kind: 'group', name };
    return { kind: 'ip-set', name, addresses: [...new Set(addresses)] };
  }

  #unknownName({ key, name }: ReadEnd & { readonly kind: 'key' }): string {
    const known = this.#unknown.get(key);
    if (known !== undefined) return known;
    const last = name.slice(name.lastIndexOf('/') + 1);
    const free = (last === '' ? key : last).slice(0, 255);
    this.#unknown.set(key, free);
    return free;
  }

  #scopeName(end: ReadEnd): string {
    if (end.kind === 'address') return end.text;
    const group = this.#groups.get(end.key);
    return group === undefined ? this.#unknownName(end) : (this.#names.get(group) ?? group.name);
  }

  #definitions(): readonly GroupDefinition[] {
    const known = this.#read.groups.map((group): GroupDefinition => {
      const children: string[] = [];
      const addresses = [...group.addresses];
      for (const key of group.inside) {
        const inner = this.#groups.get(key);
        const plain = inner === undefined ? undefined : this.#addressesOnly(inner);
        if (inner === undefined) children.push(this.#unknownName({ kind: 'key', key, name: key }));
        else if (plain === null || plain === undefined)
          children.push(this.#names.get(inner) ?? inner.name);
        else addresses.push(...plain);
      }
      return {
        name: this.#names.get(group) ?? group.name,
        id: group.id,
        path: group.path,
        kind: this.#addressesOnly(group) === null ? 'group' : 'ip-set',
        addresses: [...new Set(addresses)],
        children,
        conditions: group.conditions,
        unresolved: group.unresolved || group.conditions.length > 0,
      };
    });
    const names = new Set(known.map(({ name }) => name));
    const unknown = [...this.#unknown].filter(([, name]) => !names.has(name));
    return [
      ...known,
      ...unknown.map(([key, name]): GroupDefinition => ({
        name,
        id: key,
        path: key.startsWith('/') ? key : null,
        kind: 'group',
        addresses: [],
        children: [],
        conditions: [],
        unresolved: true,
      })),
    ];
  }
}

/** Follows all references of what a reader found. */
export function buildImport(read: ReadRuleset, source: string): ImportedRuleset {
  return new Builder(read).build(source);
}
