import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWasm } from '../../../../main/tools/build-wasm.mjs';
import { soup } from '../../../fuzz/line-soup.ts';
import { createPrng } from '../../../sample/prng.ts';
import { FULL_SAMPLE, generateSample } from '../../../sample/sample.ts';
import { readArchive } from '../../../sample-tests/read-archive.ts';
import { FORMS, linesOf } from '../../../support/dfw-writer.ts';
import { fixture } from '../../../support/engine.ts';
import { BothParsers, type ReadingOptions } from './both-parsers.ts';

const LINE_FEED = 0x0a;
const GOOD =
  '2026-03-02T08:00:00.123Z 7295 INET match PASS domain-c8/1006 OUT 60 TCP 192.0.2.1/80->192.0.2.2/90 S';
const BAD = '2026-03-02T08:00:00.123Z 7295 INET match PASS domain-c8/1006 OUT 60 TCP 192.0.2.1/80';

let folder = '';
let module: WebAssembly.Module;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'segwright-test-'));
  const file = await buildWasm(path.join(folder, 'dfw-parser.wasm'));
  module = await WebAssembly.compile(await readFile(file));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function feedsOf(bytes: Uint8Array): readonly number[] {
  return [...bytes.keys()].filter((at) => bytes[at] === LINE_FEED).map((at) => at + 1);
}

/** Reads by both, expects the same of both, and returns it. */
function expectSame(
  both: BothParsers,
  bytes: Uint8Array,
  options: ReadingOptions = {},
  cuts: readonly number[] = [],
) {
  const { oracle, module: got } = both.read(bytes, options, cuts);
  if (!isDeepStrictEqual(got, oracle)) expect(got).toEqual(oracle);
  const { lines, events, rejects, other, blank } = got.counts;
  expect(events + rejects + other + blank).toBe(lines);
  return got;
}

const fixtures = ['valid', 'invalid'].flatMap((kind) =>
  readdirSync(fixture('dfw', kind))
    .filter((name) => name.endsWith('.log'))
    .map((name) => ({ name: `${kind}/${name}`, bytes: readFileSync(fixture('dfw', kind, name)) })),
);

