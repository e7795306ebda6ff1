import { bug } from '../../../shared/failure/failure.ts';

const LIMIT = 2 ** 28 - 1;

/**
 * Gives every distinct tuple of 32-bit numbers a small number, from 0 on, and back. A code is never
 * given twice.
 */
export class TupleTable {
  /** Numbers of a tuple. */
  readonly width: number;
  #words: Uint32Array;
  #size = 0;
  #slots = new Int32Array(1024).fill(-1);

  constructor(width: number) {
    this.width = width;
    this.#words = new Uint32Array(256 * width);
  }

  /** How many tuples there are. */
  get size(): number {
    return this.#size;
  }

  /** The numbers of all tuples, one after the other; another array once a tuple was added. */
  get words(): Uint32Array {
    return this.#words;
  }

  /** The code of the tuple that the first numbers of `words` are, made where it is new. */
  codeOf(words: Uint32Array): number {
    const known = this.#words;
    const { width } = this;
    let slot = this.#hashOf(words, 0) & (this.#slots.length - 1);
    for (;;) {
      const code = this.#slots[slot] ?? -1;
      if (code < 0) return this.#add(words, slot);
      const at = code * width;
      let word = 0;
      while (word < width && known[at + word] === words[word]) word++;
      if (word === width) return code;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
  }

  /** The tuples from the given count on, one after the other, as a copy. */
  wordsFrom(count: number): Uint32Array {
    return this.#words.slice(count * this.width, this.#size * this.width);
  }

  /** Adds tuples in the order of their codes, as another thread or the project file has coded them. */
  restore(words: Uint32Array): void {
    for (let at = 0; at < words.length; at += this.width) {
      const next = this.#size;
      const code = this.codeOf(words.subarray(at, at + this.width));
      if (code !== next) bug(`tuple ${next} is there already as ${code}`);
    }
  }

  #hashOf(words: Uint32Array, from: number): number {
    let hash = 0x811c9dc5;
    for (let word = 0; word < this.width; word++) {
      hash = Math.imul(hash ^ (words[from + word] ?? 0), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  #add(words: Uint32Array, slot: number): number {
    const code = this.#size;
    if (code >= LIMIT) bug(`more than ${LIMIT} distinct tuples of one kind`);
    const at = code * this.width;
    if (at === this.#words.length) {
      const more = new Uint32Array(2 * at);
      more.set(this.#words);
      this.#words = more;
    }
    for (let word = 0; word < this.width; word++) this.#words[at + word] = words[word] ?? 0;
    this.#size++;
    this.#slots[slot] = code;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    return code;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 4).fill(-1);
    for (let code = 0; code < this.#size; code++) {
      let slot = this.#hashOf(this.#words, code * this.width) & (slots.length - 1);
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = code;
    }
    this.#slots = slots;
  }
}

/** The kinds of tuples that many events share, with the numbers of each, as the tables of these names. */
export const TUPLE_COLUMNS = {
  origin: ['host', 'filter'],
  context: [
    'kind',
    'reason',
    'action',
    'ruleset',
    'rule',
    'direction',
    'protocol',
    'tag',
    'reply',
    'seen',
    'weight',
  ],
  manner: ['flags', 'close', 'icmp', 'length'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** One of the kinds of tuples that many events share. */
export type TupleKind = keyof typeof TUPLE_COLUMNS;

/** The kinds in the order in which they are told and saved. */
export const TUPLE_KINDS: readonly TupleKind[] = ['origin', 'context', 'manner'];

/** All tuples of a project by kind. */
export class Tuples {
  /** Who logged: host and filter. */
  readonly origin = new TupleTable(TUPLE_COLUMNS.origin.length);
  /** What was decided, by which rule, for which kind of packet. */
  readonly context = new TupleTable(TUPLE_COLUMNS.context.length);
  /** How the packet looked or the session ended. */
  readonly manner = new TupleTable(TUPLE_COLUMNS.manner.length);
}
