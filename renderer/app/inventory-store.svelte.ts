import type { Correction } from '../../shared/domain/correction.ts';
import type { HistoryState } from '../../shared/domain/history.ts';
import type { Inventory } from '../../shared/domain/inventory.ts';
import type { EngineClient } from '../../shared/ipc/contract.ts';
import type { HistoryStore } from './history-store.svelte.ts';
import { Latest } from './latest.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** The inventory in force as the engine holds it, and the ways to correct it. */
export class InventoryStore {
  readonly latest = new Latest<Inventory>();
  readonly value: Inventory | null = $derived(this.latest.value);
  readonly #engine: EngineClient;
  readonly #toasts: Toasts;
  readonly #history: HistoryStore;

  constructor(engine: EngineClient, toasts: Toasts, history: HistoryStore) {
    this.#engine = engine;
    this.#toasts = toasts;
    this.#history = history;
  }

  async read(): Promise<void> {
    await this.latest.run((signal) => this.#engine.call('inventory.read', {}, { signal }));
  }

  /** The name of an address, `null` where it has none. */
  nameOf(address: string): string | null {
    const names = this.value?.names;
    return names !== undefined && Object.hasOwn(names, address) ? (names[address] ?? null) : null;
  }

  /** Makes corrections together. Returns whether that worked; a failure is shown as a toast. */
  async correct(...corrections: readonly Correction[]): Promise<boolean> {
    if (corrections.length === 0) return false;
    return this.change(this.#engine.call('inventory.change', { corrections }));
  }

  /** Awaits a change and reads the inventory again. Rejects where the change failed. */
  async changeOrThrow(answer: Promise<HistoryState>): Promise<void> {
    this.#toasts.dismissTopic('history');
    this.#history.take(await answer);
    await this.read();
  }

  /** Awaits a change and reads the inventory again; a failure is shown as a toast. */
  async change(answer: Promise<HistoryState>): Promise<boolean> {
    try {
      await this.changeOrThrow(answer);
      return true;
    } catch (thrown) {
      this.#toasts.fail(thrown);
      return false;
    }
  }
}
