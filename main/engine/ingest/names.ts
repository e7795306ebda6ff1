import { compareAddresses, formatAddress, parseAddress } from '../../../shared/net/address.ts';
import { Dictionary } from './dictionary.ts';
import { Tuples } from './tuples.ts';

/** The kinds of texts that many events share. */
export const NAME_KINDS = [
  'host',
  'filter',
  'reason',
  'action',
  'ruleset',
  'tag',
  'close',
  'address',
] as const;

/** One of the kinds of texts that many events share. */
export type NameKind = (typeof NAME_KINDS)[number];

/**
 * The first code of an address that is no ordinary IPv4 address. Smaller codes are IPv4 addresses
 * as numbers; 240.0.0.0/4, where these codes lie, is reserved (RFC 1112 §4), and its addresses get
 * codes like IPv6 ones.
 */
export const FIRST_ADDRESS_CODE = 0xf000_0000;

const PLENTY = 2 ** 28 - 1;

function newDictionary(kind: NameKind): Dictionary {
  if (kind === 'address') return new Dictionary(FIRST_ADDRESS_CODE, PLENTY);
  const dictionary = new Dictionary(0, PLENTY);
  dictionary.codeOfText('');
  return dictionary;
}

/** All texts of a project by kind, and the addresses among them. Code 0 is the empty text. */
export class Names {
  readonly host = newDictionary('host');
  readonly filter = newDictionary('filter');
  readonly reason = newDictionary('reason');
  readonly action = newDictionary('action');
  readonly ruleset = newDictionary('ruleset');
  readonly tag = newDictionary('tag');
  readonly close = newDictionary('close');
  readonly address = newDictionary('address');
  /** Tuples of codes and other numbers that many events share. */
  readonly tuples = new Tuples();
  /** Every kind with its texts, for saving. */
  readonly all: readonly (readonly [NameKind, Dictionary])[] = NAME_KINDS.map((kind) => [
    kind,
    this[kind],
  ]);
  readonly #spellings = new Dictionary(0, PLENTY);
  readonly #codeOfSpelling: number[] = [];

  /** How many texts of a kind there are. */
  size(kind: NameKind): number {
    return this[kind].size;
  }

  /** Adds the next text of a kind, as another thread has coded it. */
  restoreNext(kind: NameKind, text: string): void {
    const first = kind === 'address' ? FIRST_ADDRESS_CODE : 0;
    this[kind].restore(first + this[kind].size, text);
  }

  /**
   * The code of an IPv6 address spelled in the bytes, whatever the spelling; -1 where it is none.
   */
  ipv6Code(bytes: Uint8Array, start: number, end: number): number {
    const known = this.#spellings.size;
    const spelling = this.#spellings.codeOf(bytes, start, end);
    if (spelling === known) {
      const address = parseAddress(this.#spellings.textOf(spelling));
      this.#codeOfSpelling[spelling] =
        address === undefined ? -1 : this.address.codeOfText(formatAddress(address));
    }
    return this.#codeOfSpelling[spelling] ?? -1;
  }

  /** The code of an IPv4 address given as a number. */
  ipv4Code(value: number): number {
    if (value < FIRST_ADDRESS_CODE) return value;
    return this.address.codeOfText(formatAddress({ family: 4, value: BigInt(value) }));
  }

  /** The text of an address code: dotted IPv4, or IPv6 as RFC 5952 says. */
  addressText(code: number): string {
    if (code >= FIRST_ADDRESS_CODE) return this.address.textOf(code);
    return `${code >>> 24}.${(code >>> 16) & 255}.${(code >>> 8) & 255}.${code & 255}`;
  }

  /** The code of an address text; nothing where the text is no address or none that was seen. */
  addressCode(text: string): number | undefined {
    const address = parseAddress(text);
    if (address === undefined) return undefined;
    if (address.family === 4 && address.value < FIRST_ADDRESS_CODE) return Number(address.value);
    return this.address.find(formatAddress(address));
  }

  /** Orders address codes: IPv4 before IPv6, then by number. */
  compareAddressCodes(a: number, b: number): number {
    if (a < FIRST_ADDRESS_CODE && b < FIRST_ADDRESS_CODE) return a - b;
    const first = parseAddress(this.addressText(a));
    const second = parseAddress(this.addressText(b));
    return first === undefined || second === undefined ? a - b : compareAddresses(first, second);
  }
}
