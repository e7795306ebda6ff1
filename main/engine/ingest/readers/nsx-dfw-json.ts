import type { EventBatch } from '../event-batch.ts';
import type { Names } from '../names.ts';
import type { LineOutcome } from '../outcome.ts';
import { type DfwFields, fieldName, readFields } from './dfw-fields.ts';
import { DfwText, type Envelope } from './dfw-text.ts';
import { EventRow } from './event-row.ts';
import { JsonRecords, unwrapJson } from './json-records.ts';
import { epochTime, fieldTime } from './log-time.ts';
import type { LineReader, ReaderContext, ReaderKind } from './reader.ts';
import { yearsOf } from './reference-date.ts';
import { textOfBytes, tryHead } from './sniff.ts';

/** Under which keys collectors keep the line itself, the surest first. */
const TEXT_KEYS = ['text', 'message', 'msg', '_raw', 'log'];
const TIME_KEYS = ['timestamp', '@timestamp', 'time'];
const HOST_KEYS = ['hostname', 'host', 'source'];

/** What only Log Insight's exports and answers hold. */
const EXPORT_KEYS = /"(?:hasMoreResults|facetingFields|segOffset)"|com\.vmware\./;

const DFW_NAMES = /dfwpktlogs|firewall[_-]pktlog/i;

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function stringAt(record: JsonObject, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = record[key];
    if (typeof value === 'string') return value;
  }
  return undefined;
}

function timeOf(record: JsonObject): number {
  for (const key of TIME_KEYS) {
    const value = record[key];
    const time =
      typeof value === 'number'
        ? epochTime(value)
        : typeof value === 'string'
          ? fieldTime(value)
          : Number.NaN;
    if (!Number.isNaN(time)) return time;
  }
  return Number.NaN;
}

/** The values a record has besides its text: `fields`, by value or by place in the text, and its keys. */
function fieldsOf(record: JsonObject, text: string): DfwFields {
  const fields = new Map<string, string>();
  const put = (name: unknown, value: unknown) => {
    if (typeof name !== 'string') return;
    if (typeof value === 'string' || typeof value === 'number') {
      fields.set(fieldName(name), String(value));
    }
  };
  for (const [name, value] of Object.entries(record)) if (name !== 'count') put(name, value);
  const list = Array.isArray(record['fields']) ? (record['fields'] as readonly unknown[]) : [];
  for (const field of list.filter(isObject)) {
    const name = field['displayName'] ?? field['name'] ?? field['internalName'];
    const { startPosition: from, length } = field;
    const isPlace = typeof from === 'number' && typeof length === 'number';
    put(
      name,
      field['value'] ?? field['content'] ?? (isPlace ? text.slice(from, from + length) : null),
    );
  }
  return fields;
}

function hostIn(fields: DfwFields): string {
  return HOST_KEYS.map((key) => fields.get(key) ?? '').find((name) => name !== '') ?? '';
}

class JsonReader implements LineReader {
  readonly #text: DfwText;
  readonly #row: EventRow;
  #hasFields = false;

  constructor(names: Names, context: ReaderContext) {
    this.#text = new DfwText(names, yearsOf(context));
    this.#row = new EventRow(names);
  }

  get tookYear(): boolean {
    return this.#text.tookYear;
  }

  get forms(): readonly string[] {
    const { forms } = this.#text;
    return forms.length > 0 || !this.#hasFields ? forms : ['log-insight'];
  }

  parse(bytes: Uint8Array, start: number, end: number, batch: EventBatch): LineOutcome {
    const line = textOfBytes(bytes, start, end).trim();
    if (line === '') return 'blank';
    if (!line.startsWith('{')) {
      return this.#text.parse(line, { time: Number.NaN, host: '' }, batch);
    }
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {
      return 'bad record';
    }
    return isObject(record) ? this.#readRecord(record, batch) : 'bad record';
  }

  #readRecord(record: JsonObject, batch: EventBatch): LineOutcome {
    const text = stringAt(record, TEXT_KEYS) ?? '';
    let known: DfwFields | undefined;
    const fields = () => (known ??= fieldsOf(record, text));
    const hasList = Array.isArray(record['fields']);
    const host = stringAt(record, HOST_KEYS) ?? (hasList ? hostIn(fields()) : '');
    const envelope: Envelope = { time: timeOf(record), host };
    const outcome = this.#text.parse(text, envelope, batch);
    if (outcome === 'event') return outcome;
    const fallback = readFields(fields(), envelope, this.#row, batch);
    if (fallback === 'event') {
      this.#hasFields = true;
      return fallback;
    }
    return outcome === 'blank' || outcome === 'other' ? fallback : outcome;
  }
}

function recognise(context: ReaderContext): number {
  const { head } = context;
  const first = textOfBytes(head, 0, Math.min(head.length, 256))
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (!/^[{[]\s*["{]/.test(first)) return 0;
  const records = new JsonRecords();
  const lines = Buffer.concat([
    records.push(head),
    head.length < 65_536 ? records.end() : Buffer.of(),
  ]);
  const { events, rejects } = tryHead(open, context, lines);
  if (events > 0) return 0.95;
  if (rejects > 0 && DFW_NAMES.test(lines.toString('latin1'))) return 0.45;
  return records.isExport && EXPORT_KEYS.test(textOfBytes(head, 0, head.length)) ? 0.1 : 0;
}

function open(names: Names, context: ReaderContext): LineReader {
  return new JsonReader(names, context);
}

/**
 * DFW lines inside JSON: VMC Log Intelligence and other shippers' objects, one a line, and the
 * event exports, webhooks and REST answers of VMware's Log Insight in all its names.
 */
export const nsxDfwJson: ReaderKind = {
  name: 'nsx-dfw-json',
  recognise,
  unwrap: unwrapJson,
  open,
};
