import type { Group, Inventory, Vip } from '../../../../shared/domain/inventory.ts';
import type { RuleObject } from '../../../../shared/domain/ruleset.ts';
import { leafGroups } from '../../discover/membership.ts';

/** What an address is to rules. */
export interface Party {
  readonly key: string;
  readonly kind: 'group' | 'vip' | 'balancer' | 'shared' | 'stranger';
  readonly label: string;
  /** `null` for strangers, whose addresses are gathered need by need. */
  readonly object: RuleObject | null;
  /** The group on whose vNICs rules about it are enforced; `null` where it has none. */
  readonly enforcedBy: string | null;
  /** The application it belongs to. */
  readonly application: string | null;
  /** Its place in the application; the tier's name. */
  readonly tier: string;
}

/** Any address that is in no group, no VIP, no balancer's and no shared service. */
export const STRANGER: Party = {
  key: 'stranger',
  kind: 'stranger',
  label: 'any',
  object: null,
  enforcedBy: null,
  application: null,
  tier: 'outside',
};

/** The application of a group, or the outermost group around it where none is known. */
export function applicationOf(group: Group): string {
  return group.application ?? group.parents.at(-1) ?? group.name;
}

function balancerNames(vips: readonly Vip[]): ReadonlyMap<string, RuleObject> {
  const clusters: Set<string>[] = [];
  for (const { snat } of vips) {
    if (snat.length === 0) continue;
    const joined = clusters.filter((cluster) => snat.some((address) => cluster.has(address)));
    for (const each of joined) clusters.splice(clusters.indexOf(each), 1);
    clusters.push(new Set([...snat, ...joined.flatMap((each) => [...each])]));
  }
  return new Map(
    clusters.flatMap((cluster, at) => {
      const name = clusters.length === 1 ? 'LB-SNAT' : `LB-SNAT-${at + 1}`;
      const object: RuleObject = { kind: 'ip-set', name, addresses: [...cluster] };
      return [...cluster].map((address) => [address, object] as const);
    }),
  );
}

/** Tells what every address is to rules. */
export class Parties {
  readonly #byAddress = new Map<string, Party>();
  readonly #workloads: ReadonlySet<string>;
  readonly groups: ReadonlyMap<string, Group>;

  constructor(inventory: Inventory) {
    this.groups = new Map(inventory.groups.map((group) => [group.name, group]));
    this.#workloads = new Set([
      ...inventory.ungrouped,
      ...inventory.groups.flatMap(({ members }) => members),
    ]);
    const leaf = leafGroups(inventory.groups);
    for (const [address, name] of leaf) {
      const group = this.groups.get(name);
      if (group !== undefined) this.#byAddress.set(address, partyOfGroup(group));
    }
    this.#addVips(inventory.vips);
    this.#addShared(inventory, leaf);
  }

  of(address: string): Party {
    return this.#byAddress.get(address) ?? STRANGER;
  }

  /** Whether the address has a vNIC, and no group rules could be applied to. */
  isUngrouped(address: string): boolean {
    return this.#workloads.has(address) && this.of(address).enforcedBy === null;
  }

  isWorkload(address: string): boolean {
    return this.#workloads.has(address);
  }

  #addVips(vips: readonly Vip[]): void {
    for (const [address, object] of balancerNames(vips)) {
      if (this.#byAddress.has(address)) continue;
      const label = object.name;
      const key = `balancer:${label}`;
      this.#byAddress.set(address, {
        ...STRANGER,
        key,
        kind: 'balancer',
        label,
        object,
        tier: key,
      });
    }
    for (const { address, group, application } of vips) {
      if (this.#byAddress.get(address)?.kind === 'group') continue;
      const known = group === null ? undefined : this.groups.get(group);
      const same = vips.filter((vip) => group !== null && vip.group === group).length;
      const label =
        group === null ? `VIP-${address}` : same > 1 ? `${group}-VIP-${address}` : `${group}-VIP`;
      this.#byAddress.set(address, {
        ...STRANGER,
        key: `vip:${address}`,
        kind: 'vip',
        label,
        object: { kind: 'ip-set', name: label, addresses: [address] },
        application: application ?? (known === undefined ? null : applicationOf(known)),
        tier: known?.tier ?? group ?? address,
      });
    }
  }

  #addShared({ sharedServices }: Inventory, leaf: ReadonlyMap<string, string>): void {
    for (const { address, name } of sharedServices) {
      if (this.#byAddress.get(address)?.kind === 'vip') continue;
      const addresses = sharedServices
        .filter((each) => each.name === name)
        .map((each) => each.address);
      this.#byAddress.set(address, {
        ...STRANGER,
        key: `shared:${name}`,
        kind: 'shared',
        label: name,
        object: { kind: 'ip-set', name, addresses },
        enforcedBy: leaf.get(address) ?? null,
        tier: name,
      });
    }
  }
}

function partyOfGroup(group: Group): Party {
  return {
    key: `group:${group.name}`,
    kind: 'group',
    label: group.name,
    object: { kind: 'group', name: group.name },
    enforcedBy: group.name,
    application: applicationOf(group),
    tier: group.tier ?? group.name,
  };
}
