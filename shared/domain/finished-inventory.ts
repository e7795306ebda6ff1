import { compareAddressTexts } from '../net/address.ts';
import type {
  Application,
  Contradiction,
  Group,
  Inventory,
  SharedService,
  SpuriousSource,
  Vip,
} from './inventory.ts';
import {
  membersOf,
  type DraftApplication,
  type DraftVip,
  type InventoryDraft,
} from './inventory-draft.ts';
import { freeName } from './ruleset-change.ts';

const MAX_NAME = 255;

/** Names of groups, each once: one the analyst gave goes before one that was found. */
function uniqueNames(draft: InventoryDraft): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  const groups = [...draft.groups.values()];
  for (const isNamed of [true, false]) {
    for (const group of groups.filter((each) => each.isNamed === isNamed)) {
      const name = freeName(group.name, taken, MAX_NAME);
      names.set(group.id, name);
      taken.add(name);
    }
  }
  return names;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

class Finisher {
  readonly #draft: InventoryDraft;
  readonly #names: ReadonlyMap<string, string>;
  readonly #appOfGroup = new Map<string, string>();
  readonly #leafOfMember = new Map<string, string>();

  constructor(draft: InventoryDraft) {
    this.#draft = draft;
    this.#names = uniqueNames(draft);
    for (const application of draft.applications.values()) {
      for (const group of application.groups) this.#appOfGroup.set(group, application.name);
    }
    const bySize = [...draft.groups.values()].sort((a, b) => b.members.size - a.members.size);
    for (const group of bySize) {
      for (const member of group.members) this.#leafOfMember.set(member, group.id);
    }
  }

  finish(): Inventory {
    const { base, names } = this.#draft;
    const groups = this.#groups();
    return {
      ...base,
      groups,
      vips: this.#vips(),
      applications: [...this.#draft.applications.values()].map((each) => this.#application(each)),
      sharedServices: this.#shared(),
      spurious: this.#spurious(),
      contradictions: this.#contradictions(),
      ungrouped: this.#ungrouped(),
      names: Object.fromEntries([...names].sort(([a], [b]) => compareAddressTexts(a, b))),
    };
  }

  #name(id: string): string | undefined {
    return this.#names.get(id) ?? this.#names.get(this.#draft.merged.get(id) ?? id);
  }

  #namesOf(ids: readonly string[]): readonly string[] {
    return [...new Set(ids.flatMap((id) => this.#name(id) ?? []))];
  }

  #groups(): readonly Group[] {
    const found = new Map(this.#draft.base.groups.map((group) => [group.id, group.members]));
    const children = new Map<string, string[]>();
    for (const { id, parents } of this.#draft.groups.values()) {
      const [parent] = parents;
      const name = this.#names.get(id);
      if (parent === undefined || name === undefined) continue;
      const siblings = children.get(parent) ?? [];
      siblings.push(name);
      children.set(parent, siblings);
    }
    return [...this.#draft.groups.values()]
      .map((group) => ({
        id: group.id,
        name: this.#names.get(group.id) ?? group.name,
        basis: group.basis,
        confidence: group.confidence,
        standing: group.standing,
        proofs: group.proofs,
        members: membersOf(group, found.get(group.id)),
        parents: this.#namesOf(group.parents),
        children: (children.get(group.id) ?? []).sort(),
        tier: group.tier,
        application: this.#appOfGroup.get(group.id) ?? null,
        events: group.events,
      }))
      .sort(byName);
  }

  /** The groups of a VIP's pool, the one with most of it first; as found where nobody moved. */
  #groupsOfPool({ base, groups }: DraftVip): readonly string[] {
    const pool = new Set(base.ports.flatMap((port) => port.pool));
    const isMoved =
      base.standing === 'declared' || [...pool].some((each) => this.#draft.placed.has(each));
    if (!isMoved) return this.#namesOf(groups);
    const counts = new Map<string, number>();
    for (const address of pool) {
      const leaf = this.#leafOfMember.get(address);
      if (leaf !== undefined) counts.set(leaf, (counts.get(leaf) ?? 0) + 1);
    }
    const ranked = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    return this.#namesOf(ranked.map(([id]) => id));
  }

  #vips(): readonly Vip[] {
    return [...this.#draft.vips.values()].map((vip) => {
      const groups = this.#groupsOfPool(vip);
      const own = vip.application === null ? null : this.#draft.applications.get(vip.application);
      return {
        ...vip.base,
        standing: vip.standing,
        confidence: vip.confidence,
        groups,
        group: groups[0] ?? null,
        application: own?.name ?? null,
      };
    });
  }

  #application(application: DraftApplication): Application {
    const vips = [...this.#draft.vips.values()]
      .filter((vip) => vip.application === application.id)
      .map((vip) => vip.base.address);
    return {
      id: application.id,
      name: application.name,
      confidence: application.confidence,
      standing: application.standing,
      proofs: application.proofs,
      tiers: application.tiers.map(({ name, groups }) => ({ name, groups: this.#namesOf(groups) })),
      groups: [...this.#namesOf([...application.groups])].sort(),
      vips: vips.sort(compareAddressTexts),
    };
  }

  #shared(): readonly SharedService[] {
    return [...this.#draft.shared.values()].map(({ base, name, standing, confidence, usedBy }) => ({
      ...base,
      name,
      standing,
      confidence,
      usedBy: this.#namesOf(usedBy),
    }));
  }

  #spurious(): readonly SpuriousSource[] {
    return [...this.#draft.spurious.values()].map(({ base, standing, confidence }) => ({
      ...base,
      standing,
      confidence,
    }));
  }

  #contradictions(): readonly Contradiction[] {
    const { base, groups } = this.#draft;
    const ids = new Map(base.groups.map(({ name, id }) => [name, id]));
    return base.contradictions.flatMap((each): readonly Contradiction[] => {
      if (each.kind !== 'overlap') return [each];
      const [one, other] = each.groups.map((name) => groups.get(ids.get(name) ?? name));
      if (one === undefined || other === undefined) return [];
      const shared = each.shared.filter(
        (address) => one.members.has(address) && other.members.has(address),
      );
      const names = [this.#name(one.id) ?? one.name, this.#name(other.id) ?? other.name] as const;
      return shared.length === 0 ? [] : [{ kind: 'overlap', groups: names, shared }];
    });
  }

  #ungrouped(): readonly string[] {
    const { base } = this.#draft;
    const workloads = [...base.ungrouped, ...base.groups.flatMap((group) => group.members)];
    const loose = [...new Set(workloads)].filter((address) => !this.#leafOfMember.has(address));
    const isSame = loose.length === base.ungrouped.length;
    return isSame ? base.ungrouped : loose.sort(compareAddressTexts);
  }
}

/** The inventory that a draft stands for. */
export function finishInventory(draft: InventoryDraft): Inventory {
  return new Finisher(draft).finish();
}
