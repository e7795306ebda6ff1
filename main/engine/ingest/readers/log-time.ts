const MOST_MS = 8.64e15;

/**
 * Reads a time in a field of its own: ISO 8601 with `T` or a blank between date and time and an
 * optional zone (none is UTC), or a count of seconds, milliseconds or microseconds since 1970, in
 * plain digits or as `1.58E12`.
 *
 * @returns milliseconds since 1970 UTC, or NaN where the text is no such time
 */
export function fieldTime(text: string): number {
  const trimmed = text.trim();
  if (/^\d+(?:\.\d+)?(?:[eE]\+?\d{1,2})?$/.test(trimmed)) return epochTime(Number(trimmed));
  return dateTime(trimmed);
}

/** Counts since 1970 by their size: seconds until the year 5138, then milliseconds, microseconds. */
export function epochTime(count: number): number {
  if (!Number.isFinite(count) || count <= 0) return Number.NaN;
  const ms = count < 1e11 ? count * 1000 : count < 1e14 ? count : count / 1000;
  return ms < MOST_MS ? Math.round(ms) : Number.NaN;
}

function dateTime(text: string): number {
  const match =
    /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?$/.exec(
      text,
    );
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  const isValid =
    Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
  if (!isValid || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60)
    return Number.NaN;
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    ms,
  );
  return local - zoneMs(zone);
}

/** How far ahead of UTC the zone is: `Z`, or `+02:00` with or without its colon. */
function zoneMs(zone: string): number {
  if (!/^[+-]/.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** The time as headers write it: `2026-03-02T08:00:00.123Z`. */
export function isoText(time: number): string {
  return new Date(time).toISOString();
}
