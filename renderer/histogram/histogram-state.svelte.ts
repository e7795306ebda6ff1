import type { FilterTerm, TimeWindow } from '../../shared/domain/filter.ts';
import type { Histogram } from '../../shared/domain/flow.ts';
import { Latest } from '../app/latest.svelte.ts';
import type { Workbench } from '../app/workbench.svelte.ts';

/** The classes events are stacked in, the lowest first. */
export const OUTCOMES = ['passed', 'blocked', 'other'] as const;

/** One of the classes of events. */
export type Outcome = (typeof OUTCOMES)[number];

const BUCKETS = 160;

/** The class of a logged action. */
export function outcomeOf(action: string): Outcome {
  if (action === 'PASS') return 'passed';
  return action === 'DROP' || action === 'REJECT' ? 'blocked' : 'other';
}

/** Events of each class in each bucket. */
export function stack(histogram: Histogram): Readonly<Record<Outcome, readonly number[]>> {
  const length = Math.max(0, ...histogram.series.map((series) => series.events.length));
  const sums: Record<Outcome, number[]> = {
    passed: new Array<number>(length).fill(0),
    blocked: new Array<number>(length).fill(0),
    other: new Array<number>(length).fill(0),
  };
  for (const { action, events } of histogram.series) {
    const target = sums[outcomeOf(action)];
    events.forEach((count, at) => (target[at] = (target[at] ?? 0) + count));
  }
  return sums;
}

/** How many buckets a histogram has. */
export function bucketCount(histogram: Histogram): number {
  return Math.max(0, ...histogram.series.map((series) => series.events.length));
}

/** The whole time a histogram covers. */
export function spanOf(histogram: Histogram): TimeWindow {
  const { start, bucketMs } = histogram;
  return { from: start, to: start + bucketCount(histogram) * bucketMs };
}

/** A window inside a span, its ends on whole buckets, at least one bucket long. */
export function snap(window: TimeWindow, histogram: Histogram): TimeWindow {
  const { start, bucketMs } = histogram;
  const span = spanOf(histogram);
  const low = Math.min(window.from, window.to);
  const high = Math.max(window.from, window.to);
  const from = start + Math.floor((low - start) / bucketMs) * bucketMs;
  const to =
    start + Math.max(Math.ceil((high - start) / bucketMs) * bucketMs, from - start + bucketMs);
  return {
    from: Math.max(span.from, Math.min(from, span.to - bucketMs)),
    to: Math.min(span.to, Math.max(to, span.from + bucketMs)),
  };
}

/** The window moved by a part of its own length, kept inside the span. */
export function moved(window: TimeWindow, part: number, span: TimeWindow): TimeWindow {
  const length = window.to - window.from;
  const shift = Math.round(length * part);
  const from = Math.max(span.from, Math.min(window.from + shift, span.to - length));
  return { from, to: from + length };
}

/** The window made longer or shorter around its middle; `null` where it would cover the whole span. */
export function zoomed(
  window: TimeWindow | null,
  factor: number,
  span: TimeWindow,
  leastMs: number,
): TimeWindow | null {
  const base = window ?? span;
  const length = Math.max(leastMs, Math.round((base.to - base.from) * factor));
  if (length >= span.to - span.from) return null;
  const middle = (base.from + base.to) / 2;
  const from = Math.round(Math.max(span.from, Math.min(middle - length / 2, span.to - length)));
  return { from, to: from + length };
}

/** Moments of round length for the axis, at most `most` of them. */
export function ticks(span: TimeWindow, most: number): readonly number[] {
  const steps = [
    1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000,
    21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000, 2_592_000_000,
  ];
  const wanted = (span.to - span.from) / Math.max(1, most);
  const step = steps.find((each) => each >= wanted) ?? 31_536_000_000;
  const list: number[] = [];
  for (let at = Math.ceil(span.from / step) * step; at <= span.to; at += step) list.push(at);
  return list;
}

/** Events over all time, for the terms of the filter; the window is drawn over it, not asked for. */
export class HistogramState {
  readonly answer = new Latest<Histogram>();
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  async read(terms: readonly FilterTerm[]): Promise<void> {
    const args = { filter: { terms, window: null }, buckets: BUCKETS };
    await this.answer.run((signal) =>
      this.#workbench.engine.call('flow.histogram', args, { signal }),
    );
  }
}
