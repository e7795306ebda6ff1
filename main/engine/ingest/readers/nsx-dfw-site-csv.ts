import { DfwLineParser } from '../dfw-line.ts';
import type { EventBatch } from '../event-batch.ts';
import type { Names } from '../names.ts';
import type { LineOutcome } from '../outcome.ts';
import { formsOf } from './nsx-dfw.ts';
import { loggedProtocol } from './protocol-names.ts';
import type { LineReader, ReaderContext, ReaderKind } from './reader.ts';
import { yearsOf } from './reference-date.ts';
import { textOfBytes, tryHead } from './sniff.ts';

const encoder = new TextEncoder();

/** `dfwpktlogs: PASS, domain-c8/1006, IN, 48, TCP, ` and then addresses and ports. */
const REWRITTEN =
  /^(.*?\bdfwpktlogs(?:\[\d+\])?: ?)([A-Z_]+), *([^\s,]+), *(IN|OUT), *(\d+), *([\w -]+?), *(.+)$/;

/**
 * The line as the DFW wrote it, with what a collector left out of it filled in: address family and
 * reason. Nothing where the line was not rewritten.
 */
function restore(line: string): string | undefined {
  const match = REWRITTEN.exec(line);
  if (match === null) return undefined;
  const [, header = '', action = '', rule = '', way = '', length = '', protocol = '', rest = ''] =
    match;
  const number = loggedProtocol(protocol);
  const name = number === 6 ? 'TCP' : number === 17 ? 'UDP' : `PROTO ${number ?? '?'}`;
  const cells = rest.split(',').map((cell) => cell.trim());
  const hasPorts = /^\d+$/.test(cells[1] ?? '');
  const [source, destination] = hasPorts
    ? [`${cells[0] ?? ''}/${cells[1] ?? ''}`, `${cells[2] ?? ''}/${cells[3] ?? ''}`]
    : [cells[0] ?? '', cells[1] ?? ''];
  const tail = cells.slice(hasPorts ? 4 : 2).join(' ');
  const family = source.includes(':') ? 'INET6' : 'INET';
  return `${header}${family} match ${action} ${rule} ${way} ${length} ${name} ${source}->${destination} ${tail}`;
}

function open(names: Names, context: ReaderContext): LineReader {
  const parser = new DfwLineParser(names, yearsOf(context));
  return {
    get tookYear() {
      return parser.tookYear;
    },
    get forms() {
      return formsOf(parser.dialects);
    },
    parse(bytes: Uint8Array, start: number, end: number, batch: EventBatch): LineOutcome {
      const line = textOfBytes(bytes, start, Math.min(end, start + 4_096));
      const restored = restore(line.trimEnd());
      if (restored === undefined) return parser.parse(bytes, start, end, batch);
      const whole = encoder.encode(restored);
      return parser.parse(whole, 0, whole.length, batch);
    },
  };
}

/** NSX-v's packet log as some sites' collectors rewrite it, its fields separated by commas. */
export const nsxDfwSiteCsv: ReaderKind = {
  name: 'nsx-dfw-site-csv',
  recognise(context) {
    const isRewritten = context.head.length > 0 && REWRITTEN.test(firstRewritten(context));
    return isRewritten && tryHead(open, context).events > 0 ? 0.92 : 0;
  },
  open,
};

/** The first line that names the log. */
function firstRewritten({ head }: ReaderContext): string {
  const at = Buffer.from(head.buffer, head.byteOffset, head.length).indexOf('dfwpktlogs');
  if (at < 0) return '';
  const start = head.lastIndexOf(0x0a, at) + 1;
  const end = head.indexOf(0x0a, at);
  return textOfBytes(head, start, end < 0 ? head.length : end).trimEnd();
}
