-- What repeats from line to line is stored once and named by a code: an event had 28 columns, each
-- of which cost time to analyse and compress. Codes begin at 0 and have no gaps.

-- Who logged.
create table origin (
  code uinteger not null,
  host uinteger not null,
  filter uinteger not null
);

-- What was decided, by which rule, for which kind of packet; the columns mean what they mean in `event`.
create table context (
  code uinteger not null,
  kind utinyint not null,
  reason uinteger not null,
  action uinteger not null,
  ruleset uinteger not null,
  rule uinteger not null,
  direction utinyint not null,
  protocol utinyint not null,
  tag uinteger not null,
  reply utinyint not null,
  seen utinyint not null,
  weight uinteger not null
);

-- How the packet looked or the session ended.
create table manner (
  code uinteger not null,
  flags utinyint not null,
  close uinteger not null,
  icmp usmallint not null,
  length uinteger not null
);

create table packed_event (
  source uinteger not null,
  line uinteger not null,
  seen_at timestamp_ms not null,
  origin uinteger not null,
  context uinteger not null,
  manner uinteger not null,
  -- source of the line, or destination where the line is a reply
  client uinteger not null,
  client_port usmallint not null,
  server uinteger not null,
  server_port usmallint not null,
  packets_forward uinteger not null,
  packets_back uinteger not null,
  bytes_forward bigint not null,
  bytes_back bigint not null
);

insert into origin
select row_number() over (order by host, filter) - 1, host, filter
from (select distinct host, filter from event);

insert into context
select row_number() over (order by all_columns) - 1, all_columns.*
from (
  select distinct kind, reason, action, ruleset, rule, direction, protocol, tag, reply, seen, weight
  from event
) as all_columns;

insert into manner
select row_number() over (order by all_columns) - 1, all_columns.*
from (select distinct flags, close, icmp, length from event) as all_columns;

insert into packed_event
select
  source,
  line,
  seen_at,
  origin.code,
  context.code,
  manner.code,
  case when reply = 1 then dst else src end,
  case when reply = 1 then dst_port else src_port end,
  case when reply = 1 then src else dst end,
  case when reply = 1 then src_port else dst_port end,
  packets_forward,
  packets_back,
  bytes_forward,
  bytes_back
from event
join origin using (host, filter)
join context using
  (kind, reason, action, ruleset, rule, direction, protocol, tag, reply, seen, weight)
join manner using (flags, close, icmp, length)
order by source, line;

drop view session_event;
drop table event;

-- Events as they were logged.
create view event as
select
  source,
  line,
  seen_at,
  host,
  filter,
  kind,
  reason,
  action,
  ruleset,
  rule,
  direction,
  protocol,
  case when reply = 1 then server else client end as src,
  case when reply = 1 then server_port else client_port end as src_port,
  case when reply = 1 then client else server end as dst,
  case when reply = 1 then client_port else server_port end as dst_port,
  flags,
  reply,
  close,
  icmp,
  length,
  packets_forward,
  packets_back,
  bytes_forward,
  bytes_back,
  tag,
  seen,
  weight
from packed_event
join origin on origin.code = packed_event.origin
join context on context.code = packed_event.context
join manner on manner.code = packed_event.manner;

-- An event turned so that source is the client and destination the server; direction is the session's
-- at the same vNIC, so the vantage is the destination for 0 (IN) and the source for 1 (OUT).
create view session_event as
select
  seen_at,
  source as source_id,
  line,
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
  bytes_forward + bytes_back as bytes,
  packets_forward::bigint + packets_back as packets
from packed_event
join context on context.code = packed_event.context;
