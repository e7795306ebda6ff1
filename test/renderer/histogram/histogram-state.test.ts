import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gripAt,
  moved,
  shifted,
  snap,
  spanOf,
  stack,
  ticks,
  zoomed,
  zoomedAround,
} from '../../../renderer/histogram/histogram-state.svelte.ts';
import type { Histogram } from '../../../shared/domain/flow.ts';

const histogram: Histogram = {
  start: 60_000,
  bucketMs: 60_000,
  series: [
    { action: 'PASS', events: [5, 0, 3, 1] },
    { action: 'DROP', events: [1, 0, 0, 2] },
    { action: 'REJECT', events: [0, 0, 4, 0] },
    { action: 'PUNT', events: [0, 1, 0, 0] },
  ],
};
const span = spanOf(histogram);

describe('the timeline', () => {
  it('stacks drops and rejects together and keeps other actions apart', () => {
    expect(stack(histogram)).toEqual({
      passed: [5, 0, 3, 1],
      blocked: [1, 0, 4, 2],
      other: [0, 1, 0, 0],
    });
  });

  it('selects whole bars, at least one, inside the span, whichever way it is dragged', () => {
    fc.assert(
      fc.property(fc.integer({ max: 400_000 }), fc.integer({ max: 400_000 }), (a, b) => {
        const window = snap({ from: a, to: b }, histogram);
        expect(window).toEqual(snap({ from: b, to: a }, histogram));
        expect((window.from - histogram.start) % histogram.bucketMs).toBe(0);
        expect((window.to - histogram.start) % histogram.bucketMs).toBe(0);
        expect(window.to - window.from).toBeGreaterThanOrEqual(histogram.bucketMs);
        expect(window.from).toBeGreaterThanOrEqual(span.from);
        expect(window.to).toBeLessThanOrEqual(span.to);
      }),
    );
  });

  it('keeps the length of a window that is moved, and stops at the ends', () => {
    const window = { from: 120_000, to: 180_000 };
    expect(moved(window, 0.5, span)).toEqual({ from: 150_000, to: 210_000 });
    expect(moved(window, 50, span)).toEqual({ from: span.to - 60_000, to: span.to });
    expect(moved(window, -50, span)).toEqual({ from: span.from, to: span.from + 60_000 });
  });

  it('zooms in around the middle, and out until the whole span is shown again', () => {
    expect(zoomed(null, 0.5, span, 60_000)).toEqual({ from: 120_000, to: 240_000 });
    expect(zoomed({ from: 120_000, to: 240_000 }, 2, span, 60_000)).toBeNull();
    const narrow = zoomed({ from: 120_000, to: 180_000 }, 0.5, span, 60_000);
    expect(narrow).toEqual({ from: 120_000, to: 180_000 });
  });

  it('marks round moments, no more than there is room for', () => {
    const day = { from: 1_700_000_123_000, to: 1_700_086_400_000 };
    const marks = ticks(day, 10);
    expect(marks.length).toBeLessThanOrEqual(11);
    expect(marks.every((at) => at % 10_800_000 === 0 || at % 14_400_000 === 0)).toBe(true);
  });

  it('takes hold of the end that is near, of the window inside it, and of nothing elsewhere', () => {
    const ends = { from: 100, to: 200 };
    expect(gripAt(97, ends, 5)).toBe('from');
    expect(gripAt(204, ends, 5)).toBe('to');
    expect(gripAt(150, ends, 5)).toBe('move');
    expect(gripAt(20, ends, 5)).toBe('select');
    expect(gripAt(150, null, 5)).toBe('select');
    expect(gripAt(101, { from: 100, to: 103 }, 5)).toBe('from');
  });

  it('shifts a window without changing its length or leaving the span', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), (by) => {
        const window = shifted({ from: 120_000, to: 180_000 }, by, span);
        expect(window.to - window.from).toBe(60_000);
        expect(window.from).toBeGreaterThanOrEqual(span.from);
        expect(window.to).toBeLessThanOrEqual(span.to);
      }),
    );
  });

  it('keeps the moment under the pointer where it is when it zooms, unless an end is in the way', () => {
    const whole = { from: 0, to: 1_000_000 };
    const view = zoomedAround(whole, 300_000, 0.5, whole, 1_000);
    expect(view).toEqual({ from: 150_000, to: 650_000 });
    expect(zoomedAround(view ?? whole, 300_000, 2, whole, 1_000)).toBeNull();
    expect(zoomedAround(whole, 0, 0.1, whole, 200_000)).toEqual({ from: 0, to: 200_000 });
  });
});
