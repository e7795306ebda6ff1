import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_FILTER } from '../../../shared/domain/filter.ts';
import { aLine } from '../../support/archives.ts';
import { anEngine, type TestEngine } from '../../support/engine.ts';

async function storedEvents(test: TestEngine): Promise<number> {
  const page = await test.client.call('flow.list', {
    filter: NO_FILTER,
    by: [],
    order: 'events',
    offset: 0,
    limit: 1,
  });
  return page.totalEvents;
}

async function openLines(test: TestEngine, name: string, lines: readonly string[]) {
  const file = test.folder.file(name);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return test.client.call('archive.open', { paths: [file] });
}

const minutes = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => aLine(from + index));

it('exports that overlap at their borders are counted once', async () => {
  await using test = await anEngine();
  await openLines(test, 'a.log', minutes(0, 30));
  const second = await openLines(test, 'b.log', minutes(25, 50));
  expect(second.sources).toMatchObject([{ events: 25, lines: 25, duplicates: 5 }]);
  expect(await storedEvents(test)).toBe(50);
});

it('a packet repeated within one file is kept as often as it was logged', async () => {
  await using test = await anEngine();
  await openLines(test, 'a.log', [...minutes(0, 10), aLine(9), aLine(9)]);
  expect(await storedEvents(test)).toBe(12);
  const second = await openLines(test, 'b.log', [aLine(9), aLine(9), aLine(9), aLine(9)]);
  expect(second.sources).toMatchObject([{ duplicates: 3 }]);
  expect(await storedEvents(test)).toBe(13);
});

it('a third export adds nothing to what two hold together', async () => {
  await using test = await anEngine();
  await openLines(test, 'a.log', [aLine(1)]);
  await openLines(test, 'b.log', [aLine(1), aLine(1)]);
  await openLines(test, 'c.log', [aLine(1), aLine(1), aLine(2)]);
  expect(await storedEvents(test)).toBe(3);
});

it('the same packet at another vNIC is no duplicate', async () => {
  await using test = await anEngine();
  await openLines(test, 'a.log', minutes(0, 10));
  const other = minutes(0, 10).map((line) => line.replace('8b4a1980', '9c4a1981'));
  expect((await openLines(test, 'b.log', other)).totals.duplicates).toBe(0);
  expect(await storedEvents(test)).toBe(20);
});

it('any slices of one log, in any order, store what the whole log holds', async () => {
  const cut = fc
    .tuple(fc.nat(39), fc.nat(39))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const);
  const whole = [...minutes(0, 40)].flatMap((line, index) =>
    index % 7 === 0 ? [line, line] : [line],
  );
  await fc.assert(
    fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 4 }), async (cuts) => {
      await using test = await anEngine();
      const stored = new Map<string, number>();
      for (const [index, [from, to]] of cuts.entries()) {
        const slice = whole.slice(from, to);
        await openLines(test, `${index}.log`, slice).catch(() => undefined);
        for (const line of new Set(slice)) {
          const times = slice.filter((each) => each === line).length;
          stored.set(line, Math.max(times, stored.get(line) ?? 0));
        }
      }
      const want = [...stored.values()].reduce((sum, times) => sum + times, 0);
      expect(await storedEvents(test)).toBe(want);
    }),
    { numRuns: 25 },
  );
});
