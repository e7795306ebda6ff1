import { FONT } from '../canvas/colours.ts';
import { short, type PathShape, type Picture, type TextShape } from './picture.ts';

/** Characters an XML document may not hold, not even escaped (https://www.w3.org/TR/xml/#charsets). */
// eslint-disable-next-line no-control-regex -- exactly those are taken out
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

/** A text as the content or the attribute of an XML element. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(FORBIDDEN, '\u{FFFD}')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Attributes that differ from what SVG takes without them. */
function attributes(list: Readonly<Record<string, string | number | null>>): string {
  return Object.entries(list)
    .filter(([, value]) => value !== null)
    .map(
      ([name, value]) =>
        ` ${name}="${typeof value === 'number' ? short(value) : escapeXml(value ?? '')}"`,
    )
    .join('');
}

function pathElement({ d, fill, stroke, width, dash, opacity }: PathShape): string {
  return `<path${attributes({
    d,
    fill: fill ?? 'none',
    stroke,
    'stroke-width': stroke === null ? null : width,
    'stroke-dasharray': stroke === null || dash.length === 0 ? null : dash.map(short).join(' '),
    opacity: opacity === 1 ? null : opacity,
  })}/>`;
}

function textElement(shape: TextShape): string {
  return `<text${attributes({
    x: shape.x,
    y: shape.y,
    'font-size': shape.size,
    'font-weight': shape.bold ? 'bold' : null,
    'text-anchor': shape.anchor === 'middle' ? 'middle' : null,
    fill: shape.colour,
    opacity: shape.opacity === 1 ? null : shape.opacity,
  })}>${escapeXml(shape.text)}</text>`;
}

/** The picture as an SVG document that needs nothing else and holds no script. */
export function svgOf(picture: Picture): string {
  const { width, height, background, title, shapes } = picture;
  const size = `width="${short(width)}" height="${short(height)}" viewBox="0 0 ${short(width)} ${short(height)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${escapeXml(FONT)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" fill="${escapeXml(background)}"/>`,
    ...shapes.map((shape) => (shape.kind === 'path' ? pathElement(shape) : textElement(shape))),
    '</svg>\n',
  ].join('\n');
}
