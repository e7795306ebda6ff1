import { bug } from '../../../shared/failure/failure.ts';

const decoder = new TextDecoder('utf-8');

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash >>> 0;
}

function sameBytes(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false;
  for (let at = 0; at < key.length; at++) if (key[at] !== bytes[start + at]) return false;
  return true;
}

/**
 * Gives every distinct text a small number, and back. Texts are looked up as bytes, so a text that
 * was seen before costs no string. Code `firstCode` is the first; a code is never given twice.
 */
export class Dictionary {
  readonly #firstCode: number;
  readonly #limit: number;
  readonly #texts: string[] = [];
  readonly #keys: Uint8Array[] = [];
  #slots = new Int32Array(1024).fill(-1);

  /**
   * @param firstCode the code of the first text
   * @param limit how many texts there is room for; one more is an error, never a silent zero
   */
  constructor(firstCode: number, limit: number) {
    this.#firstCode = firstCode;
    this.#limit = limit;
  }

  /** How many texts there are. */
  get size(): number {
    return this.#texts.length;
  }

  /** The code of the text that stands in the bytes from `start` to before `end`, made where it is new. */
  codeOf(bytes: Uint8Array, start: number, end: number): number {
    const index = this.#indexOf(bytes, start, end);
    if (index >= 0) return this.#firstCode + index;
    const own = new Uint8Array(bytes.subarray(start, end));
    return this.#add(own, decoder.decode(own));
  }

  /** The code of a text, nothing where it is unknown. */
  find(text: string): number | undefined {
    const bytes = new TextEncoder().encode(text);
    const index = this.#indexOf(bytes, 0, bytes.length);
    return index < 0 ? undefined : this.#firstCode + index;
  }

  /** The code of a text, made where it is new. */
  codeOfText(text: string): number {
    const bytes = new TextEncoder().encode(text);
    return this.codeOf(bytes, 0, bytes.length);
  }

  /** The text of a code. */
  textOf(code: number): string {
    const text = this.#texts[code - this.#firstCode];
    return text ?? bug(`no text has the code ${code}`);
  }

  /** Whether a code was given. */
  has(code: number): boolean {
    return code >= this.#firstCode && code < this.#firstCode + this.#texts.length;
  }

  /** Puts back a text that was saved with its code; texts must come in the order of their codes. */
  restore(code: number, text: string): void {
    if (code !== this.#firstCode + this.#texts.length) bug(`code ${code} is out of order`);
    this.#add(new TextEncoder().encode(text), text);
  }

  /** Codes and texts from the given count on. */
  entriesFrom(count: number): readonly { readonly code: number; readonly text: string }[] {
    return this.#texts
      .slice(count)
      .map((text, index) => ({ code: this.#firstCode + count + index, text }));
  }

  #indexOf(bytes: Uint8Array, start: number, end: number): number {
    let slot = hashOf(bytes, start, end) & (this.#slots.length - 1);
    for (;;) {
      const index = this.#slots[slot] ?? -1;
      if (index < 0) return -1;
      const key = this.#keys[index];
      if (key !== undefined && sameBytes(key, bytes, start, end)) return index;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
  }

  #add(key: Uint8Array, text: string): number {
    const index = this.#texts.length;
    if (index >= this.#limit) bug(`more than ${this.#limit} distinct texts of one kind`);
    this.#texts.push(text);
    this.#keys.push(key);
    if (this.#texts.length * 2 > this.#slots.length) this.#grow();
    else this.#place(index);
    return this.#firstCode + index;
  }

  #place(index: number): void {
    const key = this.#keys[index];
    if (key === undefined) return;
    let slot = hashOf(key, 0, key.length) & (this.#slots.length - 1);
    while ((this.#slots[slot] ?? -1) >= 0) slot = (slot + 1) & (this.#slots.length - 1);
    this.#slots[slot] = index;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 4).fill(-1);
    for (let index = 0; index < this.#texts.length; index++) this.#place(index);
  }
}
