import type { HistoryState } from '../../shared/domain/history.ts';
import type { EngineClient } from '../../shared/ipc/contract.ts';
import type { Toasts } from './toasts.svelte.ts';

/** What undo and redo would do to all that the user made, and the ways to do it. */
export class HistoryStore {
  state = $state.raw<HistoryState | null>(null);
  readonly #engine: EngineClient;
  readonly #toasts: Toasts;

  constructor(engine: EngineClient, toasts: Toasts) {
    this.#engine = engine;
    this.#toasts = toasts;
  }

  async read(): Promise<void> {
    await this.#await(this.#engine.call('history.read', {}));
  }

  /** Takes a state that came with another answer; an older one is dropped. */
  take(next: HistoryState): void {
    const { revision, undo, redo } = next;
    if (this.state === null || revision >= this.state.revision)
      this.state = { revision, undo, redo };
  }

  async undo(): Promise<void> {
    const name = this.state?.undo ?? null;
    if (name === null) return;
    if (await this.#await(this.#engine.call('history.undo', {})))
      this.#toasts.say(`Undone: ${name}`, { topic: 'history' });
  }

  async redo(): Promise<void> {
    const name = this.state?.redo ?? null;
    if (name === null) return;
    if (await this.#await(this.#engine.call('history.redo', {})))
      this.#toasts.say(`Done again: ${name}`, { topic: 'history' });
  }

  /** Forgets the state, so that one with a smaller revision (of another project) is taken. */
  forget(): void {
    this.state = null;
  }

  async #await(answer: Promise<HistoryState>): Promise<boolean> {
    try {
      this.take(await answer);
      return true;
    } catch (thrown) {
      this.#toasts.fail(thrown);
      return false;
    }
  }
}
