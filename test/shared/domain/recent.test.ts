import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatRecentFiles,
  MAX_RECENT_FILES,
  parseRecentFiles,
  withRecentFile,
  type RecentFile,
} from '../../../shared/domain/recent.ts';

const anyFile: fc.Arbitrary<RecentFile> = fc.record({
  kind: fc.constantFrom('project', 'archive'),
  path: fc.string({ minLength: 1, maxLength: 40 }),
  at: fc.integer({ min: 0, max: 2 ** 45 }),
});

describe('the files opened before', () => {
  it('are written and read again', () => {
    fc.assert(
      fc.property(fc.array(anyFile, { maxLength: MAX_RECENT_FILES }), (files) => {
        expect(parseRecentFiles(formatRecentFiles(files))).toEqual(files);
      }),
    );
  });

  it('hold the last opened first, each path once, and not too many', () => {
    fc.assert(
      fc.property(fc.array(anyFile, { maxLength: 30 }), (opened) => {
        const files = opened.reduce<readonly RecentFile[]>(withRecentFile, []);
        expect(files.length).toBeLessThanOrEqual(MAX_RECENT_FILES);
        expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
        expect(files[0]).toEqual(opened.at(-1));
      }),
    );
  });

  it('are none where the text is damaged', () => {
    for (const text of [null, '', '{', '[1]', '[{"kind":"other","path":"a","at":1}]', '{}']) {
      expect(parseRecentFiles(text)).toEqual([]);
    }
  });

  it('forget the oldest rather than grow beyond what a setting holds', () => {
    const files = Array.from({ length: 10 }, (_, at): RecentFile => {
      return { kind: 'archive', path: `/${String(at)}${'x'.repeat(2_000)}`, at };
    });
    const text = formatRecentFiles(files);
    expect(text.length).toBeLessThanOrEqual(10_000);
    expect(parseRecentFiles(text)).toEqual(files.slice(0, 4));
  });
});
