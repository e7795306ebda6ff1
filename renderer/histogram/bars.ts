import { OUTCOMES, type Outcome } from './histogram-state.svelte.ts';

/** Bars are never lower than this, so that a single event among millions is still seen. */
const LEAST_HEIGHT = 1.5;

/** Space left above the highest bar. */
const HEADROOM = 6;

/** The most events any bucket has, at least 1. */
export function highestOf(
  stacks: Readonly<Record<Outcome, readonly number[]>>,
  count: number,
): number {
  let most = 1;
  for (let at = 0; at < count; at++)
    most = Math.max(
      most,
      OUTCOMES.reduce((sum, outcome) => sum + (stacks[outcome][at] ?? 0), 0),
    );
  return most;
}

/**
 * One SVG path for all bars of a class, stacked on those of the classes before it.
 *
 * @param size of the drawing in pixels; bars stand on its lower edge
 */
export function barPaths(
  stacks: Readonly<Record<Outcome, readonly number[]>>,
  count: number,
  size: { readonly width: number; readonly height: number },
): Readonly<Record<Outcome, string>> {
  const paths: Record<Outcome, string> = { passed: '', blocked: '', other: '' };
  if (count === 0 || size.width === 0) return paths;
  const highest = highestOf(stacks, count);
  const step = size.width / count;
  const wide = (step - (step > 4 ? 1 : 0)).toFixed(1);
  for (let at = 0; at < count; at++) {
    let base = size.height;
    for (const outcome of OUTCOMES) {
      const events = stacks[outcome][at] ?? 0;
      if (events === 0) continue;
      const tall = Math.max(LEAST_HEIGHT, (events / highest) * (size.height - HEADROOM));
      const high = tall.toFixed(1);
      paths[outcome] += `M${(at * step).toFixed(1)} ${base.toFixed(1)}v-${high}h${wide}v${high}Z`;
      base -= tall;
    }
  }
  return paths;
}
