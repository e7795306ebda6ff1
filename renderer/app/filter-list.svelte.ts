import {
  NO_FILTERS,
  withoutSavedFilter,
  withRecentFilter,
  withSavedFilter,
  type FilterList,
} from '../../shared/domain/saved-filters.ts';
import type { EngineClient } from '../../shared/ipc/contract.ts';
import type { Toasts } from './toasts.svelte.ts';

/** The filters that the open project keeps: those with a name, and those used lately. */
export class FilterListStore {
  list = $state.raw<FilterList>(NO_FILTERS);
  readonly #engine: EngineClient;
  readonly #toasts: Toasts;

  constructor(engine: EngineClient, toasts: Toasts) {
    this.#engine = engine;
    this.#toasts = toasts;
  }

  /** Reads what the open project keeps. */
  async read(): Promise<void> {
    try {
      this.list = await this.#engine.call('filter.read', {});
    } catch (thrown) {
      this.#toasts.fail(thrown);
    }
  }

  /** Notes a filter as used just now. */
  async remember(text: string): Promise<void> {
    if (text !== '' && this.list.recent[0] !== text)
      await this.#write(withRecentFilter(this.list, text));
  }

  /** Keeps a filter under a name. */
  async save(name: string, text: string): Promise<void> {
    await this.#write(withSavedFilter(this.list, { name, text }));
  }

  /** Forgets the filter of a name. */
  async remove(name: string): Promise<void> {
    await this.#write(withoutSavedFilter(this.list, name));
  }

  async #write(list: FilterList): Promise<void> {
    this.list = list;
    try {
      await this.#engine.call('filter.write', {
        saved: [...list.saved],
        recent: [...list.recent],
      });
    } catch (thrown) {
      this.#toasts.fail(thrown);
    }
  }
}
