-- rollup: sums all events, and what was kept of others, into flows and into minutes, in the place of what was there.
-- params : none
-- columns: none
delete from flow;

-- Few and narrow columns first: only what comes of that is joined with what the codes stand for.
insert into flow
with counted as (
  select
    context,
    client,
    server,
    server_port,
    count(*) as events,
    sum(bytes_forward + bytes_back) as bytes,
    sum(packets_forward::bigint + packets_back) as packets,
    min(seen_at) as first_at,
    max(seen_at) as last_at
  from packed_event
  group by all
  union all
  select
    context,
    client,
    server,
    server_port,
    sum(events)::bigint as events,
    sum(bytes) as bytes,
    sum(packets) as packets,
    min(first_at) as first_at,
    max(last_at) as last_at
  from kept_flow
  group by all
)
select
  case when reply = 1 and direction < 2 then 1 - direction else direction end as direction,
  client as source,
  server as destination,
  protocol,
  case when protocol in (6, 17, 132) then server_port else 0 end as port,
  action,
  ruleset,
  rule,
  tag,
  reply,
  seen,
  sum(counted.events)::ubigint as events,
  coalesce(sum(counted.events * weight) filter (where kind = 0), 0)::ubigint as matches,
  coalesce(sum(counted.events * weight) filter (where kind = 1), 0)::ubigint as terms,
  sum(counted.bytes)::ubigint as bytes,
  sum(counted.packets)::ubigint as packets,
  min(counted.first_at) as first_at,
  max(counted.last_at) as last_at
from counted
join context on context.code = counted.context
group by all
order by source, destination, protocol, port;

delete from minute;

insert into minute
select minute_at, action, sum(events)::ubigint as events
from (
  select
    make_timestamp_ms(epoch_ms(seen_at) // 60000 * 60000)::timestamp_ms as minute_at,
    action,
    count(*) as events
  from packed_event
  join context on context.code = packed_event.context
  group by all
  union all
  select minute_at, action, events
  from kept_minute
)
group by all
order by minute_at;
