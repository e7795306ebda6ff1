/** Kinds of findings, each with a scale of its own. */
export type FindingKind = 'group' | 'role' | 'vip' | 'application' | 'shared' | 'spurious';

/** How a strength becomes a probability: `logit p = slope * logit strength + shift`. */
export interface Scale {
  readonly slope: number;
  readonly shift: number;
}

/**
 * Fitted by logistic regression on generated estates that are not those the documentation reports
 * on. To fit them again: `node test/bench/run.mjs discovery --fit`; see docs/discovery.md.
 */
export const SCALES: Readonly<Record<FindingKind, Scale>> = {
  group: { slope: 0.33, shift: 4.69 },
  role: { slope: 0.23, shift: 2.37 },
  vip: { slope: 0.58, shift: 4.32 },
  application: { slope: 1.22, shift: 3.33 },
  shared: { slope: 0.78, shift: 3.5 },
  spurious: { slope: 0.97, shift: 7.45 },
};

/** No inference is surer than this, and none less sure is told. */
const MOST = 0.999;
const LEAST = 0.02;

function logit(p: number): number {
  return Math.log(p / (1 - p));
}

function within(p: number): number {
  return Math.min(MOST, Math.max(LEAST, p));
}

/** The probability that a finding of this strength, 0 to 1, is right. */
export function confidenceOf(kind: FindingKind, strength: number): number {
  const { slope, shift } = SCALES[kind];
  const p = 1 / (1 + Math.exp(-(slope * logit(within(strength)) + shift)));
  return Math.round(within(p) * 10_000) / 10_000;
}

/** The strength that gave a probability: what {@link SCALES} are fitted on. */
export function strengthOf(kind: FindingKind, confidence: number): number {
  const { slope, shift } = SCALES[kind];
  return 1 / (1 + Math.exp(-(logit(within(confidence)) - shift) / slope));
}
