import type { FlowFilter, TimeWindow } from '../../shared/domain/filter.ts';
import type { Graph } from '../../shared/domain/graph.ts';
import { Latest } from '../app/latest.svelte.ts';
import type { Workbench } from '../app/workbench.svelte.ts';
import { baseWindow, type Base } from './compare-windows.ts';

/** Which window the map is compared with, and what was seen there. */
export class Comparison {
  /** What was seen in the window compared with. */
  readonly before = new Latest<Graph>();
  base = $state<Base>('all before');
  pinned = $state.raw<TimeWindow | null>(null);
  readonly #workbench: Workbench;
  /** The window compared with; `null` where there is none. */
  readonly window: TimeWindow | null = $derived.by(() => {
    const { filter, project } = this.#workbench;
    return baseWindow(this.base, filter.window, project?.window ?? null, this.pinned);
  });

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Reads what was seen in a window, under the terms of the filter. */
  async read(filter: FlowFilter, window: TimeWindow | null): Promise<void> {
    if (window === null) {
      this.before.clear();
      return;
    }
    const { engine } = this.#workbench;
    const args = { filter: { terms: filter.terms, window } };
    await this.before.run((signal) => engine.call('graph.read', args, { signal }));
  }

  /** Another project is open. */
  forget(): void {
    this.pinned = null;
    this.before.clear();
  }

  /** Keeps the window chosen now, to compare others with it. */
  pin(): void {
    const { window } = this.#workbench.filter;
    if (window === null) return;
    this.pinned = window;
    this.base = 'pinned';
  }
}
