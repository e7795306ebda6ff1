import { rmSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

// The same events by DuckDB alone: `sql-once.js PROJECT FILE`. Its CSV reader takes each line whole,
// SQL splits it at blanks and reads the words by position: what one writes who has no parser.
const [project = '', file = ''] = process.argv.slice(2);
rmSync(project, { force: true });
const instance = await DuckDBInstance.create(project, { threads: '2' });
const connection = await instance.connect();
await connection.run('set preserve_insertion_order = false');
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
await connection.run(
  `create table ev as
  with split as (
    select string_split(line, ' ') as w
    from read_csv($1, auto_detect = false, header = false, delim = e'\\x01', quote = '', escape = '',
      columns = {'line': 'VARCHAR'}, strict_mode = false)
  ),
  placed as (
    select w, w[6] = 'TERM' as is_term, if(w[6] = 'TERM' and w[10] <> 'TCP', 11, 12) as arrow
    from split
  ),
  ends as (
    select *, string_split(w[arrow], '->') as e from placed
  )
  select
    w[1]::timestamp_ms as seen_at, w[4] as filter, is_term, w[7] as action, w[8]::uinteger as rule,
    w[9] as direction, w[if(is_term, 10, 11)] as protocol,
    split_part(e[1], '/', 1) as src, split_part(e[1], '/', 2)::usmallint as src_port,
    split_part(e[2], '/', 1) as dst, split_part(e[2], '/', 2)::usmallint as dst_port,
    if(is_term, split_part(w[arrow + 1], '/', 1)::uinteger, 0) as packets_forward,
    if(is_term, split_part(w[arrow + 1], '/', 2)::uinteger, 0) as packets_back,
    if(is_term, split_part(w[arrow + 2], '/', 1)::bigint, 0) as bytes_forward,
    if(is_term, split_part(w[arrow + 2], '/', 2)::bigint, 0) as bytes_back,
    w[len(w)] as tag
  from ends`,
  [file],
);
await connection.run('checkpoint');
const cpu = process.cpuUsage(cpuBefore);
const wallSeconds = (performance.now() - startedAt) / 1000;
const reader = await connection.runAndReadAll('select count(*)::integer as events from ev');
const [row] = reader.getRowObjectsJS();
connection.closeSync();
instance.closeSync();
process.stdout.write(
  JSON.stringify({
    events: Number(row?.['events']),
    wallSeconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
  }),
);
