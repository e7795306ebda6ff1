import type { FilterTerm, TimeWindow } from '../../shared/domain/filter.ts';
import type { Histogram } from '../../shared/domain/flow.ts';
import { Latest } from '../app/latest.svelte.ts';
import type { Workbench } from '../app/workbench.svelte.ts';

/** The classes events are stacked in, the lowest first. */
export const OUTCOMES = ['passed', 'blocked', 'other'] as const;

/** One of the classes of events. */
export type Outcome = (typeof OUTCOMES)[number];

/** What each outcome is called on the screen. */
export const OUTCOME_LABELS: Readonly<Record<Outcome, string>> = {
  passed: 'Passed',
  blocked: 'Dropped or rejected',
  other: 'Other',
};

/** Events per bucket by outcome. */
export type Stack = Readonly<Record<Outcome, readonly number[]>>;

const BUCKETS = 160;

/** How often a playing window moves on, and by which part of its length. */
const PLAY_STEP_MS = 700;
const PLAY_PART = 0.25;

/** The class of a logged action. */
export function outcomeOf(action: string): Outcome {
  if (action === 'PASS') return 'passed';
  return action === 'DROP' || action === 'REJECT' ? 'blocked' : 'other';
}

/** Events of each class in each bucket. */
export function stack(histogram: Histogram): Stack {
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

/** What a press at a place of the timeline begins. */
export type Grip = 'select' | 'move' | 'from' | 'to';

/**
 * What a press begins: near an end of the window it moves that end, inside it moves the window,
 * elsewhere it selects a new one.
 *
 * @param at place of the press, in pixels
 * @param ends places of the window's ends, in pixels; `null` without a window
 * @param reach how near an end is near, in pixels
 */
export function gripAt(
  at: number,
  ends: { readonly from: number; readonly to: number } | null,
  reach: number,
): Grip {
  if (ends === null) return 'select';
  const toFrom = Math.abs(at - ends.from);
  const toTo = Math.abs(at - ends.to);
  if (Math.min(toFrom, toTo) <= reach) return toFrom < toTo ? 'from' : 'to';
  return at > ends.from && at < ends.to ? 'move' : 'select';
}

/** The window shifted by a time, kept inside the span and as long as it was. */
export function shifted(window: TimeWindow, byMs: number, span: TimeWindow): TimeWindow {
  const length = Math.min(window.to - window.from, span.to - span.from);
  const from = Math.max(span.from, Math.min(Math.round(window.from + byMs), span.to - length));
  return { from, to: from + length };
}

/**
 * The part of the whole that is drawn after zooming around a moment, which keeps its place;
 * `null` for the whole.
 *
 * @param factor below 1 to see less
 * @param leastMs the shortest part
 */
export function zoomedAround(
  view: TimeWindow,
  at: number,
  factor: number,
  whole: TimeWindow,
  leastMs: number,
): TimeWindow | null {
  const length = Math.max(leastMs, Math.round((view.to - view.from) * factor));
  if (length >= whole.to - whole.from) return null;
  const share = (at - view.from) / (view.to - view.from);
  const from = Math.round(at - share * length);
  return shifted({ from, to: from + length }, 0, whole);
}

/** Events over time for the terms of the filter; the window is drawn over it, not asked for. */
export class HistogramState {
  readonly answer = new Latest<Histogram>();
  /** The part of all time that is drawn; `null` for the whole. */
  view = $state.raw<TimeWindow | null>(null);
  /** Whether the window moves on by itself. */
  playing = $state(false);
  readonly #workbench: Workbench;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  async read(terms: readonly FilterTerm[], view: TimeWindow | null): Promise<void> {
    const args = { filter: { terms, window: view }, buckets: BUCKETS };
    await this.answer.run((signal) =>
      this.#workbench.engine.call('flow.histogram', args, { signal }),
    );
  }

  /**
   * Moves the window on step by step until it reaches the end, or stops it. Without a window one of
   * a twentieth of the span is taken, from the beginning.
   */
  togglePlay(span: TimeWindow): void {
    if (this.playing) {
      this.stop();
      return;
    }
    const { filter } = this.#workbench;
    const length = Math.max(60_000, Math.round((span.to - span.from) / 20));
    const window = filter.window ?? { from: span.from, to: span.from + length };
    const isAtEnd = window.to >= span.to;
    filter.setWindow(isAtEnd ? shifted(window, span.from - window.from, span) : window);
    this.playing = true;
    this.#timer = setInterval(() => {
      this.#step(span);
    }, PLAY_STEP_MS);
  }

  /** Stops the moving window where it is. */
  stop(): void {
    clearInterval(this.#timer);
    this.playing = false;
  }

  #step(span: TimeWindow): void {
    const { filter } = this.#workbench;
    if (filter.window === null || filter.window.to >= span.to) {
      this.stop();
      return;
    }
    filter.setWindow(moved(filter.window, PLAY_PART, span));
  }
}
