import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Dictionary } from '../../../main/engine/ingest/dictionary.ts';
import { FIRST_ADDRESS_CODE, Names } from '../../../main/engine/ingest/names.ts';

it('gives every text one code and every code its text', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3_000 }), (texts) => {
      const dictionary = new Dictionary(7, 10_000);
      const codes = texts.map((text) => dictionary.codeOfText(text));
      expect(codes.map((code) => dictionary.textOf(code))).toEqual(texts);
      expect(dictionary.size).toBe(new Set(texts).size);
      const copy = new Dictionary(7, 10_000);
      for (const { code, text } of dictionary.entriesFrom(0)) copy.restore(code, text);
      expect(texts.map((text) => copy.codeOfText(text))).toEqual(codes);
    }),
    { numRuns: 30 },
  );
});

it('says so when it is full instead of giving a wrong code', () => {
  const dictionary = new Dictionary(0, 2);
  dictionary.codeOfText('a');
  dictionary.codeOfText('b');
  expect(dictionary.codeOfText('a')).toBe(0);
  expect(() => dictionary.codeOfText('c')).toThrow(/more than 2/);
});

it('knows an IPv6 address by any spelling', () => {
  const names = new Names();
  const code = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    return names.ipv6Code(bytes, 0, bytes.length);
  };
  expect(code('2001:db8:0:0:0:0:0:1')).toBe(code('2001:DB8::1'));
  expect(names.addressText(code('2001:db8::1'))).toBe('2001:db8::1');
  expect(code('2001:db8::1::2')).toBe(-1);
});

it('codes every IPv4 address so that its text comes back, reserved ones too', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
      const names = new Names();
      const code = names.ipv4Code(value);
      const text = [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
      expect(names.addressText(code)).toBe(text);
      expect(names.addressCode(text)).toBe(code);
      expect(code < FIRST_ADDRESS_CODE).toBe(value < FIRST_ADDRESS_CODE);
    }),
  );
});

it('keeps its own copy of a text, so that a reused buffer changes nothing', () => {
  const dictionary = new Dictionary(0, 10);
  const buffer = Buffer.from('WEB,APP');
  expect(dictionary.codeOf(buffer, 0, 3)).toBe(0);
  buffer.write('XXX');
  expect(dictionary.codeOfText('WEB')).toBe(0);
  expect(dictionary.codeOf(buffer, 0, 3)).toBe(1);
});
