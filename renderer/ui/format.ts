import { timeZone } from './time-zone.svelte.ts';

const COUNT = new Intl.NumberFormat('en-US');
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A whole number with thousands separated by commas. */
export function formatCount(count: number): string {
  return COUNT.format(Math.round(count));
}

/** A count with its noun, in the singular where the count is one. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A share from 0 to 1 in percent; what is not all or nothing is never rounded to it. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (share > 0 && percent < 0.1) return '< 0.1 %';
  if (share < 1 && percent > 99.9) return '> 99.9 %';
  return `${percent.toFixed(Number.isInteger(percent) ? 0 : 1)} %`;
}

/** Bytes in the largest unit (of 1,000) that leaves a number of at least one. */
export function formatBytes(byteCount: number): string {
  let scaled = byteCount;
  let unit = 0;
  while (scaled >= 999.5 && unit < BYTE_UNITS.length - 1) {
    scaled /= 1_000;
    unit++;
  }
  const digits = unit === 0 || scaled >= 99.5 ? 0 : 1;
  return `${scaled.toFixed(digits)} ${BYTE_UNITS[unit] ?? 'B'}`;
}

/** A moment in UTC to the second, for texts that are kept or exported. */
export function formatUtc(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** A moment to the second in the zone that times are shown in, `2026-03-02 08:00:00`. */
export function formatTime(at: number): string {
  return timeZone.shifted(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** A moment to the millisecond in the zone that times are shown in. */
export function formatExactTime(at: number): string {
  return timeZone.shifted(at).toISOString().slice(0, 23).replace('T', ' ');
}

/** The time of day to the minute in the zone that times are shown in. */
export function formatClock(at: number): string {
  return timeZone.shifted(at).toISOString().slice(11, 16);
}

/** An ISO 8601 moment as {@link formatTime} writes it; a dash for none. */
export function formatIso(text: string | null): string {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? '–' : formatTime(at);
}

/** A window of time, the date said once where both ends fall on the same day. */
export function formatWindow({ from, to }: { readonly from: number; readonly to: number }): string {
  const start = formatTime(from);
  const end = formatTime(to);
  return start.slice(0, 10) === end.slice(0, 10)
    ? `${start} – ${end.slice(11)}`
    : `${start} – ${end}`;
}

/** A duration in its two largest units, `3 min 20 s`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60)
    return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

/** The last part of a path, whatever system it is from. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}
