import type { EventBatch } from '../event-batch.ts';
import type { Names } from '../names.ts';
import type { LineOutcome } from '../outcome.ts';
import { counter, EventRow, isFromServer, wholeNumber } from './event-row.ts';
import type { LineReader, ReaderContext, ReaderKind } from './reader.ts';
import { certainty, headLines, textOfBytes, tryHead } from './sniff.ts';

/** The fields of the default format, version 2, in its order. */
const DEFAULT_FIELDS = [
  'version',
  'account-id',
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'log-status',
];

/** Without these a record says nothing of a connection. */
const NEEDED_FIELDS = ['protocol', 'start'];

const DEFAULT_RECORD =
  /^2 \S+ \S+ \S+ \S+ (?:\d+|-) (?:\d+|-) (?:\d+|-) (?:\d+|-) (?:\d+|-) \d+ \d+ (?:ACCEPT|REJECT|-) (?:OK|NODATA|SKIPDATA)$/;

/** The time that an export of CloudWatch puts before each record. */
const EXPORT_TIME = /^\d{4}-\d{2}-\d{2}T\S+Z /;

const SYN = 2;
const ACK = 16;

/** Longer lines are no records; the rest of them is not looked at. */
const MOST_BYTES = 4_096;

/** The fields a header line names, with dashes whatever separates their words; nothing for other lines. */
function fieldsOf(line: string): readonly string[] | undefined {
  const fields = line.toLowerCase().replaceAll('_', '-').split(/\s+/);
  const has = (name: string) => fields.includes(name);
  const hasEnds = (has('srcaddr') || has('pkt-srcaddr')) && (has('dstaddr') || has('pkt-dstaddr'));
  return hasEnds && NEEDED_FIELDS.every(has) ? fields : undefined;
}

class VpcReader implements LineReader {
  forms: readonly string[] = [];
  readonly tookYear = false;
  readonly #row: EventRow;
  #fields: ReadonlyMap<string, number>;
  #count: number;

  constructor(names: Names, context: ReaderContext) {
    this.#row = new EventRow(names);
    const header = headLines(context)[0];
    const fields = (header === undefined ? undefined : fieldsOf(header)) ?? DEFAULT_FIELDS;
    this.#fields = new Map(fields.map((name, index) => [name, index]));
    this.#count = fields.length;
  }

  parse(bytes: Uint8Array, start: number, end: number, batch: EventBatch): LineOutcome {
    const whole = textOfBytes(bytes, start, Math.min(end, start + MOST_BYTES)).trim();
    if (whole === '') return 'blank';
    const fields = whole.includes('addr') ? fieldsOf(whole) : undefined;
    if (fields !== undefined) {
      this.#fields = new Map(fields.map((name, index) => [name, index]));
      this.#count = fields.length;
      return 'other';
    }
    const line = EXPORT_TIME.test(whole) ? whole.replace(EXPORT_TIME, '') : whole;
    const cells = line.split(/\s+/);
    if (cells.length !== this.#count) return 'other';
    return this.#readRecord(cells, batch);
  }

  #readRecord(cells: readonly string[], batch: EventBatch): LineOutcome {
    const cell = (name: string) => {
      const text = cells[this.#fields.get(name) ?? -1];
      return text === '-' ? undefined : text;
    };
    const status = cell('log-status');
    if (status === 'NODATA' || status === 'SKIPDATA') return 'other';
    const version = cell('version');
    const isVersion = version === undefined || /^\d{1,2}$/.test(version);
    if (!isVersion) return 'other';
    const source = cell('pkt-srcaddr') ?? cell('srcaddr');
    const destination = cell('pkt-dstaddr') ?? cell('dstaddr');
    if (source === undefined || destination === undefined) return 'no addresses';
    const protocol = wholeNumber(cell('protocol'), 255);
    if (protocol === undefined) return 'no protocol';
    const src = this.#row.address(source);
    const dst = this.#row.address(destination);
    if (typeof src === 'string') return src;
    if (typeof dst === 'string') return dst;
    const srcPort = wholeNumber(cell('srcport') ?? '0', 65_535);
    const dstPort = wholeNumber(cell('dstport') ?? '0', 65_535);
    if (srcPort === undefined || dstPort === undefined) return 'bad port';
    const seconds = wholeNumber(cell('start'), 1e11);
    if (seconds === undefined) return 'no time';
    const action = cell('action');
    if (action !== undefined && action !== 'ACCEPT' && action !== 'REJECT') return 'no action';
    const isDropped = action === 'REJECT';
    this.#row.write(batch, {
      seenAt: seconds * 1000,
      host: cell('instance-id') ?? '',
      filter: cell('interface-id') ?? '',
      kind: isDropped ? 0 : 1,
      action: isDropped ? 'DROP' : 'PASS',
      protocol,
      src,
      srcPort,
      dst,
      dstPort,
      packetsForward: counter(cell('packets')),
      bytesForward: counter(cell('bytes')),
      isReply: isReply(srcPort, dstPort, wholeNumber(cell('tcp-flags'), 255) ?? 0),
      seen: 2,
    });
    if (this.forms.length === 0) this.forms = ['aws-vpc'];
    return 'event';
  }
}

/** Whether the server sent the record's packets: by the handshake's flags where logged, else by the ports. */
function isReply(srcPort: number, dstPort: number, flags: number): boolean {
  if ((flags & SYN) !== 0) return (flags & ACK) !== 0;
  return isFromServer(srcPort, dstPort);
}

function open(names: Names, context: ReaderContext): LineReader {
  return new VpcReader(names, context);
}

/**
 * AWS VPC flow logs: the default format, and custom ones that begin with their header line.
 *
 * Source: AWS, "Flow log records" in the Amazon VPC user guide.
 */
export const awsVpc: ReaderKind = {
  name: 'aws-vpc',
  recognise(context) {
    const lines = headLines(context);
    const header = fieldsOf(lines[0] ?? '');
    const isDefault = lines.some((line) => DEFAULT_RECORD.test(line.replace(EXPORT_TIME, '')));
    if (header === undefined && !isDefault) return 0;
    return Math.max(certainty(tryHead(open, context)), header === undefined ? 0 : 0.1);
  },
  open,
};
