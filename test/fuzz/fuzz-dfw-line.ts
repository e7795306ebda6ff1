import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { BothParsers } from '../main/ingest/wasm/both-parsers.ts';
import { createPrng } from '../sample/prng.ts';
import { soup } from './line-soup.ts';

/** Blocks after which the parsers begin anew, with no texts known. */
const BLOCKS_PER_PARSER = 2_000;

/**
 * Reads lines of soup by both parsers until there were enough, and stops at the first block that
 * they read differently. Usage: `fuzz-dfw-line.js MODULE [LINES] [SEED]`.
 */
async function main(): Promise<boolean> {
  const [file = '', wanted = '1000000', first = '1'] = process.argv.slice(2);
  const module = await WebAssembly.compile(readFileSync(file));
  const totals = { lines: 0, events: 0, rejects: 0, other: 0, blank: 0 };
  const reasons = new Map<string, number>();
  let both = await BothParsers.load(module);
  for (let block = 0; totals.lines < Number(wanted); block++) {
    const seed = (Number(first) * 1_000_003 + block) >>> 0;
    const prng = createPrng(seed);
    if (block % BLOCKS_PER_PARSER === 0) both = await BothParsers.load(module);
    const bytes = soup(prng, prng.int(1, 60));
    const feeds = [...bytes.keys()].filter((at) => bytes[at] === 0x0a).map((at) => at + 1);
    const cuts = feeds.filter(() => prng.chance(0.2));
    const options = { capacity: prng.int(1, 40), id: block, host: prng.int(0, 3) };
    const { oracle, module: got } = both.read(bytes, options, cuts);
    const { lines, events, rejects, other, blank } = got.counts;
    if (!isDeepStrictEqual(got, oracle) || lines !== events + rejects + other + blank) {
      process.stderr.write(`The parsers differ in the block of seed ${seed}:\n`);
      process.stderr.write(`${Buffer.from(bytes).toString('latin1')}\n`);
      return false;
    }
    totals.lines += lines;
    totals.events += events;
    totals.rejects += rejects;
    totals.other += other;
    totals.blank += blank;
    for (const [, , , reason] of got.rejects) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  process.stdout.write(`${JSON.stringify(totals)}\n`);
  process.stdout.write(`${JSON.stringify(Object.fromEntries(reasons))}\n`);
  return true;
}

process.exitCode = (await main()) ? 0 : 1;
