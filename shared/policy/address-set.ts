import {
  formatAddress,
  parseAddressRange,
  type Address,
  type AddressRange,
} from '../net/address.ts';
import {
  holds,
  includes,
  intersect,
  ofStretches,
  overlap,
  same,
  stretchesOf,
  subtract,
  union,
  type Intervals,
  type Stretch,
} from './intervals.ts';

const END_4 = 2 ** 32;
const END_6 = 1n << 128n;

/** A set of IPv4 and IPv6 addresses. Sets do not change; equal sets have equal parts. */
export class AddressSet {
  /** No address. */
  static readonly NONE = new AddressSet([], []);
  /** Every address of both families. */
  static readonly ALL = new AddressSet([0, END_4], [0n, END_6]);
  static readonly ALL_IPV4 = new AddressSet([0, END_4], []);
  static readonly ALL_IPV6 = new AddressSet([], [0n, END_6]);

  readonly v4: Intervals<number>;
  readonly v6: Intervals<bigint>;

  private constructor(v4: Intervals<number>, v6: Intervals<bigint>) {
    this.v4 = v4;
    this.v6 = v6;
  }

  static #make(v4: Intervals<number>, v6: Intervals<bigint>): AddressSet {
    return v4.length === 0 && v6.length === 0 ? AddressSet.NONE : new AddressSet(v4, v6);
  }

  /** The addresses of some ranges, which may overlap. */
  static ofRanges(ranges: readonly AddressRange[]): AddressSet {
    const v4: Stretch<number>[] = [];
    const v6: Stretch<bigint>[] = [];
    for (const { family, first, last } of ranges) {
      if (family === 4) v4.push([Number(first), Number(last) + 1]);
      else v6.push([first, last + 1n]);
    }
    return AddressSet.#make(ofStretches(v4), ofStretches(v6));
  }

  /** The addresses of texts: single ones, CIDR blocks and ranges; and the texts that are none of these. */
  static read(texts: readonly string[]): {
    readonly set: AddressSet;
    readonly unreadable: readonly string[];
  } {
    const ranges: AddressRange[] = [];
    const unreadable: string[] = [];
    for (const text of texts) {
      const range = parseAddressRange(text.trim());
      if (range === undefined) unreadable.push(text);
      else ranges.push(range);
    }
    return { set: AddressSet.ofRanges(ranges), unreadable };
  }

  get isEmpty(): boolean {
    return this.v4.length === 0 && this.v6.length === 0;
  }

  /** How many addresses there are, up to 2^128 + 2^32. */
  get size(): bigint {
    const four = stretchesOf(this.v4).reduce((sum, [from, to]) => sum + (to - from), 0);
    return stretchesOf(this.v6).reduce((sum, [from, to]) => sum + (to - from), BigInt(four));
  }

  has({ family, value }: Address): boolean {
    return family === 4 ? holds(this.v4, Number(value)) : holds(this.v6, value);
  }

  union(other: AddressSet): AddressSet {
    if (other === this || other.isEmpty) return this;
    return this.isEmpty
      ? other
      : AddressSet.#make(union(this.v4, other.v4), union(this.v6, other.v6));
  }

  intersect(other: AddressSet): AddressSet {
    if (other === this || other === AddressSet.ALL) return this;
    if (this === AddressSet.ALL) return other;
    return AddressSet.#make(intersect(this.v4, other.v4), intersect(this.v6, other.v6));
  }

  subtract(other: AddressSet): AddressSet {
    if (other === AddressSet.ALL || other === this) return AddressSet.NONE;
    return AddressSet.#make(subtract(this.v4, other.v4), subtract(this.v6, other.v6));
  }

  /** Every address of both families that is not in this set. */
  complement(): AddressSet {
    return AddressSet.ALL.subtract(this);
  }

  /** Whether all addresses of the other set are in this one. */
  contains(other: AddressSet): boolean {
    return (
      other === this ||
      this === AddressSet.ALL ||
      (includes(this.v4, other.v4) && includes(this.v6, other.v6))
    );
  }

  overlaps(other: AddressSet): boolean {
    return overlap(this.v4, other.v4) || overlap(this.v6, other.v6);
  }

  equals(other: AddressSet): boolean {
    return other === this || (same(this.v4, other.v4) && same(this.v6, other.v6));
  }

  /**
   * Some address of the set, another one for most other numbers: its stretches in turn, first their
   * beginnings, then their ends; `undefined` where the set is empty.
   */
  sample(number: number): Address | undefined {
    const four = this.v4.length / 2;
    const stretches = four + this.v6.length / 2;
    if (stretches === 0) return undefined;
    const at = 2 * (number % stretches);
    const isEnd = Math.floor(number / stretches) % 2 === 1;
    if (at < 2 * four) {
      const value = isEnd ? (this.v4[at + 1] ?? 1) - 1 : (this.v4[at] ?? 0);
      return { family: 4, value: BigInt(value) };
    }
    const place = at - 2 * four;
    const value = isEnd ? (this.v6[place + 1] ?? 1n) - 1n : (this.v6[place] ?? 0n);
    return { family: 6, value };
  }

  /** The set as ranges, IPv4 first, in order, none touching another. */
  ranges(): readonly AddressRange[] {
    const v4 = stretchesOf(this.v4).map(([from, to]): AddressRange => {
      return { family: 4, first: BigInt(from), last: BigInt(to) - 1n };
    });
    const v6 = stretchesOf(this.v6).map(([from, to]): AddressRange => {
      return { family: 6, first: from, last: to - 1n };
    });
    return [...v4, ...v6];
  }

  /** The ranges as texts: single addresses, or `first-last`. */
  texts(): readonly string[] {
    return this.ranges().map(({ family, first, last }) => {
      const start = formatAddress({ family, value: first });
      return first === last ? start : `${start}-${formatAddress({ family, value: last })}`;
    });
  }

  /** A text that equal sets share and different sets do not. */
  get key(): string {
    return `${this.v4.join(',')}|${this.v6.join(',')}`;
  }
}
