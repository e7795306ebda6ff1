import {
  type RejectReasons,
  type Source,
  type SourceState,
  YEAR_SOURCES,
} from '../../../shared/domain/archive.ts';
import { bug } from '../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import type { Database } from './database.ts';
import { removeKept } from './kept-flows.ts';
import { numberOf, type Row, textOf, textOrNull } from './rows.ts';
import { type Bound, fixed, i64, sql, text, timeMs, u32, u32s } from './sql.ts';

const STATES: readonly SourceState[] = ['loading', 'done', 'damaged', 'unfinished'];

/** Where a source was read from. */
export interface SourceOrigin {
  /** Absolute path of the file on disk. */
  readonly file: string;
  /** Behind each `!` the name inside an archive; empty where the file itself is the source. */
  readonly inside: string;
}

/** What is needed to read a source again. */
export interface StoredOrigin extends SourceOrigin {
  readonly id: number;
  readonly path: string;
  /** What tells the content, as `ContentId` writes it; `null` where the source was damaged. */
  readonly contentId: string | null;
}

/** Where sources were read from; those loaded before that was kept are left out. */
export async function origins(
  database: Database,
  ids: readonly number[],
  signal: CancelSignal,
): Promise<readonly StoredOrigin[]> {
  const rows = await database.query(
    sql`select id, path, origin, origin_inside, content_id from source
      where id in (select unnest(${u32s(ids)})) and origin is not null order by id`,
    signal,
  );
  return rows.map((row) => ({
    id: numberOf(row, 'id'),
    path: textOf(row, 'path'),
    file: textOf(row, 'origin'),
    inside: textOf(row, 'origin_inside'),
    contentId: textOrNull(row, 'content_id'),
  }));
}

/**
 * Notes that a source is being loaded and gives its number. Until `finish`, everything stored under
 * the number counts as unfinished. An unfinished source of the same path is forgotten.
 */
export async function begin(
  database: Database,
  path: string,
  origin: SourceOrigin,
): Promise<number> {
  await database.write(sql`delete from source where state = 'unfinished' and path = ${text(path)}`);
  const rows = await database.write(fixed('select coalesce(max(id), 0) + 1 as id from source'));
  const id = rows[0] === undefined ? bug('no next source id') : numberOf(rows[0], 'id');
  await database.write(sql`
    insert into source (id, path, origin, origin_inside, line_count, event_count, reject_count, other_count, blank_count,
      duplicate_count, state)
    values (${u32(id)}, ${text(path)}, ${text(origin.file)}, ${text(origin.inside)}, 0, 0, 0, 0, 0, 0, 'loading')`);
  return id;
}

function optionalTime(value: string | null): Bound {
  return value === null ? { ...timeMs(0), value: null } : timeMs(Date.parse(value));
}

/** Writes the account of a source that was loaded. */
export async function finish(
  database: Database,
  id: number,
  source: Source,
  contentId: string | null,
): Promise<void> {
  await database.write(sql`
    update source set
      host = ${text(source.host)},
      format = ${text(source.format)},
      first_at = ${optionalTime(source.first)},
      last_at = ${optionalTime(source.last)},
      line_count = ${i64(source.lines)},
      event_count = ${i64(source.events)},
      reject_count = ${i64(source.rejects)},
      other_count = ${i64(source.other)},
      blank_count = ${i64(source.blank)},
      duplicate_count = ${i64(source.duplicates)},
      content_id = ${text(contentId)},
      state = ${text(source.state)},
      year_from = ${text(source.yearFrom)},
      holds = ${text(source.holds)},
      error = ${text(source.error)}
    where id = ${u32(id)}`);
}

/** Removes a source and everything stored under its number, as one transaction. */
export async function drop(database: Database, id: number): Promise<void> {
  await database.transaction(() => remove(database, id));
}

/** Removes a source and everything stored under its number, inside a transaction. */
export async function remove(database: Database, id: number): Promise<void> {
  await database.write(sql`delete from packed_event where source = ${u32(id)}`);
  await removeKept(database, id);
  await database.write(sql`delete from reject where source = ${u32(id)}`);
  await database.write(sql`delete from source where id = ${u32(id)}`);
}

/**
 * After a crash: removes what was stored of sources that were never finished, and marks them.
 *
 * @returns how many there were
 */
export async function markUnfinished(database: Database): Promise<number> {
  const loading = fixed("select id from source where state = 'loading'");
  const rows = await database.write(loading);
  if (rows.length === 0) return 0;
  await database.transaction(async () => {
    await database.write(sql`delete from packed_event where source in (${loading})`);
    await database.write(sql`delete from reject where source in (${loading})`);
    await database.write(fixed("update source set state = 'unfinished' where state = 'loading'"));
  });
  return rows.length;
}

