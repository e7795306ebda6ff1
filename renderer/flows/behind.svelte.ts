import type { FlowFilter } from '../../shared/domain/filter.ts';
import type { LinePage } from '../../shared/domain/flow.ts';
import type { CancelSignal } from '../../shared/ipc/cancel.ts';
import { Latest } from '../app/latest.svelte.ts';
import type { LinesWish } from '../app/lines-asked.ts';
import type { Workbench } from '../app/workbench.svelte.ts';
import { formatCount, plural } from '../ui/format.ts';
import { LineTexts } from './line-texts.svelte.ts';

/** How many lines are shown behind a number. */
export const MOST_LINES = 200;

/** The lines behind a number: the latest of them, and how many there are. */
export class LinesBehind {
  readonly page = new Latest<LinePage>();
  readonly texts: LineTexts;
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
    this.texts = new LineTexts(workbench);
  }

  /** Reads the lines. */
  async read(wish: LinesWish): Promise<void> {
    await this.page.run((signal) => {
      if (wish.kind === 'filter') return this.#ofFilter(wish, signal);
      const asked = { ...wish.question, limit: MOST_LINES };
      return this.#workbench.engine.call('decision.lines', asked, { signal });
    });
  }

  async #ofFilter(
    { filter, source }: Extract<LinesWish, { kind: 'filter' }>,
    signal: CancelSignal,
  ): Promise<LinePage> {
    const { engine } = this.#workbench;
    const ofSource = source === undefined ? {} : { source };
    const [lines, counted] = await Promise.all([
      engine.call('flow.evidence', { filter, limit: MOST_LINES, ...ofSource }, { signal }),
      source === undefined ? this.#count(filter, signal) : this.#countSource(source),
    ]);
    return { lines, ...counted, leftOut: 0 };
  }

  async #count(filter: FlowFilter, signal: CancelSignal) {
    const { engine } = this.#workbench;
    const order = 'events' as const;
    const [{ totalEvents }, unlisted] = await Promise.all([
      engine.call('flow.list', { filter, by: [], order, offset: 0, limit: 1 }, { signal }),
      engine.call('flow.unlisted', { filter }, { signal }),
    ]);
    return { listed: totalEvents - unlisted, events: totalEvents };
  }

  #countSource(source: string) {
    const sources = this.#workbench.project?.sources.filter((each) => each.path === source) ?? [];
    const stored = sources.map(({ events, duplicates, holds }) => {
      return { events: events - duplicates, isListed: holds === 'events' };
    });
    const sum = (wanted: typeof stored) => wanted.reduce((total, { events }) => total + events, 0);
    return { listed: sum(stored.filter(({ isListed }) => isListed)), events: sum(stored) };
  }
}

/** The sentences that say how much of what was asked for is shown. */
export function saidOf({ lines, listed, events, leftOut }: LinePage): readonly string[] {
  const said =
    lines.length < listed
      ? `The latest ${formatCount(lines.length)} of ${plural(listed, 'line')}.`
      : `${plural(lines.length, 'line')}.`;
  const unlisted = events - listed;
  const missing =
    leftOut > 0
      ? `Those of ${plural(leftOut, 'flow')} with the fewest lines were not looked for.`
      : `${plural(unlisted, 'event')} ${unlisted === 1 ? 'has' : 'have'} no lines here: the source was opened with flows only.`;
  return unlisted > 0 || leftOut > 0 ? [said, missing] : [said];
}
