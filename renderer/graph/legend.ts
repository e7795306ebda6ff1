import type { Colours } from './canvas/colours.ts';
import type { Overlay } from './canvas/elements.ts';

/** A line of the legend: a small drawing and what it stands for. */
export interface LegendEntry {
  readonly label: string;
  /** Size of the drawing's ground in pixels. */
  readonly width: number;
  /** A path on it. */
  readonly d: string;
  readonly stroke: keyof Colours;
  readonly fill: keyof Colours | null;
  readonly strokeWidth: number;
  readonly dash: readonly number[];
}

/** The height of every drawing of the legend, in pixels. */
export const LEGEND_HEIGHT = 12;

/** What the legend says of lines as a whole. */
export const WIDTH_NOTE = 'Line width: sessions, logarithmic';

function line(
  label: string,
  stroke: keyof Colours,
  dash: readonly number[] = [],
  strokeWidth = 2.5,
): LegendEntry {
  return { label, width: 34, d: 'M1 6h32', stroke, fill: null, strokeWidth, dash };
}

function mark(
  label: string,
  d: string,
  stroke: keyof Colours,
  fill: keyof Colours,
  dash: readonly number[] = [],
): LegendEntry {
  return { label, width: 22, d, stroke, fill, strokeWidth: 1.6, dash };
}

const BOX = 'M4 1h14a3 3 0 0 1 3 3v4a3 3 0 0 1-3 3H4a3 3 0 0 1-3-3V4a3 3 0 0 1 3-3Z';

const LINES: Readonly<Record<Overlay, readonly LegendEntry[]>> = {
  state: [
    line('Allowed', 'allowed'),
    line('Blocked', 'blocked', [5, 3.5]),
    line('Some of both', 'mixed', [9, 3, 2, 3]),
  ],
  draft: [
    line('Allowed by a rule', 'allowed'),
    line('Unprotected', 'mixed', [2, 3]),
    line('Blocked', 'soft', [5, 3.5]),
    line('Would be blocked', 'blocked', [10, 3.5]),
  ],
  seen: [
    line('Seen by both', 'allowed'),
    line('Only by the perimeter', 'mixed', [8, 4]),
    line('Only by vNICs', 'accent', [2, 3]),
  ],
  change: [
    line('New in the window', 'accent'),
    line('Gone since', 'mixed', [3, 4]),
    line('In both', 'line'),
  ],
};

const MARKS: readonly LegendEntry[] = [
  mark('Workload, group', BOX, 'line', 'surface'),
  mark('VIP', 'M6 1h10l5 5-5 5H6L1 6Z', 'address', 'addressSoft'),
  mark('IP set', 'M4 1h14l3 3v4l-3 3H4L1 8V4Z', 'address', 'addressSoft'),
  mark('Shared service', 'M1 2q10-2 20 0v8q-10 2-20 0Z', 'shared', 'sharedSoft'),
  mark('Outside', 'M1 6a10 5 0 1 1 20 0a10 5 0 1 1-20 0Z', 'soft', 'surface'),
  mark('Only blocked', 'M6 1h10l5 3v4l-5 3H6L1 8V4Z', 'blocked', 'blockedSoft'),
  mark('No group', BOX, 'soft', 'surface', [3, 2]),
  mark('Other addresses', 'M1 1h13l7 5-7 5H1Z', 'soft', 'surface', [1.5, 1.5]),
];

/** What the legend of the map explains while the lines show that. */
export function legendOf(overlay: Overlay): readonly LegendEntry[] {
  return [...LINES[overlay], line('Drawn rule', 'rule', [], 4), ...MARKS];
}
