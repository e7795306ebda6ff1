-- clock-step: how far the clocks of two hosts differ, by sessions that both ends logged; a sample of them.
-- params : $1 INTEGER (one session in this many)
-- columns: near BIGINT (a host's code, or 2^32 and the vantage where lines name no host), far BIGINT, sessions BIGINT, step_ms DOUBLE
with beginning as (
  select
    seen_at,
    direction,
    src,
    src_port,
    dst,
    dst_port,
    protocol,
    case
      when host > 0 then host::bigint
      when direction = 0 then 4294967296 + dst
      else 4294967296 + src
    end as clock
  from event
  where
    kind = 0
    and seen = 0
    and reply = 0
    and direction < 2
    and src_port > 0
    and src_port % $1::integer = 0
)
select
  sent.clock as near,
  got.clock as far,
  count(*) as sessions,
  median(epoch_ms(got.seen_at) - epoch_ms(sent.seen_at))::double as step_ms
from beginning as sent
join beginning as got
  using (src, src_port, dst, dst_port, protocol)
where
  sent.direction = 1
  and got.direction = 0
  and abs(epoch_ms(got.seen_at) - epoch_ms(sent.seen_at)) < 60000
group by all
order by all
