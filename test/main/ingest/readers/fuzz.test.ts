import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { READER_KINDS } from '../../../../main/engine/ingest/readers/registry.ts';
import { bytesOf, contextOf, logFixtures, readWith } from './read-log.ts';

const kinds = READER_KINDS.map((kind) => [kind.name, kind] as const);
const corpus = logFixtures('logs').map((name) => bytesOf('logs', name));

/** Pieces of real logs, cut and joined at any place, with bytes of any kind between. */
const mangled = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.tuple(fc.nat(corpus.length - 1), fc.nat(), fc.nat(400)).map(([file, at, length]) => {
        const bytes = corpus[file] ?? new Uint8Array(0);
        const start = bytes.length === 0 ? 0 : at % bytes.length;
        return bytes.subarray(start, start + length);
      }),
      fc
        .constantFrom('\n', '"', '{', '}', ',', ' ', '%ASA-6-302013: ', '[')
        .map((text) => Buffer.from(text)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)));

describe.each(kinds)('the reader %s', (_, kind) => {
  it('throws for no bytes, and accounts for each of its lines', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(mangled, fc.uint8Array({ maxLength: 600 })),
        fc.integer({ min: 1, max: 300 }),
        async (bytes, chunk) => {
          const context = contextOf(bytes);
          const claim = kind.recognise(context);
          expect(claim).toBeGreaterThanOrEqual(0);
          expect(claim).toBeLessThanOrEqual(1);
          const whole = await readWith(kind, bytes, context);
          const { lines = 0, ...outcomes } = whole.counts;
          expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(lines);
          expect(outcomes['event'] ?? 0).toBe(whole.events.length);
          expect(await readWith(kind, bytes, context, chunk)).toEqual(whole);
        },
      ),
      { numRuns: 400 },
    );
  });
});
