import { describe, expect, test } from 'vitest';
import { readChoice, readCount, readTime } from '../../../main/cli/usage.ts';

describe('a time', () => {
  test.each([
    ['2026-03-02', '2026-03-02T00:00:00.000Z'],
    ['2026-03-02T08:30', '2026-03-02T08:30:00.000Z'],
    ['2026-03-02 08:30:15', '2026-03-02T08:30:15.000Z'],
    ['2026-03-02T08:30:15.5Z', '2026-03-02T08:30:15.500Z'],
    ['2026-03-02t08:30:15.123z', '2026-03-02T08:30:15.123Z'],
    ['2026-03-02T08:30:15+02:00', '2026-03-02T06:30:15.000Z'],
    ['2026-03-02T08:30-0530', '2026-03-02T14:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s, in UTC where it names no zone', (text, utc) => {
    expect(new Date(readTime('--from', text)).toISOString()).toBe(utc);
  });

  test.each([
    '',
    'yesterday',
    '2026-02-29',
    '2026-13-01',
    '2026-03-02T24:01',
    '2026-03-02T08:61',
    '2026-3-2',
    '02.03.2026',
    '2026-03-02T08:30:15 CET',
    '1772440215',
  ])('%j is refused with an example', (text) => {
    expect(() => readTime('--from', text)).toThrow('--from is a time such as 2026-03-02T08:00:00Z');
  });
});

describe('a count', () => {
  test('is a whole number of at least 1', () => {
    expect(readCount('--limit', '1')).toBe(1);
    expect(readCount('--limit', '250000')).toBe(250_000);
  });

  test.each(['0', '-1', '1.5', '1e3', '', 'all', '0x10', '99999999999999999'])(
    '%j is refused',
    (text) => {
      expect(() => readCount('--limit', text)).toThrow('--limit is a whole number of at least 1');
    },
  );
});

test('a word that is no choice is refused with the choices', () => {
  expect(readChoice('--format', 'csv', ['table', 'csv'])).toBe('csv');
  expect(() => readChoice('--format', 'CSV', ['table', 'csv'])).toThrow(
    '--format is one of table, csv, not "CSV"',
  );
});
