import type { Point } from './canvas/geometry.ts';

const MOST_KEY = 255;
const MOST_TEXT = 10_000;

/** The name under which it is remembered what of a project's map is folded. */
export function foldKey(projectPath: string): string {
  return `fold:${projectPath.slice(-(MOST_KEY - 5))}`;
}

/** Folded nodes as the text that is remembered; `null` where that would be too long. */
export function writeFolded(folded: ReadonlySet<string>): string | null {
  const text = JSON.stringify([...folded]);
  return text.length > MOST_TEXT ? null : text;
}

/** Reads what {@link writeFolded} wrote; `null` where nothing is remembered. */
export function readFolded(text: string | null): ReadonlySet<string> | null {
  let ids: unknown;
  try {
    ids = JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
  if (!Array.isArray(ids)) return null;
  return new Set((ids as readonly unknown[]).filter((id) => typeof id === 'string'));
}

/** The name under which the places of a project's nodes are remembered. */
export function layoutKey(projectPath: string): string {
  return `layout:${projectPath.slice(-(MOST_KEY - 7))}`;
}

/** Places as the text that is remembered; the oldest are left out where the text grows too long. */
export function writePlaces(places: ReadonlyMap<string, Point>): string {
  let entries = [...places].map(([id, { x, y }]) => [id, x, y] as const);
  let text = JSON.stringify(entries);
  while (text.length > MOST_TEXT) {
    entries = entries.slice(Math.ceil(entries.length / 10));
    text = JSON.stringify(entries);
  }
  return text;
}

/** Reads what {@link writePlaces} wrote; anything else has no places. */
export function readPlaces(text: string | null): ReadonlyMap<string, Point> {
  const places = new Map<string, Point>();
  let entries: unknown;
  try {
    entries = JSON.parse(text ?? '[]');
  } catch {
    return places;
  }
  if (!Array.isArray(entries)) return places;
  for (const entry of entries as readonly unknown[]) {
    if (!Array.isArray(entry)) continue;
    const [id, x, y] = entry as readonly unknown[];
    if (typeof id === 'string' && typeof x === 'number' && typeof y === 'number')
      places.set(id, { x, y });
  }
  return places;
}
