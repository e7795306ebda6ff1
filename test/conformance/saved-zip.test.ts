import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { zipOf } from '../../renderer/app/zip.ts';

describe('an archive of files', () => {
  it('is read by others, names and texts of any letters included', async () => {
    const files = { 'a.json': '{}\n', 'größe.md': 'ü'.repeat(70_000), 'empty.csv': '' };
    const blob = zipOf(Object.entries(files).map(([name, text]) => ({ name, text })));
    const bytes = Buffer.from(await blob.arrayBuffer());
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
