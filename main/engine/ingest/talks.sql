-- talks: sums flows once more for the questions that are asked most, in the place of what was there.
-- params : none
-- columns: none
delete from talk;

insert into talk
with side as (
  select
    source,
    destination,
    protocol,
    port,
    reply,
    sum(events) as events,
    greatest(
      sum(greatest(matches, terms)) filter (where direction = 0),
      sum(greatest(matches, terms)) filter (where direction = 1),
      sum(greatest(matches, terms)) filter (where direction = 2)
    ) as sessions,
    greatest(
      sum(bytes) filter (where direction = 0),
      sum(bytes) filter (where direction = 1),
      sum(bytes) filter (where direction = 2)
    ) as bytes,
    greatest(
      sum(packets) filter (where direction = 0),
      sum(packets) filter (where direction = 1),
      sum(packets) filter (where direction = 2)
    ) as packets,
    min(first_at) as first_at,
    max(last_at) as last_at
  from flow
  group by all
)
select
  source,
  destination,
  protocol,
  port,
  min(reply) as reply,
  sum(events)::bigint as events,
  sum(sessions)::bigint as sessions,
  sum(bytes)::bigint as bytes,
  sum(packets)::bigint as packets,
  min(first_at) as first_at,
  max(last_at) as last_at
from side
group by all
order by source, destination, protocol, port;

delete from listed_flow;

insert into listed_flow
select
  direction,
  source,
  destination,
  protocol,
  port,
  action,
  rule,
  tag,
  min(reply) as reply,
  sum(events)::bigint as events,
  sum(greatest(matches, terms))::bigint as sessions,
  sum(bytes)::bigint as bytes,
  sum(packets)::bigint as packets,
  min(first_at) as first_at,
  max(last_at) as last_at
from flow
group by all
order by source, destination, protocol, port;
