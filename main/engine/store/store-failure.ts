import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { Failure, textOf } from '../../../shared/failure/failure.ts';

const DISK_FULL =
  /no space left|disk full|disk quota|could not write|max_temp_directory_size|failed to offload/i;
const READ_ONLY =
  /read-only file ?system|permission denied|operation not permitted|read-only mode/i;

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.slice(0, 200) ?? '';
}

/**
 * The failure behind an error of the database, where it is one of the machine and no mistake of
 * Segwright: `disk-full`, `memory-full`, `project-unwritable`; else `null`. The texts are DuckDB's
 * and the system's (errno(3)).
 *
 * @param file the project file
 */
export function storeFailure(thrown: unknown, file: string): Failure | null {
  if (thrown instanceof Failure) return thrown;
  const message = textOf(thrown);
  const reason = firstLine(message);
  if (DISK_FULL.test(message)) return new Failure('disk-full', { path: file, reason }, thrown);
  if (/out of memory/i.test(message)) return new Failure('memory-full', { reason }, thrown);
  if (READ_ONLY.test(message)) {
    return new Failure('project-unwritable', { path: file, reason }, thrown);
  }
  return null;
}

function isAllowed(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}

/** Whether the project file, or the folder it would be made in, can be read but not written. */
export function isUnwritable(file: string): boolean {
  let place = file;
  while (!existsSync(place) && path.dirname(place) !== place) place = path.dirname(place);
  return isAllowed(place, constants.R_OK) && !isAllowed(place, constants.W_OK);
}
