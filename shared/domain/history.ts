/** What undo and redo would do to all that the user made: ruleset, corrections, imports. */
export interface HistoryState {
  /** Grows with every change, undo and redo. */
  readonly revision: number;
  /** Name of the change that undo takes back; `null` where there is none. */
  readonly undo: string | null;
  /** Name of the change that redo makes again; `null` where there is none. */
  readonly redo: string | null;
}
