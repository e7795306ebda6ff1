import { DfwLineParser } from '../dfw-line.ts';
import type { EventBatch } from '../event-batch.ts';
import type { MonthYears } from '../line-time.ts';
import type { Names } from '../names.ts';
import type { LineOutcome } from '../outcome.ts';
import { isoText } from './log-time.ts';
import { formsOf } from './nsx-dfw.ts';

const encoder = new TextEncoder();

/** A time with its date before the address family, so that the line's own clock is known. */
const OWN_TIME = /(?:\d{4}-\d{2}-\d{2}[T ]|[A-Z][a-z]{2} +\d{1,2} \d{4} )\d{2}:\d{2}:\d{2}.* INET/;

/** What a collector wrote down beside the text of a line. */
export interface Envelope {
  /** Milliseconds since 1970 UTC; NaN where the collector noted none. */
  readonly time: number;
  /** Empty where the collector noted none. */
  readonly host: string;
}

/**
 * Reads DFW lines that stand in an envelope. The envelope's time is taken where the text has none
 * or one without its year, the envelope's host where the text names none.
 */
export class DfwText {
  readonly #names: Names;
  readonly #parser: DfwLineParser;

  /** @param years the years of headers that have none, in envelopes without a time */
  constructor(names: Names, years: MonthYears) {
    this.#names = names;
    this.#parser = new DfwLineParser(names, years);
  }

  /** The forms of lines met so far. */
  get forms(): readonly string[] {
    return formsOf(this.#parser.dialects);
  }

  /** Whether a line was met whose year neither it nor its envelope named. */
  get tookYear(): boolean {
    return this.#parser.tookYear;
  }

  /** Reads one text into row `batch.rows` and counts the row where it is an event. */
  parse(text: string, { time, host }: Envelope, batch: EventBatch): LineOutcome {
    const row = batch.rows;
    const line = text.includes('\n') ? lineIn(text) : text;
    const hasTime = !Number.isNaN(time);
    const tookYear = this.#parser.tookYear;
    let outcome = this.#parse(line, batch);
    if (hasTime) this.#parser.tookYear = tookYear;
    if (outcome === 'no time' && hasTime) outcome = this.#parse(`${isoText(time)} ${line}`, batch);
    else if (outcome === 'event' && hasTime && !OWN_TIME.test(line)) batch.seenAt.set(row, time);
    if (outcome === 'event' && host !== '' && batch.host[row] === 0) {
      batch.host[row] = this.#names.host.codeOfText(host);
    }
    return outcome;
  }

  #parse(line: string, batch: EventBatch): LineOutcome {
    const bytes = encoder.encode(line);
    return this.#parser.parse(bytes, 0, bytes.length, batch);
  }
}

/** The line of a text of several that is the DFW's, whose messages are one line each. */
function lineIn(text: string): string {
  const lines = text.split(/[\r\n]+/);
  return lines.find((line) => line.includes('INET')) ?? lines.join(' ');
}
