/** What was found beside what was there to find. */
export interface Measure {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Found and right. */
  readonly hits: number;
  /** There, provable, and not found. */
  readonly missed: readonly string[];
  /** Found and not there. */
  readonly wrong: readonly string[];
}

/** The harmonic mean of precision and recall; 0 where both are. */
export function f1(precision: number, recall: number): number {
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/**
 * Compares sets of texts.
 *
 * @param required what must be found
 * @param allowed what is true although the lines do not prove it: finding it is neither right nor wrong
 */
export function compare(
  found: Iterable<string>,
  required: ReadonlySet<string>,
  allowed: ReadonlySet<string>,
): Measure {
  const all = new Set(found);
  const hits = [...required].filter((item) => all.has(item)).length;
  const wrong = [...all].filter((item) => !required.has(item) && !allowed.has(item));
  const precision = hits + wrong.length === 0 ? 1 : hits / (hits + wrong.length);
  const recall = required.size === 0 ? 1 : hits / required.size;
  const missed = [...required].filter((item) => !all.has(item));
  return { precision, recall, f1: f1(precision, recall), hits, missed, wrong };
}

function pairs(count: number): number {
  return (count * (count - 1)) / 2;
}

/** How many items have each pair of labels, and each label alone. */
function contingency(labels: readonly (readonly [string, string])[]) {
  const both = new Map<string, number>();
  const left = new Map<string, number>();
  const right = new Map<string, number>();
  for (const [a, b] of labels) {
    const key = JSON.stringify([a, b]);
    both.set(key, (both.get(key) ?? 0) + 1);
    left.set(a, (left.get(a) ?? 0) + 1);
    right.set(b, (right.get(b) ?? 0) + 1);
  }
  return { both, left, right };
}

/**
 * The adjusted Rand index of two clusterings (Hubert and Arabie, 1985): 1 where they are the same, about
 * 0 where they agree by chance only, 1 too where both hold a single cluster or only single items.
 *
 * @param labels the true and the found label of each item
 */
export function adjustedRandIndex(labels: readonly (readonly [string, string])[]): number {
  const { both, left, right } = contingency(labels);
  const sum = (counts: ReadonlyMap<string, number>) =>
    [...counts.values()].reduce((total, count) => total + pairs(count), 0);
  const [together, inTruth, inFound, all] = [
    sum(both),
    sum(left),
    sum(right),
    pairs(labels.length),
  ];
  if (all === 0) return 1;
  const expected = (inTruth * inFound) / all;
  const most = (inTruth + inFound) / 2;
  return most === expected ? 1 : (together - expected) / (most - expected);
}

/**
 * B-cubed precision and recall of a clustering (Bagga and Baldwin, 1998): for each item, the share of those
 * found with it that belong with it, and of those that belong with it that are found with it.
 *
 * @param items a name, the true and the found label of each item
 */
export function bCubed(items: readonly (readonly [string, string, string])[]): Measure {
  const { both, left, right } = contingency(items.map(([, a, b]) => [a, b] as const));
  let precision = 0;
  let recall = 0;
  const missed: string[] = [];
  const wrong: string[] = [];
  for (const [name, a, b] of items) {
    const shared = both.get(JSON.stringify([a, b])) ?? 0;
    const inFound = right.get(b) ?? shared;
    const inTruth = left.get(a) ?? shared;
    precision += shared / inFound;
    recall += shared / inTruth;
    if (shared < inTruth) missed.push(`${name} is apart from others of ${a}`);
    if (shared < inFound) wrong.push(`${name} of ${a} is in ${b} with others`);
  }
  const count = Math.max(1, items.length);
  precision = items.length === 0 ? 1 : precision / count;
  recall = items.length === 0 ? 1 : recall / count;
  const hits = items.length - new Set([...missed, ...wrong].map((text) => text.split(' ')[0])).size;
  return { precision, recall, f1: f1(precision, recall), hits, missed, wrong };
}
