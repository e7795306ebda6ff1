-- tag-vantage: how many events each tag has at each vantage, the workload whose vNIC logged them.
-- params : none
-- columns: tag UINTEGER, ruleset UINTEGER, rule UINTEGER, vantage UINTEGER, events BIGINT, opened BIGINT
select
  tag,
  ruleset,
  rule,
  case when direction = 0 then destination else source end as vantage,
  sum(events)::bigint as events,
  (sum(events) filter (where direction = 1))::bigint as opened
from flow
where seen = 0 and direction < 2
group by all
