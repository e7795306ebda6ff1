-- reject-list: lines that could not be read, in the order of sources and lines.
-- params : $1 UINTEGER (most rows), $2 UINTEGER (rows passed over)
-- columns: path VARCHAR, line UINTEGER, reason VARCHAR, text VARCHAR, total_rows BIGINT
select source.path, reject.line, reject.reason, reject.text, count(*) over () as total_rows
from reject
join source on source.id = reject.source
order by reject.source, reject.line
limit ?
offset ?
