import { writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { Failure, textOf } from '../../shared/failure/failure.ts';

/** The most the page may save, in bytes: four times the largest picture it makes. */
const MOST_BYTES = 512 * 1024 * 1024;

const contentSchema = v.pipe(
  v.instance(Uint8Array),
  v.check((bytes) => bytes.byteLength <= MOST_BYTES, 'too large'),
);

/**
 * Writes what the page made to the place the user chose; returns that place, `null` where none was chosen.
 *
 * @throws Failure `bad-arguments` or `write-failed`
 */
export async function writeChosen(target: string | null, content: unknown): Promise<string | null> {
  const bytes = v.safeParse(contentSchema, content);
  if (!bytes.success) {
    throw new Failure('bad-arguments', { call: 'save-file', problem: bytes.issues[0].message });
  }
  if (target === null) return null;
  try {
    await writeFile(target, bytes.output);
    return target;
  } catch (thrown) {
    throw new Failure('write-failed', { path: target, reason: textOf(thrown) }, thrown);
  }
}
