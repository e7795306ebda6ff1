import { isDigit, parseNumber, parsePair } from './bytes.ts';

const MINUS = 0x2d;
const PLUS = 0x2b;
const COLON = 0x3a;
const DOT = 0x2e;
const LETTER_T = 0x54;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH_BY_LETTERS = new Map(
  MONTHS.map((name, index) => [
    (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2),
    index,
  ]),
);

/** What {@link parseIsoTime} gives where there is no time. */
export const NO_TIME = Number.NaN;

let dayKey = -1;
let dayStart = 0;

function startOfDay(year: number, month: number, day: number): number {
  const key = year * 10_000 + month * 100 + day;
  if (key !== dayKey) {
    dayKey = key;
    dayStart = Date.UTC(year, month - 1, day);
  }
  return dayStart;
}

/**
 * Reads a time such as `2026-03-02T08:00:00.123Z`, with any number of fraction digits and `Z`,
 * `+hh:mm` or no zone (then UTC), from `start` to before `end`.
 *
 * @returns milliseconds since 1970 UTC, or NaN where the bytes are no such time
 */
export function parseIsoTime(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 19 || bytes[start + 4] !== MINUS || bytes[start + 10] !== LETTER_T) {
    return NO_TIME;
  }
  const year = parseNumber(bytes, start, start + 4, 9999);
  const month = parsePair(bytes, start + 5);
  const day = parsePair(bytes, start + 8);
  const hour = parsePair(bytes, start + 11);
  const minute = parsePair(bytes, start + 14);
  const second = parsePair(bytes, start + 17);
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31) return NO_TIME;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
    return NO_TIME;
  }
  let at = start + 19;
  let milliseconds = 0;
  if (bytes[at] === DOT) {
    at++;
    for (let scale = 100; at < end && isDigit(bytes[at] ?? 0); at++, scale /= 10) {
      if (scale >= 1) milliseconds += ((bytes[at] ?? 0) - 0x30) * scale;
    }
  }
  const zone = zoneMinutes(bytes, at, end);
  if (Number.isNaN(zone)) return NO_TIME;
  const ofDay = ((hour * 60 + minute - zone) * 60 + second) * 1000 + milliseconds;
  return startOfDay(year, month, day) + ofDay;
}

function zoneMinutes(bytes: Uint8Array, at: number, end: number): number {
  if (at === end || (at + 1 === end && (bytes[at] === 0x5a || bytes[at] === 0x7a))) return 0;
  const sign = bytes[at] === PLUS ? 1 : bytes[at] === MINUS ? -1 : 0;
  const hours = parsePair(bytes, at + 1);
  const gap = bytes[at + 3] === COLON ? 4 : 3;
  const minutes = parsePair(bytes, at + gap);
  if (sign === 0 || hours < 0 || minutes < 0 || at + gap + 2 !== end) return Number.NaN;
  return sign * (hours * 60 + minutes);
}

/** The year of each month, January first, for headers that name none. */
export type MonthYears = readonly number[];

/**
 * The years of months in a log that was last written at the given time: the twelve months before
 * it, so that a log that crosses New Year has both years.
 */
export function yearsUntil(lastWritten: Date): MonthYears {
  const year = lastWritten.getUTCFullYear();
  const last = lastWritten.getUTCMonth();
  return MONTHS.map((_, month) => (month <= last ? year : year - 1));
}

/**
 * Reads the month, day and time of RFC 3164, three tokens such as `Mar`, `2` and `08:00:00`.
 * That header has no year and no zone: the years are given, the zone is taken as UTC.
 *
 * @returns milliseconds since 1970 UTC, or NaN where the bytes are no such time
 */
export function parseBsdTime(
  bytes: Uint8Array,
  month: number,
  day: readonly [number, number],
  time: readonly [number, number],
  years: MonthYears,
): number {
  const letters =
    ((bytes[month] ?? 0) << 16) | ((bytes[month + 1] ?? 0) << 8) | (bytes[month + 2] ?? 0);
  const monthIndex = MONTH_BY_LETTERS.get(letters);
  const dayOfMonth = parseNumber(bytes, day[0], day[1], 31);
  if (monthIndex === undefined || dayOfMonth < 1 || time[1] - time[0] < 8) return NO_TIME;
  const hour = parsePair(bytes, time[0]);
  const minute = parsePair(bytes, time[0] + 3);
  const second = parsePair(bytes, time[0] + 6);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
    return NO_TIME;
  }
  return Date.UTC(years[monthIndex] ?? 1970, monthIndex, dayOfMonth, hour, minute, second);
}
