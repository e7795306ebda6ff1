import {
  CATEGORIES,
  type Policy,
  type Rule,
  type RuleObject,
  type Ruleset,
} from '../../shared/domain/ruleset.ts';
import type { Inventory } from '../../shared/domain/inventory.ts';
import { parseAddressRange, rangeHas, type Address } from '../../shared/net/address.ts';
import { parseService } from '../../shared/net/service.ts';
import type { DecidedFlow } from '../../shared/policy/decide.ts';
import type { GroupOfRuleset } from '../../shared/policy/members.ts';

/** The DFW's semantics said once more, plainly and without sets, for the real ones to be compared with. */
export class NaiveFirewall {
  readonly #inventory: Inventory;
  readonly #brought: readonly GroupOfRuleset[];

  constructor(inventory: Inventory, brought: readonly GroupOfRuleset[]) {
    this.#inventory = inventory;
    this.#brought = brought;
  }

  isWorkload(address: Address): boolean {
    const { groups, ungrouped } = this.#inventory;
    return hasAny([...ungrouped, ...groups.flatMap(({ members }) => members)], address);
  }

  /** Rule ids that match at one end, in order, and whether that end enforces anything. */
  matchesAt(
    ruleset: Ruleset,
    flow: DecidedFlow,
    end: 'source' | 'destination',
  ): readonly string[] | null {
    const vnic = flow[end];
    if (!this.isWorkload(vnic)) return null;
    return CATEGORIES.flatMap((category) =>
      ruleset.policies
        .filter((policy) => policy.category === category)
        .flatMap((policy) =>
          policy.rules
            .filter((rule) => this.#isInTable(policy, rule, vnic, end) && this.#matches(rule, flow))
            .map(({ id }) => id),
        ),
    );
  }

  #isInTable(policy: Policy, rule: Rule, vnic: Address, end: 'source' | 'destination'): boolean {
    if (rule.disabled) return false;
    if (rule.direction === (end === 'source' ? 'IN' : 'OUT')) return false;
    const scope =
      policy.appliedTo === undefined || policy.appliedTo.length === 0
        ? rule.appliedTo
        : policy.appliedTo;
    return scope.length === 0 || scope.some((name) => this.#isWorkloadOf(name, vnic, []));
  }

  #matches(rule: Rule, flow: DecidedFlow): boolean {
    const family = { IPV4: 4, IPV6: 6, IPV4_IPV6: flow.source.family }[rule.ipVersion];
    if (flow.source.family !== family || flow.destination.family !== family) return false;
    if (!this.#isOn(rule.sources, rule.sourcesNegated ?? false, flow.source)) return false;
    if (!this.#isOn(rule.destinations, rule.destinationsNegated ?? false, flow.destination)) {
      return false;
    }
    return rule.services.length === 0 || rule.services.some((text) => serves(text, flow));
  }

  #isOn(objects: readonly RuleObject[], isNegated: boolean, address: Address): boolean {
    if (objects.length === 0) return !isNegated;
    const isIn = objects.some((object) =>
      object.kind === 'ip-set'
        ? hasAny(object.addresses, address)
        : this.#isMember(object.name, address, []),
    );
    return isIn !== isNegated;
  }

  #childrenOf(name: string): readonly string[] {
    const brought = this.#brought.find((group) => group.name === name);
    const own = this.#inventory.groups.find((group) => group.name === name);
    return brought?.children ?? own?.children ?? [];
  }

  #isMember(name: string, address: Address, above: readonly string[]): boolean {
    if (above.includes(name)) return false;
    const brought = this.#brought.find((group) => group.name === name);
    const own = this.#inventory.groups.find((group) => group.name === name);
    if (hasAny(brought?.addresses ?? own?.members ?? [], address)) return true;
    return this.#childrenOf(name).some((child) => this.#isMember(child, address, [...above, name]));
  }

  #isWorkloadOf(name: string, vnic: Address, above: readonly string[]): boolean {
    if (above.includes(name)) return false;
    const brought = this.#brought.find((group) => group.name === name);
    const own = this.#inventory.groups.find((group) => group.name === name);
    const isDirect =
      brought === undefined
        ? hasAny(own?.members ?? [], vnic)
        : brought.kind === 'group' && this.isWorkload(vnic) && hasAny(brought.addresses, vnic);
    if (isDirect) return true;
    return this.#childrenOf(name).some((child) =>
      this.#isWorkloadOf(child, vnic, [...above, name]),
    );
  }
}

function hasAny(texts: readonly string[], address: Address): boolean {
  return texts.some((text) => {
    const range = parseAddressRange(text);
    return range !== undefined && rangeHas(range, address);
  });
}

function serves(text: string, flow: DecidedFlow): boolean {
  const service = parseService(text);
  if (service?.protocol !== flow.protocol) return false;
  const { ports, sources, icmp } = service;
  const client = flow.sourcePort ?? 50_000;
  if (sources?.every((r) => client < r.first || client > r.last) === true) return false;
  if (icmp !== undefined) {
    const seen = flow.icmp ?? (flow.protocol === 1 ? 8 : 128) * 256;
    return icmp.some((each) => each.type === seen >> 8 && (each.code ?? seen % 256) === seen % 256);
  }
  return ports.length === 0 || ports.some((r) => r.first <= flow.port && flow.port <= r.last);
}
