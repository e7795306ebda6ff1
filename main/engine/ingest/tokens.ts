const SPACE = 0x20;
const TAB = 0x09;
const RETURN = 0x0d;

/** More tokens than this stand only in a label, which is taken as a whole. */
const MOST_TOKENS = 96;

/** The words of a line between blanks, as positions in the bytes. Reused from line to line. */
export class Tokens {
  count = 0;
  /** End of the line without blanks and carriage returns at its end. */
  lineEnd = 0;
  readonly #starts = new Int32Array(MOST_TOKENS);
  readonly #ends = new Int32Array(MOST_TOKENS);

  /** Finds the words in the bytes from `start` to before `end`. */
  split(bytes: Uint8Array, start: number, end: number): void {
    let last = end;
    while (last > start && isBlank(bytes[last - 1] ?? 0)) last--;
    this.lineEnd = last;
    let count = 0;
    let at = start;
    while (at < last && count < MOST_TOKENS) {
      while (at < last && isBlank(bytes[at] ?? 0)) at++;
      if (at >= last) break;
      this.#starts[count] = at;
      while (at < last && !isBlank(bytes[at] ?? 0)) at++;
      this.#ends[count] = at;
      count++;
    }
    this.count = count;
  }

  /** Where a word begins. */
  start(token: number): number {
    return this.#starts[token] ?? 0;
  }

  /** Where a word has ended. */
  end(token: number): number {
    return this.#ends[token] ?? 0;
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === RETURN;
}
