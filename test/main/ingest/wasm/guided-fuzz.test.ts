import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Script } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWasm } from '../../../../main/tools/build-wasm.mjs';
import { fixtureLines, WORD_BYTES } from '../../../fuzz/guided-seeds.ts';
import { guidedFuzz, type GuidedOptions } from '../../../fuzz/guided.ts';
import { fixture } from '../../../support/engine.ts';

let folder = '';
let module: WebAssembly.Module;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'segwright-test-'));
  module = await WebAssembly.compile(
    await readFile(await buildWasm(path.join(folder, 'dfw-parser.wasm'))),
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function options(seeds: readonly Uint8Array[]): GuidedOptions {
  return {
    inputs: 4_000,
    seed: 1,
    seeds,
    words: WORD_BYTES,
    load: async () => {
      const { BothParsers } = await import('./both-parsers.ts');
      return () => BothParsers.load(module);
    },
    isWatched: (url) => url.includes('/main/engine/ingest/'),
  };
}

describe('fuzzing guided by coverage', () => {
  it('finds blocks that the fixtures do not reach, and no line read wrongly', async () => {
    const run = await guidedFuzz(options(fixtureLines(fixture('dfw'))));
    expect(run.bug).toBeUndefined();
    expect(run.inputs).toBe(4_000);
    expect(run.events).toBeGreaterThan(300);
    expect(run.blocks).toBeGreaterThan(run.seedBlocks);
    expect(run.workPerByte).toBeGreaterThan(1);
    expect(run.corpus).toBeGreaterThan(fixtureLines(fixture('dfw')).length);
  });

  it('stops at the input that a parser reads wrongly', async () => {
    const whole = options(fixtureLines(fixture('dfw')));
    const { bug, inputs } = await guidedFuzz({
      ...whole,
      load: async () => {
        const make = await whole.load();
        return async () => {
          const both = await make();
          return {
            read: (input, how) => {
              const { oracle, module: got } = both.read(input, how);
              if (oracle.rejects.some(([, , , reason]) => reason === 'bad port')) {
                return { oracle, module: { ...got, dialects: got.dialects + 1 } };
              }
              return { oracle, module: got };
            },
          };
        };
      },
    });
    expect(bug?.what).toBe('the parsers differ');
    expect(inputs).toBeLessThan(4_000);
  });

  it('stops at the input that makes a parser do more work than its length allows', async () => {
    const whole = options(fixtureLines(fixture('dfw')));
    const isDawdling = (input: Uint8Array) => input.length > 100 && input.includes(0x39);
    const { bug, inputs } = await guidedFuzz({
      ...whole,
      load: async () => {
        const make = await whole.load();
        // Only what is compiled from here on is counted, and the parsers are already.
        const code =
          '(length) => { let sum = 0; for (let i = 0; i < length; i++) sum += i; return sum; }';
        const filename = 'file:///main/engine/ingest/dawdling.js';
        const dawdle = new Script(code, { filename }).runInThisContext() as (
          length: number,
        ) => number;
        return async () => {
          const both = await make();
          return {
            read: (input, how) => {
              if (isDawdling(input)) dawdle(input.length ** 2 * 10);
              return both.read(input, how);
            },
          };
        };
      },
    });
    expect(bug?.what).toMatch(/^\d+ blocks of source run for \d+ bytes$/);
    expect(isDawdling(bug?.input ?? new Uint8Array(0))).toBe(true);
    expect(inputs).toBeLessThan(4_000);
  });
});
