import { readFileSync } from 'node:fs';
import { DfwLineParser } from '../../main/engine/ingest/dfw-line.ts';
import { EventBatch } from '../../main/engine/ingest/event-batch.ts';
import { yearsUntil } from '../../main/engine/ingest/line-time.ts';
import { Names } from '../../main/engine/ingest/names.ts';
import { WasmDfwParser } from '../../main/engine/ingest/wasm/wasm-parser.ts';
import { FULL_SAMPLE, generateSample } from '../sample/sample.ts';
import { readArchive } from '../sample-tests/read-archive.ts';

const LINE_FEED = 0x0a;
const BLOCK_BYTES = 1 << 20;
const BATCH_ROWS = 16_384;
const YEARS = yearsUntil(new Date('2026-06-15T00:00:00Z'));

/** What one run of one way to read took. */
interface Run {
  readonly wall: number;
  readonly cpu: number;
}

/** The logs of the sample, one after the other, again and again up to a size. */
async function manyLines(most: number): Promise<Buffer> {
  const { archive } = await generateSample(FULL_SAMPLE);
  const files = await readArchive(archive);
  const logs = [...files].filter(([path]) => path.includes('dfwpktlogs')).map(([, log]) => log);
  const once = Buffer.concat(logs);
  return Buffer.concat(Array.from({ length: Math.ceil(most / once.length) }, () => once));
}

/** Ends of blocks of at most a MiB, each just behind a line feed. */
function blocksOf(bytes: Buffer): readonly number[] {
  const ends: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const limit = at + BLOCK_BYTES;
    at = limit >= bytes.length ? bytes.length : bytes.lastIndexOf(LINE_FEED, limit - 1) + 1;
    ends.push(at);
  }
  return ends;
}

function scan(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines++;
  return lines;
}

function readByLine(bytes: Buffer): number {
  const parser = new DfwLineParser(new Names(), YEARS);
  const batch = new EventBatch(BATCH_ROWS);
  let events = 0;
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    if (parser.parse(bytes, start, end, batch) === 'event') events++;
    if (batch.rows === BATCH_ROWS) batch.rows = 0;
    start = end + 1;
  }
  return events;
}

function readByBlock(bytes: Buffer, ends: readonly number[], parser: WasmDfwParser): number {
  parser.begin({ id: 1, host: 0, years: YEARS });
  const batch = new EventBatch(BATCH_ROWS);
  const counts = { lines: 0, events: 0, rejects: 0, other: 0, blank: 0 };
  const sink = { counts, onReject: () => undefined };
  let at = 0;
  for (const end of ends) {
    while (at < end) {
      at = parser.readBlock(bytes, at, end, counts.lines + 1, batch, sink);
      if (batch.rows === BATCH_ROWS) batch.rows = 0;
    }
  }
  return counts.events;
}

function timed(work: () => number): Run & { readonly result: number } {
  const cpuBefore = process.cpuUsage();
  const before = process.hrtime.bigint();
  const result = work();
  const wall = Number(process.hrtime.bigint() - before) / 1e9;
  const cpu = process.cpuUsage(cpuBefore);
  return { wall, cpu: (cpu.user + cpu.system) / 1e6, result };
}

function triple(values: readonly number[], digits: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return [sorted[0] ?? 0, middle, sorted.at(-1) ?? 0].map((v) => v.toFixed(digits)).join(' / ');
}

/**
 * Measures how fast lines are read: usage `parser.js MODULE [MIB] [ROUNDS]`. The ways take turns,
 * so that what else the machine does falls on all of them alike.
 */
async function main(): Promise<void> {
  const [modulePath = 'dist/main/dfw-parser.wasm', size = '200', rounds = '7'] =
    process.argv.slice(2);
  const bytes = await manyLines(Number(size) * 2 ** 20);
  const ends = blocksOf(bytes);
  const parser = await WasmDfwParser.load(readFileSync(modulePath), new Names());
  const ways = {
    scan: () => scan(bytes),
    typescript: () => readByLine(bytes),
    wasm: () => readByBlock(bytes, ends, parser),
  };
  const lines = ways.scan();
  if (ways.typescript() !== ways.wasm()) throw new Error('the parsers do not agree');
  const runs: Record<keyof typeof ways, Run[]> = { scan: [], typescript: [], wasm: [] };
  for (let round = 0; round < Number(rounds); round++) {
    runs.scan.push(timed(ways.scan));
    runs.typescript.push(timed(ways.typescript));
    runs.wasm.push(timed(ways.wasm));
  }
  const write = (text: string) => process.stdout.write(`${text}\n`);
  write(`${lines} lines, ${(bytes.length / 1e6).toFixed(1)} MB; min / median / max`);
  for (const [name, list] of Object.entries(runs)) {
    const million = triple(
      list.map(({ wall }) => lines / wall / 1e6),
      2,
    );
    const megabytes = triple(
      list.map(({ wall }) => bytes.length / wall / 1e6),
      0,
    );
    const cpu = triple(
      list.map((run) => run.cpu),
      3,
    );
    const scans = triple(
      list.map((run, i) => run.cpu / (runs.scan[i]?.cpu ?? 1)),
      2,
    );
    write(`${name}: ${million} M lines/s, ${megabytes} MB/s, CPU ${cpu} s, ${scans} of a scan`);
  }
  const faster = triple(
    runs.wasm.map((run, i) => (runs.typescript[i]?.cpu ?? 0) / run.cpu),
    2,
  );
  write(`CPU of TypeScript over CPU of WebAssembly: ${faster}`);
}

await main();
