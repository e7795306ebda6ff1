/* eslint-disable svelte/prefer-svelte-reactivity -- maps and sets here are replaced as a whole or are not shown */
import { createContext } from 'svelte';
import type { FlowFilter } from '../../shared/domain/filter.ts';
import type { Evidence, FlowKey, FlowOrder, FlowPage, FlowRow } from '../../shared/domain/flow.ts';
import { termsOfRow } from '../../shared/domain/row-terms.ts';
import { Cancelled } from '../../shared/failure/failure.ts';
import type { CancelSignal } from '../../shared/ipc/cancel.ts';
import { asFailure, Latest } from '../app/latest.svelte.ts';
import type { Workbench } from '../app/workbench.svelte.ts';
import { formatCount, plural } from '../ui/format.ts';
import { ConsoleState } from './console-state.svelte.ts';
import { LineTexts } from './line-texts.svelte.ts';
import { Setup } from './table-setup.svelte.ts';

/** How many flows are asked for at a time. */
export const PAGE_ROWS = 200;
const MOST_EVIDENCE = 200;
/** How many flows are copied at most. */
const MOST_COPIED = 10_000;

/** The table of flows: pages that were loaded, its order and sums, and the row selected. */
export class FlowState {
  readonly setup: Setup;
  /** The first page: it carries the totals. */
  readonly first = new Latest<FlowPage>();
  readonly evidence = new Latest<readonly Evidence[]>();
  /** How many events of what is shown have no lines, as their sources hold flows only. */
  readonly unlisted = new Latest<number>();
  pages = $state.raw<ReadonlyMap<number, readonly FlowRow[]>>(new Map());
  selected = $state.raw<FlowRow | null>(null);
  /** Rows marked to be copied together, by their place in the table. */
  marked = $state.raw<ReadonlyMap<number, FlowRow>>(new Map());
  /** The filter whose lines are shown, where no row is selected. */
  wholeFilter = $state.raw<FlowFilter | null>(null);
  #filter: FlowFilter | null = null;
  #linesAsked = 0;
  /** The row that a range is marked from. */
  #anchor: number | null = null;
  #pending = new Set<number>();
  /** Grows with every new question, so that pages of an older one are dropped. */
  #generation = 0;
  /** What the lines behind a row say, word for word. */
  readonly texts: LineTexts;
  /** Questions in SQL, beside the table. */
  readonly sql: ConsoleState;
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
    this.texts = new LineTexts(workbench);
    this.sql = new ConsoleState(workbench);
    this.setup = new Setup(workbench);
  }

  get totalRows(): number {
    return this.first.value?.totalRows ?? 0;
  }

  /** The row at a place of the table, once its page is loaded. */
  rowAt(index: number): FlowRow | undefined {
    return this.pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  /** Starts the table anew for a filter, the order and the keys as they stand. */
  async read(filter: FlowFilter, by: readonly FlowKey[], order: FlowOrder): Promise<void> {
    const generation = ++this.#generation;
    this.#filter = filter;
    this.#pending.clear();
    this.#anchor = null;
    this.marked = new Map();
    await this.first.run((signal) => this.#ask(filter, by, order, 0, signal));
    if (generation !== this.#generation) return;
    this.pages = new Map([[0, this.first.value?.rows ?? []]]);
  }

  #ask(
    filter: FlowFilter,
    by: readonly FlowKey[],
    order: FlowOrder,
    page: number,
    signal?: CancelSignal,
  ): Promise<FlowPage> {
    const args = { filter, by: [...by], order, offset: page * PAGE_ROWS, limit: PAGE_ROWS };
    return this.#workbench.engine.call('flow.list', args, signal === undefined ? {} : { signal });
  }

  /** Loads the pages of these rows where they are not loaded yet. */
  async ensure(firstRow: number, lastRow: number): Promise<void> {
    const pages: number[] = [];
    for (let at = Math.floor(firstRow / PAGE_ROWS); at * PAGE_ROWS <= lastRow; at++)
      if (!this.pages.has(at) && !this.#pending.has(at)) pages.push(at);
    await Promise.all(pages.map((page) => this.#load(page)));
  }

  async #load(page: number): Promise<void> {
    const generation = this.#generation;
    const filter = this.#filter;
    if (filter === null) return;
    this.#pending.add(page);
    try {
      const { rows } = await this.#ask(filter, this.setup.by, this.setup.order, page);
      if (generation === this.#generation) this.pages = new Map([...this.pages, [page, rows]]);
    } catch (thrown) {
      if (!(thrown instanceof Cancelled)) this.#workbench.toasts.fail(asFailure(thrown));
    } finally {
      if (generation === this.#generation) this.#pending.delete(page);
    }
  }

  /** Takes a key into the sum or out of it; at least one stays. */
  toggleKey(key: FlowKey): void {
    this.setup.toggleKey(key);
    this.select(null);
  }

  /** Copies rows as CSV with the columns shown: those given, or all of the table up to a limit. */
  async copyCsv(rows?: readonly FlowRow[]): Promise<void> {
    try {
      const all = rows ?? (await this.#allRows());
      const left = rows === undefined ? this.totalRows - all.length : 0;
      const note = left > 0 ? `, the first of ${formatCount(this.totalRows)},` : '';
      await this.#workbench.copy(this.setup.csv(all), `${plural(all.length, 'flow')}${note}`);
    } catch (thrown) {
      this.#workbench.toasts.fail(asFailure(thrown));
    }
  }

  async #allRows(): Promise<readonly FlowRow[]> {
    const filter = this.#filter;
    if (filter === null) return [];
    const { by, order } = this.setup;
    const args = { filter, by: [...by], order, offset: 0, limit: MOST_COPIED };
    return (await this.#workbench.engine.call('flow.list', args)).rows;
  }

  /** Marks one row alone, and shows the lines behind it. */
  pick(index: number, row: FlowRow): void {
    this.#anchor = index;
    this.marked = new Map([[index, row]]);
    this.select(row);
  }

  /** Marks a row besides the others, or takes the mark away. */
  toggleMark(index: number, row: FlowRow): void {
    this.#anchor = index;
    const next = new Map(this.marked);
    if (!next.delete(index)) next.set(index, row);
    this.marked = next;
  }

  /** Marks all rows from the one that was marked last up to this one. */
  async markTo(index: number): Promise<void> {
    const from = this.#anchor ?? index;
    this.#anchor = from;
    const [first, last] = [Math.min(from, index), Math.max(from, index)];
    const end = Math.min(last, first + MOST_COPIED - 1);
    const generation = this.#generation;
    await this.ensure(first, end);
    if (generation !== this.#generation) return;
    const rows = new Map<number, FlowRow>();
    for (let at = first; at <= end; at++) {
      const row = this.rowAt(at);
      if (row !== undefined) rows.set(at, row);
    }
    this.marked = rows;
  }

  /** Copies the marked rows in the order of the table, or this one where it is not among them. */
  async copyMarked(index: number, row: FlowRow): Promise<void> {
    const inOrder = [...this.marked].toSorted(([a], [b]) => a - b).map(([, each]) => each);
    await this.copyCsv(this.marked.has(index) ? inOrder : [row]);
  }

  /** Shows the lines behind a row. */
  select(row: FlowRow | null): void {
    this.selected = row;
    this.wholeFilter = null;
    if (row === null) {
      this.evidence.clear();
      this.unlisted.clear();
      return;
    }
    const present = this.#workbench.filter.applied;
    this.#readLines({ terms: [...present.terms, ...termsOfRow(row)], window: present.window });
  }

  /**
   * Shows the lines behind a filter where they were asked for anew, or are shown already.
   *
   * @param asked how often they were asked for so far
   */
  followLines(filter: FlowFilter, asked: number): void {
    if (asked !== this.#linesAsked || this.wholeFilter !== null) this.#showLines(filter);
    this.#linesAsked = asked;
  }

  #showLines(filter: FlowFilter): void {
    this.selected = null;
    this.wholeFilter = filter;
    this.#readLines(filter);
  }

  #readLines(filter: FlowFilter): void {
    void this.evidence.run((signal) =>
      this.#workbench.engine.call('flow.evidence', { filter, limit: MOST_EVIDENCE }, { signal }),
    );
    void this.unlisted.run((signal) =>
      this.#workbench.engine.call('flow.unlisted', { filter }, { signal }),
    );
  }
}

const [getFlowState, setFlowState] = createContext<FlowState>();

/** The state of the flow table, given by the frame; throws outside of it. */
export const getFlows = getFlowState;

/** Gives the state of the flow table to the components below; returns it. */
export const setFlows = setFlowState;
