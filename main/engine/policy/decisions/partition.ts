/**
 * Things sorted into classes by which sets hold them. Two things are in one class while no set given
 * so far holds one and not the other; so what rules do with one of a class they do with all.
 */
export class Partition {
  /** The class of each thing. */
  readonly classOf: Uint32Array;
  /** The class each class was split off from, and the set that split it off; -1 for the first one. */
  readonly #parents: number[] = [-1];
  readonly #sets: number[] = [-1];
  #setCount = 0;

  /** @param count how many things there are; they are numbered from 0 */
  constructor(count: number) {
    this.classOf = new Uint32Array(count);
  }

  /** How many classes there are; some may have lost all their things. */
  get classCount(): number {
    return this.#parents.length;
  }

  /**
   * Adds up, for each class, what the sets that hold its things stand for. A class has all that the one
   * it was split off from has, and what the set that split it off adds.
   *
   * @param words how many words a class has
   * @param always the words every class has
   * @param ofSet the words a set adds, by its number; absent for nothing
   */
  masks(
    words: number,
    always: Uint32Array,
    ofSet: readonly (Uint32Array | undefined)[],
  ): Uint32Array {
    const masks = new Uint32Array(this.classCount * words);
    masks.set(always);
    for (let each = 1; each < this.classCount; each++) {
      const [from, to] = [(this.#parents[each] ?? 0) * words, each * words];
      const added = ofSet[this.#sets[each] ?? -1];
      if (added === undefined) masks.copyWithin(to, from, from + words);
      else {
        for (let word = 0; word < words; word++) {
          masks[to + word] = (masks[from + word] ?? 0) | (added[word] ?? 0);
        }
      }
    }
    return masks;
  }

  /**
   * Splits the classes by one more set.
   *
   * @param held calls its argument once for each thing the set holds
   * @returns the number of the set
   */
  split(held: (take: (thing: number) => void) => void): number {
    const set = this.#setCount++;
    const insideOf = new Map<number, number>();
    held((thing) => {
      const before = this.classOf[thing] ?? 0;
      let inside = insideOf.get(before);
      if (inside === undefined) {
        inside = this.#parents.push(before) - 1;
        this.#sets.push(set);
        insideOf.set(before, inside);
      }
      this.classOf[thing] = inside;
    });
    return set;
  }
}
