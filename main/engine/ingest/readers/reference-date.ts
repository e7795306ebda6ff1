import type { YearFrom } from '../../../../shared/domain/archive.ts';
import { type MonthYears, parseBsdTime, yearsUntil } from '../line-time.ts';
import type { ReaderContext } from './reader.ts';
import { headLines } from './sniff.ts';

const HOUR_MS = 3_600_000;

/** Clocks of relays run up to this far ahead of UTC (UTC+14), file times are UTC. */
const MOST_AHEAD_MS = 14 * HOUR_MS;

/** A time of RFC 3164 at or near a line's beginning: month, day, time, no year. */
const BSD_TIME = /(?:^|[ >:])([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}:\d{2}:\d{2})\b/;

/** A time with its year among a line's first words, with a blank or a priority before it. */
const ISO_TIME = /(?:^|[ >"])(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})/;

/** The same as RFC 3164 writes it, with a year before the time. */
const BSD_YEAR = /(?:^|[ >])([A-Z][a-z]{2}) +(\d{1,2}) (\d{4}) \d{2}:\d{2}:\d{2}\b/;

/** How much of a line its header takes at most, in characters. */
const HEADER_LENGTH = 160;

const DATE_IN_PATH =
  /(?<!\d)((?:19|20)\d{2})([-_./\\]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)/g;
const MONTH_IN_PATH = /(?<!\d)((?:19|20)\d{2})[-_./\\](0[1-9]|1[0-2])(?!\d)/g;

/** The year of each month, and what told it. */
export interface YearEvidence {
  readonly years: MonthYears;
  readonly from: Exclude<YearFrom, 'line'>;
}

/** The years of {@link yearEvidence}. */
export function yearsOf(context: ReaderContext): MonthYears {
  return yearEvidence(context).years;
}

/**
 * The year of each month for the lines of a file that name none. Evidence in this order: a year that
 * was given, times with a year in the file's other lines, a date in its path, when it was last
 * written. Lines lie within half a year of the second and third, and in the year before the last
 * one. A year that was given is that of the first line; from July on a file may run into the next.
 */
export function yearEvidence(context: ReaderContext): YearEvidence {
  const lines = headLines(context);
  if (context.year !== undefined) return { years: yearsFrom(context.year, lines), from: 'given' };
  const inLines = timeInLines(lines);
  if (inLines !== undefined) return { years: yearsAround(inLines), from: 'other-lines' };
  const inPath = dateInPath(context.path);
  if (inPath !== undefined) return { years: yearsAround(inPath), from: 'name' };
  return { years: yearsBefore(context.modifiedAt, lines), from: 'mtime' };
}

function yearsFrom(year: number, lines: readonly string[]): MonthYears {
  const first = firstMonth(lines) ?? 0;
  return Array.from({ length: 12 }, (_, month) => (month < first - 5 ? year + 1 : year));
}

/** The date that a path names: the last one in it, so that a file's name tells more than its folder's. */
export function dateInPath(path: string): Date | undefined {
  const day = lastMatch(path, DATE_IN_PATH);
  if (day !== undefined) return validDate(`${day[1]}-${day[3]}-${day[4]}`);
  const month = lastMatch(path, MONTH_IN_PATH);
  return month === undefined ? undefined : validDate(`${month[1]}-${month[2]}-15`);
}

/** The year of each month that brings it nearest to the date. */
export function yearsAround(near: Date): MonthYears {
  const year = near.getUTCFullYear();
  const month = near.getUTCMonth();
  return Array.from({ length: 12 }, (_, index) => {
    const ahead = index - month;
    return ahead > 6 ? year - 1 : ahead < -5 ? year + 1 : year;
  });
}

/**
 * The years of the twelve months before the file was last written. A file written in the last hours
 * of a year may hold lines of the next one, whose clock is ahead of UTC, unless it begins in the
 * year's first half and so holds the whole year.
 */
function yearsBefore(modifiedAt: Date, lines: readonly string[]): MonthYears {
  const ahead = new Date(modifiedAt.getTime() + MOST_AHEAD_MS);
  if (ahead.getUTCFullYear() === modifiedAt.getUTCFullYear()) return yearsUntil(modifiedAt);
  return (firstMonth(lines) ?? 11) < 6 ? yearsUntil(modifiedAt) : yearsUntil(ahead);
}

/** The month of the first line with a time of RFC 3164, 0 to 11. */
function firstMonth(lines: readonly string[]): number | undefined {
  for (const line of lines) {
    const match = BSD_TIME.exec(line.slice(0, HEADER_LENGTH));
    if (match === null) continue;
    const bytes = new TextEncoder().encode(`${match[1]} ${match[2]} ${match[3]}`);
    const dayEnd = 4 + (match[2] ?? '').length;
    const years = yearsUntil(new Date(0));
    const time = parseBsdTime(bytes, 0, [4, dayEnd], [dayEnd + 1, bytes.length], years);
    if (!Number.isNaN(time)) return new Date(time).getUTCMonth();
  }
  return undefined;
}

function timeInLines(lines: readonly string[]): Date | undefined {
  for (let at = lines.length - 1; at >= 0; at--) {
    const header = (lines[at] ?? '').slice(0, HEADER_LENGTH);
    const iso = ISO_TIME.exec(header);
    const date = iso === null ? bsdDate(header) : validDate(`${iso[1]}T${iso[2]}Z`);
    if (date !== undefined) return date;
  }
  return undefined;
}

function bsdDate(header: string): Date | undefined {
  const bsd = BSD_YEAR.exec(header);
  return bsd === null ? undefined : validDate(`${bsd[2]} ${bsd[1]} ${bsd[3]} 00:00:00 UTC`);
}

function validDate(text: string): Date | undefined {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function lastMatch(text: string, pattern: RegExp): RegExpExecArray | undefined {
  let last: RegExpExecArray | undefined;
  for (const match of text.matchAll(pattern)) last = match;
  return last;
}
