import type { EventBatch } from '../event-batch.ts';
import type { Names } from '../names.ts';
import type { LineOutcome } from '../outcome.ts';
import { counter, EventRow, wholeNumber } from './event-row.ts';
import { fieldTime } from './log-time.ts';
import { loggedProtocol } from './protocol-names.ts';
import type { LineReader, ReaderContext, ReaderKind } from './reader.ts';
import { certainty, headLines, textOfBytes, tryHead } from './sniff.ts';

/** Longer lines are no records; they are not looked at. */
const MOST_BYTES = 1 << 16;

/** States of TCP connections that no answer opened: nothing, or nothing but the client's own end. */
const UNANSWERED: ReadonlySet<string> = new Set(['S0', 'SH', 'RSTOS0']);

/** The values of one record, by Zeek's names; unset ones are missing. */
type Lookup = (name: string) => string | undefined;

/**
 * What became of a connection. Zeek sees no firewall, but whether a server answered: a TCP
 * connection refused by a reset counts as rejected, one never answered as dropped. UDP and ICMP
 * without an answer are normal and count as passed.
 */
function actionOf(state: string, protocol: number): 'PASS' | 'DROP' | 'REJECT' {
  if (protocol !== 6) return 'PASS';
  if (state === 'REJ') return 'REJECT';
  return UNANSWERED.has(state) ? 'DROP' : 'PASS';
}

class ZeekReader implements LineReader {
  forms: readonly string[] = [];
  readonly tookYear = false;
  readonly #row: EventRow;
  #separator = '\t';
  #unset = '-';
  #fields: ReadonlyMap<string, number> = new Map();

  constructor(names: Names) {
    this.#row = new EventRow(names);
  }

  parse(bytes: Uint8Array, start: number, end: number, batch: EventBatch): LineOutcome {
    if (end - start > MOST_BYTES) return 'other';
    const line = textOfBytes(bytes, start, end).replace(/\r$/, '');
    if (line.trim() === '') return 'blank';
    if (line.startsWith('#')) {
      this.#readDirective(line);
      return 'other';
    }
    return line.startsWith('{') ? this.#readJson(line, batch) : this.#readRow(line, batch);
  }

  /** `#separator \x09`, then `#fields`, `#unset_field` and others with that separator. */
  #readDirective(line: string): void {
    const separator = /^#separator (\S+)/.exec(line)?.[1];
    if (separator !== undefined) {
      this.#separator = separator.replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
      return;
    }
    const [name, ...values] = line.split(this.#separator);
    if (name === '#unset_field') this.#unset = values[0] ?? '-';
    if (name === '#fields') this.#fields = new Map(values.map((field, index) => [field, index]));
  }

  #readRow(line: string, batch: EventBatch): LineOutcome {
    if (!this.#fields.has('id.orig_h')) return 'other';
    const cells = line.split(this.#separator);
    if (cells.length !== this.#fields.size) return 'bad record';
    return this.#readRecord((name) => {
      const cell = cells[this.#fields.get(name) ?? -1];
      return cell === this.#unset || cell === '(empty)' ? undefined : cell;
    }, batch);
  }

  #readJson(line: string, batch: EventBatch): LineOutcome {
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      return 'bad record';
    }
    if (typeof record !== 'object' || record === null || !('id.orig_h' in record)) return 'other';
    const values = new Map<string, unknown>(Object.entries(record));
    return this.#readRecord((name) => {
      const value = values.get(name);
      return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
    }, batch);
  }

  #readRecord(record: Lookup, batch: EventBatch): LineOutcome {
    const seenAt = fieldTime(record('ts') ?? '');
    if (Number.isNaN(seenAt)) return 'no time';
    const source = record('id.orig_h');
    const destination = record('id.resp_h');
    if (source === undefined || destination === undefined) return 'no addresses';
    const src = this.#row.address(source);
    const dst = this.#row.address(destination);
    if (typeof src === 'string') return src;
    if (typeof dst === 'string') return dst;
    const protocol = protocolOf(record, source);
    if (protocol === undefined) return 'no protocol';
    const isIcmp = protocol === 1 || protocol === 58;
    const srcPort = wholeNumber(record('id.orig_p') ?? '0', 65_535);
    const dstPort = wholeNumber(record('id.resp_p') ?? '0', 65_535);
    if (srcPort === undefined || dstPort === undefined) return 'bad port';
    const state = record('conn_state') ?? '';
    const action = actionOf(state, protocol);
    this.#row.write(batch, {
      seenAt,
      kind: action === 'PASS' ? 1 : 0,
      action,
      protocol,
      src,
      srcPort: isIcmp ? 0 : srcPort,
      dst,
      dstPort: isIcmp ? 0 : dstPort,
      icmp: isIcmp ? (srcPort & 255) * 256 + (dstPort & 255) : 0,
      close: state,
      packetsForward: counter(record('orig_pkts')),
      packetsBack: counter(record('resp_pkts')),
      bytesForward: counter(record('orig_ip_bytes') ?? record('orig_bytes')),
      bytesBack: counter(record('resp_ip_bytes') ?? record('resp_bytes')),
      seen: 2,
    });
    if (this.forms.length === 0) this.forms = ['zeek-conn'];
    return 'event';
  }
}

/** The protocol's number, which older logs lack; their `icmp` is that of both families. */
function protocolOf(record: Lookup, source: string): number | undefined {
  const number = wholeNumber(record('ip_proto'), 255);
  if (number !== undefined) return number;
  const named = loggedProtocol(record('proto') ?? '');
  return named === 1 && source.includes(':') ? 58 : named;
}

function open(names: Names): LineReader {
  return new ZeekReader(names);
}

/** Zeek's conn.log, as JSON lines or as TSV with its header. Source: Zeek's documentation of conn.log. */
export const zeekConn: ReaderKind = {
  name: 'zeek-conn',
  recognise(context: ReaderContext) {
    const first = headLines(context)[0] ?? '';
    if (!first.startsWith('{') && !first.startsWith('#separator')) return 0;
    const counts = tryHead(open, context);
    return counts.events > 0 ? certainty(counts) : 0;
  },
  open,
};
