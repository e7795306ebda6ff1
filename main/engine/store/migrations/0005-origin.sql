-- Where a source was read from: the absolute path of the file on this machine, and behind it the way
-- through archives, `!name` for each of them; empty where the file itself is the source.
alter table source add column origin varchar;

alter table source add column origin_inside varchar;
