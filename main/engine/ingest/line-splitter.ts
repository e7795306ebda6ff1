/** Takes one line in the bytes from `start` to before `end`, without its line feed. */
export type LineVisitor = (bytes: Uint8Array, start: number, end: number) => void;

const LINE_FEED = 0x0a;

/** A longer line is cut into pieces of this many bytes, so that a file without line feeds stays harmless. */
export const MAX_LINE_BYTES = 1 << 20;

/**
 * Splits chunks of bytes into lines. Lines inside a chunk are visited in place; only a line that
 * crosses chunks is copied.
 */
export class LineSplitter {
  #rest: Uint8Array = new Uint8Array(0);

  /** Visits every line that the chunk completes. The bytes are the visitor's only during its call. */
  push(chunk: Uint8Array, visit: LineVisitor): void {
    let start = 0;
    let end = chunk.indexOf(LINE_FEED);
    if (this.#rest.length > 0) {
      const stop = end < 0 ? chunk.length : end;
      this.#rest = Buffer.concat([this.#rest, chunk.subarray(0, stop)]);
      if (end < 0) {
        this.#cutLong(visit);
        return;
      }
      const line = this.#rest;
      this.#rest = new Uint8Array(0);
      visit(line, 0, line.length);
      start = end + 1;
      end = chunk.indexOf(LINE_FEED, start);
    }
    while (end >= 0) {
      visit(chunk, start, end);
      start = end + 1;
      end = chunk.indexOf(LINE_FEED, start);
    }
    if (start < chunk.length) this.#rest = new Uint8Array(chunk.subarray(start));
    this.#cutLong(visit);
  }

  /** Gives the last line, the one without a line feed; nothing where there is none. */
  takeRest(): Uint8Array | undefined {
    const rest = this.#rest;
    this.#rest = new Uint8Array(0);
    return rest.length > 0 ? rest : undefined;
  }

  #cutLong(visit: LineVisitor): void {
    while (this.#rest.length > MAX_LINE_BYTES) {
      visit(this.#rest, 0, MAX_LINE_BYTES);
      this.#rest = this.#rest.slice(MAX_LINE_BYTES);
    }
  }
}
