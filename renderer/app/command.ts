/** Something the user can have done by key, palette or menu. */
export interface Command {
  readonly id: string;
  readonly label: string;
  /** Keys as shown, such as `Ctrl+Z`; `null` where it has none. */
  readonly keys: string | null;
  readonly enabled: boolean;
  readonly run: () => void;
}
