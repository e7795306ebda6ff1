import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FILTER_FIELDS,
  formatFilter,
  parseFilter,
  type FilterTerm,
} from '../../../shared/domain/filter.ts';

/** Any value without quotes, which the language cannot say, and without blanks at its ends. */
const value = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
    fc.constantFrom('a b', 'a|b', '-x', 'src:x', '::', '2001:db8::1', 'TCP/80'),
  )
  .map((text) => text.replaceAll('"', '').trim())
  .filter((text) => text !== '');

const term: fc.Arbitrary<FilterTerm> = fc.record({
  field: fc.constantFrom(...FILTER_FIELDS),
  exclude: fc.boolean(),
  values: fc.array(value, { minLength: 1, maxLength: 4 }),
});

function termsOf(text: string): readonly FilterTerm[] {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.terms;
}

const plain = (field: FilterTerm['field'], ...values: readonly string[]): FilterTerm => ({
  field,
  exclude: false,
  values,
});

describe('the filter language', () => {
  it('reads back the terms it wrote', () => {
    fc.assert(
      fc.property(fc.array(term, { maxLength: 5 }), (terms) => {
        expect(termsOf(formatFilter(terms))).toEqual(terms);
      }),
      { numRuns: 500 },
    );
  });

  it('understands any text or says what is wrong with it, and never throws', () => {
    const text = fc.array(
      fc.oneof(fc.string(), fc.constantFrom('src:', '-', '"', '|', ' ', ':', 'x:y')),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(text, (parts) => {
        const parsed = parseFilter(parts.join(''));
        if (!parsed.ok) expect(parsed.problem).not.toBe('');
        else for (const { values } of parsed.terms) expect(values.length).toBeGreaterThan(0);
      }),
    );
  });

  it('means the same once it was written again', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        const parsed = parseFilter(text);
        if (parsed.ok) expect(termsOf(formatFilter(parsed.terms))).toEqual(parsed.terms);
      }),
      { numRuns: 500 },
    );
  });

  it('reads fields by their names and by their short names, in any case', () => {
    expect(termsOf('src:A DST:B addr:C ip:D svc:TCP/80 port:TCP/81 dir:IN Action:DROP')).toEqual([
      plain('source', 'A'),
      plain('destination', 'B'),
      plain('address', 'C'),
      plain('address', 'D'),
      plain('service', 'TCP/80'),
      plain('service', 'TCP/81'),
      plain('direction', 'IN'),
      plain('action', 'DROP'),
    ]);
  });

  it('reads several values, and a leading dash as an exclusion', () => {
    expect(termsOf('-action:DROP|REJECT -192.0.2.1')).toEqual([
      { field: 'action', exclude: true, values: ['DROP', 'REJECT'] },
      { field: 'address', exclude: true, values: ['192.0.2.1'] },
    ]);
  });

  it('reads what an analyst types', () => {
    expect(
      termsOf('10.1.2.0/24 !443 tag:SGTSWEB tcp/8443 app:BOOKS !group:SGTSDB host:cedar'),
    ).toEqual([
      plain('address', '10.1.2.0/24'),
      { field: 'service', exclude: true, values: ['443'] },
      plain('tag', 'SGTSWEB'),
      plain('service', 'tcp/8443'),
      plain('address', 'app:BOOKS'),
      { field: 'address', exclude: true, values: ['group:SGTSDB'] },
      plain('host', 'cedar'),
    ]);
  });

  it('keeps blanks and bars inside quotes', () => {
    expect(termsOf('src:"web tier"|"a|b" "two words"')).toEqual([
      plain('source', 'web tier', 'a|b'),
      plain('address', 'two words'),
    ]);
    expect(termsOf('src:"still open')).toEqual([plain('source', 'still open')]);
  });

  it.each(['2001:db8::1', 'fe80::1', 'abcd::1', 'fd00:db8:1::/48', '::1', '::'])(
    'takes the IPv6 literal %s as a bare word',
    (text) => {
      expect(termsOf(text)).toEqual([plain('address', text)]);
      expect(termsOf(`-src:${text}`)).toEqual([{ field: 'source', exclude: true, values: [text] }]);
    },
  );

  it('says which field it does not know, and which it knows', () => {
    const parsed = parseFilter('src:A colour:red');
    expect(parsed).toEqual({
      ok: false,
      problem:
        '"colour" is no field; fields are source, destination, address, service, action, rule, tag, direction, seen, vantage, host, src, dst, addr, ip, svc, port, dir, group, application, app, protocol, proto, verdict, ruleid',
    });
  });

  it.each(['src:', '-src:', 'src:""', 'src:|', '""'])('says that "%s" names no value', (text) => {
    expect(parseFilter(text)).toEqual({ ok: false, problem: `"${text}" names no value` });
  });

  it('reads an empty text as no terms', () => {
    expect(termsOf('')).toEqual([]);
    expect(termsOf(' \t\n ')).toEqual([]);
    expect(formatFilter([])).toBe('');
  });
});
