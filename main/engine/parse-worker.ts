import { readFile } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import { bug } from '../../shared/failure/failure.ts';
import { type BlockReader, LineBlocks } from './ingest/block-reader.ts';
import { SourceParser } from './ingest/line-parser.ts';
import { NameSync } from './ingest/name-sync.ts';
import { Names } from './ingest/names.ts';
import { PackedBatch } from './ingest/packed-events.ts';
import type { FromParser, ToParser } from './ingest/parse-message.ts';
import { BATCH_ROWS, type ParseTask, PartCollector } from './ingest/parsing.ts';
import { nsxDfw } from './ingest/readers/nsx-dfw.ts';
import { readerByName } from './ingest/readers/registry.ts';
import { loadWasmBlocks, type WasmBlocks } from './ingest/wasm/wasm-blocks.ts';

const port = parentPort ?? bug('the parsing thread has no parent');
const names = new Names();
const sync = new NameSync(names);

const collector = new PartCollector(names.tuples);
let parser: SourceParser | undefined;

/** The parser in WebAssembly where it is there; else the one in TypeScript, which reads the same. */
async function loadWasm(): Promise<WasmBlocks | undefined> {
  if (process.env['SEGWRIGHT_PARSER'] === 'typescript') return undefined;
  try {
    const module = await readFile(new URL('./dfw-parser.wasm', import.meta.url));
    return await loadWasmBlocks(new Uint8Array(module), names);
  } catch {
    return undefined;
  }
}

let wasm: WasmBlocks | undefined;

function readerOf({ id, host, reader, context }: ParseTask): BlockReader {
  if (reader === nsxDfw.name && wasm !== undefined) return wasm.begin(id, host, context);
  return new LineBlocks(id, host, readerByName(reader).open(names, context));
}

function answer(bytes: ArrayBuffer | null, isLast: boolean): void {
  if (parser === undefined) return;
  const batches = collector.batches
    .splice(0)
    .map((batch) => ({ buffer: batch.buffer, rows: batch.rows }));
  const part: FromParser = {
    kind: 'part',
    isLast,
    batches,
    rejects: collector.rejects.splice(0),
    state: {
      counts: { ...parser.counts },
      summary: collector.summary,
      forms: parser.forms,
      tookYear: parser.tookYear,
    },
    fresh: sync.take(),
    bytes,
  };
  const transfer = batches.map((batch) => batch.buffer);
  port.postMessage(part, bytes === null ? transfer : [...transfer, bytes]);
}

async function obey(message: ToParser): Promise<void> {
  switch (message.kind) {
    case 'begin':
      sync.give(message.fresh);
      wasm ??= await loadWasm();
      collector.begin();
      parser = new SourceParser(readerOf(message.task), collector);
      return;
    case 'chunk':
      parser?.push(new Uint8Array(message.bytes, 0, message.length));
      answer(message.bytes, false);
      return;
    case 'end':
      parser?.end(message.isBrokenOff);
      answer(null, true);
      parser = undefined;
      return;
    case 'release':
      collector.release(new PackedBatch(BATCH_ROWS, message.buffer));
  }
}

let turn: Promise<void> = Promise.resolve();

function fail(thrown: unknown): never {
  throw thrown;
}

port.on('message', (message: ToParser) => {
  turn = turn
    .then(() => obey(message))
    .catch((thrown: unknown) => {
      setImmediate(fail, thrown);
    });
});
