import type { Chunks } from '../../archive/byte-stream.ts';

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const TAB = 0x09;

/** A quoted cell that is longer is taken for a quote that was never closed. */
const MOST_QUOTED_BYTES = 1 << 18;

/**
 * Puts every record of a CSV stream (RFC 4180, or with semicolons or tabs) on one line: line feeds
 * inside quoted cells become blanks, all else stays. A quote counts only at a cell's beginning, so
 * that one inside a cell's text does no harm. Holds nothing in memory but the chunk at hand.
 */
export class CsvRecords {
  #isAtStart = true;
  #isQuoted = false;
  #mayBeClosed = false;
  #quotedBytes = 0;

  /** Gives the chunk with its records on one line each. */
  push(chunk: Uint8Array): Uint8Array {
    const out = new Uint8Array(chunk);
    for (let at = 0; at < out.length; at++) {
      const byte = out[at] ?? 0;
      if (this.#isQuoted) {
        if (this.#takeQuoted(byte)) out[at] = SPACE;
      } else if (this.#isAtStart && byte === QUOTE) {
        this.#isQuoted = true;
        this.#mayBeClosed = false;
        this.#quotedBytes = 0;
      } else {
        this.#isAtStart = isSeparator(byte);
      }
    }
    return out;
  }

  /** Whether the byte is a line feed inside a quoted cell. */
  #takeQuoted(byte: number): boolean {
    if (byte === QUOTE) {
      this.#mayBeClosed = !this.#mayBeClosed;
      return false;
    }
    const isLost = ++this.#quotedBytes > MOST_QUOTED_BYTES && byte === LINE_FEED;
    if (this.#mayBeClosed || isLost) {
      this.#isQuoted = false;
      this.#isAtStart = isSeparator(byte);
      return false;
    }
    return byte === LINE_FEED || byte === RETURN;
  }
}

function isSeparator(byte: number): boolean {
  return byte === COMMA || byte === LINE_FEED || byte === SEMICOLON || byte === TAB;
}

/** Turns a stream of CSV into one record a line. */
export async function* unwrapCsv(chunks: Chunks): Chunks {
  const records = new CsvRecords();
  for await (const chunk of chunks) yield records.push(chunk);
}

/** The separator of a header line: the most frequent of comma, semicolon and tab. */
export function separatorOf(header: string): string {
  const count = (separator: string) => header.split(separator).length;
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** The cells of one record. Quotes around a cell are taken off; what follows a closing quote stays. */
export function cellsOf(line: string, separator: string): readonly string[] {
  if (!line.includes('"')) return line.split(separator);
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    let cell = '';
    if (line[at] === '"') {
      const close = closingQuote(line, at + 1);
      cell = line.slice(at + 1, close).replaceAll('""', '"');
      at = Math.min(close + 1, line.length);
    }
    const next = line.indexOf(separator, at);
    cells.push(cell + line.slice(at, next < 0 ? line.length : next));
    if (next < 0) return cells;
    at = next + 1;
  }
}

function closingQuote(line: string, from: number): number {
  let at = line.indexOf('"', from);
  while (at >= 0 && line[at + 1] === '"') at = line.indexOf('"', at + 2);
  return at < 0 ? line.length : at;
}
