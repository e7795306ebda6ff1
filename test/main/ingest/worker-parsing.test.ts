import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { Names } from '../../../main/engine/ingest/names.ts';
import type { ParseListener, ParseTask } from '../../../main/engine/ingest/parsing.ts';
import { WorkerParsing } from '../../../main/engine/ingest/worker-parsing.ts';
import { aLog } from '../../support/archives.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const script = path.join(root, 'dist/test/parsing/parse-worker.js');

beforeAll(async () => {
  await build({
    entryPoints: [path.join(root, 'main/engine/parse-worker.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile: script,
    logLevel: 'warning',
  });
});

const text = new TextEncoder().encode(aLog(60).repeat(3_000));
const head = text.subarray(0, 4_096);
const task = (id: number): ParseTask => ({
  id,
  host: 0,
  reader: 'nsx-dfw',
  context: { head, path: 'a.log', modifiedAt: new Date('2026-06-15T00:00:00Z') },
});

/** Counts rows; the given batch and all after it are refused. */
class Counter implements ParseListener {
  rows = 0;
  batches = 0;
  events = 0;
  readonly #refused: number;

  constructor(refused = Number.POSITIVE_INFINITY) {
    this.#refused = refused;
  }

  async batch({ rows }: { readonly rows: number }): Promise<void> {
    if (++this.batches >= this.#refused) throw new Error('the disk is full');
    this.rows += rows;
  }

  reject(): void {
    throw new Error('every line is an event');
  }

  state({ counts }: { readonly counts: { readonly events: number } }): void {
    this.events = counts.events;
  }
}

async function read(parsing: WorkerParsing, id: number, counter: Counter): Promise<void> {
  await parsing.begin(task(id), counter);
  try {
    for (let at = 0; at < text.length; at += 65_536) {
      await parsing.push(text.subarray(at, at + 65_536));
    }
    await parsing.end(false);
  } catch (thrown) {
    await parsing.abandon();
    throw thrown;
  }
}

it('a source whose events could not be stored does not spoil the next one', async () => {
  const parsing = new WorkerParsing(script, new Names());
  try {
    for (const refused of [1, 2, 5]) {
      const failing = new Counter(refused);
      await expect(read(parsing, 1, failing)).rejects.toThrow('the disk is full');
      expect(failing.batches).toBe(refused);
      const next = new Counter();
      await read(parsing, 2, next);
      expect({ rows: next.rows, events: next.events }).toEqual({ rows: 180_000, events: 180_000 });
    }
  } finally {
    await parsing.close();
  }
});
