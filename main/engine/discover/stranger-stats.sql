-- stranger-stats: what addresses do as clients and as servers towards the addresses of groups.
-- params : $1 UINTEGER (code of action PASS)
-- columns: address UINTEGER, opened BIGINT, opened_passed BIGINT, served BIGINT, served_passed BIGINT, service_count BIGINT, clients BIGINT, leaf_groups BIGINT
with ends as (
  select
    source,
    destination,
    protocol,
    port,
    greatest(
      sum(greatest(matches, terms)) filter (where direction = 0),
      sum(greatest(matches, terms)) filter (where direction = 1),
      sum(greatest(matches, terms)) filter (where direction = 2)
    ) as sessions,
    greatest(
      sum(greatest(matches, terms)) filter (where direction = 0 and action = $1),
      sum(greatest(matches, terms)) filter (where direction = 1 and action = $1),
      sum(greatest(matches, terms)) filter (where direction = 2 and action = $1)
    ) as passed
  from flow
  where reply = 0
  group by all
),
opened as (
  select source as address, sum(sessions) as sessions, sum(coalesce(passed, 0)) as passed
  from ends
  group by all
),
served_service as (
  select
    destination as address,
    protocol,
    port,
    sum(sessions) as sessions,
    sum(coalesce(passed, 0)) as passed
  from ends
  group by all
),
served as (
  select
    address,
    sum(sessions) as sessions,
    sum(passed) as passed,
    count(*) filter (where passed > 0) as service_count
  from served_service
  group by all
),
clients as (
  select
    ends.destination as address,
    count(distinct ends.source) as clients,
    count(distinct leaf.name) as leaf_groups
  from ends
  left join leaf_member as leaf on leaf.address = ends.source
  group by all
)
select
  coalesce(opened.address, served.address) as address,
  coalesce(opened.sessions, 0)::bigint as opened,
  coalesce(opened.passed, 0)::bigint as opened_passed,
  coalesce(served.sessions, 0)::bigint as served,
  coalesce(served.passed, 0)::bigint as served_passed,
  coalesce(served.service_count, 0)::bigint as service_count,
  coalesce(clients.clients, 0)::bigint as clients,
  coalesce(clients.leaf_groups, 0)::bigint as leaf_groups
from opened
full join served on served.address = opened.address
left join clients on clients.address = coalesce(opened.address, served.address)
