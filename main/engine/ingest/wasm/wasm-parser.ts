import { bug } from '../../../../shared/failure/failure.ts';
import { parseIpv4 } from '../bytes.ts';
import { EVENT_COLUMNS, type EventBatch } from '../event-batch.ts';
import type { BlockSink } from '../block-reader.ts';
import type { MonthYears } from '../line-time.ts';
import type { Names } from '../names.ts';
import { type ParserExports, parserExports } from './exports.ts';
import { CONSTANT_COLUMNS, MODULE_COLUMNS, OUTCOMES } from './tables.ts';

const LINE_FEED = 0x0a;
const BLANK = 0x20;
const COLON = 0x3a;

/** Blanks behind the input: the module looks at 64 bytes at a time. */
const BLANKS_BEHIND = 64;

const PASS = new TextEncoder().encode('PASS');

/** Words of the module's report, in its order. */
const REPORT_WORDS = 8;

/** Words of a rejected line's record: index, start, end, outcome. */
const REJECT_WORDS = 4;

/** What the lines of a source have in common. */
export interface BlockFacts {
  /** The number of the source in the project. */
  readonly id: number;
  /** Code of the host of lines that name none; 0 for none. */
  readonly host: number;
  /** The years of headers that have none. */
  readonly years: MonthYears;
}

/** Where a column lies in the module's memory, and which of a batch's columns it is. */
interface Move {
  readonly from: number;
  readonly column: number;
  readonly width: number;
}

/**
 * Reads whole blocks of DFW lines in WebAssembly, with the outcomes, columns and codes that
 * `DfwLineParser` gives line by line.
 *
 * The module makes up no codes: it asks `names` at the first sight of a text and remembers the
 * answer. So codes come in the order of the lines, whoever else gives codes in between, and the
 * module may forget everything at any time.
 */
export class WasmDfwParser {
  readonly #module: ParserExports;
  readonly #names: Names;
  readonly #moves: readonly Move[];
  readonly #input: number;
  readonly #inputCapacity: number;
  readonly #windowCapacity: number;
  readonly #rowCapacity: number;
  #memory: Uint8Array;
  #source = 0;
  #dialects = 0;
  #tookYear = false;

