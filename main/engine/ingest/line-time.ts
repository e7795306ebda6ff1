import { isDigit, parseNumber, parsePair } from './bytes.ts';

const MINUS = 0x2d;
const PLUS = 0x2b;
const COLON = 0x3a;
const DOT = 0x2e;
const COMMA = 0x2c;
const SPACE = 0x20;
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
 * Reads a time such as `2026-03-02T08:00:00.123Z` from `start` to before `end`: with a blank in the
 * place of the T, any number of fraction digits after a dot or a comma, and `Z`, `+hh:mm` or no
 * zone (then UTC).
 *
 * @returns milliseconds since 1970 UTC, or NaN where the bytes are no such time
 */
export function parseIsoTime(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 19 || bytes[start + 4] !== MINUS) return NO_TIME;
  if (bytes[start + 10] !== LETTER_T && bytes[start + 10] !== SPACE) return NO_TIME;
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
  const fractionEnd = endOfFraction(bytes, start + 19, end);
  const zone = zoneMinutes(bytes, fractionEnd, end);
  if (Number.isNaN(zone)) return NO_TIME;
  const ofDay = ((hour * 60 + minute - zone) * 60 + second) * 1000;
  return startOfDay(year, month, day) + ofDay + milliseconds(bytes, start + 19, fractionEnd);
}

/** Where a fraction that begins at `at` ends; `at` where there is none. */
function endOfFraction(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end || (bytes[at] !== DOT && bytes[at] !== COMMA)) return at;
  let behind = at + 1;
  while (behind < end && isDigit(bytes[behind] ?? 0)) behind++;
  return behind;
}

/** The milliseconds of a fraction with its mark, from `at` to before `end`. */
function milliseconds(bytes: Uint8Array, at: number, end: number): number {
  let sum = 0;
  for (let i = at + 1, scale = 100; i < end && scale >= 1; i++, scale /= 10) {
    sum += ((bytes[i] ?? 0) - 0x30) * scale;
  }
  return sum;
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
 * Reads the month, day and time of RFC 3164, three tokens such as `Mar`, `2` and `08:00:00`, the
 * last one perhaps with a fraction. That header has no year and no zone: the years are given, the
 * zone is taken as UTC.
 *
 * @param years the year of each month, or the year of all months
 * @returns milliseconds since 1970 UTC, or NaN where the bytes are no such time
 */
export function parseBsdTime(
  bytes: Uint8Array,
  month: number,
  day: readonly [number, number],
  time: readonly [number, number],
  years: MonthYears | number,
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
  const year = typeof years === 'number' ? years : (years[monthIndex] ?? 1970);
  const fractionEnd = endOfFraction(bytes, time[0] + 8, time[1]);
  return (
    Date.UTC(year, monthIndex, dayOfMonth, hour, minute, second) +
    milliseconds(bytes, time[0] + 8, fractionEnd)
  );
}
