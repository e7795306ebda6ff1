import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coloursOf } from '../../../renderer/graph/canvas/colours.ts';
import { arrowHead, curveThrough, outlineOf } from '../../../renderer/graph/canvas/outline.ts';
import { legendOf } from '../../../renderer/graph/legend.ts';
import { composeSheet, movedPath } from '../../../renderer/graph/picture/compose.ts';
import { aPath, aText, type Measure } from '../../../renderer/graph/picture/picture.ts';
import { printScale, withDensity } from '../../../renderer/graph/picture/png.ts';
import { pictureName } from '../../../renderer/graph/picture/sheet.ts';
import { svgOf } from '../../../renderer/graph/picture/svg.ts';

/** CRC-32 as PNG has it, bit by bit (https://www.w3.org/TR/png-3/#5CRC-algorithm). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return ~crc >>> 0;
}

const measure: Measure = (text, size) => text.length * size * 0.5;
const SHAPES = ['round-rectangle', 'cut-rectangle', 'hexagon', 'octagon', 'round-tag', 'barrel'];
const BOX = { x: 100, y: 50, width: 80, height: 40 };

function aSheet(title: string, notes: readonly string[]) {
  const map = {
    width: 400,
    height: 300,
    shapes: [aText(title, { x: 5, y: 6, size: 10, colour: '#000' }), aPath('M1 2L3 4Z', {})],
  };
  const sheet = { title, notes, legend: legendOf('state') };
  return composeSheet(map, sheet, coloursOf('light'), measure);
}

/** All points of a path whose commands are written in capitals. */
function pointsOf(d: string): readonly (readonly number[])[] {
  const found: number[][] = [];
  for (const [, command, rest] of d.matchAll(/([MLQ])([^A-Z]*)/g)) {
    const numbers = (rest?.match(/-?[\d.]+/g) ?? []).map(Number);
    expect(command === 'Q' ? numbers.length % 4 : numbers.length % 2).toBe(0);
    for (let at = 0; at < numbers.length; at += 2) found.push(numbers.slice(at, at + 2));
  }
  return found;
}

describe('a picture of the map as SVG', () => {
  it('is one well-formed document whatever the names in the log are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (title, note) => {
        const text = svgOf(aSheet(title, [note]));
        const read = new DOMParser().parseFromString(text, 'image/svg+xml');
        expect(read.querySelector('parsererror')).toBeNull();
        expect(read.querySelectorAll('script, foreignObject, image')).toHaveLength(0);
        expect(read.documentElement.nodeName).toBe('svg');
      }),
    );
  });

  it('shows markup in a name as text', () => {
    const text = svgOf(aSheet('<script>alert(1)</script> & "x"', []));
    const read = new DOMParser().parseFromString(text, 'image/svg+xml');
    expect(read.querySelector('title')?.textContent).toBe('<script>alert(1)</script> & "x"');
  });

  it('holds title, notes, map and every line of the legend, and nothing outside its frame', () => {
    const notes = ['Time window: 2026-03-02 08:00:00 – 09:00:00 UTC.', 'Filter: action:DROP'];
    const picture = aSheet('books', notes);
    const texts = picture.shapes.flatMap((shape) => (shape.kind === 'text' ? [shape] : []));
    const labels = legendOf('state').map(({ label }) => label);
    expect(texts.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['books', ...notes, ...labels]),
    );
    for (const { text, x, y, size } of texts) {
      expect(x + measure(text, size, false)).toBeLessThanOrEqual(picture.width);
      expect(y).toBeLessThanOrEqual(picture.height);
    }
  });

  it('breaks a long filter into lines', () => {
    const long = `Filter: ${Array.from({ length: 80 }, (_, at) => `source:192.0.2.${at}`).join(' ')}`;
    const { shapes, width } = aSheet('t', [long]);
    const lines = shapes.flatMap((shape) =>
      shape.kind === 'text' && shape.text.includes('192.0.2.') ? [shape] : [],
    );
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.map(({ text }) => text).join(' ')).toBe(long);
    for (const { text, x, size } of lines)
      expect(x + measure(text, size, false)).toBeLessThanOrEqual(width);
  });
});

describe('the outline of a node', () => {
  it.each(SHAPES.slice(1, 5))('fills its box and no more: %s', (shape) => {
    const points = pointsOf(outlineOf(shape, BOX, 8));
    const xs = points.map(([x = 0]) => x);
    const ys = points.map(([, y = 0]) => y);
    expect([Math.min(...xs), Math.max(...xs)]).toEqual([60, 140]);
    expect([Math.min(...ys), Math.max(...ys)]).toEqual([30, 70]);
  });

  it.each(SHAPES)('moves as a whole: %s', (shape) => {
    const moved = movedPath(outlineOf(shape, BOX, 8), 13, -7);
    expect(moved).toBe(outlineOf(shape, { ...BOX, x: 113, y: 43 }, 8));
  });
});

describe('a line of the map', () => {
  it('ends where it was told, through its control points', () => {
    const way = curveThrough({ x: 0, y: 0 }, [{ x: 5, y: 9 }], { x: 10, y: 0 });
    expect(way).toBe('M0 0Q5 9 10 0');
    expect(curveThrough({ x: 0, y: 0 }, [], { x: 3, y: 4 })).toBe('M0 0L3 4');
  });

  it('has its head at its end, pointing the way it came', () => {
    const [left, tip, right] = pointsOf(
      arrowHead('triangle', { x: 0, y: 0 }, { x: 100, y: 0 }, 2, 1),
    );
    expect(tip).toEqual([100, 0]);
    expect(left?.[0]).toBeLessThan(100);
    expect(left?.[1]).toBe(-(right?.[1] ?? NaN));
  });
});

describe('a picture of the map as PNG', () => {
  it('has 300 dots an inch, and fewer only where it would grow too large', () => {
    expect(printScale({ width: 1_200, height: 900 })).toBeCloseTo(3.125);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 80_000 }),
        fc.integer({ min: 1, max: 80_000 }),
        (w, h) => {
          const scale = printScale({ width: w, height: h });
          expect(scale).toBeLessThanOrEqual(3.125);
          expect(Math.max(w, h) * scale).toBeLessThanOrEqual(16_000.1);
          expect(w * h * scale * scale).toBeLessThanOrEqual(64_000_001);
        },
      ),
    );
  });

  it('tells its size in print after its header', () => {
    const png = new Uint8Array(60).fill(7);
    const dense = withDensity(png, 300);
    expect(dense.length).toBe(81);
    const chunk = Buffer.from(dense.subarray(33, 54));
    expect(chunk.toString('latin1', 4, 8)).toBe('pHYs');
    expect(chunk.readUInt32BE(8)).toBe(11_811);
    expect(chunk.readUInt32BE(17)).toBe(crc32(chunk.subarray(4, 17)));
    expect(Buffer.from(dense.subarray(54)).equals(Buffer.from(png.subarray(33)))).toBe(true);
  });
});

describe('the file of a picture', () => {
  it('has a name that every file system takes', () => {
    expect(pictureName('Books: 3/4 "prod"', 'svg')).toBe('Books- 3-4 -prod.svg');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (title) => {
        expect(pictureName(title, 'png')).toMatch(/^[\p{L}\p{N}_][\p{L}\p{N}._ -]*\.png$/u);
      }),
    );
  });
});
