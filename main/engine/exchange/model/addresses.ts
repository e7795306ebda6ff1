import {
  formatAddress,
  parseAddressRange,
  type AddressRange,
} from '../../../../shared/net/address.ts';

/** From how many consecutive members on they are written as one range. */
const RANGE_FROM = 4;

/** Addresses as NSX reads them, one list a family, in order and without doubles. */
export interface AddressLists {
  readonly 4: readonly string[];
  readonly 6: readonly string[];
}

interface Entry {
  readonly range: AddressRange;
  readonly text: string;
}

/** A range as NSX reads it: `first-last`, or one address. */
export function textOfRange({ family, first, last }: AddressRange): string {
  const start = formatAddress({ family, value: first });
  return first === last ? start : `${start}-${formatAddress({ family, value: last })}`;
}

function textAsWritten(range: AddressRange, written: string): string {
  const prefix = written.split('/')[1];
  if (prefix === undefined || range.first === range.last) return textOfRange(range);
  const network = formatAddress({ family: range.family, value: range.first });
  return `${network}/${Number(prefix)}`;
}

function compareRanges(a: AddressRange, b: AddressRange): number {
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.last === b.last ? 0 : a.last < b.last ? -1 : 1;
}

function listsOf(entries: readonly Entry[]): AddressLists {
  const family = (wanted: 4 | 6): readonly string[] => {
    const own = entries.filter(({ range }) => range.family === wanted);
    const ordered = own.toSorted((a, b) => compareRanges(a.range, b.range));
    return [...new Set(ordered.map(({ text }) => text))];
  };
  return { 4: family(4), 6: family(6) };
}

/**
 * The addresses of an IP set: each stays what it is (address, block or range), in canonical form.
 * The text that is none of these is given back instead.
 */
export function writtenAddresses(
  texts: readonly string[],
): AddressLists | { readonly unreadable: string } {
  const entries: Entry[] = [];
  for (const text of texts) {
    const range = parseAddressRange(text.trim());
    if (range === undefined) return { unreadable: text };
    entries.push({ range, text: textAsWritten(range, text.trim()) });
  }
  return listsOf(entries);
}

function folded(run: readonly AddressRange[]): readonly AddressRange[] {
  const first = run[0];
  const last = run.at(-1);
  if (first === undefined || last === undefined || run.length < RANGE_FROM) return run;
  return [{ family: first.family, first: first.first, last: last.last }];
}

/**
 * The addresses of a security group: single ones, ranges where four or more of these follow each other,
 * and blocks and ranges as they were given. The ranges hold no address that is no member. The text
 * that is no address is given back instead.
 */
export function memberAddresses(
  texts: readonly string[],
): AddressLists | { readonly unreadable: string } {
  const members: AddressRange[] = [];
  const written: Entry[] = [];
  for (const text of texts) {
    const range = parseAddressRange(text);
    if (range === undefined) return { unreadable: text };
    if (range.first === range.last) members.push(range);
    else written.push({ range, text: textAsWritten(range, text.trim()) });
  }
  const ranges = members
    .toSorted((a, b) => a.family - b.family || compareRanges(a, b))
    .filter((range, at, all) => {
      const before = all[at - 1];
      return before?.family !== range.family || before.first !== range.first;
    });
  const out: AddressRange[] = [];
  let run: AddressRange[] = [];
  for (const range of ranges) {
    const before = run.at(-1);
    if (
      before !== undefined &&
      (before.family !== range.family || before.last + 1n !== range.first)
    ) {
      out.push(...folded(run));
      run = [];
    }
    run.push(range);
  }
  out.push(...folded(run));
  return listsOf([...written, ...out.map((range) => ({ range, text: textOfRange(range) }))]);
}

/** A list cut into pieces of at most `size` items. */
export function piecesOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const pieces: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += size) pieces.push(items.slice(at, at + size));
  return pieces;
}
