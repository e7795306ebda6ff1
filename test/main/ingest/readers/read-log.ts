import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Chunks } from '../../../../main/engine/archive/byte-stream.ts';
import { EventBatch } from '../../../../main/engine/ingest/event-batch.ts';
import { LineSplitter } from '../../../../main/engine/ingest/line-splitter.ts';
import { Names } from '../../../../main/engine/ingest/names.ts';
import type { ReaderContext, ReaderKind } from '../../../../main/engine/ingest/readers/reader.ts';
import { DIRECTIONS, SEEN } from '../../../../shared/domain/flow.ts';
import { protocolName } from '../../../../shared/net/service.ts';
import { fixture } from '../../../support/engine.ts';

/** When fixtures count as written: two days after what they tell of, in every zone. */
export const WRITTEN_AT = new Date('2026-03-04T12:00:00Z');

/** What reading a log gave. */
export interface ReadLog {
  readonly counts: Readonly<Record<string, number>>;
  readonly forms: readonly string[];
  /** One line an event. */
  readonly events: readonly string[];
}

/** A file as a reader is asked about it. */
export function contextOf(
  bytes: Uint8Array,
  file = 'some.log',
  modifiedAt = WRITTEN_AT,
): ReaderContext {
  return { head: bytes.subarray(0, 65_536), path: file, modifiedAt };
}

/** The log fixtures of a folder. */
export function logFixtures(folder: string): readonly string[] {
  return readdirSync(fixture(folder))
    .filter((name) => /\.(?:log|csv|tsv|jsonl|xml)$/.test(name) || isExport(folder, name))
    .sort();
}

function isExport(folder: string, name: string): boolean {
  return folder === 'logs' && name.endsWith('.json') && !name.endsWith('.expected.json');
}

/** The bytes of a fixture. */
export function bytesOf(folder: string, name: string): Uint8Array {
  return readFileSync(path.join(fixture(folder), name));
}

/** Bytes as a stream of chunks of a given length. */
export async function* inChunks(bytes: Uint8Array, length = bytes.length): Chunks {
  for (let at = 0; at < bytes.length; at += Math.max(length, 1)) {
    yield bytes.subarray(at, at + Math.max(length, 1));
  }
}

/** An event in words: `time host seen kind reason action ruleset/rule direction protocol a:1>b:2 …`. */
export function eventText(batch: EventBatch, row: number, names: Names): string {
  const at = (column: ArrayLike<number>) => column[row] ?? -1;
  const text = (kind: 'host' | 'filter' | 'reason' | 'action' | 'ruleset' | 'close' | 'tag') =>
    names[kind].textOf(at(batch[kind])) || '-';
  const end = (address: ArrayLike<number>, port: ArrayLike<number>) =>
    `[${names.addressText(at(address))}]:${at(port)}`;
  const icmp = at(batch.icmp);
  const parts = [
    new Date(batch.seenAt.get(row)).toISOString(),
    text('host'),
    SEEN[at(batch.seen)] ?? '?',
    ['begin', 'end', 'else'][at(batch.kind)] ?? '?',
    text('reason'),
    text('action'),
    `${text('ruleset')}/${at(batch.rule)}`,
    DIRECTIONS[at(batch.direction)] ?? '?',
    protocolName(at(batch.protocol)),
    `${end(batch.src, batch.srcPort)}>${end(batch.dst, batch.dstPort)}`,
  ];
  const packets = [at(batch.packetsForward), at(batch.packetsBack)];
  const bytes = [batch.bytesForward.get(row), batch.bytesBack.get(row)];
  if (at(batch.reply) === 1) parts.push('reply');
  if (packets.some((count) => count > 0)) parts.push(`packets=${packets.join('/')}`);
  if (bytes.some((count) => count > 0)) parts.push(`bytes=${bytes.join('/')}`);
  if (icmp !== 0) parts.push(`icmp=${icmp >> 8}.${icmp & 255}`);
  if (at(batch.weight) !== 1) parts.push(`weight=${at(batch.weight)}`);
  if (text('filter') !== '-') parts.push(`filter=${text('filter')}`);
  if (text('close') !== '-') parts.push(`close=${text('close')}`);
  if (at(batch.tag) !== 0) parts.push(`tag=${text('tag')}`);
  return parts.join(' ');
}

/** Reads a whole file with one kind of reader, as the engine does. */
export async function readWith(
  kind: ReaderKind,
  bytes: Uint8Array,
  context = contextOf(bytes),
  chunkLength = bytes.length,
): Promise<ReadLog> {
  const names = new Names();
  const reader = kind.open(names, context);
  const batch = new EventBatch(1);
  // What no reader fills would show.
  new Uint8Array(batch.buffer).fill(0xee);
  const counts: Record<string, number> = { lines: 0 };
  const events: string[] = [];
  const visit = (line: Uint8Array, start: number, end: number) => {
    batch.rows = 0;
    const outcome = reader.parse(line, start, end, batch);
    counts['lines'] = (counts['lines'] ?? 0) + 1;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    if (batch.rows !== (outcome === 'event' ? 1 : 0)) throw new Error(`rows after ${outcome}`);
    if (outcome === 'event') events.push(eventText(batch, 0, names));
  };
  const splitter = new LineSplitter();
  const chunks = inChunks(bytes, chunkLength);
  for await (const chunk of kind.unwrap === undefined ? chunks : kind.unwrap(chunks)) {
    splitter.push(chunk, visit);
  }
  const rest = splitter.takeRest();
  if (rest !== undefined) visit(rest, 0, rest.length);
  return { counts, forms: reader.forms, events };
}
