import type { Database } from './database.ts';
import { fixed, sql, u32 } from './sql.ts';

/** What is kept of a source: every event, or their sums by hour and flow. */
export type Keep = 'events' | 'flows';

/**
 * Takes the rows of a source function in the place of `packed_event`, summed twice in one pass: by
 * hour and flow, and by minute and what was decided. A row of either sum leaves the other's keys null.
 */
export function summing(rows: string): string {
  return `insert into temp.summed
    select
      context,
      client,
      server,
      server_port,
      hour,
      minute,
      count(*) as events,
      sum(bytes)::bigint as bytes,
      sum(packets)::bigint as packets,
      min(seen_at) as first_at,
      max(seen_at) as last_at
    from (
      select
        context,
        client,
        server,
        server_port,
        epoch_ms(seen_at) // 3600000 as hour,
        epoch_ms(seen_at) // 60000 as minute,
        bytes_forward + bytes_back as bytes,
        packets_forward::bigint + packets_back as packets,
        seen_at
      from ${rows}
    )
    group by grouping sets ((context, client, server, server_port, hour), (context, minute))`;
}

/**
 * Makes the table that takes the sums of one source on the loading connection. It is temporary: of
 * a source whose loading breaks off nothing is left, and the project file does not grow meanwhile.
 */
export async function beginSums(database: Database): Promise<void> {
  await database.write(
    fixed(`create or replace temp table summed (
      context uinteger, client uinteger, server uinteger, server_port usmallint, hour bigint, minute bigint,
      events bigint, bytes bigint, packets bigint, first_at timestamp_ms, last_at timestamp_ms)`),
  );
}

/** Forgets the sums of the source at hand. */
export async function endSums(database: Database): Promise<void> {
  await database.write(fixed('drop table if exists temp.summed'));
}

/** Stores the sums as what the source holds. Inside a transaction in which its texts were saved. */
export async function keepSums(database: Database, id: number): Promise<void> {
  await database.write(sql`
    insert into kept_flow
    select ${u32(id)}, context, client, server, server_port, sum(events)::bigint,
      sum(bytes)::bigint, sum(packets)::bigint, min(first_at), max(last_at)
    from temp.summed
    where hour is not null
    group by context, client, server, server_port, hour
    order by client, server, server_port, context`);
  await database.write(sql`
    insert into kept_minute
    select ${u32(id)}, make_timestamp_ms(minute * 60000)::timestamp_ms, action, sum(summed.events)::bigint
    from temp.summed
    join context on context.code = summed.context
    where minute is not null
    group by minute, action
    order by minute`);
}

/** Removes what was kept of a source, inside a transaction. */
export async function removeKept(database: Database, id: number): Promise<void> {
  await database.write(sql`delete from kept_flow where source = ${u32(id)}`);
  await database.write(sql`delete from kept_minute where source = ${u32(id)}`);
}
