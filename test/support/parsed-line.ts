import { DfwLineParser } from '../../main/engine/ingest/dfw-line.ts';
import { EventBatch } from '../../main/engine/ingest/event-batch.ts';
import { yearsUntil } from '../../main/engine/ingest/line-time.ts';
import { Names } from '../../main/engine/ingest/names.ts';
import type { LineOutcome } from '../../main/engine/ingest/outcome.ts';

/** An event spelled out, as the line fixtures write it. */
export interface ParsedLine {
  readonly at: string;
  readonly host: string | null;
  readonly family: 4 | 6;
  readonly kind: 'match' | 'TERM' | 'other';
  readonly reason: string;
  readonly action: string;
  readonly rulesetName: string;
  readonly rule: number;
  readonly direction: 'IN' | 'OUT';
  readonly length: number | null;
  readonly protocol: number;
  readonly source: string;
  readonly sourcePort: number | null;
  readonly destination: string;
  readonly destinationPort: number | null;
  readonly flags: string;
  readonly tag: string;
  readonly packets: readonly number[] | null;
  readonly bytes: readonly number[] | null;
  readonly filter: string;
  readonly reply: boolean;
  readonly closeReason: string;
  readonly icmp: readonly number[] | null;
  readonly dialect: 'nsx-v' | 'nsx-t';
}

const FLAGS = 'SAPFRUEW'.split('');

/** Flag letters in the parser's order, so that `SEW` and `SWE` compare equal. */
export function sortedFlags(letters: string): string {
  return FLAGS.filter((letter) => letters.includes(letter)).join('');
}

/** Reads one line and spells out the event, or gives the outcome where it is none. */
export function parseLine(line: Uint8Array | string): ParsedLine | Exclude<LineOutcome, 'event'> {
  const bytes = typeof line === 'string' ? new TextEncoder().encode(line) : line;
  const names = new Names();
  const batch = new EventBatch(1);
  const parser = new DfwLineParser(names, yearsUntil(new Date('2026-12-31T00:00:00Z')));
  const outcome = parser.parse(bytes, 0, bytes.length, batch);
  if (outcome !== 'event') return outcome;
  const row = (column: ArrayLike<number>) => column[0] ?? -1;
  const source = names.addressText(row(batch.src));
  const protocol = row(batch.protocol);
  const hasPorts = protocol === 6 || protocol === 17 || protocol === 132;
  const packets = [row(batch.packetsForward), row(batch.packetsBack)];
  const bytesBoth = [batch.bytesForward.get(0), batch.bytesBack.get(0)];
  const hasCounters = [...packets, ...bytesBoth].some((count) => count > 0);
  const kind = (['match', 'TERM', 'other'] as const)[row(batch.kind)] ?? 'other';
  const icmp = row(batch.icmp);
  const host = names.host.textOf(row(batch.host));
  return {
    at: new Date(batch.seenAt.get(0)).toISOString(),
    host: host === '' ? null : host,
    family: source.includes(':') ? 6 : 4,
    kind,
    reason: names.reason.textOf(row(batch.reason)),
    action: names.action.textOf(row(batch.action)),
    rulesetName: names.ruleset.textOf(row(batch.ruleset)),
    rule: row(batch.rule),
    direction: row(batch.direction) === 0 ? 'IN' : 'OUT',
    length: kind === 'TERM' ? null : row(batch.length),
    protocol,
    source,
    sourcePort: hasPorts ? row(batch.srcPort) : null,
    destination: names.addressText(row(batch.dst)),
    destinationPort: hasPorts ? row(batch.dstPort) : null,
    flags: FLAGS.filter((_, bit) => (row(batch.flags) & (1 << bit)) !== 0).join(''),
    tag: names.tag.textOf(row(batch.tag)),
    packets: hasCounters ? packets : null,
    bytes: hasCounters ? bytesBoth : null,
    filter: names.filter.textOf(row(batch.filter)),
    reply: row(batch.reply) === 1,
    closeReason: names.close.textOf(row(batch.close)),
    icmp: icmp === 0 ? null : [Math.floor(icmp / 256), icmp % 256],
    dialect: parser.dialects === 1 ? 'nsx-v' : 'nsx-t',
  };
}
