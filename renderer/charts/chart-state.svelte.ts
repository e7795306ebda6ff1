import { createContext } from 'svelte';
import type { FlowFilter } from '../../shared/domain/filter.ts';
import type { FlowKey, FlowPage, FlowRow, GroupHits } from '../../shared/domain/flow.ts';
import { Latest } from '../app/latest.svelte.ts';
import type { Workbench } from '../app/workbench.svelte.ts';

/** What charts may measure. */
export const MEASURES = ['sessions', 'events', 'bytes'] as const;

/** One of the measures. */
export type Measure = (typeof MEASURES)[number];

const MOST_BARS = 12;
const MOST_WAYS = 1_000;
const BUCKETS = 96;

/** One bar of a list: what it stands for and how much. */
export interface Bar {
  readonly key: FlowKey;
  readonly value: string;
  readonly amount: number;
}

/** The bars of a page summed by one key. */
export function barsOf(rows: readonly FlowRow[], key: FlowKey, measure: Measure): readonly Bar[] {
  return rows
    .map((row) => ({ key, value: String(row[key] ?? ''), amount: row[measure] }))
    .filter(({ amount, value }) => amount > 0 && value !== '');
}

/** The answers that the charts show; each is asked anew when the filter changes, and the last one wins. */
export class ChartState {
  measure = $state<Measure>('sessions');
  readonly services = new Latest<FlowPage>();
  readonly sources = new Latest<FlowPage>();
  readonly destinations = new Latest<FlowPage>();
  readonly verdicts = new Latest<FlowPage>();
  readonly ways = new Latest<FlowPage>();
  readonly hits = new Latest<GroupHits>();
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Asks everything that depends on the filter and the measure. */
  read(filter: FlowFilter, measure: Measure): void {
    const sum = (latest: Latest<FlowPage>, by: FlowKey[], limit: number) =>
      void latest.run((signal) =>
        this.#workbench.engine.call(
          'flow.list',
          { filter, by, order: measure, offset: 0, limit },
          { signal },
        ),
      );
    sum(this.services, ['service'], MOST_BARS);
    sum(this.sources, ['source'], MOST_BARS);
    sum(this.destinations, ['destination'], MOST_BARS);
    sum(this.verdicts, ['action'], MOST_BARS);
    sum(this.ways, ['sourceGroup', 'service', 'destinationGroup'], MOST_WAYS);
  }

  /** Asks when the groups were hit. */
  readHits(filter: FlowFilter): void {
    void this.hits.run((signal) =>
      this.#workbench.engine.call('flow.groups', { filter, buckets: BUCKETS }, { signal }),
    );
  }
}

const [getChartState, setChartState] = createContext<ChartState>();

/** The state of the charts, given by the frame; throws outside of it. */
export const getCharts = getChartState;

/** Gives the state of the charts to the components below; returns it. */
export const setCharts = setChartState;
