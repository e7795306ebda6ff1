-- console-tables: makes tables for the SQL console in which codes are texts, on its connection alone.
-- params : none
-- columns: none
create or replace temp macro text_of(wanted, of_code) as
  coalesce((select any_value(name.text) from name where kind = wanted and code = of_code), '');

create or replace temp macro address_of(of_code) as
  case
    when of_code < 4026531840 then
      concat_ws('.', of_code >> 24, (of_code >> 16) & 255, (of_code >> 8) & 255, of_code & 255)
    else text_of('address', of_code)
  end;

create or replace temp macro direction_of(number) as
  case number when 0 then 'IN' when 1 then 'OUT' else 'THROUGH' end;

create or replace temp macro seen_of(number) as
  case number when 0 then 'vnic' when 1 then 'perimeter' else 'collector' end;

create or replace temp view flows as
select
  direction_of(direction) as direction,
  address_of(source) as source,
  address_of(destination) as destination,
  protocol,
  port,
  text_of('action', action) as action,
  rule,
  text_of('tag', tag) as tag,
  reply = 1 as is_reply,
  seen_of(seen) as seen,
  events,
  greatest(matches, terms) as sessions,
  bytes,
  packets,
  first_at,
  last_at
from flow;

create or replace temp view events as
select
  source.path as file,
  event.line,
  event.seen_at,
  text_of('host', event.host) as host,
  text_of('reason', event.reason) as reason,
  text_of('action', event.action) as action,
  event.rule,
  direction_of(event.direction) as direction,
  event.protocol,
  address_of(event.src) as source,
  event.src_port as source_port,
  address_of(event.dst) as destination,
  event.dst_port as destination_port,
  event.length,
  event.packets_forward,
  event.packets_back,
  event.bytes_forward,
  event.bytes_back,
  text_of('tag', event.tag) as tag,
  seen_of(event.seen) as seen
from event
join source on source.id = event.source;

create or replace temp view members as
select address_of(address_node.address) as address, node.label as node, node.kind, node.parent
from address_node
join node using (node);

create or replace temp view rejects as
select source.path as file, reject.line, reject.reason, reject.text
from reject
join source on source.id = reject.source;

create or replace temp view sources as
select
  path as file,
  host,
  format,
  first_at,
  last_at,
  line_count,
  event_count,
  reject_count,
  other_count,
  blank_count,
  duplicate_count,
  state,
  holds
from source;
