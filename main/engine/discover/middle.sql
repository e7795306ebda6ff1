-- middle: sessions whose first packet is missing, by a packet from their middle; the end with the lower port serves.
-- params : none
-- columns: source UINTEGER, destination UINTEGER, protocol UTINYINT, port USMALLINT, events BIGINT
select
  case when dst_port <= src_port then src else dst end as source,
  case when dst_port <= src_port then dst else src end as destination,
  protocol,
  least(src_port, dst_port) as port,
  count(*) as events
from event
where
  reply = 1
  and seen = 0
  and flags % 2 = 0
  and least(src_port, dst_port) < 32768
  and greatest(src_port, dst_port) >= 32768
group by all
order by all
