import type { Policy, Rule, RulesetChange, RulesetState } from '../../shared/domain/ruleset.ts';
import { rulesOf } from '../../shared/domain/ruleset-change.ts';
import type { EngineClient } from '../../shared/ipc/contract.ts';
import type { Toasts } from './toasts.svelte.ts';

/** The ruleset as the engine holds it, and the ways to change it. */
export class RulesetStore {
  state = $state.raw<RulesetState | null>(null);
  readonly policies: readonly Policy[] = $derived(this.state?.ruleset.policies ?? []);
  readonly rules: readonly Rule[] = $derived(
    this.state === null ? [] : rulesOf(this.state.ruleset),
  );
  /** The rule selected, on the map or in the table. */
  selectedId = $state<string | null>(null);
  readonly selected: Rule | null = $derived(
    this.rules.find((rule) => rule.id === this.selectedId) ?? null,
  );
  readonly #engine: EngineClient;
  readonly #toasts: Toasts;

  constructor(engine: EngineClient, toasts: Toasts) {
    this.#engine = engine;
    this.#toasts = toasts;
  }

  async read(): Promise<void> {
    await this.#take(this.#engine.call('ruleset.read', {}));
  }

  /** Changes the ruleset. Returns whether that worked; a failure is shown as a toast. */
  async change(change: RulesetChange): Promise<boolean> {
    this.#toasts.dismissTopic('ruleset');
    return this.#take(this.#engine.call('ruleset.change', { change }));
  }

  async undo(): Promise<void> {
    const name = this.state?.undo ?? null;
    if (name === null) return;
    if (await this.#take(this.#engine.call('ruleset.undo', {})))
      this.#toasts.say(`Undone: ${name}`, { topic: 'ruleset' });
  }

  async redo(): Promise<void> {
    const name = this.state?.redo ?? null;
    if (name === null) return;
    if (await this.#take(this.#engine.call('ruleset.redo', {})))
      this.#toasts.say(`Done again: ${name}`, { topic: 'ruleset' });
  }

  async #take(answer: Promise<RulesetState>): Promise<boolean> {
    try {
      const next = await answer;
      if (this.state === null || next.revision >= this.state.revision) this.state = next;
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
