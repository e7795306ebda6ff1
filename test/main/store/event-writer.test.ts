import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EVENT_COLUMNS, EventBatch, WideColumn } from '../../../main/engine/ingest/event-batch.ts';
import { Names } from '../../../main/engine/ingest/names.ts';
import {
  EventPacker,
  PACKED_COLUMNS,
  PackedBatch,
} from '../../../main/engine/ingest/packed-events.ts';
import { Database } from '../../../main/engine/store/database.ts';
import { EventWriter } from '../../../main/engine/store/event-writer.ts';
import { loadNames, saveNames } from '../../../main/engine/store/saved-names.ts';
import { fixed } from '../../../main/engine/store/sql.ts';
import { TUPLE_KINDS } from '../../../main/engine/ingest/tuples.ts';
import { aFolder } from '../../support/engine.ts';

const CAPACITY = 1_500;

/** Greatest values of columns that hold less than their width. */
const MOST: Readonly<Record<string, number>> = {
  seen_at: 4_102_444_800_000,
  kind: 2,
  direction: 2,
  protocol: 255,
  reply: 1,
  seen: 2,
};

/** Values of every column of an event, in the order of `EVENT_COLUMNS`; few for what repeats. */
const aRow = fc.tuple(
  ...EVENT_COLUMNS.map(([name, width]) => {
    const max = MOST[name] ?? (width === 8 ? Number.MAX_SAFE_INTEGER : 2 ** (8 * width) - 1);
    return fc.oneof(fc.integer({ min: 0, max: Math.min(3, max) }), fc.integer({ min: 0, max }));
  }),
);

function setRow(batch: EventBatch, row: number, values: readonly number[]): void {
  for (const [index, [, width]] of EVENT_COLUMNS.entries()) {
    const from = batch.offsets[index] ?? 0;
    const value = values[index] ?? 0;
    if (width === 1) new Uint8Array(batch.buffer, from)[row] = value;
    else if (width === 2) new Uint16Array(batch.buffer, from, batch.capacity)[row] = value;
    else if (width === 4) new Uint32Array(batch.buffer, from, batch.capacity)[row] = value;
    else new WideColumn(new Uint32Array(batch.buffer, from, 2 * batch.capacity)).set(row, value);
  }
}

it('every value of an event comes back, packed and stored, and after opening again', async () => {
  await using folder = await aFolder();
  const file = folder.file('p.segw');
  const rows = fc
    .sample(aRow, { numRuns: 5_000, seed: 7 })
    .map(([, , ...rest], index) => [1, index, ...rest]);
  let database = await Database.open(file);
  const names = new Names();
  const packer = new EventPacker(names.tuples);
  let released = 0;
  const writer = EventWriter.open(
    database.writer,
    'packed_event',
    PACKED_COLUMNS,
    () => released++,
  );
  const batch = new EventBatch(CAPACITY);
  for (let from = 0; from < rows.length; from += CAPACITY) {
    const part = rows.slice(from, from + CAPACITY);
    for (const [row, values] of part.entries()) setRow(batch, row, values);
    batch.rows = part.length;
    const packed = new PackedBatch(CAPACITY);
    packer.pack(batch, packed);
    await writer.write(packed);
  }
  await writer.flush();
  expect(released).toBe(4);
  await saveNames(database, names);
  database.close();

  database = await Database.open(file);
  const columns = EVENT_COLUMNS.map(([name]) =>
    name === 'seen_at' ? 'epoch_ms(seen_at)::double' : `${name}::double`,
  );
  const stored = await database.query(
    fixed(`select ${columns.map((c, i) => `${c} as c${i}`).join(', ')} from event order by line`),
  );
  expect(stored.map((each) => Object.values(each))).toEqual(rows);
  const known = new Names();
  await loadNames(database, known);
  for (const kind of TUPLE_KINDS) {
    expect(known.tuples[kind].wordsFrom(0)).toEqual(names.tuples[kind].wordsFrom(0));
  }
  database.close();
});

it('a wide number keeps its value between its two halves', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      const batch = new EventBatch(1);
      batch.seenAt.set(0, value);
      expect(batch.seenAt.get(0)).toBe(value);
    }),
  );
});
