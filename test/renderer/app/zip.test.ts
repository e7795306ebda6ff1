import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { zipOf } from '../../../renderer/app/zip.ts';
import { highlight } from '../../../renderer/export/highlight.ts';

describe('an archive of files', () => {
  it('is read by others, names and texts of any letters included', async () => {
    const files = { 'a.json': '{}\n', 'größe.md': 'ü'.repeat(70_000), 'empty.csv': '' };
    const blob = zipOf(Object.entries(files).map(([name, text]) => ({ name, text })));
    const reader = new FileReader();
    const bytes = await new Promise<Buffer>((resolve) => {
      reader.onload = () => resolve(Buffer.from(reader.result as ArrayBuffer));
      reader.readAsArrayBuffer(blob);
    });
    const zip = await fromBufferPromise(bytes);
    const read: Record<string, string> = {};
    for await (const entry of zip.eachEntry()) {
      const parts: Buffer[] = [];
      for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
      const content = Buffer.concat(parts);
      expect(crc32(content)).toBe(entry.crc32);
      read[entry.fileName] = content.toString('utf8');
    }
    expect(read).toEqual(files);
  });
});

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
