import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineBlocks } from '../../../main/engine/ingest/block-reader.ts';
import { EventBatch } from '../../../main/engine/ingest/event-batch.ts';
import { type RejectedLine, SourceParser } from '../../../main/engine/ingest/line-parser.ts';
import { MAX_LINE_BYTES } from '../../../main/engine/ingest/line-splitter.ts';
import type { LineReader } from '../../../main/engine/ingest/readers/reader.ts';

/** A reader that rejects every line, so that the lines themselves come out. */
const rejectAll: LineReader = { forms: ['all'], tookYear: false, parse: () => 'no time' };

/** A reader for which every line is an event. */
const acceptAll: LineReader = {
  forms: ['all'],
  tookYear: false,
  parse(_bytes, _start, _end, batch) {
    batch.rows++;
    return 'event';
  },
};

function parse(reader: LineReader, chunks: readonly Uint8Array[], isBrokenOff = false) {
  const rejects: RejectedLine[] = [];
  const numbers: number[] = [];
  const parser = new SourceParser(new LineBlocks(3, 0, reader), {
    takeBatch: () => new EventBatch(4),
    giveBatch: (batch) => numbers.push(...batch.line.subarray(0, batch.rows)),
    giveReject: (reject) => rejects.push(reject),
  });
  for (const chunk of chunks) parser.push(chunk);
  parser.end(isBrokenOff);
  return { counts: parser.counts, rejects, numbers };
}

function cut(bytes: Uint8Array, at: readonly number[]): readonly Uint8Array[] {
  const places = [...new Set(at.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.slice(from, places[index] ?? bytes.length));
}

const bytes = fc
  .uint8Array({ maxLength: 200 })
  .map((all) => all.map((byte) => (byte % 5 === 0 ? 10 : (byte % 90) + 32)));
const places = fc.array(fc.nat(), { maxLength: 8 });

it('finds the same lines however the bytes are cut into chunks', () => {
  fc.assert(
    fc.property(bytes, places, (all, at) => {
      const text = Buffer.from(all).toString('latin1');
      const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
      const want = text === '' ? [] : lines;
      const { rejects } = parse(rejectAll, cut(all, at));
      expect(rejects.map((reject) => reject.text)).toEqual(want);
      expect(rejects.map((reject) => reject.line)).toEqual(want.map((_, index) => index + 1));
    }),
    { numRuns: 500 },
  );
});

it('numbers events over batches and chunks as lines stand in the source', () => {
  fc.assert(
    fc.property(bytes, places, (all, at) => {
      const { counts, numbers } = parse(acceptAll, cut(all, at));
      expect(numbers).toEqual(Array.from({ length: counts.lines }, (_, index) => index + 1));
      expect(counts.events).toBe(counts.lines);
    }),
    { numRuns: 300 },
  );
});

it('takes a last line without its end for a reject where the bytes broke off', () => {
  const { rejects, counts } = parse(acceptAll, [Buffer.from('one\ntwo\nthr')], true);
  expect(rejects).toMatchObject([{ line: 3, reason: 'cut off', text: 'thr' }]);
  expect(counts).toMatchObject({ lines: 3, events: 2, rejects: 1 });
});

it('cuts a line that never ends, so that it cannot fill the memory', () => {
  const chunk = new Uint8Array(MAX_LINE_BYTES).fill(65);
  const end = Buffer.from('BBB\nlast\n');
  const { counts } = parse(acceptAll, [chunk, chunk, chunk, end]);
  expect(counts.lines).toBe(5);
});

it('keeps the lines around the first rejects, as far as they are at hand', () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const { rejects } = parse(rejectAll, [encode('one\ntwo\nth'), encode('ree\nfour\nfive')]);
  expect(rejects.map(({ before, text, after }) => [before, text, after])).toEqual([
    [null, 'one', 'two'],
    ['one', 'two', null],
    [null, 'three', null],
    [null, 'four', null],
    [null, 'five', null],
  ]);
  const many = parse(rejectAll, [encode('x\n'.repeat(1_500))]).rejects;
  expect(many.length).toBe(1_500);
  expect(many.filter(({ before }) => before !== null).length).toBe(999);
  const long = parse(rejectAll, [encode(`${'y'.repeat(5_000)}\nx\n`)]).rejects;
  expect(long[1]?.before).toBe('y'.repeat(400));
});
