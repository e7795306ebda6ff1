import type { Core, EdgeSingular, NodeSingular } from 'cytoscape';
import {
  aPath,
  aText,
  BASE_LINE,
  roundRectangle,
  type Measure,
  type Shape,
} from '../picture/picture.ts';
import { COMPOUND_PADDING, type Point } from './geometry.ts';
import { arrowHead, curveThrough, outlineOf } from './outline.ts';

/** The map as shapes, its upper left corner at the origin. */
export interface DrawnMap {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

const LINE_HEIGHT = 1.25;
const ARROW_GAP = 4;
const LABEL_RADIUS = 3;

type Element = NodeSingular | EdgeSingular;

interface Reader {
  readonly measure: Measure;
  /** Takes a point of the map to the picture. */
  readonly shift: (point: Point) => Point;
}

function textOf(element: Element, name: string): string {
  const value: unknown = element.style(name);
  return typeof value === 'string' ? value : '';
}

function numberOf(element: Element, name: string): number {
  const value: unknown = element.numericStyle(name);
  return typeof value === 'number' ? value : 0;
}

function dashOf(element: Element, prefix: 'line' | 'border'): readonly number[] {
  const width = numberOf(element, prefix === 'line' ? 'width' : 'border-width');
  const style = textOf(element, `${prefix}-style`);
  if (style === 'dotted') return [1, Math.max(2, width)];
  if (style !== 'dashed') return [];
  const pattern: unknown = element.style(`${prefix}-dash-pattern`);
  const numbers = String(pattern).match(/[\d.]+/g) ?? [];
  return numbers.map(Number);
}

function isBold(element: Element): boolean {
  return ['bold', '700'].includes(textOf(element, 'font-weight'));
}

function nodeShapes(node: NodeSingular, { shift }: Reader): readonly Shape[] {
  const { x, y } = shift(node.position());
  const border = numberOf(node, 'border-width');
  const box = { x, y, width: node.outerWidth() - border, height: node.outerHeight() - border };
  const opacity = numberOf(node, 'opacity');
  const radius = parseFloat(textOf(node, 'corner-radius'));
  const rest = Math.min(box.width / 4, box.height / 4, 8);
  const outline = outlineOf(textOf(node, 'shape'), box, Number.isNaN(radius) ? rest : radius);
  const isHolder = textOf(node, 'text-valign') === 'top';
  const size = numberOf(node, 'font-size');
  const lines = textOf(node, 'label').split('\n');
  const middle = isHolder
    ? y - box.height / 2 + COMPOUND_PADDING - 5 - size * 0.65
    : y - ((lines.length - 1) * size * LINE_HEIGHT) / 2;
  return [
    aPath(outline, {
      fill: textOf(node, 'background-color'),
      stroke: textOf(node, 'border-color'),
      width: border,
      dash: dashOf(node, 'border'),
      opacity,
    }),
    ...lines.map((line, at) =>
      aText(line, {
        x,
        y: middle + at * size * LINE_HEIGHT + size * BASE_LINE,
        anchor: 'middle',
        size,
        bold: isBold(node),
        colour: textOf(node, 'color'),
        opacity,
      }),
    ),
  ];
}

function edgeLabel(edge: EdgeSingular, { measure, shift }: Reader): readonly Shape[] {
  const label = textOf(edge, 'label');
  const opacity = numberOf(edge, 'opacity') * numberOf(edge, 'text-opacity');
  if (label === '' || opacity === 0) return [];
  const { x, y } = shift(edge.midpoint());
  const size = numberOf(edge, 'font-size');
  const bold = isBold(edge);
  const padding = numberOf(edge, 'text-background-padding');
  const width = measure(label, size, bold) + 2 * padding;
  const height = size * 1.2 + 2 * padding;
  const ground = roundRectangle(x - width / 2, y - height / 2, width, height, LABEL_RADIUS);
  const fill = textOf(edge, 'text-background-color');
  return [
    aPath(ground, { fill, opacity: opacity * numberOf(edge, 'text-background-opacity') }),
    aText(label, {
      x,
      y: y + size * BASE_LINE,
      anchor: 'middle',
      size,
      bold,
      colour: textOf(edge, 'color'),
      opacity,
    }),
  ];
}

function edgeShapes(edge: EdgeSingular, reader: Reader): readonly Shape[] {
  const from = reader.shift(edge.sourceEndpoint());
  const tip = reader.shift(edge.targetEndpoint());
  // Absent for straight lines, whatever the types say.
  const points = edge.controlPoints() as readonly Point[] | undefined;
  const controls = (points ?? []).map(reader.shift);
  const last = controls.at(-1) ?? from;
  const away = Math.hypot(tip.x - last.x, tip.y - last.y) || 1;
  const gap = Math.min(ARROW_GAP, away / 2) / away;
  const end = { x: tip.x + (last.x - tip.x) * gap, y: tip.y + (last.y - tip.y) * gap };
  const way = curveThrough(from, controls, end);
  const width = numberOf(edge, 'width');
  const opacity = numberOf(edge, 'opacity');
  const stroke = textOf(edge, 'line-color');
  const glow = numberOf(edge, 'underlay-opacity');
  const head = textOf(edge, 'target-arrow-shape') === 'tee' ? 'tee' : 'triangle';
  return [
    ...(glow === 0
      ? []
      : [
          aPath(way, {
            stroke: textOf(edge, 'underlay-color'),
            width: width + 2 * numberOf(edge, 'underlay-padding'),
            opacity: glow,
          }),
        ]),
    aPath(way, { stroke, width, dash: dashOf(edge, 'line'), opacity }),
    aPath(arrowHead(head, last, tip, width, numberOf(edge, 'arrow-scale')), {
      fill: textOf(edge, 'target-arrow-color'),
      opacity,
    }),
  ];
}

/** How deep an element lies in compound nodes; the deeper is drawn later. */
function depthOf(element: NodeSingular | EdgeSingular): number {
  if (element.isNode()) return element.parents().length;
  return Math.max(element.source().parents().length, element.target().parents().length);
}

/** Reads what the map shows, all of it, in the order in which it is drawn. */
export function readMap(cy: Core, measure: Measure): DrawnMap {
  const all = cy.elements();
  const { x1, y1, w, h } = all.boundingBox({ includeOverlays: false });
  const reader: Reader = { measure, shift: ({ x, y }) => ({ x: x - x1, y: y - y1 }) };
  const ordered = all
    .toArray()
    .map((element) => ({
      element,
      depth: depthOf(element),
      kind: element.isNode() ? 1 : 0,
      level: numberOf(element, 'z-index'),
    }))
    .sort((a, b) => a.depth - b.depth || a.kind - b.kind || a.level - b.level)
    .map(({ element }) => element);
  const shapes = ordered.flatMap((element) =>
    element.isNode()
      ? nodeShapes(element, reader)
      : [...edgeShapes(element, reader), ...edgeLabel(element, reader)],
  );
  return { width: w, height: h, shapes };
}
