-- What a source holds: 'events', or 'flows' where its events were summed up and not kept.
alter table source add column holds varchar default 'events';

-- Events of sources that hold flows only, summed by hour; the columns mean what they mean in
-- `packed_event`.
create table kept_flow (
  source uinteger not null,
  context uinteger not null,
  client uinteger not null,
  server uinteger not null,
  server_port usmallint not null,
  events bigint not null,
  bytes bigint not null,
  packets bigint not null,
  first_at timestamp_ms not null,
  last_at timestamp_ms not null
);

create table kept_minute (
  source uinteger not null,
  minute_at timestamp_ms not null,
  action uinteger not null,
  events bigint not null
);

-- Kept flows turned as in `session_event`.
create view kept_session as
select
  kept_flow.source as source_id,
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
  kind,
  weight,
  events,
  bytes,
  packets,
  first_at,
  last_at
from kept_flow
join context on context.code = kept_flow.context;
