import type { Ruleset, RulesetChange, RulesetState } from '../../../shared/domain/ruleset.ts';
import { applyChange, checkIds, nameOfChange } from '../../../shared/domain/ruleset-change.ts';
import type { DocumentChange, History } from '../store/history.ts';
import { RulesetDocuments } from './ruleset-documents.ts';

/** The ruleset as the project file keeps it. Changes are steps of the project's history. */
export class RulesetStore {
  readonly #history: History;
  #documents: RulesetDocuments | null = null;

  constructor(history: History) {
    this.#history = history;
  }

  /** The ruleset, and what undo and redo would do. */
  async read(): Promise<RulesetState> {
    const { ruleset } = await this.#present();
    return { ruleset, ...(await this.#history.read()) };
  }

  /**
   * Makes a change.
   *
   * @throws Failure `rule-unknown` or `rule-incomplete`; the ruleset then stays as it was
   */
  change(change: RulesetChange): Promise<RulesetState> {
    return this.#history.inTurn(async () => {
      const { ruleset } = await this.#present();
      return this.#commit(nameOfChange(ruleset, change), applyChange(ruleset, change));
    });
  }

  /**
   * Puts a whole ruleset in the place of the present one.
   *
   * @throws Failure `rule-incomplete` where two policies or rules have one id
   */
  replace(ruleset: Ruleset, label: string): Promise<RulesetState> {
    return this.#history.inTurn(async () => this.#commit(label, ruleset));
  }

  /**
   * What must be stored for another ruleset, as part of a step that changes other things too. The
   * caller commits the changes and then calls `done`. To be called in turn.
   */
  async prepare(
    change: (ruleset: Ruleset) => Ruleset,
  ): Promise<{ readonly changes: readonly DocumentChange[]; readonly done: () => void }> {
    const present = await this.#present();
    const next = change(present.ruleset);
    if (next === present.ruleset) return { changes: [], done: () => undefined };
    const { documents, changes } = present.to(next);
    return {
      changes,
      done: () => {
        this.#documents = documents;
      },
    };
  }

  /** Reads the ruleset again after a step through the history. */
  forget(): void {
    this.#documents = null;
  }

  async #commit(label: string, next: Ruleset): Promise<RulesetState> {
    checkIds(next);
    const { documents, changes } = (await this.#present()).to(next);
    await this.#history.commit(label, changes);
    this.#documents = documents;
    return this.read();
  }

  async #present(): Promise<RulesetDocuments> {
    this.#documents ??= RulesetDocuments.read(await this.#history.documents('ruleset'));
    return this.#documents;
  }
}
