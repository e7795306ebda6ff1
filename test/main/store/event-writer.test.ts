import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EVENT_COLUMNS, EventBatch } from '../../../main/engine/ingest/event-batch.ts';
import { Database } from '../../../main/engine/store/database.ts';
import { EventWriter } from '../../../main/engine/store/event-writer.ts';
import { fixed } from '../../../main/engine/store/sql.ts';
import { aFolder } from '../../support/engine.ts';

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const wide = fc.maxSafeNat();
const row = fc.record({
  line: u32,
  seenAt: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  src: u32,
  dstPort: fc.integer({ min: 0, max: 65_535 }),
  flags: fc.integer({ min: 0, max: 255 }),
  bytesForward: wide,
  tag: u32,
});

it('every number of a batch comes back from the table, over many chunks', async () => {
  await using folder = await aFolder();
  const database = await Database.open(folder.file('p.segw'));
  const rows = fc.sample(row, { numRuns: 5_000, seed: 7 });
  let released = 0;
  const writer = EventWriter.open(database.writer, 'event', EVENT_COLUMNS, () => released++);
  let batch = new EventBatch(3_000);
  for (const [index, each] of rows.entries()) {
    const at = batch.rows++;
    batch.source[at] = index;
    batch.line[at] = each.line;
    batch.seenAt.set(at, each.seenAt);
    batch.src[at] = each.src;
    batch.dstPort[at] = each.dstPort;
    batch.flags[at] = each.flags;
    batch.bytesForward.set(at, each.bytesForward);
    batch.tag[at] = each.tag;
    if (batch.rows === batch.capacity) {
      await writer.write(batch);
      batch = new EventBatch(3_000);
    }
  }
  await writer.write(batch);
  await writer.flush();
  expect(released).toBe(2);
  const stored = await database.query(
    fixed(`select line, epoch_ms(seen_at)::double as at, src, dst_port, flags,
      bytes_forward::double as bytes, tag from event order by source`),
  );
  expect(stored.map((each) => Object.values(each))).toEqual(
    rows.map((r) => [r.line, r.seenAt, r.src, r.dstPort, r.flags, r.bytesForward, r.tag]),
  );
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
