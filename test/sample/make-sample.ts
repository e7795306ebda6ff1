import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FULL_SAMPLE, SMALL_SAMPLE, generateSample } from './sample.ts';

const { values } = parseArgs({
  options: {
    small: { type: 'boolean', default: false },
    out: { type: 'string', default: '.' },
  },
});
const name = values.small ? 'books-small' : 'books';
const { archive, truth } = await generateSample(values.small ? SMALL_SAMPLE : FULL_SAMPLE);
mkdirSync(values.out, { recursive: true });
const archivePath = path.join(values.out, `${name}.tgz`);
writeFileSync(archivePath, archive);
writeFileSync(path.join(values.out, `${name}.truth.json`), `${JSON.stringify(truth, null, 2)}\n`);
process.stdout.write(`${archivePath}: ${archive.length} bytes, ${truth.totals.lines} lines\n`);
