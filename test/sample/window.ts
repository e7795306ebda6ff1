import type { Prng } from './prng.ts';

/** The first moment a host logs, milliseconds since 1970 UTC. */
export const WINDOW_START = Date.UTC(2026, 2, 2);

/** The moment the support bundles end; no line is this late. */
export const WINDOW_END = Date.UTC(2026, 2, 4);

/** Sessions open this long before the window, so that some ends are logged without their beginning. */
const LEAD_MS = 20 * 60_000;

const HOUR_MS = 3_600_000;

/** How busy each hour of the day is, UTC. */
const HOUR_WEIGHTS: readonly number[] = [
  2, 2, 1, 1, 2, 3, 6, 11, 18, 24, 26, 25, 20, 22, 26, 25, 21, 16, 11, 8, 6, 5, 4, 3,
];

const DAY_WEIGHT = HOUR_WEIGHTS.reduce((sum, weight) => sum + weight, 0);

/** A moment of the window, or shortly before it, drawn from the curve of a working day. */
export function workingMoment(prng: Prng): number {
  if (prng.chance(0.004)) return WINDOW_START - prng.int(1, LEAD_MS);
  let weight = prng.int(0, DAY_WEIGHT - 1);
  let hour = 0;
  for (const each of HOUR_WEIGHTS) {
    if (weight < each) break;
    weight -= each;
    hour++;
  }
  return WINDOW_START + (prng.int(0, 1) * 24 + hour) * HOUR_MS + prng.int(0, HOUR_MS - 1);
}

/** A moment of the window, or shortly before it, where every hour is as busy as the next. */
export function steadyMoment(prng: Prng): number {
  return WINDOW_START - LEAD_MS + prng.int(0, WINDOW_END - WINDOW_START + LEAD_MS - 1);
}
