/* eslint-disable svelte/prefer-svelte-reactivity -- maps and sets here are replaced as a whole or are not shown */
import { createContext } from 'svelte';
import { acceptanceOf } from '../../shared/domain/acceptance.ts';
import { allowanceOf, type Allowance } from '../../shared/domain/allowance.ts';
import {
  DEFAULT_LEVEL,
  type Suggestion,
  type SuggestionList,
} from '../../shared/domain/suggestion.ts';
import { Latest } from '../app/latest.svelte.ts';
import type { Workbench } from '../app/workbench.svelte.ts';
import { plural } from '../ui/format.ts';

/** What the suggestions were made from; other suggestions may be right once any of it changed. */
interface Basis {
  readonly level: number;
  readonly isClosed: boolean;
  readonly rulesetRevision: number;
  readonly dataRevision: number;
}

/** Suggested rules: how far they are drawn together, which were rejected, and the one at hand. */
export class SuggestionState {
  level = $state(DEFAULT_LEVEL);
  /** Whether the denies that close applications are to be in force. */
  isClosed = $state(false);
  /** Whether the panel is on the screen. */
  isOpen = $state(false);
  readonly latest = new Latest<{ readonly basis: Basis; readonly list: SuggestionList }>();
  /** Keys of what was rejected since the list was made; the engine leaves it out of the next one. */
  hidden = $state.raw<ReadonlySet<string>>(new Set());
  /** Id of the suggestion the keyboard is at. */
  at = $state<string | null>(null);
  /** What the user cancelled, so that it is not asked again by itself. */
  cancelled = $state.raw<Basis | null>(null);
  readonly #workbench: Workbench;
  readonly basis: Basis = $derived.by(() => ({
    level: this.level,
    isClosed: this.isClosed,
    rulesetRevision: this.#workbench.ruleset.state?.revision ?? 0,
    dataRevision: this.#workbench.dataRevision,
  }));
  readonly list: SuggestionList | null = $derived(this.latest.value?.list ?? null);
  /** Whether what is shown was made from something that changed since. */
  readonly isStale: boolean = $derived.by(() => !same(this.latest.value?.basis, this.basis));
  /** What is neither accepted nor rejected, the greatest gain first; denies that close stay last. */
  readonly open: readonly Suggestion[] = $derived.by(() =>
    (this.list?.suggestions ?? [])
      .filter((each) => !this.hidden.has(each.key))
      .toSorted(
        (a, b) =>
          Number(a.isClosing) - Number(b.isClosing) ||
          b.gain.flows - a.gain.flows ||
          b.sessions - a.sessions,
      ),
  );
  readonly rejectedCount: number = $derived(
    (this.list?.rejectedNow ?? 0) + (this.list?.suggestions.length ?? 0) - this.open.length,
  );

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Asks for suggestions unless those at hand are for what stands now, or the user cancelled that. */
  async refresh(basis: Basis = this.basis): Promise<void> {
    if (!this.isStale || same(this.cancelled ?? undefined, basis)) return;
    await this.ask();
  }

  /** Asks for suggestions. */
  async ask(): Promise<void> {
    const { basis } = this;
    const { level, isClosed } = basis;
    this.cancelled = null;
    await this.latest.run(async (signal) => {
      const question = { applications: null, level, isClosed };
      const list = await this.#workbench.engine.call('ruleset.suggest', question, { signal });
      this.hidden = new Set();
      return { basis, list };
    });
  }

  /** Stops asking; what was shown before stays, marked as out of date. */
  cancel(): void {
    this.cancelled = this.basis;
    this.latest.cancel();
  }

  /** Adds the rules to the ruleset in their order of evaluation, as one change. */
  async accept(chosen: readonly Suggestion[]): Promise<boolean> {
    if (chosen.length === 0 || this.isStale) return false;
    const ids = new Set(chosen.map(({ id }) => id));
    const inOrder = (this.list?.suggestions ?? []).filter(({ id }) => ids.has(id));
    const { history, ruleset, toasts } = this.#workbench;
    this.#leave(chosen);
    if (!(await ruleset.change(acceptanceOf(inOrder)))) return false;
    toasts.say(`${plural(inOrder.length, 'suggestion')} accepted.`, {
      tone: 'good',
      topic: 'history',
      action: { label: 'Undo', run: () => void history.undo() },
    });
    return true;
  }

  /** Takes a suggestion out of this list and of those to come. */
  async reject(suggestion: Suggestion): Promise<void> {
    this.#leave([suggestion]);
    const { key, policy, rule } = suggestion;
    const before = this.hidden;
    this.hidden = new Set([...before, key]);
    const { engine, toasts } = this.#workbench;
    try {
      await engine.call('suggestion.reject', { suggestions: [{ key, policy, name: rule.name }] });
    } catch (thrown) {
      this.hidden = before;
      toasts.fail(thrown);
    }
  }

  /** Lets all that was rejected be suggested again. */
  async bringBack(): Promise<void> {
    const { engine, toasts } = this.#workbench;
    try {
      await engine.call('suggestion.restore', { keys: null });
      this.hidden = new Set();
    } catch (thrown) {
      toasts.fail(thrown);
    }
  }

  /** Goes to the next suggestion, or back. */
  step(by: number): Suggestion | null {
    const present = this.open.findIndex(({ id }) => id === this.at);
    const next = present < 0 ? 0 : Math.min(this.open.length - 1, Math.max(0, present + by));
    this.at = this.open[next]?.id ?? null;
    return this.open[next] ?? null;
  }

  /** Shows the logged lines behind a suggestion. */
  showLines({ terms, rule }: Suggestion): void {
    const filter = { terms, window: null };
    this.#workbench.openLines(`what ${rule.name} permits`, { kind: 'filter', filter });
  }

  /** What the rule would allow, seen or not. */
  allowance({ rule }: Suggestion): Allowance {
    const groups = this.#workbench.inventory.value?.groups ?? [];
    return allowanceOf(rule, (name) => groups.find((group) => group.name === name)?.members);
  }

  /** Puts the keyboard at the suggestion after the ones that go. */
  #leave(going: readonly Suggestion[]): void {
    const ids = new Set(going.map(({ id }) => id));
    const from = this.open.findIndex(({ id }) => ids.has(id));
    const stay = (each: Suggestion) => !ids.has(each.id);
    this.at = (this.open.slice(from).find(stay) ?? this.open.findLast(stay))?.id ?? null;
  }
}

function same(a: Basis | undefined, b: Basis): boolean {
  return (
    a?.level === b.level &&
    a.isClosed === b.isClosed &&
    a.rulesetRevision === b.rulesetRevision &&
    a.dataRevision === b.dataRevision
  );
}

const [getState, setState] = createContext<SuggestionState>();

/** The state of the suggestions, given by the frame; throws outside of it. */
export const getSuggestions = getState;

/** Gives the state of the suggestions to the components below; returns it. */
export const setSuggestions = setState;
