-- Flows summed for the questions that are asked most, so that they need not be summed each time.

-- By the two addresses and the service, each session once however often it was logged.
create table talk (
  source uinteger not null,
  destination uinteger not null,
  protocol utinyint not null,
  port usmallint not null,
  -- 1 where all of it was told by replies only
  reply utinyint not null,
  events bigint not null,
  sessions bigint not null,
  bytes bigint not null,
  packets bigint not null,
  first_at timestamp_ms not null,
  last_at timestamp_ms not null
);

-- As the table of flows lists them at first; a session logged at both vNICs is in two rows.
create table listed_flow (
  direction utinyint not null,
  source uinteger not null,
  destination uinteger not null,
  protocol utinyint not null,
  port usmallint not null,
  action uinteger not null,
  rule uinteger not null,
  tag uinteger not null,
  reply utinyint not null,
  events bigint not null,
  sessions bigint not null,
  bytes bigint not null,
  packets bigint not null,
  first_at timestamp_ms not null,
  last_at timestamp_ms not null
);

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
