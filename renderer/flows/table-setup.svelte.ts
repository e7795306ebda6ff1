import { csvRecord } from '../../shared/domain/csv.ts';
import {
  FLOW_KEYS,
  FLOW_ORDERS,
  type FlowKey,
  type FlowOrder,
  type FlowRow,
} from '../../shared/domain/flow.ts';
import type { Workbench } from '../app/workbench.svelte.ts';
import {
  allowedWidth,
  COLUMN_FORMS,
  FIRST_SETUP,
  parseSetup,
  rowCells,
  type ColumnId,
  type TableSetup,
} from './columns.ts';

const KEY = 'flow-table';

/** Which columns the table of flows has, how wide they are, and by which it is sorted; remembered for the user. */
export class Setup {
  #now = $state.raw<TableSetup>(FIRST_SETUP);
  #isRead = false;
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** What flows are summed by. */
  get by(): readonly FlowKey[] {
    return this.#now.by;
  }

  get order(): FlowOrder {
    return this.#now.order;
  }

  set order(order: FlowOrder) {
    this.#choose({ ...this.#now, order });
  }

  /** The columns shown, from left to right. */
  get columns(): readonly ColumnId[] {
    const { by, hidden } = this.#now;
    return [...by, ...FLOW_ORDERS.filter((each) => !hidden.includes(each))];
  }

  isShown(column: ColumnId): boolean {
    return this.columns.includes(column);
  }

  widthOf(column: ColumnId): number {
    return this.#now.widths[column] ?? COLUMN_FORMS[column].width;
  }

  /** Reads what was remembered, once. */
  async read(): Promise<void> {
    if (this.#isRead) return;
    this.#isRead = true;
    const text = await this.#workbench.engine.call('setting.read', { key: KEY }).catch(() => null);
    if (text !== null) this.#now = parseSetup(text);
  }

  /** Takes a key into the sum or out of it; at least one stays. */
  toggleKey(key: FlowKey): void {
    const by = FLOW_KEYS.filter((each) => (each === key) !== this.by.includes(each));
    if (by.length > 0) this.#choose({ ...this.#now, by });
  }

  /** Shows a sum, or hides it. */
  toggleSum(sum: FlowOrder): void {
    const { hidden } = this.#now;
    const next = hidden.includes(sum) ? hidden.filter((each) => each !== sum) : [...hidden, sum];
    this.#choose({ ...this.#now, hidden: next });
  }

  /** Gives a column a width in pixels; `null` for the one it has at first. */
  resize(column: ColumnId, pixels: number | null): void {
    const others = Object.entries(this.#now.widths).filter(([id]) => id !== column);
    const own = pixels === null ? [] : [[column, allowedWidth(pixels)] as const];
    const widths = Object.fromEntries([...others, ...own]);
    this.#choose({ ...this.#now, widths });
  }

  /** Forgets everything that was chosen. */
  reset(): void {
    this.#choose(FIRST_SETUP);
  }

  /** Rows as CSV with the columns shown; cells that a spreadsheet would run are defused. */
  csv(rows: readonly FlowRow[]): string {
    const { columns } = this;
    const head = csvRecord(columns.map((id) => COLUMN_FORMS[id].label));
    return head + rows.map((row) => csvRecord(rowCells(row, columns))).join('');
  }

  #choose(next: TableSetup): void {
    this.#isRead = true;
    this.#now = next;
    this.#workbench.engine
      .call('setting.write', { key: KEY, value: JSON.stringify(next) })
      .catch((thrown: unknown) => {
        this.#workbench.toasts.fail(thrown);
      });
  }
}
