import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fixtureLines, WORD_BYTES } from './guided-seeds.ts';
import { guidedFuzz } from './guided.ts';

/** Fuzzes by coverage. Usage: `fuzz-guided.js MODULE FIXTURES --guided [--inputs N] [--seed N]`. */
async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    options: {
      guided: { type: 'boolean' },
      inputs: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
    },
    allowPositionals: true,
  });
  const [file = '', fixtures = ''] = positionals;
  const module = await WebAssembly.compile(readFileSync(file));
  const { bug, ...figures } = await guidedFuzz({
    inputs: Number(values.inputs),
    seed: Number(values.seed),
    seeds: fixtureLines(fixtures),
    words: WORD_BYTES,
    load: async () => {
      const { BothParsers } = await import('../main/ingest/wasm/both-parsers.ts');
      return () => BothParsers.load(module);
    },
    isWatched: (url) => url.includes('/dist/fuzz/both-parsers'),
  });
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  if (bug === undefined) return true;
  const text = JSON.stringify(Buffer.from(bug.input).toString('latin1'));
  process.stderr.write(`An input is read wrongly, ${bug.what}; its bytes as Latin-1:\n${text}\n`);
  return false;
}

process.exitCode = (await main()) ? 0 : 1;
