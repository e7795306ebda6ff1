import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { SourceParser } from '../../main/engine/ingest/line-parser.ts';
import { Names } from '../../main/engine/ingest/names.ts';
import { type ParseTask, PartCollector } from '../../main/engine/ingest/parsing.ts';
import { LineBlocks } from '../../main/engine/ingest/block-reader.ts';
import { nsxDfw } from '../../main/engine/ingest/readers/nsx-dfw.ts';
import { loadWasmBlocks } from '../../main/engine/ingest/wasm/wasm-blocks.ts';

// Reads one plain log and stores nothing: `parse-once.js FILE wasm|typescript`. What the parser gives
// is packed as for the project, and the batches are used again.
const [file = '', kind = 'wasm'] = process.argv.slice(2);
const CHUNK_BYTES = 1 << 20;

const names = new Names();
const collector = new PartCollector(names.tuples);
const context: ParseTask['context'] = {
  head: new Uint8Array(0),
  path: file,
  modifiedAt: new Date('2026-03-05T00:00:00Z'),
};
const module = new Uint8Array(readFileSync(new URL('./dfw-parser.wasm', import.meta.url)));
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const reader =
  kind === 'wasm'
    ? (await loadWasmBlocks(module, names)).begin(1, 0, context)
    : new LineBlocks(1, 0, nsxDfw.open(names, context));
collector.begin();
const parser = new SourceParser(reader, collector);
const handle = await open(file);
const buffer = new Uint8Array(CHUNK_BYTES);
for (;;) {
  const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES);
  if (bytesRead === 0) break;
  parser.push(buffer.subarray(0, bytesRead));
  for (const batch of collector.batches.splice(0)) collector.release(batch);
}
parser.end(false);
await handle.close();
const cpu = process.cpuUsage(cpuBefore);
process.stdout.write(
  JSON.stringify({
    events: parser.counts.events,
    wallSeconds: (performance.now() - startedAt) / 1000,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
  }),
);
