import { describe, expect, it } from 'vitest';
import { dateInPath, yearsOf } from '../../../../main/engine/ingest/readers/reference-date.ts';
import { readerByName } from '../../../../main/engine/ingest/readers/registry.ts';
import { contextOf, readWith } from './read-log.ts';

const REST =
  'esx-birch dfwpktlogs: 20411 INET match PASS domain-c8/1006 OUT 60 TCP 192.0.2.11/1->192.0.2.20/80 S';

async function yearsRead(
  lines: readonly string[],
  path: string,
  modifiedAt: string,
): Promise<readonly string[]> {
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
  const context = contextOf(bytes, path, new Date(modifiedAt));
  const { events } = await readWith(readerByName('nsx-dfw'), bytes, context);
  return events.map((event) => event.slice(0, 10));
}

const NEW_YEAR = [`<144>Dec 31 23:59:59 ${REST}`, `<144>Jan  1 00:00:01 ${REST}`];

describe('lines of RFC 3164, which name no year', () => {
  it.each([
    ['the file was written after New Year', 'dfw.log', '2026-01-01T06:00:00Z'],
    ['the file was written months later', 'dfw.log', '2026-07-01T00:00:00Z'],
    ['the file was written in the old year by UTC', 'dfw.log', '2025-12-31T23:00:00Z'],
    ['the name has the old year’s last day', 'dfw-2025-12-31.log', '2031-01-01T00:00:00Z'],
    ['the name has the new year’s first day', 'dfw-20260101.log', '2031-01-01T00:00:00Z'],
    ['the folders have the date', '2026/01/01/dfw.log', '2031-01-01T00:00:00Z'],
    ['the folder has the month', 'logs/2025-12/dfw.log', '2031-01-01T00:00:00Z'],
  ])('cross New Year where %s', async (_, path, modifiedAt) => {
    expect(await yearsRead(NEW_YEAR, path, modifiedAt)).toEqual(['2025-12-31', '2026-01-01']);
  });

  it('take a whole year from a file that was written on its last day', async () => {
    const lines = [`<144>Jan  1 00:00:01 ${REST}`, `<144>Dec 31 22:00:00 ${REST}`];
    expect(await yearsRead(lines, 'dfw.log', '2025-12-31T22:00:01Z')).toEqual([
      '2025-01-01',
      '2025-12-31',
    ]);
  });

  it('take the year from ISO times in other lines before the name and the file time', async () => {
    const lines = [`2019-01-01T00:00:00Z ${REST}`, ...NEW_YEAR];
    expect(await yearsRead(lines, 'dfw-2026-03-02.log', '2031-01-01T00:00:00Z')).toEqual([
      '2019-01-01',
      '2018-12-31',
      '2019-01-01',
    ]);
  });

  it.each([
    ['a date and a time with a blank between', '2019-01-01 00:00:00.5'],
    ['a year of its own', 'Jan 01 2019 00:00:00'],
  ])('take the year from another line with %s', async (_, time) => {
    const lines = [...NEW_YEAR, `${time} ${REST}`];
    expect(await yearsRead(lines, 'dfw.log', '2031-01-01T00:00:00Z')).toEqual([
      '2018-12-31',
      '2019-01-01',
      '2019-01-01',
    ]);
  });

  it('do not take it from a time in a label', () => {
    const line = `<144>Mar  2 08:00:00 ${REST} ${'x'.repeat(60)} 2011-01-01T00:00:00Z\n`;
    const years = yearsOf(contextOf(new TextEncoder().encode(line)));
    expect(years[2]).toBe(2026);
  });
});

describe('a date in a path', () => {
  it.each([
    ['dfw-2026-03-02.log', '2026-03-02'],
    ['dfw20260302.log.gz', '2026-03-02'],
    ['bundle.zip!esx-birch-2026-03-02--08.00/dfwpktlogs.log', '2026-03-02'],
    ['2025-01-01/dfw.2026_03_02.log', '2026-03-02'],
    ['2026/03/dfw.log', '2026-03-15'],
    ['dfw.log', undefined],
    ['dfw-20261302.log', undefined],
    ['dfw-120260302.log', undefined],
    ['2026-02-31.log', '2026-03-03'],
  ])('%s has %s', (path, day) => {
    expect(dateInPath(path)?.toISOString().slice(0, 10)).toBe(day);
  });
});
