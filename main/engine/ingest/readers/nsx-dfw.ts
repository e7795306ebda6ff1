import { DIALECT_BITS, DfwLineParser } from '../dfw-line.ts';
import { EventBatch } from '../event-batch.ts';
import { LineSplitter } from '../line-splitter.ts';
import { yearsUntil } from '../line-time.ts';
import { Names } from '../names.ts';
import type { ReaderContext, ReaderKind } from './reader.ts';

/** Share of the first lines that are the DFW's, rejects counted; one such line is enough to be sure. */
function recognise({ head, modifiedAt }: ReaderContext): number {
  const parser = new DfwLineParser(new Names(), yearsUntil(modifiedAt));
  const scratch = new EventBatch(1);
  let own = 0;
  let all = 0;
  new LineSplitter().push(head, (bytes, start, end) => {
    scratch.rows = 0;
    const outcome = parser.parse(bytes, start, end, scratch);
    if (outcome === 'blank') return;
    all++;
    if (outcome !== 'other') own++;
  });
  return own === 0 ? 0 : 0.5 + (0.5 * own) / all;
}

/** The packet log of the NSX distributed firewall and of the gateway firewall, in every release's form. */
export const nsxDfw: ReaderKind = {
  name: 'nsx-dfw',
  recognise,
  open(names, { modifiedAt }) {
    const parser = new DfwLineParser(names, yearsUntil(modifiedAt));
    return {
      get forms() {
        return formsOf(parser.dialects);
      },
      parse: (bytes, start, end, batch) => parser.parse(bytes, start, end, batch),
    };
  },
};

/** The names of a set of `DIALECT_BITS`. */
export function formsOf(dialects: number): readonly string[] {
  return Object.entries(DIALECT_BITS)
    .filter(([, bit]) => (dialects & bit) !== 0)
    .map(([name]) => name);
}
