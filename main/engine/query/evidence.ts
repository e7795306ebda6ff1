import type { FlowFilter } from '../../../shared/domain/filter.ts';
import { DIRECTIONS, type Evidence } from '../../../shared/domain/flow.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import { hasPorts, protocolName } from '../../../shared/net/service.ts';
import type { Database } from '../store/database.ts';
import { numberOf, textOf } from '../store/rows.ts';
import { fixed, sql, text, timeMs, u32, type Sql } from '../store/sql.ts';
import { conditionOf, type Resolver } from './conditions.ts';
import type { Texts } from './flow-list.ts';
import { keptIn } from './session-rows.ts';

const KINDS = ['match', 'TERM', 'other'] as const;

/** Texts that only evidence shows. */
export interface EvidenceTexts extends Texts {
  hostText(code: number): string;
  reasonText(code: number): string;
}

function windowOf(filter: FlowFilter): Sql {
  if (filter.window === null) return fixed('true');
  const { from, to } = filter.window;
  return sql`seen_at >= ${timeMs(from)} and seen_at < ${timeMs(to)}`;
}

/** Which lines are asked for. */
export interface EvidenceQuestion {
  readonly filter: FlowFilter;
  readonly limit: number;
  /** Path of the sources whose lines alone are asked for. */
  readonly source?: string;
}

/** The latest lines whose flows pass the filter, as they were logged, the latest first. */
export function readEvidence(
  database: Database,
  resolver: Resolver,
  texts: EvidenceTexts,
  { filter, limit, source }: EvidenceQuestion,
  signal: CancelSignal,
): Promise<readonly Evidence[]> {
  const ofSource =
    source === undefined
      ? fixed('true')
      : sql`source_id in (select id from source where path = ${text(source)})`;
  const events =
    filter.terms.length === 0
      ? fixed('(select source as source_id, line, seen_at from packed_event)')
      : fixed('session_event');
  const picked = sql`
    select source_id, line
    from ${events}
    where ${ofSource} and ${windowOf(filter)} and ${conditionOf(filter.terms, resolver)}
    order by seen_at desc, source_id, line desc
    limit ${u32(limit)}`;
  return readPicked(database, texts, picked, signal);
}

/**
 * The lines that a query picked, the latest first.
 *
 * @param picked gives columns `source_id` and `line`
 */
export async function readPicked(
  database: Database,
  texts: EvidenceTexts,
  picked: Sql,
  signal: CancelSignal,
): Promise<readonly Evidence[]> {
  const rows = await database.query(
    sql`
    with picked as (${picked})
    select source.id as source_id, source.path, event.line, event.host, epoch_ms(event.seen_at) as seen_ms, event.kind,
      event.reason, event.direction, event.src, event.src_port, event.dst, event.dst_port,
      event.protocol, event.action, event.rule, event.tag,
      (event.bytes_forward + event.bytes_back)::bigint as bytes
    from event
    join picked on event.source = picked.source_id and event.line = picked.line
    join source on source.id = event.source
    order by event.seen_at desc, event.source, event.line desc`,
    signal,
  );
  return rows.map((row) => {
    const protocol = numberOf(row, 'protocol');
    const port = (column: string) => (hasPorts(protocol) ? numberOf(row, column) : null);
    return {
      sourceId: numberOf(row, 'source_id'),
      source: textOf(row, 'path'),
      line: numberOf(row, 'line'),
      host: texts.hostText(numberOf(row, 'host')),
      at: numberOf(row, 'seen_ms'),
      kind: KINDS[numberOf(row, 'kind')] ?? 'other',
      reason: texts.reasonText(numberOf(row, 'reason')),
      direction: DIRECTIONS[numberOf(row, 'direction')] ?? 'THROUGH',
      from: texts.addressText(numberOf(row, 'src')),
      fromPort: port('src_port'),
      to: texts.addressText(numberOf(row, 'dst')),
      toPort: port('dst_port'),
      protocol: protocolName(protocol),
      action: texts.actionText(numberOf(row, 'action')),
      rule: numberOf(row, 'rule'),
      tag: texts.tagText(numberOf(row, 'tag')),
      bytes: numberOf(row, 'bytes'),
    };
  });
}

/** How many events pass the filter of which no line is kept, as their sources hold flows only. */
export async function countUnlisted(
  database: Database,
  resolver: Resolver,
  filter: FlowFilter,
  signal: CancelSignal,
): Promise<number> {
  const rows = await database.query(
    sql`
    select coalesce(sum(events), 0)::bigint as unlisted
    from kept_session
    where ${keptIn(filter.window)} and ${conditionOf(filter.terms, resolver)}`,
    signal,
  );
  return rows[0] === undefined ? 0 : numberOf(rows[0], 'unlisted');
}
