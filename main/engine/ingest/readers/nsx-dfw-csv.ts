import type { EventBatch } from '../event-batch.ts';
import type { Names } from '../names.ts';
import type { LineOutcome } from '../outcome.ts';
import { CsvRecords, cellsOf, separatorOf, unwrapCsv } from './csv-records.ts';
import { type DfwFields, fieldName, hasEnds, readFields } from './dfw-fields.ts';
import { DfwText } from './dfw-text.ts';
import { EventRow } from './event-row.ts';
import { fieldTime } from './log-time.ts';
import type { LineReader, ReaderContext, ReaderKind } from './reader.ts';
import { dateInPath, yearsOf } from './reference-date.ts';
import { headLines, textOfBytes, tryHead } from './sniff.ts';

const TIME_COLUMNS = ['timestamp', 'time', '@timestamp', '_time'];
const TEXT_COLUMNS = ['text', '_raw', 'message'];
const HOST_COLUMNS = ['hostname', 'host', 'source'];

/** The header row of an export. */
interface Header {
  readonly line: string;
  readonly separator: string;
  readonly names: readonly string[];
  readonly text: number;
  /** Whether the rows are groups of events with their number, without times of their own. */
  readonly isChart: boolean;
}

/** Reads a header row; nothing where its columns cannot be a firewall log's. */
function headerOf(context: ReaderContext): Header | undefined {
  const line = headLines(context)[0]?.replace(/^\uFEFF/, '');
  if (line === undefined) return undefined;
  const separator = separatorOf(line);
  const names = cellsOf(line, separator).map(fieldName);
  const known = new Set(names);
  const text = names.findIndex((name) => TEXT_COLUMNS.includes(name));
  const hasTime = TIME_COLUMNS.some((name) => known.has(name));
  const isChart = known.has('count') && text < 0;
  if (names.length < 2 || (text < 0 && !hasEnds(known))) return undefined;
  return { line, separator, names, text, isChart: isChart && !hasTime };
}

class CsvReader implements LineReader {
  readonly #header: Header;
  readonly #text: DfwText;
  readonly #row: EventRow;
  /** The time of rows that have none. */
  readonly #time: number;
  #hasRows = false;

  constructor(names: Names, context: ReaderContext, header: Header) {
    this.#header = header;
    this.#text = new DfwText(names, yearsOf(context));
    this.#row = new EventRow(names);
    const date = dateInPath(context.path) ?? context.modifiedAt;
    this.#time = header.isChart ? date.getTime() : Number.NaN;
  }

  get tookYear(): boolean {
    return this.#text.tookYear;
  }

  get forms(): readonly string[] {
    const { forms } = this.#text;
    if (forms.length > 0 || !this.#hasRows) return forms;
    return [this.#header.isChart ? 'log-insight-chart' : 'log-insight'];
  }

  parse(bytes: Uint8Array, start: number, end: number, batch: EventBatch): LineOutcome {
    const line = textOfBytes(bytes, start, end)
      .trimEnd()
      .replace(/^\uFEFF/, '');
    if (line === '') return 'blank';
    const { separator, names, text } = this.#header;
    if (line === this.#header.line) return 'other';
    const cells = cellsOf(line, separator);
    if (cells.length > names.length) return 'bad record';
    const fields = new Map<string, string>();
    names.forEach((name, index) => {
      const cell = (cells[index] ?? '').trim();
      if (cell !== '' || !fields.has(name)) fields.set(name, cell);
    });
    return this.#readRow(text < 0 ? '' : (cells[text] ?? ''), fields, batch);
  }

  #readRow(text: string, fields: DfwFields, batch: EventBatch): LineOutcome {
    const first = (columns: readonly string[]) =>
      columns.map((name) => fields.get(name) ?? '').find((value) => value !== '') ?? '';
    const time = fieldTime(first(TIME_COLUMNS));
    const envelope = { time: Number.isNaN(time) ? this.#time : time, host: first(HOST_COLUMNS) };
    const outcome = this.#text.parse(text, envelope, batch);
    if (outcome === 'event') return outcome;
    const fallback = readFields(fields, envelope, this.#row, batch);
    if (fallback === 'event') {
      this.#hasRows = true;
      return fallback;
    }
    return outcome === 'blank' || outcome === 'other' ? fallback : outcome;
  }
}

/** Every row is passed over where the file has no header row. */
const NOTHING: LineReader = { forms: [], tookYear: false, parse: () => 'other' };

function open(names: Names, context: ReaderContext): LineReader {
  const header = headerOf({ ...context, head: new CsvRecords().push(context.head) });
  return header === undefined ? NOTHING : new CsvReader(names, context, header);
}

function recognise(context: ReaderContext): number {
  const head = new CsvRecords().push(context.head);
  const header = headerOf({ ...context, head });
  if (header === undefined) return 0;
  const { events, rejects } = tryHead(open, context, head);
  if (events > 0) return 0.95;
  const isExport = header.names.some((name) => name.startsWith('nsx.'));
  if (isExport) return rejects > 0 ? 0.45 : 0.1;
  return 0;
}

/**
 * VMware Log Insight's CSV, in all its product names: exported events, whose text is read first and
 * whose extracted columns fill in, and exported charts, whose rows are groups of events.
 */
export const nsxDfwCsv: ReaderKind = { name: 'nsx-dfw-csv', recognise, unwrap: unwrapCsv, open };
