-- vnic-place: which vNIC filters logged each workload, when and where.
-- params : $1 UINTEGER[] (workloads), $2 INTEGER (one line in this many)
-- columns: vantage UINTEGER, filter UINTEGER, host UINTEGER, first_ms BIGINT, last_ms BIGINT
with place as (
  select
    case when direction = 0 then dst else src end as vantage,
    filter,
    host,
    min(seen_at) as first_at,
    max(seen_at) as last_at
  from event
  where seen = 0 and direction < 2 and filter > 0 and line % $2::integer = 0
  group by all
)
select vantage, filter, host, epoch_ms(first_at) as first_ms, epoch_ms(last_at) as last_ms
from place
where vantage in (select unnest($1::uinteger[]))
order by all
