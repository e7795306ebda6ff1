/** The part of a key press that decides what it means. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const PLAIN: Readonly<Record<string, string>> = {
  o: 'show-open',
  g: 'show-map',
  v: 'show-inventory',
  l: 'show-flows',
  h: 'show-charts',
  r: 'show-rules',
  k: 'show-check',
  e: 'show-export',
  q: 'show-sql',
  i: 'toggle-inspector',
  '/': 'focus-filter',
  '?': 'keys',
};

const WITH_ALT: Readonly<Record<string, string>> = { ArrowLeft: 'back', ArrowRight: 'forward' };

/** The command a button of the mouse stands for, by its number. */
export function commandForButton(button: number): string | undefined {
  return button === 3 ? 'back' : button === 4 ? 'forward' : undefined;
}

/**
 * The command a key press stands for. While a text is being edited only the palette's key counts,
 * so that letters and Ctrl-Z keep their meaning there.
 */
export function commandForKey(press: KeyPress, editing: boolean): string | undefined {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const control = press.ctrlKey || press.metaKey;
  if (control && !press.altKey && key === 'k') return 'palette';
  if (control && !press.altKey && key === ',') return 'preferences';
  if (editing) return undefined;
  if (press.altKey) {
    const isPlain = !control && !press.shiftKey && Object.hasOwn(WITH_ALT, key);
    return isPlain ? WITH_ALT[key] : undefined;
  }
  if (control) {
    if (key === 'z') return press.shiftKey ? 'redo' : 'undo';
    return key === 'y' ? 'redo' : undefined;
  }
  return Object.hasOwn(PLAIN, key) ? PLAIN[key] : undefined;
}

/** Whether keys pressed on the element write text. */
export function editsText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'button'].includes(target.type);
  return target.matches('textarea, select') || target.isContentEditable;
}
