import type { AddressSet } from '../address-set.ts';
import { stretchesOf, type Point, type Stretch } from '../intervals.ts';
import type { ServiceSet } from '../service-set.ts';
import type { Box } from './boxes.ts';

/** A set of rules by their places, a bit a rule. */
type Bits = Uint32Array;

function setBit(bits: Bits, place: number): void {
  bits[place >>> 5] = (bits[place >>> 5] ?? 0) | (1 << (place & 31));
}

/** Equal sets get one number; remembers which rules use it. */
class Interned<S extends { readonly key: string }> {
  readonly sets: S[] = [];
  readonly users: number[][] = [];
  readonly ofRule: number[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #known = new WeakMap<S, number>();

  add(set: S, rule: number): void {
    let number = this.#known.get(set) ?? this.#numbers.get(set.key);
    if (number === undefined) {
      number = this.sets.push(set) - 1;
      this.users.push([]);
      this.#numbers.set(set.key, number);
    }
    this.#known.set(set, number);
    this.users[number]?.push(rule);
    this.ofRule[rule] = number;
  }
}

/** Calls back for each pair of sets that hold a common point, some pairs more than once. */
function sweep<T extends Point>(
  stretches: readonly (readonly [number, Stretch<T>])[],
  meet: (a: number, b: number) => void,
): void {
  const ordered = stretches.toSorted(([, [a]], [, [b]]) => (a < b ? -1 : a > b ? 1 : 0));
  const open: (readonly [number, T])[] = [];
  for (const [set, [from, to]] of ordered) {
    let kept = 0;
    for (const each of open) {
      const [other, end] = each;
      if (end <= from) continue;
      meet(set, other);
      open[kept] = each;
      kept++;
    }
    open.length = kept;
    open.push([set, to]);
  }
}

/** For each interned set the rules whose set overlaps it. */
function masksOfAddresses(sets: Interned<AddressSet>, rules: number): readonly Bits[] {
  const masks = sets.sets.map(() => new Uint32Array(Math.ceil(rules / 32)));
  const words = Math.ceil(sets.sets.length / 32);
  const met = sets.sets.map((): Bits => new Uint32Array(words));
  const meet = (a: number, b: number) => {
    const [of, by] = [met[a], met[b]];
    if (of === undefined || by === undefined) return;
    setBit(of, b);
    setBit(by, a);
  };
  sets.sets.forEach((set, at) => {
    if (!set.isEmpty) meet(at, at);
  });
  sweep(
    sets.sets.flatMap(({ v4 }, at) => stretchesOf(v4).map((each) => [at, each] as const)),
    meet,
  );
  sweep(
    sets.sets.flatMap(({ v6 }, at) => stretchesOf(v6).map((each) => [at, each] as const)),
    meet,
  );
  masks.forEach((mask, at) => {
    sets.users.forEach((users, other) => {
      const isMet = (((met[at]?.[other >>> 5] ?? 0) >>> (other & 31)) & 1) === 1;
      if (isMet) for (const rule of users) setBit(mask, rule);
    });
  });
  return masks;
}

function masksOfServices(sets: Interned<ServiceSet>, rules: number): readonly Bits[] {
  return sets.sets.map((set) => {
    const mask = new Uint32Array(Math.ceil(rules / 32));
    sets.sets.forEach((other, at) => {
      if (set.overlaps(other)) for (const rule of sets.users[at] ?? []) setBit(mask, rule);
    });
    return mask;
  });
}

/** Tells which of many boxes have flows in common, without trying each pair. */
export class OverlapIndex {
  readonly #sources = new Interned<AddressSet>();
  readonly #destinations = new Interned<AddressSet>();
  readonly #services = new Interned<ServiceSet>();
  readonly #masks: readonly (readonly Bits[])[];
  readonly #words: number;

  /** @param boxes one a rule; `null` where the rule has none */
  constructor(boxes: readonly (Box | null)[]) {
    boxes.forEach((box, rule) => {
      if (box === null) return;
      this.#sources.add(box.sources, rule);
      this.#destinations.add(box.destinations, rule);
      this.#services.add(box.services, rule);
    });
    this.#words = Math.ceil(boxes.length / 32);
    this.#masks = [
      masksOfAddresses(this.#sources, boxes.length),
      masksOfAddresses(this.#destinations, boxes.length),
      masksOfServices(this.#services, boxes.length),
    ];
  }

  /** Places of the rules, in rising order and without its own, whose boxes overlap that of a rule. */
  overlapping(rule: number): readonly number[] {
    const [sources, destinations, services] = [this.#sources, this.#destinations, this.#services]
      .map(({ ofRule }) => ofRule[rule])
      .map((set, at) => (set === undefined ? undefined : this.#masks[at]?.[set]));
    if (!sources || !destinations || !services) return [];
    const found: number[] = [];
    for (let word = 0; word < this.#words; word++) {
      let bits = (sources[word] ?? 0) & (destinations[word] ?? 0) & (services[word] ?? 0);
      while (bits !== 0) {
        const place = word * 32 + 31 - Math.clz32(bits & -bits);
        if (place !== rule) found.push(place);
        bits &= bits - 1;
      }
    }
    return found;
  }
}
