import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseIsoTime } from '../../../main/engine/ingest/line-time.ts';

function read(text: string): number {
  const bytes = new TextEncoder().encode(text);
  return parseIsoTime(bytes, 0, bytes.length);
}

it('reads every time as JavaScript does, with any zone', () => {
  const date = fc.date({
    min: new Date('1970-01-01T00:00:00Z'),
    max: new Date('2199-12-31T00:00:00Z'),
    noInvalidDate: true,
  });
  const zone = fc.constantFrom('Z', '+00:00', '+05:30', '-08:00', '+1400');
  fc.assert(
    fc.property(date, zone, (at, suffix) => {
      const local = at.toISOString().slice(0, -1);
      const standard = suffix === '+1400' ? '+14:00' : suffix;
      expect(read(local + suffix)).toBe(Date.parse(local + standard));
    }),
  );
});

it.each([
  ['2026-03-02T08:00:00Z', '2026-03-02T08:00:00.000Z'],
  ['2026-03-02T08:00:00.1Z', '2026-03-02T08:00:00.100Z'],
  ['2026-03-02T08:00:00.123456+00:00', '2026-03-02T08:00:00.123Z'],
  ['2026-03-02T08:00:00', '2026-03-02T08:00:00.000Z'],
  ['2026-03-02 08:00:00Z', '2026-03-02T08:00:00.000Z'],
  ['2026-03-02 08:00:00,12', '2026-03-02T08:00:00.120Z'],
])('reads %s', (text, want) => {
  expect(new Date(read(text)).toISOString()).toBe(want);
});

it.each([
  '2026-13-02T08:00:00Z',
  '2026-03-02T25:00:00Z',
  '2026-03-02_08:00:00Z',
  '2026-03-02T08:00:00;123Z',
  'x',
  '2026-03-02T08:00:00Q',
])('refuses %s', (text) => {
  expect(read(text)).toBeNaN();
});
