-- rollup: sums all events into flows and into minutes, in the place of what was there.
-- params : none
-- columns: none
delete from flow;

insert into flow
select
  direction,
  source,
  destination,
  protocol,
  port,
  action,
  ruleset,
  rule,
  tag,
  reply,
  seen,
  count(*) as events,
  coalesce(sum(weight) filter (where kind = 0), 0)::ubigint as matches,
  coalesce(sum(weight) filter (where kind = 1), 0)::ubigint as terms,
  sum(bytes)::ubigint as bytes,
  sum(packets)::ubigint as packets,
  min(seen_at) as first_at,
  max(seen_at) as last_at
from session_event
group by all
order by source, destination, protocol, port;

delete from minute;

insert into minute
select
  make_timestamp_ms(epoch_ms(seen_at) // 60000 * 60000)::timestamp_ms as minute_at,
  action,
  count(*) as events
from event
group by all
order by minute_at;
