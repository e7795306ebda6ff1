import { strengthOf, type FindingKind, type Scale } from '../../main/engine/discover/confidence.ts';
import type { Judged } from '../worlds/judge.ts';

/** How strongly a finding was shown, and whether it is right. */
export interface Sample {
  readonly strength: number;
  readonly isRight: boolean;
}

const ROUNDS = 60;

/** Steps are held back so that few or one-sided samples do not run away: a slope near 1 is likely. */
const SLOPE_PRIOR = { mean: 1, weight: 2 };

const LEAST_SLOPE = 0.2;

function logit(p: number): number {
  return Math.log(p / (1 - p));
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/**
 * Fits how a strength becomes a probability (Platt, 1999) by Newton's method. One right and one
 * wrong finding are added at the mean strength, so that a kind that was never wrong is not taken
 * to be beyond doubt.
 */
export function fitScale(samples: readonly Sample[]): Scale {
  if (samples.length === 0) return { slope: 1, shift: 0 };
  const points = samples.map(({ strength, isRight }) => ({
    x: logit(strength),
    y: Number(isRight),
  }));
  const middle = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  points.push({ x: middle, y: 0 }, { x: middle, y: 1 });
  let [slope, shift] = [1, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const { mean, weight } = SLOPE_PRIOR;
    let [gradSlope, gradShift] = [weight * (slope - mean), 0];
    let [ss, sh, hh] = [weight, 0, 1e-6];
    for (const { x, y } of points) {
      const p = sigmoid(slope * x + shift);
      const spread = p * (1 - p);
      gradSlope += (p - y) * x;
      gradShift += p - y;
      ss += spread * x * x;
      sh += spread * x;
      hh += spread;
    }
    const det = ss * hh - sh * sh;
    const step = 0.7;
    slope = Math.max(LEAST_SLOPE, slope - (step * (hh * gradSlope - sh * gradShift)) / det);
    shift -= (step * (ss * gradShift - sh * gradSlope)) / det;
  }
  const rounded = (value: number) => Math.round(value * 100) / 100;
  return { slope: rounded(slope), shift: rounded(shift) };
}

/** The scales of all kinds as main/engine/discover/confidence.ts writes them. */
export function fittedScales(findings: readonly Judged[]): string {
  const kinds = new Set(findings.map(({ kind }) => kind));
  return [...kinds]
    .map((kind: FindingKind) => {
      const own = findings.filter((finding) => finding.kind === kind);
      const { slope, shift } = fitScale(
        own.map(({ confidence, isRight }) => ({ strength: strengthOf(kind, confidence), isRight })),
      );
      return `  ${kind}: { slope: ${slope}, shift: ${shift} },`;
    })
    .join('\n');
}
