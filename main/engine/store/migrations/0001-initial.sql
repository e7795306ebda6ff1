create table meta (
  key varchar primary key,
  text varchar not null
);

create table source (
  id uinteger primary key,
  path varchar not null,
  host varchar,
  format varchar,
  first_at timestamp_ms,
  last_at timestamp_ms,
  line_count ubigint not null,
  event_count ubigint not null,
  reject_count ubigint not null,
  other_count ubigint not null,
  blank_count ubigint not null,
  duplicate_count ubigint not null,
  content_id varchar,
  state varchar not null check (state in ('loading', 'done', 'damaged', 'unfinished')),
  error varchar
);

-- Texts that occur in many events, by kind: host, filter, reason, action, ruleset, tag, close, address.
-- An event holds the code; code 0 is the empty text. Codes of addresses start at 4026531840
-- (0xF0000000) and stand for what is no ordinary IPv4 address; smaller numbers are IPv4 itself.
create table name (
  kind varchar not null,
  code uinteger not null,
  text varchar not null
);

create table event (
  source uinteger not null,
  line uinteger not null,
  seen_at timestamp_ms not null,
  host uinteger not null,
  filter uinteger not null,
  -- 0 match, 1 TERM, 2 any other reason
  kind utinyint not null,
  reason uinteger not null,
  action uinteger not null,
  ruleset uinteger not null,
  rule uinteger not null,
  -- 0 IN, 1 OUT, as logged; 2 THROUGH, where no workload's vNIC saw it
  direction utinyint not null,
  protocol utinyint not null,
  src uinteger not null,
  src_port usmallint not null,
  dst uinteger not null,
  dst_port usmallint not null,
  -- bit set of S A P F R U E W, lowest bit first
  flags utinyint not null,
  -- 1 where the line is a reply that was logged as a new flow: client and server are swapped
  reply utinyint not null,
  close uinteger not null,
  -- type * 256 + code of an ICMP session's end
  icmp usmallint not null,
  length uinteger not null,
  packets_forward uinteger not null,
  packets_back uinteger not null,
  bytes_forward ubigint not null,
  bytes_back ubigint not null,
  tag uinteger not null,
  -- 0 at a workload's vNIC, 1 at a perimeter firewall, 2 by a flow collector
  seen utinyint not null,
  -- connections the line stands for
  weight uinteger not null
);

create table reject (
  source uinteger not null,
  line uinteger not null,
  reason varchar not null,
  text varchar not null
);

-- An event turned so that source is the client and destination the server; direction is the session's
-- at the same vNIC, so the vantage is the destination for 0 (IN) and the source for 1 (OUT).
create view session_event as
select
  seen_at,
  source as source_id,
  line,
  case when reply = 1 and direction < 2 then 1 - direction else direction end as direction,
  case when reply = 1 then dst else src end as source,
  case when reply = 1 then src else dst end as destination,
  protocol,
  case when protocol not in (6, 17, 132) then 0 when reply = 1 then src_port else dst_port end as port,
  action,
  ruleset,
  rule,
  tag,
  reply,
  seen,
  kind,
  weight,
  bytes_forward + bytes_back as bytes,
  packets_forward::ubigint + packets_back as packets
from event;

create table flow (
  direction utinyint not null,
  source uinteger not null,
  destination uinteger not null,
  protocol utinyint not null,
  port usmallint not null,
  action uinteger not null,
  ruleset uinteger not null,
  rule uinteger not null,
  tag uinteger not null,
  reply utinyint not null,
  seen utinyint not null,
  events ubigint not null,
  matches ubigint not null,
  terms ubigint not null,
  bytes ubigint not null,
  packets ubigint not null,
  first_at timestamp_ms not null,
  last_at timestamp_ms not null
);

create table minute (
  minute_at timestamp_ms not null,
  action uinteger not null,
  events ubigint not null
);

-- The map's nodes, and which node stands for an address.
create table node (
  node uinteger primary key,
  id varchar not null,
  kind varchar not null,
  label varchar not null,
  parent varchar,
  members uinteger not null
);

create table address_node (
  address uinteger not null,
  node uinteger not null
);

-- Members of groups with the innermost group that holds them.
create table leaf_member (
  address uinteger not null,
  name varchar not null
);

-- What discovery found, one JSON document.
create table inventory (
  document varchar not null
);

-- What the user made, a row a thing: the ruleset's policies and rules, corrections to the inventory,
-- imported inventories.
create table document (
  part varchar not null,
  key varchar not null,
  text varchar not null,
  primary key (part, key)
);

-- Every change to documents in the order it was made; meta 'history-at' names the last one in force.
create table revision (
  number uinteger not null,
  label varchar not null
);

-- What a change put in the place of what; null where there was nothing, or is nothing any more.
create table revision_step (
  revision uinteger not null,
  part varchar not null,
  key varchar not null,
  before varchar,
  after varchar
);
