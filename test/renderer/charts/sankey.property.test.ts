import fc from 'fast-check';
import { expect, it } from 'vitest';
import { COLUMNS, layoutSankey, type Block, type Way } from '../../../renderer/charts/sankey.ts';

const SIZE = { height: 300, gap: 4, most: 6 };

const way: fc.Arbitrary<Way> = fc.record({
  source: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
  service: fc.constantFrom('TCP/80', 'TCP/443', 'UDP/53'),
  destination: fc.constantFrom('x', 'y', 'z', '__proto__'),
  value: fc.integer({ min: 0, max: 1_000 }),
});

const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);

it('draws all that was given, in every column, inside the picture and without overlaps', () => {
  fc.assert(
    fc.property(fc.array(way, { maxLength: 60 }), (ways) => {
      const { blocks, ribbons } = layoutSankey(ways, SIZE);
      const total = sum(ways.map(({ value }) => value));
      for (const column of COLUMNS) {
        const own = blocks.filter((block) => block.column === column).sort((a, b) => a.y - b.y);
        expect(sum(own.map(({ value }) => value))).toBe(total);
        expect(own.length).toBeLessThanOrEqual(SIZE.most);
        own.forEach((block, at) => {
          const before = own[at - 1];
          if (before !== undefined)
            expect(block.y).toBeGreaterThanOrEqual(before.y + before.height + SIZE.gap - 1e-6);
          expect(block.y + block.height).toBeLessThanOrEqual(SIZE.height + 1e-6);
        });
      }
      const through = (side: 'from' | 'to', block: Block) =>
        sum(ribbons.filter((ribbon) => ribbon[side] === block).map(({ value }) => value));
      for (const block of blocks) {
        if (block.column !== 'destination') expect(through('from', block)).toBe(block.value);
        if (block.column !== 'source') expect(through('to', block)).toBe(block.value);
      }
    }),
  );
});

it('folds what is too small into one block that says how many it holds', () => {
  const ways = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((source, at) => ({
    source,
    service: 'TCP/80',
    destination: 'x',
    value: 100 - at,
  }));
  const sources = layoutSankey(ways, SIZE).blocks.filter(({ column }) => column === 'source');
  expect(sources).toHaveLength(6);
  expect(sources.find(({ id }) => id === null)).toMatchObject({ count: 3, value: 95 + 94 + 93 });
});
