import { byteAt, isDigit, parseNumber, parsePair } from './bytes';

const MINUS: u32 = 0x2d;
const PLUS: u32 = 0x2b;
const COLON: u32 = 0x3a;
const DOT: u32 = 0x2e;
const COMMA: u32 = 0x2c;
const SPACE: u32 = 0x20;
const LETTER_T: u32 = 0x54;
const LETTER_Z: u32 = 0x5a;

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

/** What stands for no time; no time that can be read is so long ago. */
export const NO_TIME: i64 = i64.MIN_VALUE;

const NO_ZONE: i32 = i32.MIN_VALUE;

/** The first sixteen bytes of the last time, up to its minute, and what they mean. */
let minuteText0: u64 = 0;
let minuteText1: u64 = 0;
let minuteStart: i64 = NO_TIME;

/** Where the months of the given year begin. */
const monthStarts = memory.data(96, 8);

/** Says where a month of the year of headers without a year begins; NaN for a year that cannot be. */
export function setMonth(month: i32, start: f64): void {
  store<i64>(monthStarts + (<usize>month << 3), isNaN(start) ? NO_TIME : <i64>start);
}

/** Days since 1970 of a day from 1970 on; days behind the month's end fall into the next month. */
function daysTo(year: i32, month: i32, day: i32): i32 {
  const y = month <= 2 ? year - 1 : year;
  const era = y / 400;
  const yearOfEra = y - era * 400;
  const shifted = month > 2 ? month - 3 : month + 9;
  const dayOfYear = (153 * shifted + 2) / 5 + day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Reads date, hour and minute; NO_TIME where they are none. */
function parseMinute(start: usize): i64 {
  const joint = byteAt(start + 10);
  if (byteAt(start + 4) !== MINUS || (joint !== LETTER_T && joint !== SPACE)) return NO_TIME;
  const year = <i32>parseNumber(start, start + 4, 9999);
  const month = parsePair(start + 5);
  const day = parsePair(start + 8);
  const hour = parsePair(start + 11);
  const minute = parsePair(start + 14);
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31) return NO_TIME;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return NO_TIME;
  return <i64>daysTo(year, month, day) * DAY + <i64>(hour * 60 + minute) * MINUTE;
}

/**
 * Reads a time such as `2026-03-02T08:00:00.123Z`, perhaps with a blank for the T and a comma for
 * the dot, in milliseconds since 1970; NO_TIME where it is none.
 */
export function parseIsoTime(start: usize, end: usize): i64 {
  if (end < start + 19) return NO_TIME;
  const text0 = load<u64>(start);
  const text1 = load<u64>(start, 8);
  if (text0 !== minuteText0 || text1 !== minuteText1 || minuteStart === NO_TIME) {
    const minute = parseMinute(start);
    if (minute === NO_TIME) return NO_TIME;
    minuteText0 = text0;
    minuteText1 = text1;
    minuteStart = minute;
  }
  const second = parsePair(start + 17);
  if (second < 0 || second > 60) return NO_TIME;
  const milliseconds = readFraction(start + 19, end);
  const zone = zoneMinutes(fractionEnd, end);
  if (zone === NO_ZONE) return NO_TIME;
  return minuteStart + <i64>(second * 1000 + milliseconds) - <i64>zone * MINUTE;
}

/** Where the fraction that was read last has ended. */
let fractionEnd: usize = 0;

/** The milliseconds of a fraction that begins at `at`; 0 where none does. */
@inline
function readFraction(at: usize, end: usize): i32 {
  let milliseconds = 0;
  if (at < end && (byteAt(at) === DOT || byteAt(at) === COMMA)) {
    at++;
    for (let scale = 100; at < end && isDigit(byteAt(at)); at++) {
      milliseconds += <i32>(byteAt(at) - 0x30) * scale;
      scale /= 10;
    }
  }
  fractionEnd = at;
  return milliseconds;
}

@inline
function zoneMinutes(at: usize, end: usize): i32 {
  if (at === end || (at + 1 === end && (byteAt(at) | 0x20) === (LETTER_Z | 0x20))) return 0;
  return offsetMinutes(at, end);
}

function offsetMinutes(at: usize, end: usize): i32 {
  const mark = byteAt(at);
  const sign = mark === PLUS ? 1 : mark === MINUS ? -1 : 0;
  const hours = parsePair(at + 1);
  const gap: usize = byteAt(at + 3) === COLON ? 4 : 3;
  const minutes = parsePair(at + gap);
  if (sign === 0 || hours < 0 || minutes < 0 || at + gap + 2 !== end) return NO_ZONE;
  return sign * (hours * 60 + minutes);
}

/** The month's number from 0 by its three letters; -1 where they are none. */
function monthOf(at: usize): i32 {
  const letters = (byteAt(at) << 16) | (byteAt(at + 1) << 8) | byteAt(at + 2);
  if (letters === 0x4a616e) return 0;
  if (letters === 0x466562) return 1;
  if (letters === 0x4d6172) return 2;
  if (letters === 0x417072) return 3;
  if (letters === 0x4d6179) return 4;
  if (letters === 0x4a756e) return 5;
  if (letters === 0x4a756c) return 6;
  if (letters === 0x417567) return 7;
  if (letters === 0x536570) return 8;
  if (letters === 0x4f6374) return 9;
  if (letters === 0x4e6f76) return 10;
  if (letters === 0x446563) return 11;
  return -1;
}

/**
 * Reads `Mar`, `2`, `08:00:00`, perhaps with a fraction; `day` and `time` are words.
 *
 * @param year 0 for the given years of the months
 */
export function parseBsdTime(month: usize, day: usize, time: usize, year: i32): i64 {
  const index = monthOf(month);
  if (index < 0) return NO_TIME;
  const dayOfMonth = parseNumber(load<u32>(day), load<u32>(day, 4), 31);
  const start: usize = load<u32>(time);
  if (dayOfMonth < 1 || load<u32>(time, 4) - <u32>start < 8) return NO_TIME;
  const hour = parsePair(start);
  const minute = parsePair(start + 3);
  const second = parsePair(start + 6);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
    return NO_TIME;
  }
  const monthStart =
    year === 0
      ? load<i64>(monthStarts + (<usize>index << 3))
      : <i64>daysTo(year, index + 1, 1) * DAY;
  if (monthStart === NO_TIME) return NO_TIME;
  const ofDay = ((hour * 60 + minute) * 60 + second) * 1000;
  const milliseconds = readFraction(start + 8, load<u32>(time, 4));
  return monthStart + (dayOfMonth - 1) * DAY + <i64>(ofDay + milliseconds);
}
