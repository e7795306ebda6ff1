import { createReadStream, type Stats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { Failure, textOf } from '../../../shared/failure/failure.ts';

/** Something given to open. */
export interface Given {
  readonly path: string;
  /** What the user calls it; the path itself unless that is only a copy. */
  readonly name: string;
}

/** A regular file under a folder. */
export interface FolderFile {
  readonly path: string;
  readonly info: Stats;
}

/** Facts of something given, which is there and can be read. */
export async function statOf({ path: file, name }: Given): Promise<Stats> {
  let info: Stats;
  try {
    info = await stat(file);
  } catch (thrown) {
    throw pathFailure(name, thrown);
  }
  if (info.isFile()) await probe(file, name);
  else if (!info.isDirectory()) {
    throw new Failure('path-unsupported', { path: name, what: 'no regular file' });
  }
  return info;
}

/** Opens the file and closes it again, so that a missing permission shows before the work begins. */
async function probe(file: string, name: string): Promise<void> {
  const stream = createReadStream(file, { end: 0 });
  await new Promise<void>((resolve, reject) => {
    stream.once('error', (thrown) => reject(pathFailure(name, thrown)));
    stream.once('close', () => resolve());
    stream.resume();
  });
}

function pathFailure(given: string, thrown: unknown): Failure {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return new Failure('path-missing', { path: given });
  const reason = code === 'EACCES' || code === 'EPERM' ? 'permission denied' : textOf(thrown);
  return new Failure('path-unreadable', { path: given, reason }, thrown);
}

/**
 * Regular files under a folder in the order of their names; links are not followed.
 *
 * @param onFailure told of a folder or file inside that cannot be read; the others still come
 */
export async function* filesUnder(
  folder: string,
  onFailure: (failure: Failure) => void,
): AsyncGenerator<FolderFile> {
  const pending = [await realpath(folder)];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const folders: string[] = [];
    for (const name of await namesIn(next, onFailure)) {
      const file = path.join(next, name);
      try {
        const info = await lstat(file);
        if (info.isDirectory()) folders.push(file);
        else if (info.isFile()) {
          await probe(file, file);
          yield { path: file, info };
        }
      } catch (thrown) {
        onFailure(thrown instanceof Failure ? thrown : pathFailure(file, thrown));
      }
    }
    pending.push(...folders.reverse());
  }
}

async function namesIn(
  folder: string,
  onFailure: (failure: Failure) => void,
): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (thrown) {
    onFailure(pathFailure(folder, thrown));
    return [];
  }
}
