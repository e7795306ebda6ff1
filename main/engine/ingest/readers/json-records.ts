import type { Chunks } from '../../archive/byte-stream.ts';

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

/** What may stand between objects at the top: a byte order mark, and what makes an array of them. */
const PASSED_AT_TOP = [COMMA, OPEN_ARRAY, CLOSE_ARRAY, CLOSE_OBJECT, 0xef, 0xbb, 0xbf];

/** Deeper nesting is taken for damage. */
const MOST_DEPTH = 64;

/** What a record is longer than this is left out, so that it cannot be read. */
const MOST_RECORD_BYTES = 1 << 20;

/** Longer keys than those of the arrays are not told apart. */
const MOST_KEY_BYTES = 16;

/** The arrays whose elements are records: event export and webhook, REST, REST with `view=simple`. */
const RECORD_ARRAYS: ReadonlySet<string> = new Set(['messages', 'events', 'results']);

/**
 * Cuts a stream of JSON into records, one a line: the elements of an export's array of messages, or
 * else the objects at the top, be they on lines of their own, spread over lines, or in an array.
 * What is no JSON stays a line. Holds one record in memory at a time. Where JSON is broken, what
 * was read of the record becomes a line, and reading goes on with the next object.
 */
export class JsonRecords {
  /** Whether an array of messages was met. */
  isExport = false;
  #out = new Uint8Array(1 << 16);
  #length = 0;
  /** Where the record at hand begins in `#out`. */
  #start = 0;
  #isRecording = false;
  #isText = false;
  #recordDepth = 0;
  readonly #stack = new Uint8Array(MOST_DEPTH);
  #depth = 0;
  #isInRecords = false;
  /** Whether an export's element was broken, so that what follows it is no text of its own. */
  #isLost = false;
  #isInString = false;
  #isEscaped = false;
  /** The last byte outside strings that was no blank. */
  #last = 0;
  #key = '';

  /** Takes bytes and gives the records they complete, each with a line feed. */
  push(chunk: Uint8Array): Uint8Array {
    let at = 0;
    while (at < chunk.length) {
      at = this.#takePlain(chunk, at);
      if (at < chunk.length) this.#take(chunk[at++] ?? 0);
    }
    return this.#flush(this.#start);
  }

  /** Gives what is left: a record that was not complete. */
  end(): Uint8Array {
    this.#endRecord();
    return this.#flush(this.#length);
  }

  /** Takes the part of a string that needs no look at each byte; gives where the rest begins. */
  #takePlain(chunk: Uint8Array, from: number): number {
    const isKey = this.#depth === 1 && this.#key.length < MOST_KEY_BYTES;
    if (!this.#isInString || this.#isEscaped || isKey) return from;
    let at = from;
    while (at < chunk.length && !isStringMark(chunk[at] ?? 0)) at++;
    const room = MOST_RECORD_BYTES - (this.#length - this.#start);
    if (this.#isRecording && room > 0)
      this.#writeAll(chunk.subarray(from, Math.min(at, from + room)));
    return at;
  }

  #take(byte: number): void {
    if (this.#isText) this.#takeText(byte);
    else if (this.#isInString) this.#takeInString(byte);
    else if (byte <= SPACE) this.#append(SPACE);
    else this.#takeToken(byte);
  }

  #takeText(byte: number): void {
    if (byte === LINE_FEED) this.#endRecord();
    else this.#append(byte);
  }

  #takeInString(byte: number): void {
    if (byte === LINE_FEED) {
      this.#break();
      return;
    }
    this.#append(byte);
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) {
      this.#isInString = false;
      this.#last = QUOTE;
    } else if (this.#depth === 1 && this.#key.length < MOST_KEY_BYTES) {
      this.#key += String.fromCharCode(byte);
    }
  }

  #takeToken(byte: number): void {
    if (this.#depth === 0) {
      this.#takeAtTop(byte);
      return;
    }
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#open(byte);
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#close(byte);
    else {
      if (byte === QUOTE) {
        this.#isInString = true;
        if (this.#depth === 1) this.#key = '';
      }
      this.#append(byte);
      this.#last = byte;
    }
  }

