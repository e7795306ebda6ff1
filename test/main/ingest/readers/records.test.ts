import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CsvRecords,
  cellsOf,
  separatorOf,
} from '../../../../main/engine/ingest/readers/csv-records.ts';
import { JsonRecords } from '../../../../main/engine/ingest/readers/json-records.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function jsonRecords(text: string, chunk = text.length): readonly string[] {
  const records = new JsonRecords();
  const bytes = encode(text);
  let out = '';
  for (let at = 0; at < bytes.length; at += Math.max(chunk, 1)) {
    out += decode(records.push(bytes.subarray(at, at + Math.max(chunk, 1))));
  }
  out += decode(records.end());
  return out.split('\n').slice(0, -1);
}

describe('records in JSON', () => {
  it('are the objects on lines of their own', () => {
    expect(jsonRecords('{"a":1}\n{"b":"}{"}\r\n')).toEqual(['{"a":1}', '{"b":"}{"}']);
  });

  it('are the objects of an array at the top, spread over lines', () => {
    expect(jsonRecords('[\n {"a":\n1},\n {"b":[{}]}\n]\n')).toEqual(['{"a": 1}', '{"b":[{}]}']);
  });

  it.each(['messages', 'events', 'results'])('are the elements of "%s"', (key) => {
    const text = JSON.stringify({ from: 1, x: [{ no: 1 }], [key]: [{ a: 1 }, { b: 2 }], y: [{}] });
    expect(jsonRecords(text)).toEqual(['{"a":1}', '{"b":2}']);
  });

  it('are not the elements of such an array inside a record', () => {
    expect(jsonRecords('{"text":"t","x":{"events":[{"a":1}]}}')).toEqual([
      '{"text":"t","x":{"events":[{"a":1}]}}',
    ]);
  });

  it('begin anew after a line that broke off in a string', () => {
    expect(jsonRecords('{"a":"x\n{"b":1}\n')).toEqual(['{"a":"x', '{"b":1}']);
  });

  it('begin anew after a line that broke off between values', () => {
    expect(jsonRecords('{"a":1,\n{"b":1}\n{"c":1}\n')).toEqual(['{"a":1, ', '{"b":1}', '{"c":1}']);
  });

  it('go on in an export after a broken element', () => {
    const records = jsonRecords('{"messages":[{"a":1},{"b":"\n"},{"c":1}],"z":1}');
    expect(records).toContain('{"a":1}');
    expect(records).toContain('{"c":1}');
  });

  it('keep what is no JSON as lines', () => {
    expect(jsonRecords('plain [text]\n{"a":1}\n')).toEqual(['plain [text]', '{"a":1}']);
  });

  it('keep the end of a file that broke off', () => {
    expect(jsonRecords('{"messages":[{"a":1},{"b":')).toEqual(['{"a":1}', '{"b":']);
  });

  it('are cut where one never ends, so that memory stays bounded', () => {
    const records = new JsonRecords();
    let longest = records.push(encode('{"a":"')).length;
    const chunk = encode('x'.repeat(1 << 16));
    for (let i = 0; i < 64; i++) longest = Math.max(longest, records.push(chunk).length);
    expect(longest).toBe(0);
    expect(records.end().length).toBeLessThan((1 << 20) + 2);
  });

  it('are the same however the bytes are cut', () => {
    const values = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 8 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 40 }), fc.boolean(), (all, chunk, isExport) => {
        const text = isExport
          ? JSON.stringify({ from: 1, messages: all, facetingFields: [{ a: 1 }] }, null, 1)
          : all
              .filter((each) => !['messages', 'events', 'results'].some((key) => key in each))
              .map((each) => JSON.stringify(each))
              .join('\n');
        const want = isExport
          ? all
          : all.filter((each) => !['messages', 'events', 'results'].some((key) => key in each));
        const got = jsonRecords(text, chunk).map((line) => JSON.parse(line) as unknown);
        expect(got).toEqual(JSON.parse(JSON.stringify(want)));
      }),
      { numRuns: 500 },
    );
  });
});

function csvLines(text: string, chunk = text.length): readonly string[] {
  const records = new CsvRecords();
  const bytes = encode(text);
  let out = '';
  const decoder = new TextDecoder();
  for (let at = 0; at < bytes.length; at += chunk) {
    out += decoder.decode(records.push(bytes.subarray(at, at + chunk)), { stream: true });
  }
  return out.split('\n');
}

describe('records in CSV', () => {
  it('stand on one line each, even with line feeds in their cells', () => {
    expect(csvLines('a,"b\nc",d\n"x\r\ny"\nz')).toEqual(['a,"b c",d', '"x  y"', 'z']);
  });

  it('may hold quotes inside their cells', () => {
    expect(csvLines('a"b,c\n"d ""e""\n",f\n')).toEqual(['a"b,c', '"d ""e"" ",f', '']);
  });

  it('end at the line after a quote that is never closed', () => {
    const text = `a,"${'x'.repeat(300_000)}\nb,c\nd,e\n`;
    expect(csvLines(text).slice(1)).toEqual(['b,c', 'd,e', '']);
  });

  it('have the cells that were written', () => {
    const cell = fc.stringMatching(/^[a-z",; \n]{0,8}$/);
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 });
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 9 }), (rows, chunk) => {
        const text = rows
          .map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(','))
          .join('\n');
        const got = csvLines(text, chunk).map((line) => cellsOf(line, ','));
        expect(got).toEqual(rows.map((row) => row.map((each) => each.replaceAll('\n', ' '))));
      }),
    );
  });

  it.each([
    ['a,b;c,d', ','],
    ['a;b;c', ';'],
    ['a\tb', '\t'],
  ])('of the header %j are separated by %j', (header, separator) => {
    expect(separatorOf(header)).toBe(separator);
  });
});
