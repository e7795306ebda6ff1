-- followed: which sessions begin at workloads right after sessions to addresses that may be VIPs, and how many would by chance.
-- params : $1 UINTEGER[] (candidates: address), $2 INTEGER[] (protocol), $3 INTEGER[] (port), $4 INTEGER[] (one session in this many), $5 BIGINT[] (clocks), $6 DOUBLE[] (ms ahead), $7 INTEGER[] (clocks of one part were compared), $8 UINTEGER[] (strangers that open sessions), $9 UINTEGER[] (clients of sessions only the server logged), $10 UINTEGER[] (their servers), $11 UINTEGER[] (codes of passing actions), $12 INTEGER (the most a clock is ahead, in whole seconds), $13 BOOLEAN (whether sessions beside the sample compete for what follows)
-- columns: vip UINTEGER, protocol UTINYINT, port USMALLINT, probes BIGINT, is_inline BOOLEAN, opener UINTEGER (0 where inline), member UINTEGER, pool_port USMALLINT, hits BIGINT, chance_hits DOUBLE, lag_ms DOUBLE
with candidate as (
  select
    unnest($1::uinteger[]) as vip,
    unnest($2::integer[]) as protocol,
    unnest($3::integer[]) as port,
    unnest($4::integer[]) as every
),
clock as (
  select
    unnest($5::bigint[]) as clock,
    unnest($6::double[]) as ahead,
    unnest($7::integer[]) as part
),
stranger as (select unnest($8::uinteger[]) as address),
kept_client as (
  select unnest($9::uinteger[]) as src, unnest($10::uinteger[]) as dst, true as is_kept
),
front as materialized (
  select
    event.source::ubigint * 4294967296 + event.line as front,
    event.dst as vip,
    event.protocol,
    event.dst_port as port,
    event.src as client,
    epoch_ms(event.seen_at) - coalesce(clock.ahead, 0) as at_ms,
    coalesce(clock.part, -1) as part,
    hash(event.source, event.line) % candidate.every::ubigint = 0 as is_probe
  from event
  join candidate
    on candidate.vip = event.dst
    and candidate.protocol = event.protocol
    and candidate.port = event.dst_port
  left join clock
    on clock.clock = case when event.host > 0 then event.host::bigint else 4294967296 + event.src end
  where
    event.kind = 0
    and event.direction = 1
    and event.reply = 0
    and event.seen = 0
    and list_contains($11::uinteger[], event.action)
    and ($13::boolean or hash(event.source, event.line) % candidate.every::ubigint = 0)
),
shift as (select unnest([0, -1700, 2300, 4100]) as shift),
probe as materialized (
  select front, vip, protocol, port, client, at_ms + shift as at_ms, part, true as is_probe, shift
  from front
  cross join shift
  where is_probe
),
slot as materialized (
  select distinct unnest(range(((at_ms - 110) // 200)::bigint, ((at_ms + 160) // 200)::bigint + 1)) as slot
  from probe
),
second as materialized (
  select distinct unnest(range(slot // 5 - $12::integer, slot // 5 + $12::integer + 1)) as second
  from slot
),
asked as (
  select * from probe
  union all
  select front, vip, protocol, port, client, at_ms, part, false as is_probe, 0 as shift
  from front
  where
    $13::boolean
    and not is_probe
    and (at_ms // 200)::bigint in (
      select unnest(range(((at_ms - 270) // 200)::bigint, ((at_ms + 270) // 200)::bigint + 1))
      from probe
      where shift = 0
    )
),
asked_slot as (
  select
    *,
    unnest(range(((at_ms - 110) // 200)::bigint, ((at_ms + 160) // 200)::bigint + 1)) as slot
  from asked
),
arrival as materialized (
  select source, line, host, src, dst, dst_port, protocol, epoch_ms(seen_at) as seen_ms
  from event
  where
    kind = 0
    and direction = 0
    and reply = 0
    and seen = 0
    and list_contains($11::uinteger[], action)
    and (epoch_ms(seen_at) // 1000)::bigint in (select second from second)
),
opened as (
  select
    source::ubigint * 4294967296 + line as back,
    src as opener,
    dst as member,
    dst_port as pool_port,
    protocol,
    seen_ms - coalesce(clock.ahead, 0) as at_ms,
    coalesce(clock.part, -2) as part,
    stranger.address is not null as is_stranger
  from arrival
  left join clock
    on clock.clock = case when host > 0 then host::bigint else 4294967296 + dst end
  left join stranger on stranger.address = arrival.src
  left join kept_client using (src, dst)
  where stranger.address is not null or kept_client.is_kept
),
opened_slot as (
  select *, (at_ms // 200)::bigint as slot
  from opened
  where (at_ms // 200)::bigint in (select slot from slot)
),
near as (
  select
    asked_slot.front,
    asked_slot.shift,
    asked_slot.is_probe,
    asked_slot.vip,
    asked_slot.protocol,
    asked_slot.port,
    not opened_slot.is_stranger as is_inline,
    case when opened_slot.is_stranger then opened_slot.opener else 0 end as opener,
    opened_slot.back,
    opened_slot.member,
    opened_slot.pool_port,
    opened_slot.at_ms - asked_slot.at_ms as lag
  from asked_slot
  join opened_slot
    on opened_slot.slot = asked_slot.slot
    and opened_slot.protocol = asked_slot.protocol
  where
    (opened_slot.is_stranger or opened_slot.opener = asked_slot.client)
    and opened_slot.member <> asked_slot.client
    and case
      when opened_slot.part = asked_slot.part then opened_slot.at_ms - asked_slot.at_ms between -10 and 80
      else opened_slot.at_ms - asked_slot.at_ms between -110 and 160
    end
),
ranked as (
  select
    *,
    row_number() over (partition by shift, back order by abs(lag - 3), front) as rank_at_back,
    row_number() over (partition by shift, front order by abs(lag - 3), back) as rank_at_front
  from near
),
follower as (
  select
    vip,
    protocol,
    port,
    is_inline,
    opener,
    member,
    pool_port,
    count(*) filter (where shift = 0) as hits,
    count(*) filter (where shift <> 0) / 3 as chance_hits,
    median(lag) filter (where shift = 0) as lag_ms
  from ranked
  where rank_at_back = 1 and rank_at_front = 1 and is_probe
  group by all
),
total as (
  select vip, protocol, port, count(*) as probes
  from front
  where is_probe
  group by all
)
select
  total.vip,
  total.protocol,
  total.port,
  total.probes,
  is_inline,
  opener,
  member,
  pool_port,
  hits,
  chance_hits,
  lag_ms
from follower
join total using (vip, protocol, port)
order by all
