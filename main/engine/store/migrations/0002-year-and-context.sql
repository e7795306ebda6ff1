-- How the years of a source's events are known: 'line', 'other-lines', 'name', 'mtime' or 'given'.
alter table source add column year_from varchar;

-- The lines around a rejected one, cut, where they were kept.
alter table reject add column line_before varchar;

alter table reject add column line_after varchar;
