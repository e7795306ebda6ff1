import type { Colours } from '../canvas/colours.ts';
import type { DrawnMap } from '../canvas/read-picture.ts';
import { LEGEND_HEIGHT, WIDTH_NOTE, type LegendEntry } from '../legend.ts';
import {
  aPath,
  aText,
  BASE_LINE,
  type Measure,
  type PathShape,
  type Picture,
  type Shape,
} from './picture.ts';

/** What is put on paper beside the map. */
export interface Sheet {
  readonly title: string;
  /** Lines under the title: the time window, the filter, how much is shown. */
  readonly notes: readonly string[];
  readonly legend: readonly LegendEntry[];
}

const MARGIN = 28;
const LEAST_WIDTH = 720;
const TITLE_SIZE = 20;
const NOTE_SIZE = 12;
const NOTE_LINE = 18;
const LEGEND_SIZE = 11;
const LEGEND_LINE = 22;
const LEGEND_GAP = 18;
const MARK_GAP = 7;

function moved(shape: Shape, x: number, y: number): Shape {
  if (shape.kind === 'text') return { ...shape, x: shape.x + x, y: shape.y + y };
  return { ...shape, d: movedPath(shape.d, x, y) };
}

/** Parameters of a path's commands that are places, by whether they lie across or down. */
const PLACES: Readonly<Record<string, readonly ('x' | 'y' | null)[]>> = {
  M: ['x', 'y'],
  L: ['x', 'y'],
  Q: ['x', 'y', 'x', 'y'],
  H: ['x'],
  V: ['y'],
  A: [null, null, null, null, null, 'x', 'y'],
};

/** The same path elsewhere. Commands in small letters are relative and stay. */
export function movedPath(d: string, x: number, y: number): string {
  return d.replaceAll(/([MLQHVA])([^A-Za-z]*)/g, (_, command: string, rest: string) => {
    const places = PLACES[command] ?? [];
    const numbers = rest.match(/-?[\d.]+/g) ?? [];
    const next = numbers.map((text, at) => {
      const place = places[at % places.length] ?? null;
      const by = place === 'x' ? x : place === 'y' ? y : 0;
      return Math.round((Number(text) + by) * 100) / 100;
    });
    return command + next.join(' ');
  });
}

function legendShapes(
  legend: readonly LegendEntry[],
  colours: Colours,
  measure: Measure,
  width: number,
): { readonly shapes: readonly Shape[]; readonly height: number } {
  const shapes: Shape[] = [];
  let x = 0;
  let y = 0;
  const take = (wanted: number) => {
    if (x > 0 && x + wanted > width) {
      x = 0;
      y += LEGEND_LINE;
    }
    const left = x;
    x += wanted + LEGEND_GAP;
    return left;
  };
  const label = (text: string, left: number) =>
    aText(text, {
      x: left,
      y: y + LEGEND_HEIGHT / 2 + LEGEND_SIZE * BASE_LINE,
      size: LEGEND_SIZE,
      colour: colours.soft,
    });
  for (const entry of legend) {
    const text = measure(entry.label, LEGEND_SIZE, false);
    const left = take(entry.width + MARK_GAP + text);
    const mark: PathShape = aPath(entry.d, {
      stroke: colours[entry.stroke],
      fill: entry.fill === null ? null : colours[entry.fill],
      width: entry.strokeWidth,
      dash: entry.dash,
    });
    shapes.push(moved(mark, left, y), label(entry.label, left + entry.width + MARK_GAP));
  }
  const left = take(measure(WIDTH_NOTE, LEGEND_SIZE, false));
  shapes.push(label(WIDTH_NOTE, left));
  return { shapes, height: y + LEGEND_LINE };
}

/** Notes broken at blanks so that none is wider than that. */
function wrapped(notes: readonly string[], measure: Measure, width: number): readonly string[] {
  return notes.flatMap((note) => {
    const lines: string[] = [];
    let line = '';
    for (const word of note.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && measure(longer, NOTE_SIZE, false) > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    return [...lines, line];
  });
}

/** Puts the map on a sheet: title and notes above it, the legend under it. */
export function composeSheet(
  map: DrawnMap,
  { title, notes, legend }: Sheet,
  colours: Colours,
  measure: Measure,
): Picture {
  const inner = Math.max(LEAST_WIDTH - 2 * MARGIN, map.width, measure(title, TITLE_SIZE, true));
  const lines = wrapped(notes, measure, inner);
  const head = MARGIN + TITLE_SIZE + 6 + lines.length * NOTE_LINE + 12;
  const foot = head + map.height + MARGIN;
  const { shapes, height } = legendShapes(legend, colours, measure, inner);
  const width = inner + 2 * MARGIN;
  const aside = MARGIN + (inner - map.width) / 2;
  return {
    width,
    height: foot + 12 + height + MARGIN / 2,
    background: colours.ground,
    title,
    shapes: [
      aText(title, {
        x: MARGIN,
        y: MARGIN + TITLE_SIZE * 0.8,
        size: TITLE_SIZE,
        bold: true,
        colour: colours.ink,
      }),
      ...lines.map((text, at) =>
        aText(text, {
          x: MARGIN,
          y: MARGIN + TITLE_SIZE + 16 + at * NOTE_LINE,
          size: NOTE_SIZE,
          colour: colours.soft,
        }),
      ),
      ...map.shapes.map((shape) => moved(shape, aside, head)),
      aPath(`M${MARGIN} ${Math.round(foot)}h${Math.round(inner)}`, { stroke: colours.line }),
      ...shapes.map((shape) => moved(shape, MARGIN, foot + 12)),
    ],
  };
}