describe('lines of every form with any values', () => {
  it.each(FORMS)('are read the same in the form %s', async (form) => {
    const both = await BothParsers.load(module);
    fc.assert(
      fc.property(fc.array(linesOf(form), { minLength: 1, maxLength: 20 }), (lines) => {
        const { counts } = expectSame(both, bytesOf(lines.map(({ line }) => `${line}\n`).join('')));
        expect(counts.events).toBe(lines.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the fixtures', () => {
  it.each(fixtures)('reads $name as the oracle does, cut after any line', async ({ bytes }) => {
    const both = await BothParsers.load(module);
    expectSame(both, bytes, { id: 7, host: 3 });
    for (const cut of feedsOf(bytes)) expectSame(both, bytes, { capacity: 3 }, [cut]);
  });

  it('reads all of them together in batches and blocks of every small size', async () => {
    const both = await BothParsers.load(module);
    const bytes = Buffer.concat(fixtures.map((file) => file.bytes));
    const feeds = feedsOf(bytes);
    for (let size = 1; size < 20; size++) {
      const cuts = feeds.filter((_, index) => index % size === 0);
      const { counts } = expectSame(both, bytes, { capacity: size }, cuts);
      expect(counts.events).toBeGreaterThan(20);
    }
  });

  it('reads every beginning of every line', async () => {
    const both = await BothParsers.load(module);
    for (const { bytes } of fixtures) {
      const most = Math.min(bytes.length, 3_000);
      for (let end = 1; end < most; end++) expectSame(both, bytes.subarray(0, end));
    }
  }, 120_000);
});

describe('any bytes', () => {
  it('are read as the oracle reads them', async () => {
    const both = await BothParsers.load(module);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.integer({ min: 1, max: 5 }),
        (bytes, capacity) => {
          expectSame(both, bytes, { capacity }, feedsOf(bytes));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('that look like lines are read as the oracle reads them, cut anywhere between lines', async () => {
    const both = await BothParsers.load(module);
    const cutAll = fc.infiniteStream(fc.boolean());
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 60 }), cutAll, (seed, lines, isCut) => {
        const bytes = soup(createPrng(seed), lines);
        const cuts = feedsOf(bytes).filter(() => isCut.next().value);
        expectSame(both, bytes, { capacity: 16, id: 2, host: 5 }, cuts);
      }),
      { numRuns: 1_000 },
    );
  });

  it('do not pass for a word where a NUL follows it', async () => {
    const both = await BothParsers.load(module);
    const words = `${GOOD} SG-WEB`.split(' ');
    for (const end of ['\0', '\0\0', 'x', '6', '0']) {
      for (const index of words.keys()) {
        const line = words.map((word, i) => (i === index ? word + end : word)).join(' ');
        expectSame(both, bytesOf(`${line}\n${line.replace('match PASS', 'TERM PASS')}`));
      }
    }
  });

  it('are fuzzed: 50,000 lines, each counted once', async () => {
    const both = await BothParsers.load(module);
    const prng = createPrng(50_000);
    const reasons = new Set<string>();
    let events = 0;
    let lines = 0;
    while (lines < 50_000) {
      const { counts, rejects } = expectSame(both, soup(prng, 250), { capacity: 100 });
      for (const [, , , reason] of rejects) reasons.add(reason);
      lines += counts.lines;
      events += counts.events;
    }
    expect(reasons.size).toBe(10);
    expect(events).toBeGreaterThan(10_000);
  });
});

describe('the sample', () => {
  it('has the same events, codes and rejects from both parsers', async () => {
    const { archive, truth } = await generateSample(FULL_SAMPLE);
    const files = await readArchive(archive);
    const both = await BothParsers.load(module);
    let events = 0;
    for (const { path: name } of truth.sources) {
      const bytes = files.get(name);
      if (bytes === undefined) throw new Error(`the sample lacks ${name}`);
      const { counts } = expectSame(both, bytes, { id: 1, host: 1, capacity: 16_384 });
      events += counts.events;
    }
    expect(events).toBe(truth.totals.events);
    expect(events).toBeGreaterThan(190_000);
  }, 180_000);
});

describe('more than there is room for', () => {
  it('moves out rows and rejects before there are too many', async () => {
    const both = await BothParsers.load(module);
    const bytes = bytesOf(`${GOOD}\n${BAD}\n${GOOD}\n`.repeat(7_000));
    const { counts } = expectSame(both, bytes, { capacity: 50_000 });
    expect(counts).toMatchObject({ events: 14_000, rejects: 7_000 });
    expectSame(both, bytesOf('INET\n'.repeat(30_000)));
    expectSame(both, bytesOf('\n'.repeat(300_000)));
  });

  it('stops at a full batch and goes on where it stopped', async () => {
    const both = await BothParsers.load(module);
    const { batches } = expectSame(both, bytesOf(`${GOOD}\n\n`.repeat(100)), { capacity: 7 });
    expect(batches.length).toBe(15);
  });

  it.each([65_535, 65_536, 65_537, 200_000, 2 ** 20])('reads a line of %d bytes', async (size) => {
    const both = await BothParsers.load(module);
    const long = GOOD.padEnd(size, ' x').padEnd(size, 'x').slice(0, size);
    const { counts } = expectSame(both, bytesOf(`${GOOD}\n${long}\n${GOOD}\n${long}`));
    expect(counts.events).toBe(4);
  });

  it('refuses a line that was not cut, rather than write past its memory', async () => {
    const both = await BothParsers.load(module);
    const long = bytesOf('x'.repeat(2 ** 20 + 1));
    expect(() => both.read(long)).toThrow('was not cut');
  });

  it('knows a quarter of a million texts', async () => {
    const both = await BothParsers.load(module);
    const lines = Array.from({ length: 250_000 }, (_, i) => `${GOOD} TAG-${i}`);
    const bytes = bytesOf([...lines, ...lines.slice(0, 1_000)].join('\n'));
    const { texts } = expectSame(both, bytes, { capacity: 2 ** 18 });
    expect(texts['tag']?.length).toBe(250_000);
  });

  it('tells texts of the same length and hash apart', async () => {
    const both = await BothParsers.load(module);
    const tags = ['8WC6PEH9', 'IBRD591U', 'ZY7JHP9U', 'VMBNB03I', '8WC6PEH9', 'IBRD591U'];
    const { texts } = expectSame(both, bytesOf(tags.map((tag) => `${GOOD} ${tag}`).join('\n')));
    expect(texts['tag']).toEqual(tags.slice(0, 4));
  });

  it('forgets texts where they take too much memory, and gives the same codes again', async () => {
    const both = await BothParsers.load(module);
    const long = 'T'.repeat(4_000);
    const lines = Array.from({ length: 20_000 }, (_, i) => `${GOOD} ${long}${i % 9_500}`);
    for (const part of [lines.slice(0, 10_000), lines.slice(10_000)]) {
      expectSame(both, bytesOf(part.join('\n')), { capacity: 10_000 });
    }
    expectSame(both, bytesOf(`${GOOD} ${'T'.repeat(5_000)}\n`.repeat(3)));
  });
});

describe('several sources', () => {
  it('counts dialects for each source on its own', async () => {
    const both = await BothParsers.load(module);
    const nsxt = GOOD.replace('domain-c8/', '');
    expect(expectSame(both, bytesOf(GOOD)).dialects).toBe(1);
    expect(expectSame(both, bytesOf(nsxt)).dialects).toBe(2);
    expect(expectSame(both, bytesOf(`${GOOD}\n${nsxt}`)).dialects).toBe(3);
  });
});
