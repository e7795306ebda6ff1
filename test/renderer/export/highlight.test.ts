import { describe, expect, it } from 'vitest';
import { highlight } from '../../../renderer/export/highlight.ts';

describe('the colours of a preview', () => {
  it.each([
    ['a.json', '  "id": "x \\" y", 12 true', ['key', 'text', 'number', 'word']],
    ['a.xml', '<rule id="7">a &amp; b</rule>', ['key', 'word', 'text', 'key', 'key', 'key']],
    ['a.tf', 'name = "a" # note', ['key', 'text', 'comment']],
    ['a.csv', 'a,"b ""c""",d', ['text']],
  ])('of %s never lose or add a letter', (name, line, kinds) => {
    const tokens = highlight(name, line);
    expect(tokens.map(({ text }) => text).join('')).toBe(line);
    expect(tokens.map(({ kind }) => kind).filter((kind) => kind !== 'plain')).toEqual(kinds);
  });
});
