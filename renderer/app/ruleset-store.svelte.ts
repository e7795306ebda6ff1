import {
  CATEGORIES,
  type Policy,
  type Rule,
  type RulesetChange,
  type RulesetState,
} from '../../shared/domain/ruleset.ts';
import { rulesOf } from '../../shared/domain/ruleset-change.ts';
import type { EngineClient } from '../../shared/ipc/contract.ts';
import type { HistoryStore } from './history-store.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** The ruleset as the engine holds it, and the ways to change it. */
export class RulesetStore {
  state = $state.raw<RulesetState | null>(null);
  /** In the order of evaluation: by category, and in the order of the list within one. */
  readonly policies: readonly Policy[] = $derived.by(() =>
    (this.state?.ruleset.policies ?? []).toSorted(
      (a, b) => CATEGORIES.indexOf(a.category) - CATEGORIES.indexOf(b.category),
    ),
  );
  /** All rules in the order of evaluation. */
  readonly rules: readonly Rule[] = $derived(rulesOf({ policies: this.policies }));
  /** The rule selected, on the map or in the table. */
  selectedId = $state<string | null>(null);
  readonly selected: Rule | null = $derived(
    this.rules.find((rule) => rule.id === this.selectedId) ?? null,
  );
  readonly #engine: EngineClient;
  readonly #toasts: Toasts;

  readonly #history: HistoryStore;

  constructor(engine: EngineClient, toasts: Toasts, history: HistoryStore) {
    this.#engine = engine;
    this.#toasts = toasts;
    this.#history = history;
  }

  async read(): Promise<void> {
    await this.#take(this.#engine.call('ruleset.read', {}));
  }

  /** Changes the ruleset. Returns whether that worked; a failure is shown as a toast. */
  async change(change: RulesetChange): Promise<boolean> {
    this.#toasts.dismissTopic('history');
    return this.#take(this.#engine.call('ruleset.change', { change }));
  }

  async #take(answer: Promise<RulesetState>): Promise<boolean> {
    try {
      const next = await answer;
      if (this.state === null || next.revision >= this.state.revision) this.state = next;
      this.#history.take(next);
      return true;
    } catch (thrown) {
      this.#toasts.fail(thrown);
      return false;
    }
  }

  /** Forgets the state, so that one with a smaller revision (of another project) is taken. */
  forget(): void {
    this.state = null;
    this.selectedId = null;
  }
}
