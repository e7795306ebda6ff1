import { type NameKind, NAME_KINDS, type Names } from './names.ts';
import type { FreshTexts } from './parse-message.ts';

/** Keeps the texts of two threads the same: what one has learnt is told to the other. */
export class NameSync {
  readonly #names: Names;
  readonly #told = new Map<NameKind, number>();

  constructor(names: Names) {
    this.#names = names;
    for (const kind of NAME_KINDS) this.#told.set(kind, names.size(kind) === 0 ? 0 : 1);
  }

  /** Texts the other thread does not know yet. */
  take(): readonly FreshTexts[] {
    return NAME_KINDS.flatMap((kind) => {
      const told = this.#told.get(kind) ?? 0;
      const entries = this.#names[kind].entriesFrom(told);
      this.#told.set(kind, told + entries.length);
      return entries.length === 0 ? [] : [{ kind, texts: entries.map(({ text }) => text) }];
    });
  }

  /** Learns texts from the other thread, in its order. */
  give(fresh: readonly FreshTexts[]): void {
    for (const { kind, texts } of fresh) {
      for (const text of texts) this.#names.restoreNext(kind, text);
      this.#told.set(kind, this.#names.size(kind));
    }
  }
}
