import { longestRising } from '../../../../shared/policy/longest-rising.ts';

/** The step between numbers, and before the first of all: 10, as the manager's own. */
const STEP = 10;

/** Sequence numbers for a list, and whether any that need not move got another. */
export interface Sequences {
  readonly numbers: readonly number[];
  readonly isRenumbered: boolean;
}

function between(low: number, high: number | undefined, count: number): readonly number[] | null {
  if (high === undefined) return Array.from({ length: count }, (_, at) => low + STEP * (at + 1));
  const step = Math.min(STEP, Math.floor((high - low) / (count + 1)));
  return step < 1 ? null : Array.from({ length: count }, (_, at) => low + step * (at + 1));
}

/**
 * Sequence numbers along a list, as many as possible as they were. What is new or moved gets numbers
 * between its neighbours; where none are free, all are numbered anew.
 *
 * @param places of each item among those that were there; `undefined` for a new one
 * @param present the numbers of those that were there, in their order
 */
export function sequencesFor(
  places: readonly (number | undefined)[],
  present: readonly number[],
): Sequences {
  const kept = longestRising(places);
  const numbers: number[] = [];
  for (let at = 0; at < places.length;) {
    let next = at;
    while (next < places.length && !kept.has(next)) next++;
    const high = next < places.length ? present[places[next] ?? 0] : undefined;
    if (next > at) {
      const free = between(numbers.at(-1) ?? 0, high, next - at);
      if (free === null)
        return { numbers: places.map((_, place) => STEP * (place + 1)), isRenumbered: true };
      numbers.push(...free);
    }
    if (high !== undefined) numbers.push(high);
    at = next + 1;
  }
  return { numbers, isRenumbered: false };
}