/** The number of the source that was loaded last and is whole or damaged; 0 where there is none. */
export async function newest(database: Database): Promise<number> {
  const [row] = await database.write(
    fixed("select coalesce(max(id), 0) as id from source where state in ('done', 'damaged')"),
  );
  return row === undefined ? 0 : numberOf(row, 'id');
}

/** A source that was loaded from the same file before. */
export interface Twin {
  readonly id: number;
  readonly path: string;
  /** Time of its earliest event, ISO 8601 UTC. */
  readonly first: string | null;
  readonly holds: Source['holds'];
}

/**
 * The loaded source with exactly this content; of a damaged file, whose content is not known, the
 * one of the same path. `null` where there is none.
 */
export async function twinOf(
  database: Database,
  contentId: string | null,
  path: string,
): Promise<Twin | null> {
  const isTwin =
    contentId === null
      ? sql`state = 'damaged' and path = ${text(path)}`
      : sql`content_id = ${text(contentId)}`;
  const [row] = await database.write(
    sql`select id, path, epoch_ms(first_at) as first_at, holds from source where ${isTwin} order by id limit 1`,
  );
  if (row === undefined) return null;
  return {
    id: numberOf(row, 'id'),
    path: textOf(row, 'path'),
    first: timeText(row, 'first_at'),
    holds: holdsOf(row),
  };
}

/**
 * Numbers of damaged sources that are an earlier part of a whole one: of the same path, from the same
 * first event on and no longer than it. Only those that hold sums, or all where the whole one does:
 * between events, what both hold is told line by line.
 */
export async function damagedParts(
  database: Database,
  { path, first, last, holds }: Source,
): Promise<readonly number[]> {
  if (first === null || last === null) return [];
  const rows = await database.write(sql`
    select id from source
    where state = 'damaged' and path = ${text(path)} and first_at = ${timeMs(Date.parse(first))}
      and last_at <= ${timeMs(Date.parse(last))} and (holds = 'flows' or ${text(holds)} = 'flows')`);
  return rows.map((row) => numberOf(row, 'id'));
}

function holdsOf(row: Row): Source['holds'] {
  return row['holds'] === 'flows' ? 'flows' : 'events';
}

function timeText(row: Row, column: string): string | null {
  return row[column] === null ? null : new Date(numberOf(row, column)).toISOString();
}

function toSource(row: Row, rejectReasons: RejectReasons): Source {
  const state = STATES.find((each) => each === row['state']) ?? bug('a source without a state');
  return {
    path: textOf(row, 'path'),
    host: textOrNull(row, 'host'),
    format: textOrNull(row, 'format'),
    first: timeText(row, 'first_at'),
    last: timeText(row, 'last_at'),
    lines: numberOf(row, 'line_count'),
    events: numberOf(row, 'event_count'),
    rejects: numberOf(row, 'reject_count'),
    rejectReasons,
    other: numberOf(row, 'other_count'),
    blank: numberOf(row, 'blank_count'),
    duplicates: numberOf(row, 'duplicate_count'),
    state,
    yearFrom: YEAR_SOURCES.find((each) => each === row['year_from']) ?? null,
    holds: holdsOf(row),
    error: textOrNull(row, 'error'),
  };
}

/** All sources in the order they were loaded. */
export async function list(database: Database): Promise<readonly Source[]> {
  const rows = await database.query(
    fixed(`select id, path, host, format, epoch_ms(first_at) as first_at, epoch_ms(last_at) as last_at,
      line_count, event_count, reject_count, other_count, blank_count, duplicate_count, state, year_from,
      holds, error from source order by id`),
  );
  const reasons = await listReasons(database);
  return rows.map((row) => toSource(row, reasons.get(numberOf(row, 'id')) ?? {}));
}

/** The rejects of each source by reason, the commonest first. */
async function listReasons(database: Database): Promise<ReadonlyMap<number, RejectReasons>> {
  const rows = await database.query(
    fixed(`select source, reason, count(*) as rejects from reject
      group by all order by source, rejects desc, reason`),
  );
  const reasons = new Map<number, Record<string, number>>();
  for (const row of rows) {
    const source = numberOf(row, 'source');
    const own = reasons.get(source) ?? {};
    own[textOf(row, 'reason')] = numberOf(row, 'rejects');
    reasons.set(source, own);
  }
  return reasons;
}

/** What tells the contents of loaded sources apart, by their path. */
export async function contentIds(database: Database): Promise<ReadonlyMap<string, string>> {
  const rows = await database.query(
    fixed('select path, content_id from source where content_id is not null order by id'),
  );
  return new Map(rows.map((row) => [textOf(row, 'path'), textOf(row, 'content_id')]));
}
