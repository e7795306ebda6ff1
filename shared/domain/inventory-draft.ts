import { compareAddressTexts } from '../net/address.ts';
import type {
  Application,
  Finding,
  Group,
  GroupBasis,
  Inventory,
  Proof,
  SharedService,
  SpuriousSource,
  Standing,
  Vip,
} from './inventory.ts';

/** A finding's standing while corrections are made. */
export interface DraftStanding {
  standing: Standing;
  confidence: number;
}

/** A group while corrections are made; other groups are meant by their ids. */
export interface DraftGroup extends DraftStanding {
  readonly id: string;
  readonly basis: GroupBasis;
  readonly proofs: readonly Proof[];
  readonly events: number;
  name: string;
  /** Whether the analyst gave the name, which then goes before one that was found. */
  isNamed: boolean;
  readonly members: Set<string>;
  /** Groups that hold it, the closest first. */
  parents: string[];
  tier: string | null;
}

/** A step of an application while corrections are made. */
export interface DraftTier {
  readonly name: string;
  readonly groups: string[];
}

/** An application while corrections are made. */
export interface DraftApplication extends DraftStanding {
  readonly id: string;
  readonly proofs: readonly Proof[];
  name: string;
  readonly tiers: DraftTier[];
  readonly groups: Set<string>;
}

/** A VIP while corrections are made: its groups are meant by their ids. */
export interface DraftVip extends DraftStanding {
  readonly base: Vip;
  readonly groups: readonly string[];
  /** The id of the application. */
  application: string | null;
}

/** A shared service while corrections are made. */
export interface DraftShared extends DraftStanding {
  readonly base: SharedService;
  name: string;
  readonly usedBy: readonly string[];
}

/** A spurious source while corrections are made. */
export interface DraftSpurious extends DraftStanding {
  readonly base: SpuriousSource;
}

function standingOf({ standing, confidence }: Finding): DraftStanding {
  return { standing, confidence };
}

/** Says that the analyst stands behind a finding. */
export function settle(finding: DraftStanding, standing: Exclude<Standing, 'inferred'>): void {
  const order: readonly Standing[] = ['inferred', 'accepted', 'edited', 'declared'];
  if (order.indexOf(standing) > order.indexOf(finding.standing)) finding.standing = standing;
  finding.confidence = 1;
}

/**
 * An inventory in a form that corrections are made to: everything by id, so that names may change
 * while corrections refer to what was found.
 */
export class InventoryDraft {
  readonly base: Inventory;
  readonly groups = new Map<string, DraftGroup>();
  readonly applications = new Map<string, DraftApplication>();
  readonly vips = new Map<string, DraftVip>();
  readonly shared = new Map<string, DraftShared>();
  readonly spurious = new Map<string, DraftSpurious>();
  readonly names = new Map<string, string>();
  /** Addresses the analyst put into a group, or with `null` into none. */
  readonly placed = new Map<string, string | null>();
  /** Which group went into which other. */
  readonly merged = new Map<string, string>();

  constructor(base: Inventory) {
    this.base = base;
    const ids = new Map(base.groups.map(({ name, id }) => [name, id]));
    const idOf = (name: string) => ids.get(name) ?? name;
    const apps = new Map(base.applications.map(({ name, id }) => [name, id]));
    for (const group of base.groups) this.groups.set(group.id, draftGroup(group, idOf));
    for (const application of base.applications) {
      this.applications.set(application.id, draftApplication(application, idOf));
    }
    for (const vip of base.vips) {
      this.vips.set(vip.id, {
        ...standingOf(vip),
        base: vip,
        groups: vip.groups.map(idOf),
        application: vip.application === null ? null : (apps.get(vip.application) ?? null),
      });
    }
    for (const service of base.sharedServices) {
      const { name } = service;
      const usedBy = service.usedBy.map(idOf);
      this.shared.set(service.id, { ...standingOf(service), base: service, name, usedBy });
    }
    for (const source of base.spurious) {
      this.spurious.set(source.id, { ...standingOf(source), base: source });
    }
    for (const [address, name] of Object.entries(base.names)) this.names.set(address, name);
  }

