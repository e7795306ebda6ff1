import type { VipPort } from './inventory.ts';

/**
 * One thing the analyst stated about the inventory. Findings are meant by their ids, groups that
 * the analyst made by the ids given to them here. The order of corrections matters.
 */
export type Correction =
  /** The finding is right as it is; also brings back one that was rejected. */
  | { readonly kind: 'accept'; readonly id: string }
  /** The finding is wrong, and is not to be found again. */
  | { readonly kind: 'reject'; readonly id: string }
  /** A name for a group, an application, or an address (`vip:`, `shared:`, `spurious:`, `address:`). */
  | { readonly kind: 'rename'; readonly id: string; readonly name: string }
  /** The address belongs to this group and the groups that hold it, or with `null` to none. */
  | { readonly kind: 'move-member'; readonly address: string; readonly to: string | null }
  /** A group that was not found, inside another where `parent` names one. */
  | {
      readonly kind: 'add-group';
      readonly id: string;
      readonly name: string;
      readonly members: readonly string[];
      readonly parent: string | null;
    }
  /** All members belong to the first group, which gets the name; the others go. */
  | { readonly kind: 'merge-groups'; readonly ids: readonly string[]; readonly name: string }
  /** These members leave the group for a new one beside it. */
  | {
      readonly kind: 'split-group';
      readonly id: string;
      readonly part: string;
      readonly name: string;
      readonly members: readonly string[];
    }
  | { readonly kind: 'set-tier'; readonly id: string; readonly tier: string | null }
  /** The application by its name; one that does not exist is made. */
  | { readonly kind: 'set-application'; readonly id: string; readonly application: string | null }
  /** The address is a load balancer's. That it is none says a `reject` of `vip:ADDRESS`. */
  | {
      readonly kind: 'declare-vip';
      readonly address: string;
      readonly ports: readonly VipPort[];
      readonly snat: readonly string[];
    }
  | {
      readonly kind: 'declare-shared';
      readonly address: string;
      readonly name: string;
      readonly services: readonly string[];
    }
  | { readonly kind: 'declare-spurious'; readonly address: string }
  /** The members are those of the group of the same name in an inventory from outside. */
  | { readonly kind: 'take-members'; readonly id: string };

/** The ids of findings a correction speaks of, all of which must exist for it to be of effect. */
export function idsOf(correction: Correction): readonly string[] {
  switch (correction.kind) {
    case 'accept':
    case 'reject':
    case 'rename':
    case 'set-tier':
    case 'set-application':
    case 'split-group':
    case 'take-members':
      return [correction.id];
    case 'move-member':
      return correction.to === null ? [] : [correction.to];
    case 'add-group':
      return correction.parent === null ? [] : [correction.parent];
    case 'merge-groups':
      return correction.ids;
    case 'declare-vip':
    case 'declare-shared':
    case 'declare-spurious':
      return [];
  }
}

/** What follows the kind in an id: the name or address it was found by. */
export function keyOf(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}

/** The kind in an id, such as `group`. */
export function kindOf(id: string): string {
  return id.slice(0, Math.max(0, id.indexOf(':')));
}

/**
 * What undo and redo call corrections made together.
 *
 * @param nameOf the present name of what has an id
 */
export function nameOfCorrections(
  corrections: readonly Correction[],
  nameOf: (id: string) => string,
): string {
  const [first] = corrections;
  if (first === undefined) return 'Change nothing';
  if (corrections.length === 1) return nameOfCorrection(first, nameOf);
  const kinds = new Set(corrections.map(({ kind }) => kind));
  if (kinds.size > 1) return `${corrections.length} corrections`;
  return `${VERBS[first.kind]} ${corrections.length} ${THINGS[first.kind]}`;
}

const VERBS: Readonly<Record<Correction['kind'], string>> = {
  accept: 'Accept',
  reject: 'Reject',
  rename: 'Rename',
  'move-member': 'Move',
  'add-group': 'Add',
  'merge-groups': 'Merge',
  'split-group': 'Split',
  'set-tier': 'Set the tier of',
  'set-application': 'Set the application of',
  'declare-vip': 'Declare',
  'declare-shared': 'Declare',
  'declare-spurious': 'Mark as spurious',
  'take-members': 'Take the imported members of',
};

const THINGS: Readonly<Record<Correction['kind'], string>> = {
  accept: 'findings',
  reject: 'findings',
  rename: 'findings',
  'move-member': 'members',
  'add-group': 'groups',
  'merge-groups': 'sets of groups',
  'split-group': 'groups',
  'set-tier': 'groups',
  'set-application': 'groups',
  'declare-vip': 'VIPs',
  'declare-shared': 'shared services',
  'declare-spurious': 'sources',
  'take-members': 'groups',
};

function nameOfCorrection(correction: Correction, nameOf: (id: string) => string): string {
  const verb = VERBS[correction.kind];
  switch (correction.kind) {
    case 'accept':
    case 'reject':
    case 'take-members':
      return `${verb} "${nameOf(correction.id)}"`;
    case 'rename':
      return `Rename "${nameOf(correction.id)}" to "${correction.name}"`;
    case 'move-member':
      return correction.to === null
        ? `Move ${correction.address} out of its group`
        : `Move ${correction.address} to "${nameOf(correction.to)}"`;
    case 'add-group':
      return `Add group "${correction.name}"`;
    case 'merge-groups':
      return `Merge ${correction.ids.length} groups into "${correction.name}"`;
    case 'split-group':
      return `Split "${correction.name}" from "${nameOf(correction.id)}"`;
    case 'set-tier':
      return correction.tier === null
        ? `Take the tier from "${nameOf(correction.id)}"`
        : `Set the tier of "${nameOf(correction.id)}" to "${correction.tier}"`;
    case 'set-application':
      return correction.application === null
        ? `Take "${nameOf(correction.id)}" out of its application`
        : `Put "${nameOf(correction.id)}" into application "${correction.application}"`;
    case 'declare-vip':
      return `Declare VIP ${correction.address}`;
    case 'declare-shared':
      return `Declare shared service ${correction.address}`;
    case 'declare-spurious':
      return `Mark ${correction.address} as spurious`;
  }
}
