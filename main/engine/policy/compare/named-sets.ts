import type { NamedSet } from '../../../../shared/domain/comparison.ts';
import { formatService } from '../../../../shared/net/service.ts';
import { AddressSet } from '../../../../shared/policy/address-set.ts';
import type { MemberResolver } from '../../../../shared/policy/members.ts';
import { ServiceSet } from '../../../../shared/policy/service-set.ts';

/** Texts of one set that are told. */
const TOLD = 24;

/** Groups that sets are told by. */
const GROUPS = 1_000;

function cut(texts: readonly string[]): NamedSet {
  return { texts: texts.slice(0, TOLD), count: texts.length };
}

/** Says sets of addresses and services in words, by the names of groups where these are the set. */
export class SetNames {
  readonly #names = new Map<string, string>();
  /** The largest first. */
  readonly #groups: readonly { readonly name: string; readonly members: AddressSet }[];

  /** @param groups names of the groups a set may be called by, the best first */
  constructor(groups: readonly string[], resolver: MemberResolver) {
    const known: { readonly name: string; readonly members: AddressSet }[] = [];
    for (const name of groups) {
      const members = resolver.members(name);
      if (members === null) continue;
      const all = members.workloads.union(members.addresses);
      if (all.isEmpty || this.#names.has(all.key)) continue;
      this.#names.set(all.key, name);
      known.push({ name, members: all });
    }
    known.sort((a, b) => Number(b.members.size - a.members.size));
    this.#groups = known.slice(0, GROUPS);
  }

  addresses(set: AddressSet): NamedSet {
    if (set.equals(AddressSet.ALL)) return cut(['any']);
    if (set.equals(AddressSet.ALL_IPV4)) return cut(['any IPv4']);
    if (set.equals(AddressSet.ALL_IPV6)) return cut(['any IPv6']);
    return cut(this.#without(set));
  }

  services(set: ServiceSet): NamedSet {
    if (set.equals(ServiceSet.ALL)) return cut(['any']);
    return cut(set.services().map(formatService));
  }

  /** Names of the groups that lie in the set, the largest first, and the addresses none of them has. */
  #parts(set: AddressSet): readonly string[] {
    const whole = this.#names.get(set.key);
    if (whole !== undefined) return [whole];
    const found: string[] = [];
    let rest = set;
    for (const { name, members } of this.#groups) {
      if (!rest.overlaps(members) || !set.contains(members)) continue;
      found.push(name);
      rest = rest.subtract(members);
    }
    return [...found, ...rest.texts()];
  }

  /** A set that is nearly everything is told by what is not in it. */
  #without(set: AddressSet): readonly string[] {
    for (const [all, text] of [
      [AddressSet.ALL_IPV4, 'any IPv4'],
      [AddressSet.ALL_IPV6, 'any IPv6'],
      [AddressSet.ALL, 'any'],
    ] as const) {
      const rest = all.subtract(set);
      if (!all.contains(set) || rest.size * 2n > all.size) continue;
      return [`${text} but ${this.#parts(rest).slice(0, TOLD).join(', ')}`];
    }
    return this.#parts(set);
  }
}
