import { Corrector } from './corrector.ts';
import { idsOf, keyOf, kindOf, nameOfCorrections, type Correction } from './correction.ts';
import type { OutsideInventory } from './outside.ts';
import { OutsideSets, membershipContradictions, withImports } from './outside-inventory.ts';
import type { Inventory } from './inventory.ts';
import { finishInventory } from './finished-inventory.ts';

/** What corrections make of an inventory. */
export interface Corrected {
  readonly inventory: Inventory;
  /** Which group went into which other, by id. */
  readonly merged: ReadonlyMap<string, string>;
  /** For every correction, in order: why it had no effect, `null` where it had one. */
  readonly problems: readonly (string | null)[];
}

/**
 * The inventory in force: what was found in the flows, with what inventories from outside say where
 * the log is silent, and with the analyst's corrections, in order. What was found may be a later
 * inference than the one they were made to: a correction about something that is not found any
 * more has no effect, and is told.
 */
export function correctInventory(
  found: Inventory,
  corrections: readonly Correction[],
  imports: readonly OutsideInventory[] = [],
): Corrected {
  const corrector = new Corrector(withImports(found, imports), new OutsideSets(imports));
  const problems: (string | null)[] = [];
  const dangling: string[] = [];
  for (const correction of corrections) {
    const title = nameOfCorrections([correction], (id) => corrector.draft.nameOf(id));
    const problem = corrector.apply(correction);
    problems.push(problem);
    if (problem !== null) dangling.push(`${title}: ${problem}`);
  }
  const { merged, placed } = corrector.draft;
  const finished = finishInventory(corrector.draft);
  const contradictions = [
    ...finished.contradictions,
    ...membershipContradictions(finished, imports, (address) => placed.has(address)),
  ];
  return {
    inventory: { ...finished, contradictions, rejected: corrector.rejected, dangling },
    merged,
    problems,
  };
}

/** An id for a new group that no finding has or had. */
export function freeGroupId(inventory: Inventory, name: string): string {
  const taken = new Set([...inventory.groups, ...inventory.rejected].map(({ id }) => id));
  for (let number = 1; ; number++) {
    const id = number === 1 ? `group:${name}` : `group:${name}-${number}`;
    if (!taken.has(id)) return id;
  }
}

/** Why a correction cannot be made to the present inventory, `null` where it can. */
export function problemOf(inventory: Inventory, correction: Correction): string | null {
  const known = new Set(
    [
      ...inventory.groups,
      ...inventory.applications,
      ...inventory.vips,
      ...inventory.sharedServices,
      ...inventory.spurious,
      ...inventory.rejected,
    ].map(({ id }) => id),
  );
  const isFree = (name: string, own: readonly string[]) =>
    inventory.groups.every((group) => group.name !== name || own.includes(group.id));
  const named = (name: string, own: readonly string[]) =>
    isFree(name, own) ? null : `there is a group "${name}" already`;
  const missing = idsOf(correction).find((id) => !known.has(id));
  const mayBeMissing = correction.kind === 'reject' || correction.kind === 'rename';
  if (missing !== undefined && (!mayBeMissing || kindOf(missing) === 'group')) {
    return `there is no ${kindOf(missing)} "${keyOf(missing)}"`;
  }
  if (correction.kind === 'rename') {
    return kindOf(correction.id) === 'group' ? named(correction.name, [correction.id]) : null;
  }
  if (correction.kind === 'add-group' || correction.kind === 'split-group') {
    const id = correction.kind === 'add-group' ? correction.id : correction.part;
    return known.has(id) ? `there is a finding "${id}" already` : named(correction.name, []);
  }
  if (correction.kind === 'merge-groups') {
    if (new Set(correction.ids).size < 2) return 'it takes two groups at least';
    return named(correction.name, correction.ids);
  }
  return null;
}
