import {
  formatFilter,
  parseFilter,
  type FilterField,
  type FilterTerm,
  type FlowFilter,
  type TimeWindow,
} from '../../shared/domain/filter.ts';

/** How long typing must rest before a filter is applied, in milliseconds. */
export const FILTER_REST_MS = 150;

/** What the filter bar says: the text as typed, and the filter that is in force. */
export class FilterState {
  /** The text of the bar. */
  text = $state('');
  /** Why the text is no filter; the last good one stays in force. */
  problem = $state<string | null>(null);
  /** The conditions in force. */
  terms = $state.raw<readonly FilterTerm[]>([]);
  /** The time window in force. */
  window = $state.raw<TimeWindow | null>(null);
  /** The filter in force. */
  readonly applied: FlowFilter = $derived({ terms: this.terms, window: this.window });
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes a keystroke: the filter follows when typing rests. */
  type(text: string): void {
    this.text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.commit();
    }, FILTER_REST_MS);
  }

  /** Applies the text now. */
  commit(): void {
    clearTimeout(this.#timer);
    const parsed = parseFilter(this.text);
    this.problem = parsed.ok ? null : parsed.problem;
    if (parsed.ok && formatFilter(parsed.terms) !== formatFilter(this.terms)) {
      this.terms = parsed.terms;
    }
  }

  /** Puts other terms into force and writes them in the bar. */
  setTerms(terms: readonly FilterTerm[]): void {
    clearTimeout(this.#timer);
    this.terms = terms;
    this.text = formatFilter(terms);
    this.problem = null;
  }

  /** Adds a value: to a term of the same field and sense only where that widens an exclusion. */
  add(field: FilterField, value: string, exclude = false): void {
    const same = this.terms.find(
      (term) => term.field === field && term.exclude === exclude && term.values.includes(value),
    );
    if (same !== undefined) return;
    const others = this.terms.filter(
      (term) => !(term.field === field && term.exclude !== exclude && term.values.join() === value),
    );
    const wide = exclude ? others.find((term) => term.field === field && term.exclude) : undefined;
    this.setTerms(
      wide === undefined
        ? [...others, { field, exclude, values: [value] }]
        : others.map((term) =>
            term === wide ? { ...term, values: [...term.values, value] } : term,
          ),
    );
  }

  /** Turns a term into its opposite. */
  flip(term: FilterTerm): void {
    this.setTerms(
      this.terms.map((each) => (each === term ? { ...each, exclude: !each.exclude } : each)),
    );
  }

  remove(term: FilterTerm): void {
    this.setTerms(this.terms.filter((each) => each !== term));
  }

  /** Selects a window of time, `null` for all time. */
  setWindow(window: TimeWindow | null): void {
    this.window = window;
  }

  /** Takes everything out of force. */
  clear(): void {
    this.setTerms([]);
    this.window = null;
  }

  /** Whether anything is filtered or typed. */
  get active(): boolean {
    return this.terms.length > 0 || this.window !== null || this.text !== '';
  }
}
