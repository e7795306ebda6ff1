import type { DecidedEdge } from '../../shared/domain/decision.ts';
import type { TimeWindow } from '../../shared/domain/filter.ts';
import { Latest } from '../app/latest.svelte.ts';
import type { Workbench } from '../app/workbench.svelte.ts';

/** What the draft would do with what was logged between the nodes of the map. */
export class DraftDecisions {
  readonly edges = new Latest<readonly DecidedEdge[]>();
  /** Whether closing denies that are kept disabled count as in force. */
  isClosed = $state(false);
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Decides the flows of a window; what was decided before goes where that fails. */
  async read(window: TimeWindow | null, isClosed: boolean): Promise<void> {
    const { engine } = this.#workbench;
    await this.edges.run((signal) =>
      engine.call('decision.edges', { window, isClosed }, { signal }),
    );
    if (this.edges.failure !== null) this.edges.value = null;
  }

  /** Forgets what was decided. */
  forget(): void {
    this.edges.clear();
  }
}
