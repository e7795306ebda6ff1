import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { WORDS } from './line-soup.ts';

/** The lines of the DFW fixtures, from which guided fuzzing starts. */
export function fixtureLines(folder: string): readonly Uint8Array[] {
  return ['valid', 'invalid'].flatMap((kind) =>
    readdirSync(path.join(folder, kind))
      .filter((name) => name.endsWith('.log'))
      .flatMap((name) => readFileSync(path.join(folder, kind, name), 'latin1').split('\n'))
      .filter((line) => line !== '')
      .map((line) => Uint8Array.from(Buffer.from(line, 'latin1'))),
  );
}

/** Words that guided fuzzing puts into lines. */
export const WORD_BYTES: readonly Uint8Array[] = WORDS.map((word) =>
  new TextEncoder().encode(word),
);
