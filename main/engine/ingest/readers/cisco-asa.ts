import type { EventBatch } from '../event-batch.ts';
import type { MonthYears } from '../line-time.ts';
import type { Names } from '../names.ts';
import type { LineOutcome } from '../outcome.ts';
import { type AsaHeader, readAsaHeader } from './asa-header.ts';
import { type AsaMessage, readAsaMessage } from './asa-message.ts';
import { EventRow, isFromServer } from './event-row.ts';
import type { LineReader, ReaderContext, ReaderKind } from './reader.ts';
import { yearsOf } from './reference-date.ts';
import { certainty, textOfBytes, tryHead } from './sniff.ts';

/** `%ASA-6-302013: `, `%ASA-session-5-106100: `, and without its colon. */
const MARK = /%(?:ASA|FTD|PIX)-(?:[A-Za-z][\w-]{0,30}-)?\d-(\d{6})(?!\d):?\s*/;

/** Longer lines are no syslog messages; the rest of them is not looked at. */
const MOST_BYTES = 8_192;

/** Connections whose opener is remembered until their end; the oldest are forgotten first. */
const MOST_CONNECTIONS = 200_000;

/** Who opened a connection, by its device and number. */
class Openers {
  readonly #ends = new Map<string, string>();

  note(key: string, client: string): void {
    this.#ends.delete(key);
    if (this.#ends.size >= MOST_CONNECTIONS) {
      const oldest = this.#ends.keys().next();
      if (oldest.done !== true) this.#ends.delete(oldest.value);
    }
    this.#ends.set(key, client);
  }

  /** The client's address and port as noted. */
  of(key: string): string | undefined {
    return this.#ends.get(key);
  }

  forget(key: string): void {
    this.#ends.delete(key);
  }
}

class AsaReader implements LineReader {
  forms: readonly string[] = [];
  tookYear = false;
  readonly #years: MonthYears;
  readonly #row: EventRow;
  readonly #openers = new Openers();
  #headerText = '';
  #header: AsaHeader = { time: Number.NaN, host: '', tookYear: false };

  constructor(names: Names, context: ReaderContext) {
    this.#years = yearsOf(context);
    this.#row = new EventRow(names);
  }

  parse(bytes: Uint8Array, start: number, end: number, batch: EventBatch): LineOutcome {
    const line = textOfBytes(bytes, start, Math.min(end, start + MOST_BYTES)).trim();
    if (line === '') return 'blank';
    const mark = MARK.exec(line);
    if (mark === null) return 'other';
    const id = mark[1] ?? '';
    const message = readAsaMessage(id, line.slice(mark.index + mark[0].length));
    if (message === undefined) return 'other';
    if (typeof message === 'string') return message;
    const src = this.#row.address(message.first.address);
    const dst = this.#row.address(message.second.address);
    if (typeof src === 'string') return src;
    if (typeof dst === 'string') return dst;
    const { time, host, tookYear } = this.#readHeader(line.slice(0, mark.index));
    if (Number.isNaN(time)) return 'no time';
    if (tookYear) this.tookYear = true;
    const isSwapped = this.#isSecondClient(message, host);
    const [client, server] = isSwapped
      ? [message.second, message.first]
      : [message.first, message.second];
    this.#row.write(batch, {
      seenAt: time,
      host,
      kind: message.kind === 'teardown' ? 1 : 0,
      reason: id,
      action: message.action,
      ruleset: message.list ?? '',
      protocol: message.protocol,
      src: isSwapped ? dst : src,
      srcPort: client.port,
      dst: isSwapped ? src : dst,
      dstPort: server.port,
      close: message.close ?? '',
      icmp: message.icmp ?? 0,
      bytesForward: message.bytes ?? 0,
      weight: message.hits ?? 1,
      seen: 1,
    });
    if (this.forms.length === 0) this.forms = ['cisco-asa'];
    return 'event';
  }

  /** The lines of one second share their header, so the last one is kept. */
  #readHeader(text: string): AsaHeader {
    if (text !== this.#headerText) {
      this.#header = readAsaHeader(text, this.#years);
      this.#headerText = text;
    }
    return this.#header;
  }

  /**
   * Whether the end named second opened the connection. An end's message does not say: then whoever
   * opened the connection of that number on that device, or else the end with the higher port. ICMP
   * has no numbers: whoever was last seen to open one between the two.
   */
  #isSecondClient(
    { client, connection, kind, protocol, first, second }: AsaMessage,
    host: string,
  ): boolean {
    if (connection === undefined) return client === 'second';
    const key = `${host} ${connection}`;
    const spelled = (end: AsaMessage['first']) => `${end.address}/${end.port}`;
    if (kind === 'built') {
      this.#openers.note(key, spelled(client === 'second' ? second : first));
      return client === 'second';
    }
    const opener = this.#openers.of(key);
    if (protocol !== 1 && protocol !== 58) this.#openers.forget(key);
    if (opener === spelled(second)) return true;
    if (opener === spelled(first)) return false;
    return isFromServer(first.port, second.port);
  }
}

function open(names: Names, context: ReaderContext): LineReader {
  return new AsaReader(names, context);
}

/** Connections and access list decisions in the syslog of Cisco ASA, FTD and PIX firewalls. */
export const ciscoAsa: ReaderKind = {
  name: 'cisco-asa',
  recognise: (context) => certainty(tryHead(open, context)),
  open,
};
