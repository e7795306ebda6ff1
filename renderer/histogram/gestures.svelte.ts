import type { TimeWindow } from '../../shared/domain/filter.ts';
import type { Histogram } from '../../shared/domain/flow.ts';
import type { Workbench } from '../app/workbench.svelte.ts';
import {
  gripAt,
  moved,
  shifted,
  snap,
  spanOf,
  zoomed,
  zoomedAround,
  type Grip,
  type HistogramState,
} from './histogram-state.svelte.ts';

/** How near an end of the window a press takes hold of it, in pixels. */
const REACH = 5;

/** A press that moves less than this is a click. */
const CLICK_REACH = 3;

/** A click waits this long for a second one before it shows lines. */
const DOUBLE_CLICK_MS = 260;

/** Part of the drawn span that one notch of the wheel keeps. */
const WHEEL_FACTOR = 0.8;

/** Part of the drawn span that a page key moves by. */
const PAGE_PART = 0.8;

/** No less than ten minutes are drawn: buckets are a minute at least. */
const LEAST_VIEW_MS = 600_000;

interface Press {
  readonly grip: Grip;
  readonly x: number;
  readonly at: number;
  readonly window: TimeWindow | null;
}

/** Where times lie on the drawing: the drawn span and its width in pixels. */
export interface Scale {
  readonly span: TimeWindow;
  readonly width: number;
}

/** The place of a time, in pixels. */
export function placeOf(at: number, { span, width }: Scale): number {
  return ((at - span.from) / (span.to - span.from)) * width;
}

/** The time at a place, kept inside the drawn span. */
export function timeAt(x: number, { span, width }: Scale): number {
  const share = Math.max(0, Math.min(1, x / Math.max(1, width)));
  return span.from + share * (span.to - span.from);
}

/** Pointer, wheel and keys of the timeline, turned into the window and the drawn span. */
export class Gestures {
  /** The window as it would be if the pointer were let go now. */
  draft = $state.raw<TimeWindow | null>(null);
  grip = $state<Grip>('select');
  #press: Press | null = null;
  #click: ReturnType<typeof setTimeout> | undefined;
  readonly #workbench: Workbench;
  readonly #chart: HistogramState;

  constructor(workbench: Workbench, chart: HistogramState) {
    this.#workbench = workbench;
    this.#chart = chart;
  }

  /** Whether something is being dragged. */
  get dragging(): boolean {
    return this.#press !== null;
  }

  press(x: number, scale: Scale): void {
    this.#chart.stop();
    const { window } = this.#workbench.filter;
    this.grip = this.#gripAt(x, scale);
    this.#press = { grip: this.grip, x, at: timeAt(x, scale), window };
    this.draft = window;
  }

  move(x: number, scale: Scale): void {
    const press = this.#press;
    if (press === null) {
      this.grip = this.#gripAt(x, scale);
      return;
    }
    const at = timeAt(x, scale);
    if (press.grip === 'select' || press.window === null) {
      this.draft = { from: Math.min(press.at, at), to: Math.max(press.at, at) };
    } else if (press.grip === 'move') {
      this.draft = shifted(press.window, at - press.at, this.#whole(scale.span));
    } else {
      const fixed = press.grip === 'from' ? press.window.to : press.window.from;
      this.draft = { from: Math.min(fixed, at), to: Math.max(fixed, at) };
    }
  }

  release(x: number, scale: Scale, histogram: Histogram): void {
    const press = this.#press;
    const { draft } = this;
    this.cancel();
    if (press === null) return;
    const { filter } = this.#workbench;
    if (Math.abs(x - press.x) > CLICK_REACH) {
      if (draft === null) return;
      filter.setWindow(press.grip === 'move' ? draft : snap(draft, histogram));
    } else if (press.grip === 'move' && press.window !== null) {
      this.#later(() => (this.#chart.view = press.window));
    } else {
      const at = timeAt(x, scale);
      const bar = snap({ from: at, to: at }, histogram);
      this.#later(() => {
        filter.setWindow(bar);
        this.#workbench.showLines();
      });
    }
  }

  /** Takes back what is being dragged. */
  cancel(): void {
    this.#press = null;
    this.draft = null;
  }

  doubleClick(): void {
    clearTimeout(this.#click);
    this.#chart.stop();
    if (this.#workbench.filter.window === null) this.#chart.view = null;
    this.#workbench.filter.setWindow(null);
  }

  wheel(event: { readonly deltaX: number; readonly deltaY: number }, x: number, scale: Scale) {
    const { span } = scale;
    const whole = this.#whole(span);
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      this.#pan((event.deltaX / scale.width) * (span.to - span.from), scale);
      return;
    }
    const factor = event.deltaY < 0 ? WHEEL_FACTOR : 1 / WHEEL_FACTOR;
    const view = zoomedAround(span, timeAt(x, scale), factor, whole, LEAST_VIEW_MS);
    this.#chart.view = view;
  }

  /** Does what a key stands for; whether it stands for anything. */
  key(event: KeyboardEvent, scale: Scale, histogram: Histogram): boolean {
    const { filter } = this.#workbench;
    const { span } = scale;
    const whole = this.#whole(span);
    const { window } = filter;
    const length = span.to - span.from;
    switch (event.key) {
      case 'Escape':
        this.#chart.stop();
        if (this.dragging) this.cancel();
        else if (window !== null) filter.setWindow(null);
        else this.#chart.view = null;
        return true;
      case '+':
      case '=':
        filter.setWindow(zoomed(window, 0.5, whole, histogram.bucketMs));
        return true;
      case '-':
        filter.setWindow(window && zoomed(window, 2, whole, histogram.bucketMs));
        return true;
      case 'ArrowLeft':
      case 'ArrowRight': {
        if (window === null) return false;
        const way = event.key === 'ArrowLeft' ? -1 : 1;
        filter.setWindow(moved(window, way * (event.shiftKey ? 1 : 0.25), whole));
        return true;
      }
      case 'PageUp':
        this.#pan(-PAGE_PART * length, scale);
        return true;
      case 'PageDown':
        this.#pan(PAGE_PART * length, scale);
        return true;
      case 'Home':
        this.#chart.view = null;
        return true;
      case 'z':
        if (window !== null) this.#chart.view = window;
        return window !== null;
      case 'Enter':
        this.#workbench.showLines();
        return true;
      case ' ':
        this.#chart.togglePlay(whole);
        return true;
      default:
        return false;
    }
  }

  #gripAt(x: number, scale: Scale): Grip {
    const { window } = this.#workbench.filter;
    const ends = window && {
      from: placeOf(window.from, scale),
      to: placeOf(window.to, scale),
    };
    return gripAt(x, ends, REACH);
  }

  #pan(byMs: number, { span }: Scale): void {
    if (this.#chart.view !== null) this.#chart.view = shifted(span, byMs, this.#whole(span));
  }

  #whole(drawn: TimeWindow): TimeWindow {
    return this.#workbench.project?.window ?? drawn;
  }

  #later(work: () => void): void {
    clearTimeout(this.#click);
    this.#click = setTimeout(work, DOUBLE_CLICK_MS);
  }
}

/** The drawn span of a histogram of a given width. */
export function scaleOf(histogram: Histogram, width: number): Scale {
  return { span: spanOf(histogram), width };
}
