import { type NameKind, NAME_KINDS, type Names } from './names.ts';
import type { Fresh, FreshTexts, FreshTuples } from './parse-message.ts';
import { TUPLE_KINDS, type TupleKind } from './tuples.ts';

/** Keeps the texts and tuples of two threads the same: what one has learnt is told to the other. */
export class NameSync {
  readonly #names: Names;
  readonly #toldTexts = new Map<NameKind, number>();
  readonly #toldTuples = new Map<TupleKind, number>();

  constructor(names: Names) {
    this.#names = names;
    for (const kind of NAME_KINDS) this.#toldTexts.set(kind, names.size(kind) === 0 ? 0 : 1);
  }

  /** What the other thread does not know yet. */
  take(): Fresh {
    return { texts: this.#takeTexts(), tuples: this.#takeTuples() };
  }

  /** Learns from the other thread, in its order. */
  give({ texts, tuples }: Fresh): void {
    for (const { kind, texts: spelled } of texts) {
      for (const text of spelled) this.#names.restoreNext(kind, text);
      this.#toldTexts.set(kind, this.#names.size(kind));
    }
    for (const { kind, words } of tuples) {
      this.#names.tuples[kind].restore(words);
      this.#toldTuples.set(kind, this.#names.tuples[kind].size);
    }
  }

  #takeTexts(): readonly FreshTexts[] {
    return NAME_KINDS.flatMap((kind) => {
      const told = this.#toldTexts.get(kind) ?? 0;
      const entries = this.#names[kind].entriesFrom(told);
      this.#toldTexts.set(kind, told + entries.length);
      return entries.length === 0 ? [] : [{ kind, texts: entries.map(({ text }) => text) }];
    });
  }

  #takeTuples(): readonly FreshTuples[] {
    return TUPLE_KINDS.flatMap((kind) => {
      const table = this.#names.tuples[kind];
      const told = this.#toldTuples.get(kind) ?? 0;
      this.#toldTuples.set(kind, table.size);
      return told === table.size ? [] : [{ kind, words: table.wordsFrom(told) }];
    });
  }
}
