import { crc32 } from '../../app/zip.ts';
import { FONT } from '../canvas/colours.ts';
import type { Measure, Picture, Shape } from './picture.ts';

/** Dots of print per pixel of the screen: 300 an inch. */
const PRINT_SCALE = 300 / 96;

/** Dots a side, and in all, that a picture has at most: what browsers draw, and a memory of 256 MB. */
const MOST_SIDE = 16_000;
const MOST_DOTS = 64_000_000;

/** How many dots a pixel of the picture has, so that it can be printed and still be drawn. */
export function printScale({ width, height }: Pick<Picture, 'width' | 'height'>): number {
  const side = MOST_SIDE / Math.max(width, height);
  return Math.min(PRINT_SCALE, side, Math.sqrt(MOST_DOTS / (width * height)));
}

function fontOf(size: number, bold: boolean): string {
  return `${bold ? 'bold ' : ''}${size}px ${FONT}`;
}

/** Measures texts with a context. */
export function measureWith(context: CanvasRenderingContext2D): Measure {
  return (text, size, bold) => {
    context.font = fontOf(size, bold);
    return context.measureText(text).width;
  };
}

function paint(context: CanvasRenderingContext2D, shape: Shape): void {
  context.globalAlpha = shape.opacity;
  if (shape.kind === 'text') {
    context.font = fontOf(shape.size, shape.bold);
    context.textAlign = shape.anchor === 'middle' ? 'center' : 'left';
    context.fillStyle = shape.colour;
    context.fillText(shape.text, shape.x, shape.y);
    return;
  }
  const path = new Path2D(shape.d);
  if (shape.fill !== null) {
    context.fillStyle = shape.fill;
    context.fill(path);
  }
  if (shape.stroke === null) return;
  context.strokeStyle = shape.stroke;
  context.lineWidth = shape.width;
  context.setLineDash([...shape.dash]);
  context.stroke(path);
}

/** The signature and the header chunk, which comes first (https://www.w3.org/TR/png-3/#5Chunk-layout). */
const HEADER_END = 8 + 25;

/** The same PNG with the size it is to be printed in (https://www.w3.org/TR/png-3/#11pHYs). */
export function withDensity(png: Uint8Array, dotsPerInch: number): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(21);
  const view = new DataView(chunk.buffer);
  const dotsPerMetre = Math.round(dotsPerInch / 0.0254);
  view.setUint32(0, 9);
  chunk.set(new TextEncoder().encode('pHYs'), 4);
  view.setUint32(8, dotsPerMetre);
  view.setUint32(12, dotsPerMetre);
  view.setUint8(16, 1);
  view.setUint32(17, crc32(chunk.subarray(4, 17)));
  const result = new Uint8Array(png.length + chunk.length);
  result.set(png.subarray(0, HEADER_END));
  result.set(chunk, HEADER_END);
  result.set(png.subarray(HEADER_END), HEADER_END + chunk.length);
  return result;
}

/**
 * The picture as a PNG of print quality.
 *
 * @throws Error where the browser has no room for it
 */
export async function pngOf(picture: Picture): Promise<Uint8Array<ArrayBuffer>> {
  const scale = printScale(picture);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const context = canvas.getContext('2d');
  const failure = 'The browser has no room for a picture of this size. Save it as SVG.';
  if (context === null) throw new Error(failure);
  context.fillStyle = picture.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  for (const shape of picture.shapes) paint(context, shape);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (blob === null) throw new Error(failure);
  return withDensity(new Uint8Array(await blob.arrayBuffer()), 96 * scale);
}