  /** The finding with an id, if it is there. */
  finding(id: string): DraftStanding | undefined {
    return (
      this.groups.get(id) ??
      this.applications.get(id) ??
      this.vips.get(id) ??
      this.shared.get(id) ??
      this.spurious.get(id)
    );
  }

  /** What a finding or an address is called now. */
  nameOf(id: string): string {
    const group = this.groups.get(id) ?? this.applications.get(id);
    if (group !== undefined) return group.name;
    const address = id.slice(id.indexOf(':') + 1);
    return this.shared.get(id)?.name ?? this.names.get(address) ?? address;
  }

  /** The application a group belongs to. */
  applicationOf(group: string): DraftApplication | undefined {
    for (const application of this.applications.values()) {
      if (application.groups.has(group)) return application;
    }
    return undefined;
  }

  /** Puts an address into a group and those that hold it, and out of all others. */
  place(address: string, to: string | null): void {
    const target = to === null ? undefined : this.groups.get(to);
    const holders = new Set(target === undefined ? [] : [target.id, ...target.parents]);
    for (const group of this.groups.values()) {
      if (holders.has(group.id)) group.members.add(address);
      else group.members.delete(address);
    }
    this.placed.set(address, to);
  }

  /** Takes a group out of all that names it. Its members stay in the groups that held it. */
  removeGroup(id: string): void {
    this.leaveApplication(id);
    this.groups.delete(id);
    for (const group of this.groups.values()) {
      group.parents = group.parents.filter((parent) => parent !== id);
    }
  }

  /** Takes a group out of its application and its step there. */
  leaveApplication(group: string): void {
    for (const application of this.applications.values()) {
      if (!application.groups.delete(group)) continue;
      this.leaveTier(application, group);
      if (application.groups.size === 0) this.removeApplication(application.id);
    }
  }

  leaveTier(application: DraftApplication, group: string): void {
    for (const tier of application.tiers) {
      const at = tier.groups.indexOf(group);
      if (at >= 0) tier.groups.splice(at, 1);
    }
    const left = application.tiers.filter((tier) => tier.groups.length > 0);
    application.tiers.splice(0, application.tiers.length, ...left);
  }

  /** Puts a group into an application, at the step of its tier; a new step comes last. */
  joinApplication(application: DraftApplication, group: DraftGroup): void {
    if (this.applicationOf(group.id) !== application) this.leaveApplication(group.id);
    application.groups.add(group.id);
    this.leaveTier(application, group.id);
    if (group.tier === null) return;
    const tier = application.tiers.find(({ name }) => name === group.tier);
    if (tier === undefined) application.tiers.push({ name: group.tier, groups: [group.id] });
    else tier.groups.push(group.id);
  }

  removeApplication(id: string): void {
    this.applications.delete(id);
    for (const vip of this.vips.values()) if (vip.application === id) vip.application = null;
  }
}

function draftGroup(group: Group, idOf: (name: string) => string): DraftGroup {
  const { id, basis, proofs, events, name, tier } = group;
  return {
    ...standingOf(group),
    id,
    basis,
    proofs,
    events,
    name,
    isNamed: group.standing === 'declared',
    members: new Set(group.members),
    parents: group.parents.map(idOf),
    tier,
  };
}

function draftApplication(
  application: Application,
  idOf: (name: string) => string,
): DraftApplication {
  const { id, proofs, name } = application;
  return {
    ...standingOf(application),
    id,
    proofs,
    name,
    tiers: application.tiers.map((tier) => ({ name: tier.name, groups: tier.groups.map(idOf) })),
    groups: new Set(application.groups.map(idOf)),
  };
}

/** The members of a group in address order: the list that was found, where it did not change. */
export function membersOf(group: DraftGroup, found: readonly string[] | undefined) {
  const isSame =
    found?.length === group.members.size && found.every((member) => group.members.has(member));
  return isSame ? found : [...group.members].sort(compareAddressTexts);
}
