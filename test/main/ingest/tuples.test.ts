import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TupleTable } from '../../../main/engine/ingest/tuples.ts';

const number = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));

it('equal tuples have the same code, and codes count up in the order tuples were met', () => {
  const tuples = fc.array(fc.array(number, { minLength: 3, maxLength: 3 }), { maxLength: 1_500 });
  fc.assert(
    fc.property(tuples, (list) => {
      const table = new TupleTable(3);
      const expected = new Map<string, number>();
      for (const tuple of list) {
        const key = tuple.join(' ');
        if (!expected.has(key)) expected.set(key, expected.size);
        expect(table.codeOf(Uint32Array.from(tuple))).toBe(expected.get(key));
      }
      expect(table.size).toBe(expected.size);
    }),
    { numRuns: 50 },
  );
});

it('tuples told to another table have the same codes there, however they are cut', () => {
  const first = new TupleTable(2);
  const second = new TupleTable(2);
  for (let count = 0; count < 3_000; count++) {
    first.codeOf(Uint32Array.of(count >> 1, count));
    if (count % 700 === 0) second.restore(first.wordsFrom(second.size));
  }
  second.restore(first.wordsFrom(second.size));
  expect(second.wordsFrom(0)).toEqual(first.wordsFrom(0));
  expect(second.codeOf(Uint32Array.of(1_499, 2_999))).toBe(2_999);
});

it('a tuple that is told twice is a bug, not another code', () => {
  const table = new TupleTable(2);
  table.restore(Uint32Array.of(1, 2));
  expect(() => {
    table.restore(Uint32Array.of(1, 2));
  }).toThrow(/there already/);
});
