import type { NamedSet } from '../../../../shared/domain/comparison.ts';
import { formatService } from '../../../../shared/net/service.ts';
import { AddressSet } from '../../../../shared/policy/address-set.ts';
import type { MemberResolver } from '../../../../shared/policy/members.ts';
import { ServiceSet } from '../../../../shared/policy/service-set.ts';

/** Texts of one set that are told. */
const TOLD = 24;

function cut(texts: readonly string[]): NamedSet {
  return { texts: texts.slice(0, TOLD), count: texts.length };
}

/** Says sets of addresses and services in words, by the names of groups where these are the set. */
export class SetNames {
  readonly #names = new Map<string, string>();

  /** @param groups names of the groups a set may be called by, the best first */
  constructor(groups: readonly string[], resolver: MemberResolver) {
    for (const name of groups) {
      const members = resolver.members(name);
      if (members === null) continue;
      const { key } = members.workloads.union(members.addresses);
      if (key !== AddressSet.NONE.key && !this.#names.has(key)) this.#names.set(key, name);
    }
  }

  addresses(set: AddressSet): NamedSet {
    if (set.equals(AddressSet.ALL)) return cut(['any']);
    if (set.equals(AddressSet.ALL_IPV4)) return cut(['any IPv4']);
    if (set.equals(AddressSet.ALL_IPV6)) return cut(['any IPv6']);
    const name = this.#names.get(set.key);
    return cut(name === undefined ? this.#without(set) : [name]);
  }

  services(set: ServiceSet): NamedSet {
    if (set.equals(ServiceSet.ALL)) return cut(['any']);
    return cut(set.services().map(formatService));
  }

  /** A set that is nearly everything is told by what is not in it. */
  #without(set: AddressSet): readonly string[] {
    for (const [all, text] of [
      [AddressSet.ALL, 'any'],
      [AddressSet.ALL_IPV4, 'any IPv4'],
      [AddressSet.ALL_IPV6, 'any IPv6'],
    ] as const) {
      const rest = all.subtract(set);
      if (!all.contains(set) || rest.size * 2n > all.size) continue;
      const name = this.#names.get(rest.key);
      return [`${text} but ${name ?? rest.texts().slice(0, TOLD).join(', ')}`];
    }
    return set.texts();
  }
}
