import {
  CATEGORIES,
  FACTORY_DEFAULT,
  type DefaultRule,
  type Policy,
  type Rule,
  type RuleObject,
  type Ruleset,
} from '../domain/ruleset.ts';
import { parseService } from '../net/service.ts';
import { AddressSet } from './address-set.ts';
import type { MemberResolver } from './members.ts';
import { ServiceSet } from './service-set.ts';

/** An enabled rule with its names resolved: what it matches, and on whose vNICs. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly policy: Policy;
  /** Place in the order of evaluation, from 0. */
  readonly order: number;
  /** What the source must be in; negation and IP version are worked in. */
  readonly sources: AddressSet;
  /** What the destination must be in; negation and IP version are worked in. */
  readonly destinations: AddressSet;
  readonly services: ServiceSet;
  /** Enforced on packets into a workload, at the destination's vNIC. */
  readonly isIn: boolean;
  /** Enforced on packets out of a workload, at the source's vNIC. */
  readonly isOut: boolean;
  /** The workloads on whose vNICs it is enforced; `null` for the whole DFW. */
  readonly table: AddressSet | null;
  /** Names of groups nobody knows, and texts that are no address or service: they match nothing. */
  readonly unresolved: readonly string[];
}

/** A ruleset ready to decide flows. */
export interface CompiledRuleset {
  /** Enabled rules in the order of evaluation. */
  readonly rules: readonly CompiledRule[];
  readonly defaultRule: DefaultRule;
  /** Addresses with a vNIC of their own. */
  readonly workloads: AddressSet;
}

/** Policies in the order of evaluation: by category, within one as listed. */
export function policiesInOrder(ruleset: Ruleset): readonly Policy[] {
  return ruleset.policies.toSorted(
    (a, b) => CATEGORIES.indexOf(a.category) - CATEGORIES.indexOf(b.category),
  );
}

/** Names of the groups on whose vNICs a rule is enforced; empty for the whole DFW. Policy before rule. */
export function scopeOf(policy: Policy, rule: Rule): readonly string[] {
  const own = policy.appliedTo ?? [];
  return own.length > 0 ? own : rule.appliedTo;
}

const VERSIONS = {
  IPV4: AddressSet.ALL_IPV4,
  IPV6: AddressSet.ALL_IPV6,
  IPV4_IPV6: AddressSet.ALL,
} as const;

/** Resolves names to sets; equal names give the very same set. */
class SetCache {
  readonly #resolver: MemberResolver;
  readonly #sets = new Map<string, { readonly set: AddressSet; readonly odd: readonly string[] }>();
  readonly #sides = new Map<
    string,
    { readonly set: AddressSet; readonly odd: readonly string[] }
  >();
  readonly #services = new Map<
    string,
    { readonly set: ServiceSet; readonly odd: readonly string[] }
  >();
  readonly #scopes = new Map<
    string,
    { readonly set: AddressSet; readonly odd: readonly string[] }
  >();

  constructor(resolver: MemberResolver) {
    this.#resolver = resolver;
  }

  side(objects: readonly RuleObject[], negated: boolean, version: Rule['ipVersion']) {
    const key = JSON.stringify([version, negated, ...objects]);
    return kept(this.#sides, key, () => {
      const within = VERSIONS[version];
      if (objects.length === 0) {
        return { set: negated ? AddressSet.NONE : within, odd: [] };
      }
      const parts = objects.map((object) => this.#object(object));
      const all = parts.reduce((sum, { set }) => sum.union(set), AddressSet.NONE);
      const set = (negated ? all.complement() : all).intersect(within);
      return { set, odd: parts.flatMap(({ odd }) => odd) };
    });
  }

  services(texts: readonly string[]) {
    return kept(this.#services, texts.join('\n'), () => {
      if (texts.length === 0) return { set: ServiceSet.ALL, odd: [] };
      const odd = texts.filter((text) => parseService(text) === undefined);
      return { set: ServiceSet.of(texts.flatMap((text) => parseService(text) ?? [])), odd };
    });
  }

  scope(names: readonly string[]) {
    return kept(this.#scopes, names.join('\n'), () => {
      const parts = names.map((name) => ({ name, members: this.#resolver.members(name) }));
      const none = AddressSet.NONE;
      return {
        set: parts.reduce((sum, { members }) => sum.union(members?.workloads ?? none), none),
        odd: parts.filter(({ members }) => members === null).map(({ name }) => name),
      };
    });
  }

  #object(object: RuleObject) {
    return kept(this.#sets, JSON.stringify(object), () => {
      if (object.kind === 'ip-set') {
        const { set, unreadable } = AddressSet.read(object.addresses);
        return { set, odd: unreadable };
      }
      const members = this.#resolver.members(object.name);
      if (members === null) return { set: AddressSet.NONE, odd: [object.name] };
      return { set: members.workloads.union(members.addresses), odd: [] };
    });
  }
}

function kept<T>(cache: Map<string, T>, key: string, make: () => T): T {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  return made;
}

/**
 * Resolves rulesets of one set of groups: order, scopes, members, negation, IP versions and
 * services. What was resolved is remembered, so that after an edit only what is new costs time and
 * all else gives the very same sets.
 */
export class RulesetCompiler {
  readonly #resolver: MemberResolver;
  readonly #cache: SetCache;

  constructor(resolver: MemberResolver) {
    this.#resolver = resolver;
    this.#cache = new SetCache(resolver);
  }

  /**
   * Resolves a ruleset. Disabled rules are left out. A group nobody knows has no members, and a
   * negated one is then everything: such rules carry the name in `unresolved`.
   */
  compile(ruleset: Ruleset): CompiledRuleset {
    const enabled = policiesInOrder(ruleset).flatMap((policy) =>
      policy.rules.filter((rule) => !rule.disabled).map((rule) => ({ policy, rule })),
    );
    return {
      rules: enabled.map(({ policy, rule }, order) => this.#rule(policy, rule, order)),
      defaultRule: ruleset.defaultRule ?? FACTORY_DEFAULT,
      workloads: this.#resolver.workloads,
    };
  }

  #rule(policy: Policy, rule: Rule, order: number): CompiledRule {
    const cache = this.#cache;
    const sources = cache.side(rule.sources, rule.sourcesNegated ?? false, rule.ipVersion);
    const { destinationsNegated = false } = rule;
    const destinations = cache.side(rule.destinations, destinationsNegated, rule.ipVersion);
    const services = cache.services(rule.services);
    const names = scopeOf(policy, rule);
    const scope = names.length === 0 ? null : cache.scope(names);
    const odd = [...sources.odd, ...destinations.odd, ...services.odd, ...(scope?.odd ?? [])];
    return {
      rule,
      policy,
      order,
      sources: sources.set,
      destinations: destinations.set,
      services: services.set,
      isIn: rule.direction !== 'OUT',
      isOut: rule.direction !== 'IN',
      table: scope?.set ?? null,
      unresolved: [...new Set(odd)],
    };
  }
}

/** Resolves one ruleset, as {@link RulesetCompiler} does. */
export function compileRuleset(ruleset: Ruleset, resolver: MemberResolver): CompiledRuleset {
  return new RulesetCompiler(resolver).compile(ruleset);
}
