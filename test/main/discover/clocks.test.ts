import fc from 'fast-check';
import { expect, it } from 'vitest';
import { solveClocks, type ClockStep } from '../../../main/engine/discover/clocks.ts';

/** What is told of clocks that are so much ahead, for the pairs given. */
function stepsOf(
  ahead: readonly number[],
  pairs: readonly (readonly [number, number])[],
): ClockStep[] {
  return pairs.map(([near, far]) => ({
    near,
    far,
    sessions: 20,
    step: (ahead[far] ?? 0) - (ahead[near] ?? 0) + 0.5,
  }));
}

it('clocks that are compared in a chain come out right, whatever they are ahead', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 2, maxLength: 8 }),
      (ahead) => {
        const chain = ahead.slice(1).map((_, at): [number, number] => [at, at + 1]);
        const clocks = new Map(
          solveClocks(stepsOf(ahead, chain)).map((each) => [each.clock, each.ahead]),
        );
        for (const [near, far] of chain) {
          const found = (clocks.get(far) ?? 0) - (clocks.get(near) ?? 0);
          expect(found).toBeCloseTo((ahead[far] ?? 0) - (ahead[near] ?? 0), 3);
        }
      },
    ),
  );
});

it('clocks that were never compared are of different parts', () => {
  const clocks = solveClocks(
    stepsOf(
      [0, 10, 0, 30],
      [
        [0, 1],
        [2, 3],
      ],
    ),
  );
  const partOf = (clock: number) => clocks.find((each) => each.clock === clock)?.part;
  expect(partOf(0)).toBe(partOf(1));
  expect(partOf(2)).toBe(partOf(3));
  expect(partOf(0)).not.toBe(partOf(2));
});

it('without any comparison there is no clock to set right', () => {
  expect(solveClocks([])).toEqual([]);
});
