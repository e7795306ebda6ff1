import { declareShared, declareSpurious, declareVip } from './declarations.ts';
import { keyOf, kindOf, type Correction } from './correction.ts';
import type { OutsideSets } from './outside-inventory.ts';
import type { Inventory, Rejected } from './inventory.ts';
import { InventoryDraft, settle, type DraftGroup } from './inventory-draft.ts';

/** Makes corrections to a draft of an inventory, one after the other. */
export class Corrector {
  readonly draft: InventoryDraft;
  readonly #rejected = new Map<string, { readonly name: string; readonly restore: () => void }>();
  readonly #sets: OutsideSets;

  constructor(inventory: Inventory, sets: OutsideSets) {
    this.draft = new InventoryDraft(inventory);
    this.#sets = sets;
  }

  get rejected(): readonly Rejected[] {
    return [...this.#rejected].map(([id, { name }]) => ({ id, name }));
  }

  /** Makes one correction; gives the reason where it has no effect. */
  apply(correction: Correction): string | null {
    switch (correction.kind) {
      case 'accept':
        return this.#accept(correction.id);
      case 'reject':
        return this.#reject(correction.id);
      case 'rename':
        return this.#rename(correction.id, correction.name);
      case 'move-member':
        return this.#move(correction.address, correction.to);
      case 'add-group':
        return this.#addGroup(correction);
      case 'merge-groups':
        return this.#merge(correction.ids, correction.name);
      case 'split-group':
        return this.#split(correction);
      case 'set-tier':
        return this.#onGroup(correction.id, (group) => {
          group.tier = correction.tier;
          const application = this.draft.applicationOf(group.id);
          if (application !== undefined) this.draft.joinApplication(application, group);
        });
      case 'set-application':
        return this.#onGroup(correction.id, (group) => {
          this.#setApplication(group, correction.application);
        });
      case 'declare-vip':
        return this.#declared(declareVip(this.draft, correction));
      case 'declare-shared':
        return this.#declared(declareShared(this.draft, correction));
      case 'declare-spurious':
        return this.#declared(declareSpurious(this.draft, correction.address));
      case 'take-members':
        return this.#takeMembers(correction.id);
    }
  }

  /** What was declared is not rejected any more. */
  #declared(id: string): null {
    this.#rejected.delete(id);
    return null;
  }

  #missing(id: string): string {
    return `${kindOf(id)} ${keyOf(id)} is not found any more`;
  }

  #onGroup(id: string, change: (group: DraftGroup) => void): string | null {
    const group = this.draft.groups.get(id);
    if (group === undefined) return this.#missing(id);
    change(group);
    settle(group, 'edited');
    return null;
  }

  #accept(id: string): string | null {
    const rejected = this.#rejected.get(id);
    if (rejected !== undefined) {
      rejected.restore();
      this.#rejected.delete(id);
    }
    const finding = this.draft.finding(id);
    if (finding === undefined) return rejected === undefined ? this.#missing(id) : null;
    settle(finding, 'accepted');
    return null;
  }

  /** A finding may be rejected before it is found. */
  #reject(id: string): string | null {
    const { draft } = this;
    const name = this.#rejected.get(id)?.name ?? draft.nameOf(id);
    const restore = this.#remove(id);
    const before = this.#rejected.get(id);
    this.#rejected.set(id, { name, restore: restore ?? before?.restore ?? (() => undefined) });
    return null;
  }

  /** Takes a finding away; gives what brings it back, `null` where it is not there. */
  #remove(id: string): (() => void) | null {
    const { draft } = this;
    const group = draft.groups.get(id);
    if (group !== undefined) return this.#removeGroup(group);
    const application = draft.applications.get(id);
    if (application !== undefined) {
      const vips = [...draft.vips.values()].filter((vip) => vip.application === id);
      draft.removeApplication(id);
      return () => {
        const left = [...application.groups].flatMap((held) => draft.groups.get(held) ?? []);
        const free = left.filter((group) => draft.applicationOf(group.id) === undefined);
        const steps = application.tiers.map(({ name }) => name);
        application.groups.clear();
        application.tiers.splice(0);
        const byStep = (group: DraftGroup) => steps.indexOf(group.tier ?? '');
        draft.applications.set(id, application);
        for (const group of free.sort((a, b) => byStep(a) - byStep(b))) {
          draft.joinApplication(application, group);
        }
        for (const vip of vips) vip.application ??= id;
      };
    }
    return (
      removeFrom(draft.vips, id) ?? removeFrom(draft.shared, id) ?? removeFrom(draft.spurious, id)
    );
  }

  #removeGroup(group: DraftGroup): () => void {
    const { draft } = this;
    const { id } = group;
    const application = draft.applicationOf(id);
    const inside = [...draft.groups.values()].filter((each) => each.parents.includes(id));
    const children = inside.map((child) => ({ child, at: child.parents.indexOf(id) }));
    draft.removeGroup(id);
    return () => {
      for (const member of [...group.members]) {
        if (draft.placed.has(member)) group.members.delete(member);
      }
      group.parents = group.parents.filter((parent) => draft.groups.has(parent));
      draft.groups.set(id, group);
      for (const { child, at } of children) {
        if (draft.groups.get(child.id) !== child || child.parents.includes(id)) continue;
        child.parents.splice(at, 0, id);
        for (const member of child.members) group.members.add(member);
      }
      if (application === undefined) return;
      draft.applications.set(application.id, application);
      draft.joinApplication(application, group);
    };
  }

  #rename(id: string, name: string): string | null {
    const { draft } = this;
    const group = draft.groups.get(id);
    if (group !== undefined) {
      group.name = name;
      group.isNamed = true;
      settle(group, 'edited');
      return null;
    }
    const application = draft.applications.get(id);
    if (application !== undefined) {
      application.name = name;
      settle(application, 'edited');
      return null;
    }
    if (['group', 'application'].includes(kindOf(id))) return this.#missing(id);
    const shared = draft.shared.get(id);
    if (shared !== undefined) shared.name = name;
    draft.names.set(keyOf(id), name);
    const finding = draft.finding(id);
    if (finding !== undefined) settle(finding, 'edited');
    return null;
  }

  #move(address: string, to: string | null): string | null {
    const { draft } = this;
    const target = to === null ? undefined : draft.groups.get(to);
    if (to !== null && target === undefined) return this.#missing(to);
    const from = [...draft.groups.values()].filter((group) => group.members.has(address));
    const inner = from.filter((group) => !from.some((each) => each.parents.includes(group.id)));
    draft.place(address, to);
    for (const group of inner) settle(group, 'edited');
    if (target !== undefined) settle(target, 'edited');
    return null;
  }

  #newGroup(id: string, name: string, parents: readonly string[]): DraftGroup {
    const group: DraftGroup = this.draft.groups.get(id) ?? {
      id,
      basis: 'declared',
      proofs: [],
      events: 0,
      name,
      isNamed: true,
      members: new Set(),
      parents: [...parents],
      tier: null,
      standing: 'declared',
      confidence: 1,
    };
    this.#rejected.delete(id);
    this.draft.merged.delete(id);
    group.name = name;
    group.isNamed = true;
    settle(group, 'declared');
    this.draft.groups.set(id, group);
    return group;
  }

  #addGroup({ id, name, members, parent }: Correction & { kind: 'add-group' }): string | null {
    const holder = parent === null ? undefined : this.draft.groups.get(parent);
    const parents = holder === undefined ? [] : [holder.id, ...holder.parents];
    const group = this.#newGroup(id, name, parents);
    for (const address of members) this.draft.place(address, id);
    const application = holder === undefined ? undefined : this.draft.applicationOf(holder.id);
    if (application !== undefined) this.draft.joinApplication(application, group);
    return parent !== null && holder === undefined ? this.#missing(parent) : null;
  }

  #merge(ids: readonly string[], name: string): string | null {
    const { draft } = this;
    const [target] = ids;
    const there = ids.flatMap((id) => draft.groups.get(id) ?? []);
    const [first, ...others] = there;
    if (target === undefined || first === undefined) return this.#missing(target ?? '');
    const into =
      first.id === target ? first : { ...first, id: target, members: new Set(first.members) };
    if (into !== first) {
      draft.groups.set(target, into);
      const application = draft.applicationOf(first.id);
      if (application !== undefined) draft.joinApplication(application, into);
      this.#absorb(first, into);
    }
    for (const other of others) this.#absorb(other, into);
    into.name = name;
    into.isNamed = true;
    settle(into, 'edited');
    const missing = ids.find((id) => id !== target && !there.some((group) => group.id === id));
    return missing === undefined ? null : this.#missing(missing);
  }

  /** Moves all members into another group; the group itself goes, with what it leaves empty inside. */
  #absorb(group: DraftGroup, into: DraftGroup): void {
    const { draft } = this;
    into.parents = into.parents.filter((parent) => parent !== group.id);
    const inside = [...draft.groups.values()].filter(
      (each) => each !== into && each.parents.includes(group.id) && each.members.size > 0,
    );
    for (const address of [...group.members]) draft.place(address, into.id);
    for (const each of inside) if (each.members.size === 0) this.#forget(each.id, into.id);
    this.#forget(group.id, into.id);
  }

  #forget(id: string, into: string): void {
    this.draft.removeGroup(id);
    this.draft.merged.set(id, into);
    for (const [from, to] of this.draft.merged) if (to === id) this.draft.merged.set(from, into);
  }

  #split(correction: Correction & { kind: 'split-group' }): string | null {
    const { id, part, name, members } = correction;
    const source = this.draft.groups.get(id);
    const group = this.#newGroup(part, name, source?.parents ?? []);
    for (const address of members) this.draft.place(address, part);
    if (source === undefined) return this.#missing(id);
    group.tier ??= source.tier;
    settle(source, 'edited');
    const application = this.draft.applicationOf(id) ?? this.draft.applicationOf(part);
    if (application !== undefined) this.draft.joinApplication(application, group);
    return null;
  }

  #setApplication(group: DraftGroup, name: string | null): void {
    const { draft } = this;
    const vips = [...draft.vips.values()].filter((vip) => vip.groups[0] === group.id);
    const present = [...draft.applications.values()].find((each) => each.name === name);
    if (present?.groups.has(group.id) === true) return;
    draft.leaveApplication(group.id);
    for (const vip of vips) vip.application = null;
    if (name === null) return;
    const id = present?.id ?? this.#freeApplicationId(name);
    const application = present ?? {
      id,
      proofs: [],
      name,
      tiers: [],
      groups: new Set<string>(),
      standing: 'declared' as const,
      confidence: 1,
    };
    settle(application, 'edited');
    draft.applications.set(id, application);
    draft.joinApplication(application, group);
    for (const vip of vips) vip.application = id;
  }

  /** An application that was renamed keeps the id of its first name: that name means another one now. */
  #freeApplicationId(name: string): string {
    const { applications } = this.draft;
    for (let number = 1; ; number++) {
      const id = number === 1 ? `application:${name}` : `application:${name}-${number}`;
      if (!applications.has(id)) return id;
    }
  }

  #takeMembers(id: string): string | null {
    const group = this.draft.groups.get(id);
    if (group === undefined) return this.#missing(id);
    const members = this.#sets.of(group)?.members;
    if (members === undefined) return `no imported inventory has a group ${group.name}`;
    const wanted = new Set(members);
    for (const address of [...group.members]) {
      if (!wanted.has(address)) this.draft.place(address, null);
    }
    for (const address of wanted) this.draft.place(address, id);
    settle(group, 'edited');
    return null;
  }
}

function removeFrom<T>(map: Map<string, T>, id: string): (() => void) | null {
  const finding = map.get(id);
  if (finding === undefined) return null;
  map.delete(id);
  return () => void map.set(id, finding);
}
