import { plural } from '../ui/format.ts';
import type { Chosen, Dropped } from './platform.ts';

/** Most files that one drop may bring; a call of the engine takes so many. */
const MOST_FILES = 1_000;

/** What the drop holds, taken while it may be asked: a browser forgets it when the event is over. */
export interface DroppedItem {
  readonly entry: FileSystemEntry | null;
  readonly file: File | null;
}

/** The files and folders of a drop. Must be called while the drop's event is handled. */
export function itemsOf(transfer: DataTransfer): readonly DroppedItem[] {
  return [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

/** All entries of a folder; the browser gives them a hundred at a time. */
async function entriesIn(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return all.sort((a, b) => (a.name < b.name ? -1 : 1));
    all.push(...some);
    if (all.length > MOST_FILES) return all;
  }
}

async function walk(entry: FileSystemEntry, found: Chosen[]): Promise<void> {
  if (found.length > MOST_FILES) return;
  if (isFolder(entry)) {
    for (const each of await entriesIn(entry)) await walk(each, found);
  } else if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => {
      entry.file(resolve, reject);
    });
    found.push({ kind: 'file', file, name: entry.fullPath.replace(/^\//, '') });
  }
}

/** The files of a drop, and all files under its folders, named by their paths below what was dropped. */
export async function filesOf(items: readonly DroppedItem[]): Promise<Dropped> {
  const found: Chosen[] = [];
  try {
    for (const { entry, file } of items) {
      if (entry !== null && isFolder(entry)) await walk(entry, found);
      else if (file !== null) found.push({ kind: 'file', file });
    }
  } catch {
    const problem =
      'The browser could not read the folder. Type its path under "Path on this computer", or drop the files in it.';
    return { ok: false, problem };
  }
  if (found.length > MOST_FILES) {
    const problem = `These are more than ${plural(MOST_FILES, 'file')}. Type the folder's path under "Path on this computer".`;
    return { ok: false, problem };
  }
  if (found.length > 0) return { ok: true, chosen: found };
  const isEmpty = items.some(({ entry }) => entry?.isDirectory === true);
  const problem = isEmpty ? 'The folder holds no files.' : 'Nothing dropped here is a file.';
  return { ok: false, problem };
}
