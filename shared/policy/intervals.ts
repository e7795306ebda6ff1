/** A number of the line that intervals lie on. */
export type Point = number | bigint;

/**
 * A set of numbers as the points where membership changes, strictly rising: the set begins at every
 * even place and ends before the point at the odd place after it. Equal sets have equal lists.
 */
export type Intervals<T extends Point> = readonly T[];

/** One stretch from `from` up to but without `to`. */
export type Stretch<T extends Point> = readonly [from: T, to: T];

/**
 * The set of numbers that `keep` wants, by whether the first and the second set hold them. What
 * neither holds must not be wanted.
 */
export function combine<T extends Point>(
  first: Intervals<T>,
  second: Intervals<T>,
  keep: (inFirst: boolean, inSecond: boolean) => boolean,
): Intervals<T> {
  const out: T[] = [];
  let i = 0;
  let j = 0;
  let isIn = false;
  for (;;) {
    const a = first[i];
    const b = second[j];
    const at = a === undefined || (b !== undefined && b < a) ? b : a;
    if (at === undefined) return out;
    if (a === at) i++;
    if (b === at) j++;
    const wanted = keep(i % 2 === 1, j % 2 === 1);
    if (wanted === isIn) continue;
    out.push(at);
    isIn = wanted;
  }
}

const either = (a: boolean, b: boolean) => a || b;
const both = (a: boolean, b: boolean) => a && b;
const onlyFirst = (a: boolean, b: boolean) => a && !b;

/** The numbers of either set. */
export function union<T extends Point>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  return combine(a, b, either);
}

/** The numbers of both sets. */
export function intersect<T extends Point>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  return a.length === 0 || b.length === 0 ? [] : combine(a, b, both);
}

/** The numbers of the first set without those of the second. */
export function subtract<T extends Point>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  return a.length === 0 || b.length === 0 ? a : combine(a, b, onlyFirst);
}

/** Whether some number is in both sets, found without building their intersection. */
export function overlap<T extends Point>(a: Intervals<T>, b: Intervals<T>): boolean {
  let i = 0;
  let j = 0;
  for (;;) {
    const [fromA, toA, fromB, toB] = [a[i], a[i + 1], b[j], b[j + 1]];
    if (fromA === undefined || toA === undefined || fromB === undefined || toB === undefined) {
      return false;
    }
    if (fromA < toB && fromB < toA) return true;
    if (toA <= toB) i += 2;
    else j += 2;
  }
}

/** Whether all numbers of the inner set are in the outer one, found without building their difference. */
export function includes<T extends Point>(outer: Intervals<T>, inner: Intervals<T>): boolean {
  let at = 0;
  for (let place = 0; place < inner.length; place += 2) {
    const [from, to] = [inner[place], inner[place + 1]];
    if (from === undefined || to === undefined) return false;
    for (let end = outer[at + 1]; end !== undefined && end < to; end = outer[at + 1]) at += 2;
    const [first, end] = [outer[at], outer[at + 1]];
    if (first === undefined || end === undefined || from < first || to > end) return false;
  }
  return true;
}

/** Whether the set holds the number. */
export function holds<T extends Point>(set: Intervals<T>, value: T): boolean {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const point = set[middle];
    if (point !== undefined && point <= value) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1;
}

/** Whether two sets hold the same numbers. */
export function same<T extends Point>(a: Intervals<T>, b: Intervals<T>): boolean {
  return a === b || (a.length === b.length && a.every((point, at) => point === b[at]));
}

/** The set of all numbers in any of the stretches. */
export function ofStretches<T extends Point>(stretches: readonly Stretch<T>[]): Intervals<T> {
  const ordered = stretches
    .filter(([from, to]) => from < to)
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const out: T[] = [];
  let end: T | undefined;
  for (const [from, to] of ordered) {
    if (end !== undefined && from <= end) {
      if (to > end) end = to;
      continue;
    }
    if (end !== undefined) out.push(end);
    out.push(from);
    end = to;
  }
  if (end !== undefined) out.push(end);
  return out;
}

/** The stretches of a set, in order. */
export function stretchesOf<T extends Point>(set: Intervals<T>): readonly Stretch<T>[] {
  const out: Stretch<T>[] = [];
  for (let at = 0; at < set.length; at += 2) {
    const from: T | undefined = set[at];
    const to: T | undefined = set[at + 1];
    if (from !== undefined && to !== undefined) out.push([from, to]);
  }
  return out;
}
