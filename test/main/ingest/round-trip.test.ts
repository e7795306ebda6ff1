import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMS, linesOf } from '../../support/dfw-writer.ts';
import { parseLine } from '../../support/parsed-line.ts';

describe('what is written as a DFW line is read from it, field by field', () => {
  it.each(FORMS)('in the form %s', (form) => {
    fc.assert(
      fc.property(linesOf(form), ({ line, want }) => {
        expect(parseLine(line)).toEqual(want);
      }),
      { numRuns: 1_000 },
    );
  });
});