  private constructor(module: ParserExports, names: Names) {
    if (module.staticEnd() > module.layoutStart()) bug('the layout overlaps static data');
    if (module.layoutEnd() > module.memory.buffer.byteLength) bug('the memory is too small');
    this.#module = module;
    this.#names = names;
    this.#memory = new Uint8Array(module.memory.buffer);
    this.#input = module.inputStart();
    this.#inputCapacity = module.inputCapacity();
    this.#windowCapacity = module.windowCapacity();
    this.#rowCapacity = module.rowCapacity();
    this.#moves = EVENT_COLUMNS.flatMap(([name, width], column) => {
      if (CONSTANT_COLUMNS.includes(name)) return [];
      const from = module.columnStart(MODULE_COLUMNS.indexOf(name));
      return from === 0 ? bug(`the module has no column ${name}`) : [{ from, column, width }];
    });
    module.setPassCode(names.action.codeOf(PASS, 0, PASS.length));
  }

  /**
   * Makes a parser that takes its codes from `names`. Call {@link begin} before each source.
   *
   * @param module the bytes of the module, or the module compiled
   */
  static async load(
    module: Uint8Array<ArrayBuffer> | WebAssembly.Module,
    names: Names,
  ): Promise<WasmDfwParser> {
    const compiled = module instanceof Uint8Array ? await WebAssembly.compile(module) : module;
    let parser: WasmDfwParser | undefined = undefined;
    const codeOf = (kind: number, start: number, length: number): number => {
      const made: WasmDfwParser = parser ?? bug('the module asks before it is made');
      return made.#codeOf(kind, start, start + length);
    };
    const instance = await WebAssembly.instantiate(compiled, { texts: { codeOf } });
    parser = new WasmDfwParser(parserExports(instance.exports), names);
    return parser;
  }

  /** Which dialects were met since {@link begin}, as a set of `DIALECT_BITS`. */
  get dialects(): number {
    return this.#dialects;
  }

  /** Whether a line was met since {@link begin} whose year was taken from those given. */
  get tookYear(): boolean {
    return this.#tookYear;
  }

  /** Makes ready for the lines of a source. */
  begin({ id, host, years }: BlockFacts): void {
    this.#source = id;
    this.#dialects = 0;
    this.#tookYear = false;
    this.#module.setDialects(0);
    this.#module.setTookYear(0);
    this.#module.setUsualHost(host);
    for (let month = 0; month < 12; month++) {
      this.#module.setMonth(month, Date.UTC(years[month] ?? 1970, month, 1));
    }
  }

  /**
   * Reads the lines from `start` until `end` or until the batch is full, and appends their events,
   * every column of them, to the batch.
   *
   * @param end just behind a line feed, or the end of the last line of the source
   * @param firstLine number of the first line, for the column `line`
   * @returns where it stopped: at `end`, or at the beginning of the next line
   */
  readBlock(
    bytes: Uint8Array,
    start: number,
    end: number,
    firstLine: number,
    batch: EventBatch,
    sink: BlockSink,
  ): number {
    let at = start;
    let lines = 0;
    let staged = 0;
    while (at < end && batch.rows + staged < batch.capacity) {
      const limit = Math.min(this.#rowCapacity, batch.capacity - batch.rows);
      const length = this.#giveInput(bytes, at, windowEnd(bytes, at, end, this.#windowCapacity));
      this.#module.parseWindow(length, firstLine + lines, staged, limit);
      const [
        read = 0,
        seen = 0,
        rows = 0,
        other = 0,
        blank = 0,
        rejects = 0,
        dialects = 0,
        tookYear = 0,
      ] = this.#words(this.#module.reportStart(), REPORT_WORDS);
      this.#dialects = dialects;
      this.#tookYear = tookYear !== 0;
      this.#tellRejects(rejects, lines, at, sink);
      const { counts } = sink;
      counts.lines += seen;
      counts.events += rows - staged;
      counts.other += other;
      counts.blank += blank;
      counts.rejects += rejects;
      lines += seen;
      staged = rows;
      at = Math.min(at + read, end);
      if (staged === this.#rowCapacity) {
        this.#moveRows(staged, batch);
        staged = 0;
      }
    }
    if (staged > 0) this.#moveRows(staged, batch);
    return at;
  }

  /** Puts bytes into the module's memory, ended by a line feed; returns how many those are. */
  #giveInput(bytes: Uint8Array, start: number, end: number): number {
    const isEnded = bytes[end - 1] === LINE_FEED;
    const length = end - start + (isEnded ? 0 : 1);
    if (length > this.#inputCapacity) bug(`a line of ${length} bytes was not cut`);
    const memory = this.#view();
    memory.set(bytes.subarray(start, end), this.#input);
    const behind = this.#input + length;
    if (!isEnded) memory[behind - 1] = LINE_FEED;
    memory.fill(BLANK, behind, behind + BLANKS_BEHIND);
    return length;
  }

  #tellRejects(count: number, lines: number, offset: number, sink: BlockSink): void {
    if (count === 0) return;
    const records = this.#words(this.#module.rejectsStart(), count * REJECT_WORDS);
    for (let at = 0; at < records.length; at += REJECT_WORDS) {
      const [line = 0, start = 0, end = 0, number = 0] = records.subarray(at, at + REJECT_WORDS);
      const reason = OUTCOMES[number];
      if (reason === undefined || reason === 'event' || reason === 'other' || reason === 'blank') {
        bug(`the module rejects a line with the number ${number}`);
      }
      sink.onReject(lines + line, offset + start, offset + end, reason);
    }
  }

  #moveRows(rows: number, batch: EventBatch): void {
    const memory = this.#view();
    const target = new Uint8Array(batch.buffer);
    const first = batch.rows;
    for (const { from, column, width } of this.#moves) {
      const to = (batch.offsets[column] ?? 0) + first * width;
      target.set(memory.subarray(from, from + rows * width), to);
    }
    const behind = first + rows;
    batch.source.fill(this.#source, first, behind);
    batch.seen.fill(0, first, behind);
    batch.weight.fill(1, first, behind);
    batch.rows = behind;
  }

  /** The code of a text in the module's memory; 2^32 - 1 where it must be an address and is none. */
  #codeOf(kind: number, start: number, end: number): number {
    const bytes = this.#view();
    const names = this.#names;
    switch (kind) {
      case 0:
        return names.host.codeOf(bytes, start, end);
      case 1:
        return names.filter.codeOf(bytes, start, end);
      case 2:
        return names.reason.codeOf(bytes, start, end);
      case 3:
        return names.action.codeOf(bytes, start, end);
      case 4:
        return names.ruleset.codeOf(bytes, start, end);
      case 5:
        return names.tag.codeOf(bytes, start, end);
      case 6:
        return names.close.codeOf(bytes, start, end);
      default:
        return bytes.subarray(start, end).includes(COLON)
          ? names.ipv6Code(bytes, start, end)
          : names.ipv4Code(parseIpv4(bytes, start, end));
    }
  }

  #words(at: number, count: number): Uint32Array {
    return new Uint32Array(this.#module.memory.buffer, at, count);
  }

  /** The module's memory; its buffer is a new one after it has grown. */
  #view(): Uint8Array {
    const { buffer } = this.#module.memory;
    if (this.#memory.buffer !== buffer) this.#memory = new Uint8Array(buffer);
    return this.#memory;
  }
}

/** The end of as many whole lines as fit into a window, of one line at least. */
function windowEnd(bytes: Uint8Array, start: number, end: number, window: number): number {
  const limit = start + window;
  if (limit >= end) return end;
  const last = bytes.lastIndexOf(LINE_FEED, limit - 1);
  if (last >= start) return last + 1;
  const next = bytes.indexOf(LINE_FEED, limit);
  return next < 0 || next >= end ? end : next + 1;
}
