-- opener-habit: how widely each client asks and how often it is answered; clients that are plainly served are left out.
-- params : $1 UINTEGER[] (addresses that stand for nobody in particular), $2 UINTEGER[] (codes of passing actions), $3 UINTEGER[] (workloads)
-- columns: address UINTEGER, events BIGINT, sessions BIGINT, passed BIGINT, targets BIGINT, services BIGINT, doors BIGINT, ended BIGINT, answered BIGINT
with nobody as (select unnest($1::uinteger[]) as address),
flows as (
  select *
  from flow
  where
    reply = 0
    and destination not in (select address from nobody)
    and not destination between 3758096384 and 4026531839
    and (destination % 256 <> 255 or destination in (select unnest($3::uinteger[])))
),
door as (
  select
    source,
    destination,
    protocol,
    port,
    sum(events) as events,
    greatest(
      coalesce(sum(greatest(matches, terms)) filter (where direction = 0), 0),
      coalesce(sum(greatest(matches, terms)) filter (where direction = 1), 0),
      coalesce(sum(greatest(matches, terms)) filter (where direction = 2), 0)
    ) as sessions,
    bool_or(direction = 0 and not list_contains($2::uinteger[], action))
      or not bool_or(list_contains($2::uinteger[], action)) as is_refused
  from flows
  group by all
),
habit as (
  select
    source as address,
    sum(events)::bigint as events,
    sum(sessions)::bigint as sessions,
    coalesce(sum(sessions) filter (where not is_refused), 0)::bigint as passed,
    count(distinct destination) as targets,
    count(distinct (protocol, port)) as services,
    count(*) as doors
  from door
  group by source
),
ending as (
  select src as address, count(*) as ended, count(*) filter (where packets_back > 0) as answered
  from event
  where kind = 1 and protocol <> 17 and list_contains($2::uinteger[], action)
  group by src
)
select
  habit.*,
  coalesce(ended, 0) as ended,
  coalesce(answered, 0) as answered
from habit
left join ending using (address)
where
  passed * 2 < sessions
  or answered * 2 < ended
  or (greatest(targets, services) >= 5 and ended is null)
order by sessions desc, address
limit 5000
