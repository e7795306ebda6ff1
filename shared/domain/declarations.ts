import type { Correction } from './correction.ts';
import { settle, type InventoryDraft } from './inventory-draft.ts';

/** States that an address is a VIP; what was found about it goes. Gives its id. */
export function declareVip(
  draft: InventoryDraft,
  correction: Correction & { kind: 'declare-vip' },
): string {
  const { address, ports, snat } = correction;
  const id = `vip:${address}`;
  const before = draft.vips.get(id);
  const hasPool = ports.some(({ pool }) => pool.length > 0);
  draft.vips.set(id, {
    base: {
      id,
      address,
      ports,
      snat,
      mode: snat.length > 0 ? 'one-arm' : hasPool ? 'inline' : 'unknown',
      group: null,
      groups: [],
      application: null,
      proofs: before?.base.proofs ?? [],
      confidence: 1,
      standing: 'declared',
    },
    groups: [],
    application: before?.application ?? null,
    standing: before === undefined || before.base.standing === 'declared' ? 'declared' : 'edited',
    confidence: 1,
  });
  return id;
}

/** States that many use an address. Gives its id. */
export function declareShared(
  draft: InventoryDraft,
  correction: Correction & { kind: 'declare-shared' },
): string {
  const { address, name, services } = correction;
  const id = `shared:${address}`;
  const before = draft.shared.get(id);
  const base = before?.base ?? { usedBy: [], proofs: [], isServer: true };
  const standing = before === undefined || before.standing === 'declared' ? 'declared' : 'edited';
  draft.shared.set(id, {
    base: { ...base, id, address, name, services, standing, confidence: 1 },
    name,
    usedBy: before?.usedBy ?? [],
    standing,
    confidence: 1,
  });
  return id;
}

/** States that an address is a spurious source. Gives its id. */
export function declareSpurious(draft: InventoryDraft, address: string): string {
  const id = `spurious:${address}`;
  const before = draft.spurious.get(id);
  if (before !== undefined) {
    settle(before, 'accepted');
    return id;
  }
  draft.spurious.set(id, {
    base: {
      id,
      address,
      kind: 'declared',
      events: 0,
      targets: 0,
      ports: 0,
      answered: 0,
      confidence: 1,
      standing: 'declared',
      proofs: [],
    },
    standing: 'declared',
    confidence: 1,
  });
  return id;
}
