import { DIALECT_BITS, DfwLineParser } from '../dfw-line.ts';
import type { Names } from '../names.ts';
import type { LineReader, ReaderContext, ReaderKind } from './reader.ts';
import { yearsOf } from './reference-date.ts';
import { certainty, tryHead } from './sniff.ts';

function open(names: Names, context: ReaderContext): LineReader {
  const parser = new DfwLineParser(names, yearsOf(context));
  return {
    get forms() {
      return formsOf(parser.dialects);
    },
    get tookYear() {
      return parser.tookYear;
    },
    parse(bytes, start, end, batch) {
      return parser.parse(bytes, afterMark(bytes, start, end), end, batch);
    },
  };
}

/** The packet log of the NSX distributed firewall and of the gateway firewall, in every release's form. */
export const nsxDfw: ReaderKind = {
  name: 'nsx-dfw',
  recognise: (context) => certainty(tryHead(open, context)),
  open,
};

/** Steps over a byte order mark, which files exported on Windows begin with. */
function afterMark(bytes: Uint8Array, start: number, end: number): number {
  const hasMark = bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
  return hasMark && start + 3 <= end ? start + 3 : start;
}

/** The names of a set of `DIALECT_BITS`. */
export function formsOf(dialects: number): readonly string[] {
  return Object.entries(DIALECT_BITS)
    .filter(([, bit]) => (dialects & bit) !== 0)
    .map(([name]) => name);
}
