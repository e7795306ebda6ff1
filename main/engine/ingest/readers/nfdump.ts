import type { EventBatch } from '../event-batch.ts';
import type { Names } from '../names.ts';
import type { LineOutcome } from '../outcome.ts';
import { counter, EventRow, isFromServer, wholeNumber } from './event-row.ts';
import { fieldTime } from './log-time.ts';
import { loggedProtocol } from './protocol-names.ts';
import type { LineReader, ReaderContext, ReaderKind } from './reader.ts';
import { certainty, headLines, textOfBytes, tryHead } from './sniff.ts';

/** The names of the same column in 1.6's CSV and in 1.7's. */
const COLUMNS = {
  time: ['ts', 'firstSeen'],
  protocol: ['pr', 'proto'],
  source: ['sa', 'srcAddr'],
  sourcePort: ['sp', 'srcPort'],
  destination: ['da', 'dstAddr'],
  destinationPort: ['dp', 'dstPort'],
  packets: ['ipkt', 'packets'],
  packetsBack: ['opkt', 'outPackets'],
  bytes: ['ibyt', 'bytes'],
  bytesBack: ['obyt', 'outBytes'],
  forwarding: ['fwd', 'fwdStatus'],
  flows: ['flows'],
} as const;

type Column = keyof typeof COLUMNS;

const NEEDED: readonly Column[] = ['time', 'protocol', 'source', 'destination', 'destinationPort'];

/** Longer lines are no records; the rest of them is not looked at. */
const MOST_BYTES = 4_096;

/** Where each column stands in a header line; nothing where it is no header of flows. */
function headerOf(line: string): ReadonlyMap<Column, number> | undefined {
  const names = line.split(',').map((name) => name.trim());
  const columns = new Map<Column, number>();
  for (const [column, spellings] of Object.entries(COLUMNS) as [Column, readonly string[]][]) {
    const index = names.findIndex((name) => spellings.includes(name));
    if (index >= 0) columns.set(column, index);
  }
  return NEEDED.every((column) => columns.has(column)) ? columns : undefined;
}

class NfdumpReader implements LineReader {
  forms: readonly string[] = [];
  readonly tookYear = false;
  readonly #row: EventRow;
  #columns: ReadonlyMap<Column, number> | undefined;
  /** Behind the flows, 1.6 writes a sum of them. */
  #isSummary = false;

  constructor(names: Names) {
    this.#row = new EventRow(names);
  }

  parse(bytes: Uint8Array, start: number, end: number, batch: EventBatch): LineOutcome {
    const line = textOfBytes(bytes, start, Math.min(end, start + MOST_BYTES)).trim();
    if (line === '') return 'blank';
    const header = /^[a-z]/i.test(line) ? headerOf(line) : undefined;
    if (header !== undefined) {
      this.#columns = header;
      this.#isSummary = false;
      return 'other';
    }
    if (line === 'Summary') this.#isSummary = true;
    const columns = this.#columns;
    if (columns === undefined || this.#isSummary || !line.includes(',')) return 'other';
    const cells = line.split(',');
    return this.#readRecord((column) => cells[columns.get(column) ?? -1]?.trim(), batch);
  }

  #readRecord(cell: (column: Column) => string | undefined, batch: EventBatch): LineOutcome {
    const seenAt = fieldTime(cell('time') ?? '');
    if (Number.isNaN(seenAt)) return 'no time';
    const protocol = loggedProtocol(cell('protocol') ?? '');
    if (protocol === undefined) return 'no protocol';
    const src = this.#row.address(cell('source') ?? '');
    const dst = this.#row.address(cell('destination') ?? '');
    if (typeof src === 'string') return src;
    if (typeof dst === 'string') return dst;
    const isIcmp = protocol === 1 || protocol === 58;
    const icmp = isIcmp ? icmpOf(cell('destinationPort') ?? '') : 0;
    const srcPort = isIcmp ? 0 : wholeNumber(cell('sourcePort') ?? '0', 65_535);
    const dstPort = isIcmp ? 0 : wholeNumber(cell('destinationPort'), 65_535);
    if (srcPort === undefined || dstPort === undefined) return 'bad port';
    const isDropped = forwardingOf(cell('forwarding')) === DROPPED;
    this.#row.write(batch, {
      seenAt,
      kind: isDropped ? 0 : 1,
      action: isDropped ? 'DROP' : 'PASS',
      protocol,
      src,
      srcPort,
      dst,
      dstPort,
      icmp,
      packetsForward: counter(cell('packets')),
      packetsBack: counter(cell('packetsBack')),
      bytesForward: counter(cell('bytes')),
      bytesBack: counter(cell('bytesBack')),
      isReply: isFromServer(srcPort, dstPort),
      weight: Math.max(counter(cell('flows')), 1),
      seen: 2,
    });
    if (this.forms.length === 0) this.forms = ['nfdump'];
    return 'event';
  }
}

/** Type and code of ICMP in the place of the destination port: `8.0`, or type * 256 + code. */
function icmpOf(text: string): number {
  const match = /^(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return wholeNumber(text, 65_535) ?? 0;
  return (Number(match[1]) & 255) * 256 + (Number(match[2]) & 255);
}

const DROPPED = 2;

/** The two highest bits of NetFlow's forwarding status. Source: IANA, IPFIX forwardingStatus (89). */
function forwardingOf(text: string | undefined): number {
  return (wholeNumber(text, 255) ?? 0) >> 6;
}

function open(names: Names): LineReader {
  return new NfdumpReader(names);
}

/**
 * Flows as nfdump prints them with `-o csv` (1.6 and 1.7) and `-o csv-fast`. Its statistics are no
 * flows and are refused.
 */
export const nfdump: ReaderKind = {
  name: 'nfdump',
  recognise(context: ReaderContext) {
    if (headerOf(headLines(context)[0] ?? '') === undefined) return 0;
    return Math.max(certainty(tryHead(open, context)), 0.1);
  },
  open,
};
