import { roundRectangle, short } from '../picture/picture.ts';
import type { Box, Point } from './geometry.ts';

/** Corners of polygons in the square from -1 to 1, as Cytoscape draws these shapes. */
const HEXAGON = ngon(6);
const OCTAGON = ngon(8);
const TAG: readonly Point[] = [
  { x: -1, y: -1 },
  { x: 0.25, y: -1 },
  { x: 1, y: 0 },
  { x: 0.25, y: 1 },
  { x: -1, y: 1 },
];
const CUT = 8;

/** A regular polygon with level upper and lower sides, stretched to fill the square. */
function ngon(sides: number): readonly Point[] {
  const step = (2 * Math.PI) / sides;
  const corners = Array.from({ length: sides }, (_, at) => {
    const angle = Math.PI / 2 + step / 2 + at * step;
    return { x: Math.cos(angle), y: -Math.sin(angle) };
  });
  const wide = Math.max(...corners.map(({ x }) => x));
  const high = Math.max(...corners.map(({ y }) => y));
  return corners.map(({ x, y }) => ({ x: x / wide, y: y / high }));
}

function at({ x, y }: Point): string {
  return `${short(x)} ${short(y)}`;
}

/** A closed polygon through these points. */
export function polygon(points: readonly Point[]): string {
  return `M${points.map(at).join('L')}Z`;
}

function stretched(unit: readonly Point[], { x, y, width, height }: Box): string {
  return polygon(
    unit.map((point) => ({ x: x + (point.x * width) / 2, y: y + (point.y * height) / 2 })),
  );
}

function cutRectangle({ x, y, width, height }: Box): string {
  const [left, right] = [x - width / 2, x + width / 2];
  const [top, bottom] = [y - height / 2, y + height / 2];
  return polygon([
    { x: left + CUT, y: top },
    { x: right - CUT, y: top },
    { x: right, y: top + CUT },
    { x: right, y: bottom - CUT },
    { x: right - CUT, y: bottom },
    { x: left + CUT, y: bottom },
    { x: left, y: bottom - CUT },
    { x: left, y: top + CUT },
  ]);
}

function barrel({ x, y, width, height }: Box): string {
  const [left, right] = [x - width / 2, x + width / 2];
  const [top, bottom] = [y - height / 2, y + height / 2];
  const down = Math.min(15, 0.05 * height);
  const aside = Math.min(100, 0.25 * width);
  const control = 0.05 * aside;
  const curve = (cx: number, cy: number, px: number, py: number) =>
    `Q${at({ x: cx, y: cy })} ${at({ x: px, y: py })}`;
  return [
    `M${at({ x: left, y: top + down })}V${short(bottom - down)}`,
    curve(left + control, bottom, left + aside, bottom),
    `H${short(right - aside)}`,
    curve(right - control, bottom, right, bottom - down),
    `V${short(top + down)}`,
    curve(right - control, top, right - aside, top),
    `H${short(left + aside)}`,
    `${curve(left + control, top, left, top + down)}Z`,
  ].join('');
}

function ellipse({ x, y, width, height }: Box): string {
  const arc = `A${short(width / 2)} ${short(height / 2)} 0 1 1 `;
  return `M${at({ x: x - width / 2, y })}${arc}${at({ x: x + width / 2, y })}${arc}${at({ x: x - width / 2, y })}Z`;
}

/** The outline of a node in one of the map's shapes, named as Cytoscape names them. */
export function outlineOf(shape: string, box: Box, cornerRadius: number): string {
  switch (shape) {
    case 'cut-rectangle':
      return cutRectangle(box);
    case 'hexagon':
      return stretched(HEXAGON, box);
    case 'octagon':
      return stretched(OCTAGON, box);
    case 'round-tag':
      return stretched(TAG, box);
    case 'barrel':
      return barrel(box);
    case 'ellipse':
      return ellipse(box);
    default: {
      const { x, y, width, height } = box;
      return roundRectangle(x - width / 2, y - height / 2, width, height, cornerRadius);
    }
  }
}

/** A curve from one point to another by control points, as Cytoscape runs through them. */
export function curveThrough(from: Point, controls: readonly Point[], to: Point): string {
  const parts = controls.map((control, index) => {
    const next = controls[index + 1];
    const end =
      next === undefined ? to : { x: (control.x + next.x) / 2, y: (control.y + next.y) / 2 };
    return `Q${at(control)} ${at(end)}`;
  });
  return `M${at(from)}${parts.length === 0 ? `L${at(to)}` : parts.join('')}`;
}

/** The head of an arrow that ends in a point, coming from another. */
export function arrowHead(
  shape: 'triangle' | 'tee',
  from: Point,
  tip: Point,
  lineWidth: number,
  scale: number,
): string {
  const size = Math.max((lineWidth * 13.37) ** 0.9, 29) * scale;
  const length = Math.hypot(tip.x - from.x, tip.y - from.y) || 1;
  const along = { x: (tip.x - from.x) / length, y: (tip.y - from.y) / length };
  const corner = (aside: number, back: number): Point => ({
    x: tip.x - size * (back * along.x + aside * along.y),
    y: tip.y - size * (back * along.y - aside * along.x),
  });
  return polygon(
    shape === 'triangle'
      ? [corner(-0.15, 0.3), corner(0, 0), corner(0.15, 0.3)]
      : [corner(-0.15, 0), corner(-0.15, 0.1), corner(0.15, 0.1), corner(0.15, 0)],
  );
}
