-- vnic-hits: counts events by quarter of an hour and by the address at whose vNIC they were logged, in the place of what was there.
-- params : none
-- columns: none
delete from vnic_hit;

insert into vnic_hit
with logged as (
  select
    make_timestamp_ms(epoch_ms(seen_at) // 900000 * 900000)::timestamp_ms as quarter_at,
    context,
    client,
    server,
    count(*) as events
  from packed_event
  group by all
  union all
  select
    make_timestamp_ms(epoch_ms(first_at) // 900000 * 900000)::timestamp_ms as quarter_at,
    context,
    client,
    server,
    events
  from kept_flow
)
select
  quarter_at,
  -- in for a session's line on the way in, and for its reply on the way out
  case when (direction = 0) = (reply = 0) then server else client end as address,
  sum(logged.events)::bigint as events
from logged
join context on context.code = logged.context
where direction < 2
group by all
order by quarter_at;
