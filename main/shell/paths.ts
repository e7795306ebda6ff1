import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { app } from 'electron';

/** Where the parts of the program and the user's own files lie. */
export interface ShellPaths {
  /** The folder the page is served from. */
  readonly page: string;
  readonly preload: string;
  /** The entry of the engine process. */
  readonly engine: string;
  readonly defaultProject: string;
  readonly settings: string;
  /** The sample archive that comes with the program. */
  readonly sample: string;
  /** What the shell remembers between sessions. */
  readonly remembered: string;
}

/**
 * Lays out the paths. `pageOverride` names another page folder; only a program that is not packaged
 * may be given one.
 */
export function shellPaths(userData: string, pageOverride: string | undefined): ShellPaths {
  const program = path.dirname(fileURLToPath(import.meta.url));
  return {
    page: pageOverride ?? path.join(program, '../renderer'),
    preload: path.join(program, 'preload.cjs'),
    engine: path.join(program, 'engine-process.js'),
    defaultProject: path.join(userData, 'projects', 'default.segw'),
    settings: path.join(userData, 'settings.json'),
    sample: app.isPackaged
      ? path.join(process.resourcesPath, 'sample', 'books-small.tgz')
      : path.join(program, '../../test/fixtures/sample/books-small.tgz'),
    remembered: path.join(userData, 'shell.json'),
  };
}

/** Makes the folder a file is to lie in. */
export function makeFolderOf(file: string): void {
  const folder = path.dirname(file);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
}

/**
 * The files and folders named on a command line, as absolute paths. Everything that looks like a
 * switch belongs to Chromium or to the system; after `--` everything is a path.
 */
export function pathsOfArguments(args: readonly string[], folder: string): readonly string[] {
  const end = args.indexOf('--');
  const before = end === -1 ? args : args.slice(0, end);
  const after = end === -1 ? [] : args.slice(end + 1);
  return [...before.filter((each) => !each.startsWith('-')), ...after]
    .filter((each) => each !== '')
    .map((each) => path.resolve(folder, each));
}

/** Whether a path names a Segwright project. */
export function isProjectPath(file: string): boolean {
  return path.extname(file).toLowerCase() === '.segw';
}
