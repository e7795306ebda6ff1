/**
 * Things sorted into classes by which sets hold them. Two things are in one class while no set given
 * so far holds one and not the other; so what rules do with one of a class they do with all.
 */
export class Partition {
  /** The class of each thing. */
  readonly classOf: Uint32Array;
  readonly #setsOfClass: (readonly number[])[] = [[]];
  #setCount = 0;

  /** @param count how many things there are; they are numbered from 0 */
  constructor(count: number) {
    this.classOf = new Uint32Array(count);
  }

  /** How many classes there are; some may have lost all their things. */
  get classCount(): number {
    return this.#setsOfClass.length;
  }

  /** Numbers of the sets that hold the things of a class, in the order the sets came. */
  setsOf(classNumber: number): readonly number[] {
    return this.#setsOfClass[classNumber] ?? [];
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
        inside = this.#setsOfClass.push([...this.setsOf(before), set]) - 1;
        insideOf.set(before, inside);
      }
      this.classOf[thing] = inside;
    });
    return set;
  }
}
