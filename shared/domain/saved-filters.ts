import * as v from 'valibot';

/** A filter that has a name. */
export interface SavedFilter {
  readonly name: string;
  /** In the filter language. */
  readonly text: string;
}

/** The filters a project keeps. */
export interface FilterList {
  /** In the order of their names. */
  readonly saved: readonly SavedFilter[];
  /** What was filtered by lately, the newest first. */
  readonly recent: readonly string[];
}

/** Where nothing was kept. */
export const NO_FILTERS: FilterList = { saved: [], recent: [] };

const MOST_RECENT = 10;
const MOST_SAVED = 200;

/** The check of a list, from a client or from a project file. */
export const filterListSchema = v.strictObject({
  saved: v.pipe(
    v.array(
      v.strictObject({
        name: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
        text: v.pipe(v.string(), v.minLength(1), v.maxLength(10_000)),
      }),
    ),
    v.maxLength(MOST_SAVED),
    v.readonly(),
  ),
  recent: v.pipe(
    v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(10_000))),
    v.maxLength(MOST_RECENT),
    v.readonly(),
  ),
});

/** Reads what a project keeps; anything else counts as nothing. */
export function parseFilterList(text: string | null): FilterList {
  try {
    const read = v.safeParse(filterListSchema, JSON.parse(text ?? 'null'));
    return read.success ? read.output : NO_FILTERS;
  } catch {
    return NO_FILTERS;
  }
}

/** The list with a filter as the newest of the recent ones. */
export function withRecentFilter(list: FilterList, text: string): FilterList {
  const others = list.recent.filter((each) => each !== text);
  return { ...list, recent: [text, ...others].slice(0, MOST_RECENT) };
}

/** The list with a filter saved under a name, in the place of one of that name. */
export function withSavedFilter(list: FilterList, filter: SavedFilter): FilterList {
  const others = list.saved.filter(({ name }) => name !== filter.name);
  const saved = [...others, filter].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...list, saved: saved.slice(0, MOST_SAVED) };
}

/** The list without the saved filter of a name. */
export function withoutSavedFilter(list: FilterList, name: string): FilterList {
  return { ...list, saved: list.saved.filter((each) => each.name !== name) };
}
