import type { CompiledRuleset } from '../compile.ts';
import { boxAt, boxContains, overlapping } from './boxes.ts';

/** Another rule for some of the flows a rule is for. */
export interface Covering {
  /** Place of the other rule. */
  readonly place: number;
  /** Whether the other is for all the rule is for, at each end where the rule is enforced. */
  readonly isWhole: boolean;
}

/** The rules for some of the flows that the rule at a place is for, in the order of evaluation. */
export function coveringRules({ rules }: CompiledRuleset, place: number): readonly Covering[] {
  const own = rules[place];
  if (own === undefined) return [];
  const ends = (['source', 'destination'] as const).flatMap((end) => {
    const box = boxAt(own, end);
    return box === null ? [] : [{ end, box }];
  });
  return rules.flatMap((other): readonly Covering[] => {
    if (other === own) return [];
    const pairs = ends.map(({ end, box }) => ({ box, theirs: boxAt(other, end) }));
    const isAny = pairs.some(({ box, theirs }) => theirs !== null && overlapping(box, theirs));
    if (!isAny) return [];
    const isWhole = pairs.every(({ box, theirs }) => theirs !== null && boxContains(theirs, box));
    return [{ place: other.order, isWhole }];
  });
}
