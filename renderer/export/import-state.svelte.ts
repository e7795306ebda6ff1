import type { ImportOverview } from '../../shared/domain/imported.ts';
import { Latest } from '../app/latest.svelte.ts';
import type { Chosen } from '../app/platform.ts';
import type { Workbench } from '../app/workbench.svelte.ts';
import { plural } from '../ui/format.ts';

/** Files that are about to be imported, on the engine's machine, with what the user calls them. */
export interface ChosenFiles {
  readonly paths: readonly string[];
  readonly names: readonly string[];
}

/** What the screen imports, and what it shows of what was imported. */
export class ImportState {
  /** The files whose preview is shown; `null` where none is. */
  files = $state.raw<ChosenFiles | null>(null);
  isBringing = $state(false);
  /** What was imported as the ruleset the system has now. */
  readonly current = new Latest<ImportOverview | null>();
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  async readCurrent(): Promise<void> {
    await this.current.run((signal) =>
      this.#workbench.engine.call('ruleset.current', {}, { signal }),
    );
  }

  async choose(): Promise<void> {
    await this.bring(await this.#workbench.platform.chooseArchives());
  }

  /** Brings chosen files to the engine and opens the preview. */
  async bring(chosen: readonly Chosen[]): Promise<void> {
    if (chosen.length === 0) return;
    this.isBringing = true;
    const { signal } = new AbortController();
    try {
      const paths: string[] = [];
      for (const each of chosen) {
        const path =
          each.kind === 'path'
            ? each.path
            : await this.#workbench.platform.upload(each.file, {
                signal,
                onProgress: () => undefined,
              });
        paths.push(path);
      }
      const names = chosen.map((each) =>
        each.kind === 'path' ? each.path : (each.name ?? each.file.name),
      );
      this.files = { paths, names };
    } catch (thrown) {
      this.#workbench.toasts.fail(thrown);
    } finally {
      this.isBringing = false;
    }
  }

  /**
   * Imports the files that are previewed.
   *
   * @throws Failure as the engine's `ruleset.import`
   */
  async run(as: 'draft' | 'current'): Promise<void> {
    const { files } = this;
    if (files === null) return;
    const { engine, history, toasts } = this.#workbench;
    const { rules } = await engine.call('ruleset.import', { ...files, as });
    this.files = null;
    const what = as === 'draft' ? 'as the draft' : 'as the current ruleset';
    toasts.say(`${plural(rules, 'rule')} imported ${what}.`, {
      topic: 'history',
      tone: 'good',
      action: { label: 'Undo', run: () => void history.undo() },
    });
    await this.readCurrent();
  }

  async dropCurrent(): Promise<void> {
    const { engine, history, toasts } = this.#workbench;
    try {
      await engine.call('ruleset.dropCurrent', {});
      toasts.say('Current ruleset removed.', {
        topic: 'history',
        action: { label: 'Undo', run: () => void history.undo() },
      });
      await this.readCurrent();
    } catch (thrown) {
      toasts.fail(thrown);
    }
  }
}
