import { expect, it } from 'vitest';
import { EVENT_COLUMNS, EventBatch } from '../../../main/engine/ingest/event-batch.ts';
import { EventPacker, PackedBatch } from '../../../main/engine/ingest/packed-events.ts';
import { TUPLE_COLUMNS, TUPLE_KINDS, Tuples } from '../../../main/engine/ingest/tuples.ts';
import { createPrng } from '../../sample/prng.ts';

const ROWS = 4_000;

it('every code is that of its row’s own tuple, however many tuples share a slot', () => {
  const prng = createPrng(11);
  const tuples = new Tuples();
  const packer = new EventPacker(tuples);
  const batch = new EventBatch(ROWS);
  const packed = new PackedBatch(ROWS);
  const columns = EVENT_COLUMNS.flatMap(([name]) => {
    const column: unknown = Reflect.get(batch, name);
    const isTuple = TUPLE_KINDS.some((kind) => TUPLE_COLUMNS[kind].some((each) => each === name));
    const isNumbers =
      column instanceof Uint8Array ||
      column instanceof Uint16Array ||
      column instanceof Uint32Array;
    return isTuple && isNumbers ? [[name, column] as const] : [];
  });
  expect(columns).toHaveLength(TUPLE_KINDS.flatMap((kind) => TUPLE_COLUMNS[kind]).length);
  const byName = new Map<string, ArrayLike<number>>(columns);
  for (let round = 0; round < 12; round++) {
    // From rounds of a few tuples that repeat to rounds in which nearly all are new.
    const most = 2 + round * round;
    for (const [, column] of columns) {
      for (let row = 0; row < ROWS; row++) column[row] = prng.int(0, most);
    }
    batch.rows = ROWS;
    packer.pack(batch, packed);
    for (const kind of TUPLE_KINDS) {
      const names = TUPLE_COLUMNS[kind];
      const words = tuples[kind].wordsFrom(0);
      for (let row = 0; row < ROWS; row++) {
        const code = packed[kind][row] ?? -1;
        const own = names.map((name) => byName.get(name)?.[row]);
        const stored = [...words.subarray(code * names.length, (code + 1) * names.length)];
        if (stored.some((word, at) => word !== own[at])) expect(stored).toEqual(own);
      }
    }
  }
  // So many that slots were shared, and still each of them once.
  expect(tuples.context.size).toBeGreaterThan(20_000);
  const seen = new Set<string>();
  const words = tuples.context.wordsFrom(0);
  for (let at = 0; at < words.length; at += tuples.context.width) {
    seen.add(words.subarray(at, at + tuples.context.width).join(' '));
  }
  expect(seen.size).toBe(tuples.context.size);
});
