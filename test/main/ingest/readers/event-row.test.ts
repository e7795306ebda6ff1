import { describe, expect, it } from 'vitest';
import { Names } from '../../../../main/engine/ingest/names.ts';
import { EventRow } from '../../../../main/engine/ingest/readers/event-row.ts';

describe('an address in a field', () => {
  it('keeps its code however many others were read since', () => {
    const names = new Names();
    const row = new EventRow(names);
    const texts = Array.from({ length: 5_000 }, (_, i) => `2001:db8::${(i + 1).toString(16)}`);
    const codes = texts.map((text) => row.address(text));
    expect(new Set(codes).size).toBe(texts.length);
    expect(texts.map((text) => row.address(text))).toEqual(codes);
    expect(codes.map((code) => names.addressText(Number(code)))).toEqual(texts);
  });

  it.each([
    ['fe80::1%eth0', 'fe80::1'],
    ['2001:0db8:0:0:0:0:0:1', '2001:db8::1'],
    ['192.0.2.1', '192.0.2.1'],
    ['250.0.2.1', '250.0.2.1'],
  ])('%s is the address %s', (text, address) => {
    const names = new Names();
    expect(names.addressText(Number(new EventRow(names).address(text)))).toBe(address);
  });

  it.each([
    ['web-server', 'name for address'],
    ['3com-switch.example.com', 'name for address'],
    ['1192.168.2.2', 'bad address'],
    ['192.168.256.51', 'bad address'],
    ['[192.0.2.1', 'bad address'],
    ['2001:db8::x', 'bad address'],
    ['', 'bad address'],
    ['ü'.repeat(64), 'bad address'],
    ['9'.repeat(1_000), 'bad address'],
  ])('%s is a %s', (text, reason) => {
    expect(new EventRow(new Names()).address(text)).toBe(reason);
  });
});
