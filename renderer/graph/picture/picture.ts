/** A line or an area, as the path of an SVG element. */
export interface PathShape {
  readonly kind: 'path';
  readonly d: string;
  /** Colours as CSS writes them; `null` for none. */
  readonly fill: string | null;
  readonly stroke: string | null;
  /** Width of the stroke in pixels. */
  readonly width: number;
  /** Lengths of dashes and gaps in pixels; empty for an unbroken line. */
  readonly dash: readonly number[];
  /** 0 to 1 */
  readonly opacity: number;
}

/** One line of text. */
export interface TextShape {
  readonly kind: 'text';
  readonly text: string;
  readonly x: number;
  /** The base line. */
  readonly y: number;
  readonly anchor: 'start' | 'middle';
  /** In pixels. */
  readonly size: number;
  readonly bold: boolean;
  readonly colour: string;
  readonly opacity: number;
}

/** What a picture is drawn of. */
export type Shape = PathShape | TextShape;

/** A drawing without a medium: written as SVG, or painted as PNG, it is the same. */
export interface Picture {
  /** In pixels of 1/96 inch. */
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly title: string;
  /** The lowest first. */
  readonly shapes: readonly Shape[];
}

/** How wide a text is, in pixels. */
export type Measure = (text: string, size: number, bold: boolean) => number;

/** How far below its middle the base line of a text stands, as a share of its size. */
export const BASE_LINE = 0.35;

/** A number as it is written in a path: to a hundredth of a pixel. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** A path with its defaults: unbroken, opaque, neither filled nor stroked. */
export function aPath(d: string, parts: Partial<Omit<PathShape, 'kind' | 'd'>>): PathShape {
  return { kind: 'path', d, fill: null, stroke: null, width: 1, dash: [], opacity: 1, ...parts };
}

/** A text with its defaults: left, plain, opaque. */
export function aText(
  text: string,
  parts: Pick<TextShape, 'x' | 'y' | 'size' | 'colour'> & Partial<TextShape>,
): TextShape {
  return { kind: 'text', text, anchor: 'start', bold: false, opacity: 1, ...parts };
}

/** A rectangle with round corners. */
export function roundRectangle(
  left: number,
  top: number,
  width: number,
  height: number,
  radius: number,
): string {
  const r = Math.max(0, Math.min(radius, width / 2, height / 2));
  const arc = (x: number, y: number) => `a${short(r)} ${short(r)} 0 0 1 ${short(x)} ${short(y)}`;
  const across = short(width - 2 * r);
  const down = short(height - 2 * r);
  return [
    `M${short(left + r)} ${short(top)}h${across}${arc(r, r)}v${down}${arc(-r, r)}`,
    `h-${across}${arc(-r, -r)}v-${down}${arc(r, -r)}Z`,
  ].join('');
}
