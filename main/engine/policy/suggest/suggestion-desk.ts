import type { Inventory } from '../../../../shared/domain/inventory.ts';
import type { Ruleset } from '../../../../shared/domain/ruleset.ts';
import type { SuggestionList } from '../../../../shared/domain/suggestion.ts';
import { Cancelled } from '../../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../../shared/ipc/cancel.ts';
import type { CompiledRuleset } from '../../../../shared/policy/compile.ts';
import type { FlowSource } from '../decisions/flow-columns.ts';
import { readSeenFlows, type SeenFlows } from './seen-flows.ts';
import { Suggester, type SuggestionQuestion } from './suggest.ts';

/** What suggestions are made from at one time. */
export interface SuggestionBasis {
  readonly source: () => FlowSource;
  /** A new object whenever flows or groups have changed. */
  readonly inventory: Inventory;
  /** A new object whenever the rules have changed. */
  readonly ruleset: Ruleset;
  /** The very same array while the groups the draft brought along are the same. */
  readonly groups: readonly unknown[];
  readonly compile: (ruleset: Ruleset) => CompiledRuleset;
}

interface Made {
  readonly basis: SuggestionBasis;
  readonly applications: string;
  readonly suggester: Suggester;
}

/** Makes suggestions, and keeps what they are made from while nothing has changed. */
export class SuggestionDesk {
  #flows: { readonly inventory: Inventory; readonly flows: SeenFlows } | undefined;
  #made: Made | undefined;

  /**
   * Suggestions for a question.
   *
   * @param rejected keys of those that are not to be made
   * @throws Cancelled
   */
  async suggest(
    basis: SuggestionBasis,
    question: SuggestionQuestion,
    rejected: ReadonlySet<string>,
    signal: CancelSignal,
  ): Promise<Omit<SuggestionList, 'rejected'>> {
    const flows = await this.#read(basis, signal);
    const applications = JSON.stringify(question.applications);
    const { inventory, ruleset, groups, compile } = basis;
    const isKept =
      this.#made !== undefined &&
      this.#made.basis.inventory === inventory &&
      this.#made.basis.ruleset === ruleset &&
      this.#made.basis.groups === groups &&
      this.#made.applications === applications;
    if (signal.aborted) throw new Cancelled();
    if (!isKept || this.#made === undefined) {
      const suggester = new Suggester({ flows, inventory, ruleset, compile }, question);
      this.#made = { basis, applications, suggester };
    }
    return this.#made.suggester.suggest(question, rejected);
  }

  async #read({ inventory, source }: SuggestionBasis, signal: CancelSignal): Promise<SeenFlows> {
    if (this.#flows?.inventory !== inventory) {
      this.#flows = { inventory, flows: await readSeenFlows(source(), signal) };
    }
    return this.#flows.flows;
  }
}
