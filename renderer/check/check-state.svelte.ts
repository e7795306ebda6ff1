import { createContext } from 'svelte';
import type { Disagreement } from '../../shared/domain/agreement.ts';
import type { FilterTerm } from '../../shared/domain/filter.ts';
import type { CheckReport, FindingFix, FindingKind } from '../../shared/domain/finding.ts';
import type {
  DecidedFlowPage,
  DecidedFlowRow,
  ExplainedFlow,
} from '../../shared/domain/decision.ts';
import type { Outcome } from '../../shared/policy/decide.ts';
import { Latest } from '../app/latest.svelte.ts';
import type { LinesWish } from '../app/lines-asked.ts';
import type { Workbench } from '../app/workbench.svelte.ts';

/** How many flows of an outcome are shown. */
export const SHOWN_FLOWS = 200;

/** What an answer was made from. */
interface Basis {
  readonly rulesetRevision: number;
  readonly dataRevision: number;
}

/** A flow that need not have been seen. */
export interface TriedFlow {
  readonly source: string;
  readonly destination: string;
  /** As `TCP/443`. */
  readonly service: string;
}

/** The check of the ruleset as it stands, and the flows of the outcome at hand. */
export class CheckState {
  readonly report = new Latest<{ readonly basis: Basis; readonly report: CheckReport }>();
  readonly flows = new Latest<{
    readonly outcome: Outcome;
    readonly revision: number;
    readonly page: DecidedFlowPage;
  }>();
  /** The flow to try, as it was typed. */
  readonly tried = $state({ source: '', destination: '', service: '' });
  /** What the rules would do with the flow that was tried last. */
  readonly explained = new Latest<{
    readonly question: TriedFlow;
    readonly answer: ExplainedFlow;
  }>();
  outcome = $state<Outcome>('newly-blocked');
  /** The kind of findings shown; `null` for all. */
  kind = $state<FindingKind | null>(null);
  /** What the user cancelled, so that it is not asked again by itself. */
  #cancelled: Basis | null = null;
  readonly #workbench: Workbench;
  readonly basis: Basis = $derived.by(() => ({
    rulesetRevision: this.#workbench.ruleset.state?.revision ?? 0,
    dataRevision: this.#workbench.dataRevision,
  }));
  /** The report for the rules as they are now; `null` while there is none. */
  readonly shown: CheckReport | null = $derived.by(() =>
    this.isStale ? null : (this.report.value?.report ?? null),
  );
  readonly isStale: boolean = $derived.by(() => !same(this.report.value?.basis, this.basis));

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Checks unless the report at hand is for what stands now, or the user cancelled that. */
  async refresh(basis: Basis = this.basis): Promise<void> {
    if (this.isStale && !same(this.#cancelled ?? undefined, basis)) await this.ask();
  }

  /** Checks the rules as they stand. */
  async ask(): Promise<void> {
    const { basis } = this;
    this.#cancelled = null;
    await this.report.run(async (signal) => ({
      basis,
      report: await this.#workbench.engine.call('check.run', {}, { signal }),
    }));
  }

  /** Stops checking. */
  cancel(): void {
    this.#cancelled = this.basis;
    this.report.cancel();
  }

  /** Reads the busiest flows of an outcome. */
  async readFlows(outcome: Outcome, revision: number): Promise<void> {
    await this.flows.run(async (signal) => ({
      outcome,
      revision,
      page: await this.#workbench.engine.call(
        'decision.flows',
        { window: null, outcomes: [outcome], offset: 0, limit: SHOWN_FLOWS },
        { signal },
      ),
    }));
  }

  /** Asks what the rules would do with a flow; without one, with the flow that was asked for last. */
  async explain(
    question: TriedFlow | null = this.explained.value?.question ?? null,
  ): Promise<void> {
    if (question === null) return;
    await this.explained.run(async (signal) => {
      const answer = await this.#workbench.engine.call('decision.explain', question, { signal });
      return { question, answer };
    });
  }

  /** What a rule is called; the default rule and what is gone have words of their own. */
  ruleName(id: string | null): string {
    if (id === null) return 'not enforced';
    if (id === 'default') return 'default rule';
    return this.#workbench.ruleset.rules.find((rule) => rule.id === id)?.name ?? 'removed rule';
  }

  /** Whether there is a rule to go to. */
  hasRule(id: string | null): id is string {
    return this.#workbench.ruleset.rules.some((rule) => rule.id === id);
  }

  /** Shows a rule in the table of rules. */
  goTo(id: string): void {
    this.#workbench.ruleset.selectedId = id;
    this.#workbench.inspectorOpen = true;
    this.#workbench.show('rules');
  }

  /** The logged lines of a flow, of all time. */
  linesOf(flow: DecidedFlowRow): LinesWish {
    return { kind: 'filter', filter: { terms: termsOfFlow(flow), window: null } };
  }

  /** The logged lines that a replay decides otherwise, under the rule and verdict of the log. */
  linesOfExample(example: Disagreement): LinesWish {
    const { source, destination, service, direction, loggedRule, loggedAction } = example;
    const terms = [
      ...termsOfFlow({ source, destination, service }),
      { field: 'direction', exclude: false, values: [direction] },
      { field: 'rule', exclude: false, values: [String(loggedRule)] },
      { field: 'action', exclude: false, values: [loggedAction] },
    ] as const;
    return { kind: 'filter', filter: { terms, window: null } };
  }

  /** Settles a finding, as one change that undo takes back. */
  async fix({ label, changes }: FindingFix): Promise<boolean> {
    if (this.isStale) return false;
    const { history, ruleset, toasts } = this.#workbench;
    const done = await ruleset.change({ kind: 'several', label: label.slice(0, 255), changes });
    if (done)
      toasts.say(`${label}: done.`, {
        tone: 'good',
        topic: 'history',
        action: { label: 'Undo', run: () => void history.undo() },
      });
    return done;
  }
}

function termsOfFlow({ source, destination, service }: TriedFlow): readonly FilterTerm[] {
  return [
    { field: 'source', exclude: false, values: [source] },
    { field: 'destination', exclude: false, values: [destination] },
    { field: 'service', exclude: false, values: [service] },
  ];
}

function same(a: Basis | undefined, b: Basis): boolean {
  return a?.rulesetRevision === b.rulesetRevision && a.dataRevision === b.dataRevision;
}

const [getState, setState] = createContext<CheckState>();

/** The state of the check screen, given by the frame; throws outside of it. */
export const getCheck = getState;

/** Gives the state of the check screen to the components below; returns it. */
export const setCheck = setState;
