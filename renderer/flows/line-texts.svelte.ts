import type { Evidence, LineText } from '../../shared/domain/flow.ts';
import type { CancelSignal } from '../../shared/ipc/cancel.ts';
import { asFailure, Latest } from '../app/latest.svelte.ts';
import type { Workbench } from '../app/workbench.svelte.ts';
import { plural } from '../ui/format.ts';

/** What is copied of a line; one that is not the file's own says so. */
export function copiedText({ text, rebuilt }: LineText): string {
  return rebuilt === null ? text : `${text}  [rebuilt by Segwright: ${rebuilt}]`;
}

/** The texts of the lines shown, read from the files they came from when they are asked for. */
export class LineTexts {
  /** Whether lines are shown as they were logged, in the place of their fields. */
  shown = $state(false);
  readonly latest = new Latest<readonly LineText[]>();
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Reads the texts of these lines where they are shown. */
  follow(lines: readonly Evidence[]): void {
    if (!this.shown || lines.length === 0) this.latest.clear();
    else void this.latest.run((signal) => this.#read(lines, signal));
  }

  /** Copies lines as they stand in their files; those that are not there any more are marked. */
  async copy(lines: readonly Evidence[]): Promise<void> {
    try {
      const texts = await this.#read(lines);
      const rebuilt = texts.filter((each) => each.rebuilt !== null).length;
      const what = plural(texts.length, 'line');
      const note = rebuilt === 0 ? '' : ` (${rebuilt} rebuilt from the stored fields)`;
      await this.#workbench.copy(texts.map(copiedText).join('\n'), `${what}${note}`);
    } catch (thrown) {
      this.#workbench.toasts.fail(asFailure(thrown));
    }
  }

  #read(lines: readonly Evidence[], signal?: CancelSignal): Promise<readonly LineText[]> {
    const places = lines.map(({ sourceId, line }) => ({ sourceId, line }));
    const options = signal === undefined ? {} : { signal };
    return this.#workbench.engine.call('line.texts', { lines: places }, options);
  }
}
