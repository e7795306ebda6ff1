import { DfwLineParser } from '../../../../main/engine/ingest/dfw-line.ts';
import type { LineCounts } from '../../../../main/engine/ingest/block-reader.ts';
import { EVENT_COLUMNS, EventBatch } from '../../../../main/engine/ingest/event-batch.ts';
import { LineSplitter } from '../../../../main/engine/ingest/line-splitter.ts';
import { type MonthYears, yearsUntil } from '../../../../main/engine/ingest/line-time.ts';
import { NAME_KINDS, Names } from '../../../../main/engine/ingest/names.ts';
import type { RejectReason } from '../../../../main/engine/ingest/outcome.ts';
import { WasmDfwParser } from '../../../../main/engine/ingest/wasm/wasm-parser.ts';

/** The years that both parsers are given. */
export const YEARS: MonthYears = yearsUntil(new Date('2026-06-15T00:00:00Z'));

/** A rejected line: its number from 1, where it lies, and why. */
export type Rejected = readonly [line: number, start: number, end: number, reason: RejectReason];

/** All that a parser says of some bytes. */
export interface Reading {
  readonly counts: LineCounts;
  readonly rejects: readonly Rejected[];
  /** The rows of each full batch and of the last one, each column as bytes. */
  readonly batches: readonly (readonly Uint8Array[])[];
  readonly dialects: number;
  readonly tookYear: boolean;
  /** Texts that were new, by kind, in the order of their codes. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
}

/** How a reading is made. */
export interface ReadingOptions {
  /** The number of the source. */
  readonly id?: number;
  /** Code of the host of lines that name none. */
  readonly host?: number;
  /** Rows of a batch. */
  readonly capacity?: number;
}

const NO_LINES: LineCounts = { lines: 0, events: 0, rejects: 0, other: 0, blank: 0 };

function columnsOf(batch: EventBatch): readonly Uint8Array[] {
  return EVENT_COLUMNS.map(([, width], index) => {
    const offset = batch.offsets[index] ?? 0;
    return new Uint8Array(batch.buffer.slice(offset, offset + width * batch.rows));
  });
}

/** Texts of all kinds by code from the given counts on. */
function textsFrom(
  names: Names,
  counts: Readonly<Record<string, number>>,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    NAME_KINDS.map((kind) => [
      kind,
      names[kind].entriesFrom(counts[kind] ?? 0).map(({ text }) => text),
    ]),
  );
}

function countsOf(names: Names): Readonly<Record<string, number>> {
  return Object.fromEntries(NAME_KINDS.map((kind) => [kind, names.size(kind)]));
}

/** Reads the bytes line by line with the parser in TypeScript. */
export function readByOracle(
  bytes: Uint8Array,
  names: Names,
  { id = 0, host = 0, capacity = 1024 }: ReadingOptions = {},
): Reading {
  const known = countsOf(names);
  const parser = new DfwLineParser(names, YEARS);
  const counts = { ...NO_LINES };
  const rejects: Rejected[] = [];
  const batches: (readonly Uint8Array[])[] = [];
  const batch = new EventBatch(capacity);
  const splitter = new LineSplitter();
  const visit = (line: Uint8Array, start: number, end: number) => {
    const row = batch.rows;
    const outcome = parser.parse(line, start, end, batch);
    counts.lines++;
    if (outcome === 'event') {
      counts.events++;
      batch.source[row] = id;
      batch.line[row] = counts.lines;
      if (batch.host[row] === 0) batch.host[row] = host;
      if (batch.rows === capacity) {
        batches.push(columnsOf(batch));
        batch.rows = 0;
      }
    } else if (outcome === 'other' || outcome === 'blank') {
      counts[outcome]++;
    } else {
      counts.rejects++;
      rejects.push([counts.lines, start, end, outcome]);
    }
  };
  const whole = bytes.lastIndexOf(0x0a) + 1;
  splitter.push(bytes.subarray(0, whole), visit);
  if (whole < bytes.length) visit(bytes, whole, bytes.length);
  batches.push(columnsOf(batch));
  const { dialects, tookYear } = parser;
  return { counts, rejects, batches, dialects, tookYear, texts: textsFrom(names, known) };
}

/**
 * Reads the bytes with the parser in WebAssembly.
 *
 * @param cuts where blocks end, each just behind a line feed; the bytes' end is one without saying
 */
export function readByModule(
  bytes: Uint8Array,
  names: Names,
  parser: WasmDfwParser,
  { id = 0, host = 0, capacity = 1024 }: ReadingOptions = {},
  cuts: readonly number[] = [],
): Reading {
  const known = countsOf(names);
  parser.begin({ id, host, years: YEARS });
  const counts = { ...NO_LINES };
  const rejects: Rejected[] = [];
  const batches: (readonly Uint8Array[])[] = [];
  const batch = new EventBatch(capacity);
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    while (at < cut) {
      const firstLine = counts.lines + 1;
      at = parser.readBlock(bytes, at, cut, firstLine, batch, {
        counts,
        onReject: (line, start, end, reason) => {
          rejects.push([firstLine + line, start, end, reason]);
        },
      });
      if (batch.rows === capacity) {
        batches.push(columnsOf(batch));
        batch.rows = 0;
      }
    }
  }
  batches.push(columnsOf(batch));
  const { dialects, tookYear } = parser;
  return { counts, rejects, batches, dialects, tookYear, texts: textsFrom(names, known) };
}

/** The two parsers, each with texts of its own that grow from reading to reading. */
export class BothParsers {
  readonly #oracleNames = new Names();
  readonly #moduleNames: Names;
  readonly #parser: WasmDfwParser;

  private constructor(parser: WasmDfwParser, names: Names) {
    this.#parser = parser;
    this.#moduleNames = names;
    new DfwLineParser(this.#oracleNames, YEARS);
  }

  /** Loads the module. */
  static async load(module: WebAssembly.Module): Promise<BothParsers> {
    const names = new Names();
    return new BothParsers(await WasmDfwParser.load(module, names), names);
  }

  /** Both readings of the same bytes. */
  read(
    bytes: Uint8Array,
    options: ReadingOptions = {},
    cuts: readonly number[] = [],
  ): { readonly oracle: Reading; readonly module: Reading } {
    return {
      oracle: readByOracle(bytes, this.#oracleNames, options),
      module: readByModule(bytes, this.#moduleNames, this.#parser, options, cuts),
    };
  }
}
