import { isDeepStrictEqual } from 'node:util';
import type { BothParsers } from '../main/ingest/wasm/both-parsers.ts';
import { createPrng } from '../sample/prng.ts';
import { BlockCoverage } from './coverage.ts';
import { mutate } from './mutate.ts';

/** Inputs between two looks at the coverage. */
const BATCH = 2_000;

/** Blocks of source that may run for a byte of input, and for an input besides. */
const MOST_WORK = { byte: 40, input: 2_000 };

/** How inputs are made and what is watched. */
export interface GuidedOptions {
  readonly inputs: number;
  readonly seed: number;
  readonly seeds: readonly Uint8Array[];
  readonly words: readonly Uint8Array[];
  /** Loads the parsers, after counting has begun. */
  readonly load: () => Promise<() => Promise<Pick<BothParsers, 'read'>>>;
  readonly isWatched: (url: string) => boolean;
}

/** What a run of inputs reached; `bug` names the first input that broke a promise. */
export interface GuidedRun {
  readonly inputs: number;
  readonly events: number;
  /** Blocks that the seeds reach, and those reached in the end. */
  readonly seedBlocks: number;
  readonly blocks: number;
  readonly corpus: number;
  /** The most blocks of source that ran for a byte, over the batches. */
  readonly workPerByte: number;
  readonly bug: { readonly input: Uint8Array; readonly what: string } | undefined;
}

interface Tried {
  readonly events: number;
  readonly bug: string | undefined;
}

function tryOnce(both: Pick<BothParsers, 'read'>, input: Uint8Array): Tried {
  try {
    const { oracle, module } = both.read(input, { capacity: 4 });
    const { lines, events, rejects, other, blank } = oracle.counts;
    const isWhole = lines === events + rejects + other + blank;
    const isSame = isDeepStrictEqual(module, oracle);
    const bug = isWhole ? (isSame ? undefined : 'the parsers differ') : 'a line is not counted';
    return { events, bug };
  } catch (error) {
    return { events: 0, bug: `a parser throws ${String(error)}` };
  }
}

function mostWork(bytes: number, inputs: number): number {
  return MOST_WORK.byte * bytes + MOST_WORK.input * inputs;
}

/**
 * Feeds both parsers with mutated lines, and keeps as seeds of more those that reach blocks of
 * source no input reached before. Stops at the first input that makes a parser throw, or do more
 * work than its length allows, that loses a line from the counts, or that the parsers read
 * differently. Work is counted, not timed: a busy machine changes nothing.
 */
export async function guidedFuzz(options: GuidedOptions): Promise<GuidedRun> {
  const coverage = new BlockCoverage(options.isWatched);
  try {
    const make = await options.load();
    return await run(options, make, coverage);
  } finally {
    coverage.stop();
  }
}

async function run(
  { inputs, seed, seeds, words }: GuidedOptions,
  make: () => Promise<Pick<BothParsers, 'read'>>,
  coverage: BlockCoverage,
): Promise<GuidedRun> {
  const prng = createPrng(seed);
  const corpus = [...seeds];
  let events = 0;
  let workPerByte = 0;
  let done = 0;
  let bug: GuidedRun['bug'] = undefined;

  const feed = async (batch: readonly Uint8Array[]) => {
    const both = await make();
    for (const input of batch) {
      const tried = tryOnce(both, input);
      events += tried.events;
      done++;
      if (tried.bug !== undefined) {
        bug = { input, what: tried.bug };
        return;
      }
    }
  };

  /** Looks at what a batch did; the input that did too much work is looked for one by one. */
  const lookAt = async (batch: readonly Uint8Array[]) => {
    const { reached, work } = coverage.look();
    const bytes = batch.reduce((sum, input) => sum + input.length, 0);
    workPerByte = Math.max(workPerByte, work / Math.max(bytes, 1));
    if (work <= mostWork(bytes, batch.length) || bug !== undefined) return reached;
    const both = await make();
    coverage.look();
    for (const input of batch) {
      tryOnce(both, input);
      const own = coverage.look().work;
      if (own <= mostWork(input.length, 1)) continue;
      bug = { input, what: `${own} blocks of source run for ${input.length} bytes` };
      break;
    }
    return reached;
  };

  /** Adds to the corpus those of a batch that reach something new, found by halves. */
  const keepNew = async (batch: readonly Uint8Array[]): Promise<void> => {
    const both = await make();
    for (const input of batch) tryOnce(both, input);
    const { reached } = coverage.look();
    if (reached.length === 0) return;
    if (batch.length === 1) {
      coverage.keep(reached);
      corpus.push(...batch);
      return;
    }
    const middle = batch.length >> 1;
    await keepNew(batch.slice(0, middle));
    await keepNew(batch.slice(middle));
  };

  await feed(seeds);
  coverage.keep(await lookAt(seeds));
  const seedBlocks = coverage.blocks;
  done = 0;
  while (done < inputs && bug === undefined) {
    const count = Math.min(BATCH, inputs - done);
    const batch = Array.from({ length: count }, () => mutate(corpus, words, prng));
    await feed(batch);
    const reached = await lookAt(batch);
    if (reached.length > 0 && bug === undefined) {
      await keepNew(batch);
      // What only the whole batch reaches, through texts known from earlier inputs, counts once.
      coverage.keep(reached);
    }
  }
  const { blocks } = coverage;
  return {
    inputs: done,
    events,
    seedBlocks,
    blocks,
    corpus: corpus.length,
    workPerByte,
    bug,
  };
}
