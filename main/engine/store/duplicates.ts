import { bug } from '../../../shared/failure/failure.ts';
import type { Source } from '../../../shared/domain/archive.ts';
import type { Database } from './database.ts';
import { numberOf } from './rows.ts';
import { fixed, join, sql, text, timeMs, u32, type Sql } from './sql.ts';

/** Everything a line says; two events that agree in all of it were the same line. */
const CONTENT = fixed(`seen_at, origin, context, manner, client, client_port, server, server_port,
  packets_forward, packets_back, bytes_forward, bytes_back`);

/** Loaded sources of the same host whose time overlaps. */
async function overlapping(
  database: Database,
  id: number,
  source: Source,
): Promise<readonly number[]> {
  if (source.first === null || source.last === null) return [];
  const isSameHost =
    source.host === null ? fixed('true') : sql`(host is null or host = ${text(source.host)})`;
  const rows = await database.write(sql`
    select id from source
    where id <> ${u32(id)} and state in ('done', 'damaged')
      and first_at <= ${timeMs(Date.parse(source.last))}
      and last_at >= ${timeMs(Date.parse(source.first))}
      and ${isSameHost}`);
  return rows.map((row) => numberOf(row, 'id'));
}

function idList(ids: readonly number[]): Sql {
  return join(
    ids.map((id) => sql`${u32(id)}`),
    ', ',
    'null',
  );
}

/**
 * Removes the events of a source that another source of the same host holds already: exports
 * stitched from slices of time repeat what stands at the borders. A line that a source holds
 * several times is a packet that was repeated; as many of them stay in all as any one source holds.
 *
 * @returns how many events were removed
 */
export async function dropDuplicates(
  database: Database,
  id: number,
  source: Source,
): Promise<number> {
  const others = await overlapping(database, id, source);
  if (others.length === 0 || source.first === null || source.last === null) return 0;
  const from = timeMs(Date.parse(source.first));
  const to = timeMs(Date.parse(source.last));
  const rows = await database.write(sql`
    with held as (
      select ${CONTENT}, count(*) as times
      from packed_event
      where source in (${idList(others)}) and seen_at between ${from} and ${to}
      group by all
    ),
    own as (
      select rowid as event_row, ${CONTENT},
        row_number() over (partition by ${CONTENT} order by line) as nth
      from packed_event
      where source = ${u32(id)}
    )
    delete from packed_event
    where rowid in (select event_row from own join held using (${CONTENT}) where nth <= times)`);
  return rows[0] === undefined ? bug('no count of deleted events') : numberOf(rows[0], 'Count');
}
