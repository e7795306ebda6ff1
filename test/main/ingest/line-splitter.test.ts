import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineSplitter, MAX_LINE_BYTES } from '../../../main/engine/ingest/line-splitter.ts';

function split(chunks: readonly Uint8Array[]): readonly string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter();
  const visit = (bytes: Uint8Array, start: number, end: number) => {
    lines.push(Buffer.from(bytes.subarray(start, end)).toString('latin1'));
  };
  for (const chunk of chunks) splitter.push(chunk, visit);
  const rest = splitter.takeRest();
  if (rest !== undefined) visit(rest, 0, rest.length);
  return lines;
}

function cut(bytes: Uint8Array, at: readonly number[]): readonly Uint8Array[] {
  const places = [...new Set(at.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.slice(from, places[index] ?? bytes.length));
}

it('finds the same lines however the bytes are cut into chunks', () => {
  const bytes = fc
    .uint8Array({ maxLength: 200 })
    .map((all) => all.map((b) => (b % 5 === 0 ? 10 : b)));
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(), { maxLength: 8 }), (all, places) => {
      expect(split(cut(all, places))).toEqual(split([all]));
    }),
    { numRuns: 500 },
  );
});

it('loses no byte: the lines joined by line feeds are what was read', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (all) => {
      const text = Buffer.from(all).toString('latin1');
      const joined = split([all]).join('\n');
      expect(text === joined || text === `${joined}\n`).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('cuts a line that never ends, so that it cannot fill the memory', () => {
  const chunk = new Uint8Array(MAX_LINE_BYTES).fill(65);
  const lines = split([chunk, chunk, chunk]);
  expect(lines.length).toBeGreaterThanOrEqual(3);
  expect(lines.reduce((sum, line) => sum + line.length, 0)).toBe(3 * MAX_LINE_BYTES);
});
