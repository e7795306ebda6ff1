-- session-pair: who opened sessions to whom over which service, each session once; strangers that are seldom seen summed up.
-- params : $1 UINTEGER[] (workloads), $2 UINTEGER[] (codes of passing actions), $3 INTEGER (as many strangers stand for themselves)
-- columns: source UINTEGER, destination UINTEGER, protocol UTINYINT, port INTEGER (-1 where nothing passed), clients BIGINT, in_sessions BIGINT, out_sessions BIGINT, sessions BIGINT, passed BIGINT, events BIGINT, first_ms BIGINT, last_ms BIGINT
with workload as (select unnest($1::uinteger[]) as address),
ends as (
  select
    source,
    destination,
    protocol,
    port,
    coalesce(sum(greatest(matches, terms)) filter (where direction = 0), 0) as in_sessions,
    coalesce(sum(greatest(matches, terms)) filter (where direction = 1), 0) as out_sessions,
    coalesce(sum(greatest(matches, terms)) filter (where direction = 2), 0) as through_sessions,
    coalesce(sum(greatest(matches, terms)) filter (where direction = 0 and list_contains($2::uinteger[], action)), 0) as in_passed,
    coalesce(sum(greatest(matches, terms)) filter (where direction = 1 and list_contains($2::uinteger[], action)), 0) as out_passed,
    coalesce(sum(greatest(matches, terms)) filter (where direction = 2 and list_contains($2::uinteger[], action)), 0) as through_passed,
    bool_or(direction = 0 and not list_contains($2::uinteger[], action)) as is_refused,
    sum(events) as events,
    min(first_at) as first_at,
    max(last_at) as last_at
  from flow
  where reply = 0
  group by all
),
once as (
  select
    source,
    destination,
    protocol,
    port,
    in_sessions,
    out_sessions,
    greatest(in_sessions, out_sessions, through_sessions) as sessions,
    case
      when is_refused then in_passed
      else greatest(in_passed, out_passed, through_passed)
    end as passed,
    events,
    first_at,
    last_at
  from ends
),
stranger as (
  select address, sum(sessions) as sessions, count(distinct peer) as peers
  from (
    select source as address, destination as peer, sessions from once
    union all
    select destination as address, source as peer, sessions from once
  )
  where address not in (select address from workload)
  group by address
),
kept as (
  select address from workload
  union all
  select address
  from (select address from stranger order by peers >= 5 desc, sessions desc, address limit $3)
)
select
  coalesce(near.address, 0) as source,
  coalesce(far.address, 0) as destination,
  protocol,
  case when passed > 0 then port::integer else -1 end as port,
  count(distinct once.source) as clients,
  sum(in_sessions)::bigint as in_sessions,
  sum(out_sessions)::bigint as out_sessions,
  sum(sessions)::bigint as sessions,
  sum(passed)::bigint as passed,
  sum(events)::bigint as events,
  epoch_ms(min(first_at)) as first_ms,
  epoch_ms(max(last_at)) as last_ms
from once
left join kept as near on near.address = once.source
left join kept as far on far.address = once.destination
group by all
