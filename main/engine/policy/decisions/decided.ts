import type { CompiledRuleset } from '../../../../shared/policy/compile.ts';
import type { FlowColumns } from './flow-columns.ts';
import { FlowClasses, type Combinations } from './flow-classes.ts';
import { decideCombinations, type CombinationDecisions } from './rule-masks.ts';
import {
  weighCombinations,
  weighFlows,
  type CombinationWeights,
  type FlowWeights,
} from './weights.ts';

/** All flows of a project, decided by one ruleset. */
export interface Decided {
  readonly ruleset: CompiledRuleset;
  readonly flows: FlowColumns;
  readonly weights: FlowWeights;
  readonly combinations: Combinations;
  readonly combined: CombinationWeights;
  readonly decisions: CombinationDecisions;
}

/**
 * Decides all flows again and again while the ruleset is edited. Flows are held in classes that no
 * rule tells apart, so an edit costs the new sets it brings, and then one decision a class.
 */
export class FlowDecider {
  readonly flows: FlowColumns;
  readonly #weights: FlowWeights;
  #classes: FlowClasses;
  #combined: { readonly by: Combinations; readonly weights: CombinationWeights } | undefined;

  constructor(flows: FlowColumns) {
    this.flows = flows;
    this.#weights = weighFlows(flows);
    this.#classes = new FlowClasses(flows);
  }

  /** Decides all flows by a ruleset. */
  decide(ruleset: CompiledRuleset): Decided {
    if (this.#classes.isStale(ruleset)) this.#classes = new FlowClasses(this.flows);
    const { combinations, decisions } = decideCombinations(ruleset, this.#classes);
    if (this.#combined?.by !== combinations) {
      const weights = weighCombinations(this.#weights, combinations);
      this.#combined = { by: combinations, weights };
    }
    return {
      ruleset,
      flows: this.flows,
      weights: this.#weights,
      combinations,
      combined: this.#combined.weights,
      decisions,
    };
  }
}
