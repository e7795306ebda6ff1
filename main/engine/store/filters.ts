import { parseFilterList, type FilterList } from '../../../shared/domain/saved-filters.ts';
import type { Database } from './database.ts';
import { textOf } from './rows.ts';
import { fixed, sql, text } from './sql.ts';

/** The filters that the project keeps. */
export async function readFilters(database: Database): Promise<FilterList> {
  const rows = await database.query(fixed("select text from meta where key = 'filters'"));
  return parseFilterList(rows[0] === undefined ? null : textOf(rows[0], 'text'));
}

/** Puts a list in the place of the filters kept. To be called in turn with other edits. */
export async function writeFilters(database: Database, list: FilterList): Promise<void> {
  const document = text(JSON.stringify(list));
  await database.editor.write(sql`insert or replace into meta values ('filters', ${document})`);
}