  #takeAtTop(byte: number): void {
    if (byte === OPEN_OBJECT) {
      this.#isLost = false;
      this.#begin(0);
      this.#push(byte);
    } else if (!this.#isLost && !PASSED_AT_TOP.includes(byte)) {
      this.#begin(0);
      this.#isText = true;
      this.#append(byte);
    }
  }

  #open(byte: number): void {
    if (!this.#mayOpen() || this.#depth >= MOST_DEPTH) {
      this.#break();
      this.#takeAtTop(byte);
      return;
    }
    const isRecords =
      byte === OPEN_ARRAY &&
      this.#depth === 1 &&
      this.#last === COLON &&
      RECORD_ARRAYS.has(this.#key);
    if (isRecords) {
      this.#isRecording = false;
      this.#length = this.#start;
      this.#isInRecords = true;
      this.isExport = true;
    } else if (byte === OPEN_OBJECT && this.#isInRecords && this.#depth === 2) {
      this.#begin(2);
    }
    this.#push(byte);
  }

  /** Whether an object or an array may stand here: after a colon, or in an array. */
  #mayOpen(): boolean {
    const isInArray = this.#stack[this.#depth - 1] === OPEN_ARRAY;
    return isInArray ? this.#last === OPEN_ARRAY || this.#last === COMMA : this.#last === COLON;
  }

  #push(byte: number): void {
    this.#stack[this.#depth++] = byte;
    this.#append(byte);
    this.#last = byte;
  }

  #close(byte: number): void {
    const opened = this.#stack[this.#depth - 1];
    this.#append(byte);
    if ((opened === OPEN_OBJECT) !== (byte === CLOSE_OBJECT)) {
      this.#break();
      return;
    }
    this.#depth--;
    this.#last = byte;
    if (this.#isInRecords && this.#depth === 1) this.#isInRecords = false;
    if (this.#isRecording && this.#depth === this.#recordDepth) this.#endRecord();
  }

  #begin(depth: number): void {
    this.#isRecording = true;
    this.#recordDepth = depth;
  }

  /** Ends the record where it stands and looks for the next object. */
  #break(): void {
    this.#endRecord();
    this.#isLost = this.#isInRecords;
    this.#depth = 0;
    this.#isInRecords = false;
    this.#isInString = false;
    this.#isEscaped = false;
  }

  #endRecord(): void {
    if (this.#isRecording) this.#write(LINE_FEED);
    this.#isRecording = false;
    this.#isText = false;
    this.#start = this.#length;
  }

  #append(byte: number): void {
    if (!this.#isRecording || this.#length - this.#start >= MOST_RECORD_BYTES) return;
    this.#write(byte);
  }

  #write(byte: number): void {
    if (this.#length === this.#out.length) this.#grow(1);
    this.#out[this.#length++] = byte;
  }

  #writeAll(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#out.length) this.#grow(bytes.length);
    this.#out.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #grow(least: number): void {
    const larger = new Uint8Array(Math.max(this.#out.length * 2, this.#length + least));
    larger.set(this.#out);
    this.#out = larger;
  }

  #flush(end: number): Uint8Array {
    const whole = this.#out.slice(0, end);
    this.#out.copyWithin(0, end, this.#length);
    this.#length -= end;
    this.#start = 0;
    return whole;
  }
}

function isStringMark(byte: number): boolean {
  return byte === QUOTE || byte === BACKSLASH || byte === LINE_FEED;
}

/** Turns a stream of JSON into one record a line. */
export async function* unwrapJson(chunks: Chunks): Chunks {
  const records = new JsonRecords();
  for await (const chunk of chunks) {
    const lines = records.push(chunk);
    if (lines.length > 0) yield lines;
  }
  const rest = records.end();
  if (rest.length > 0) yield rest;
}
