import type { DialogAnswer } from './control.ts';
import { BrowserWindow } from './browser-window.ts';
import { afterReady, record, scripted, strict, violation } from './state.ts';

/** A dialog nobody scripted an answer for would stand there for ever: a violation. */
function asker(kind: DialogAnswer['kind']) {
  return (...args: readonly unknown[]): Promise<unknown> => {
    afterReady('dialog');
    const options = args.at(-1);
    if (!(args[0] instanceof BrowserWindow)) violation(`dialog.${kind} has no parent window`);
    record.dialogs.push({ kind, options });
    const next = scripted.shift();
    if (next?.kind !== kind) violation(`unscripted dialog.${kind}`);
    return Promise.resolve(next.value);
  };
}

/** The module `dialog`. The blocking functions are left out: reading one is a violation. */
export const dialog = strict('dialog', {
  showOpenDialog: asker('showOpenDialog'),
  showSaveDialog: asker('showSaveDialog'),
  showMessageBox: asker('showMessageBox'),
  showErrorBox(title: string, content: string): void {
    violation(`error box "${title}": ${content}`);
  },
});
