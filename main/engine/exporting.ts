import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ExportDocument, ExportPreview, ExportRequest } from '../../shared/domain/export.ts';
import { Failure, textOf } from '../../shared/failure/failure.ts';
import { exportRuleset, refuseErrors } from './exchange/export.ts';
import type { ExportInput } from './exchange/format.ts';

/** Characters of every file that a preview shows. */
const HEAD_LENGTH = 256 * 1024;

/** Characters of one page of a file. */
const PAGE_LENGTH = 1024 * 1024;

/** Problems a preview lists. */
const PROBLEMS = 500;

/** What was saved, and where. */
export interface Saved {
  /** The file that was asked for, or the folder. */
  readonly path: string;
  readonly bytes: number;
  /** All files written; the first is the one to load. */
  readonly files: readonly string[];
}

/** Part of a file's text. */
export interface FilePage {
  readonly text: string;
  /** Where the next page begins; `null` after the last. */
  readonly next: number | null;
}

function headOf(text: string): string {
  if (text.length <= HEAD_LENGTH) return text;
  const end = text.lastIndexOf('\n', HEAD_LENGTH);
  return text.slice(0, end <= 0 ? HEAD_LENGTH : end + 1);
}

function linesOf(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return text === '' || text.endsWith('\n') ? lines : lines + 1;
}

function previewOf(document: ExportDocument): ExportPreview {
  return {
    ...document,
    problems: document.problems.slice(0, PROBLEMS),
    problemCount: document.problems.length,
    files: document.files.map(({ name, mediaType, text }) => {
      const head = headOf(text);
      return {
        name,
        mediaType,
        bytes: Buffer.byteLength(text),
        lines: linesOf(text),
        head,
        isWhole: head.length === text.length,
      };
    }),
  };
}

async function isFolder(target: string): Promise<boolean> {
  try {
    return (await stat(target)).isDirectory();
  } catch {
    return false;
  }
}

/** A place to save to: a folder, or the path of the first file with what the names of the others begin with. */
interface Place {
  readonly folder: string;
  /** The name of the first file; `null` where it keeps its own. */
  readonly first: string | null;
}

/** Endings that say of a file what it is. */
const ENDINGS = ['.json', '.xml', '.tf', '.csv', '.md', '.html'];

/** The name of the first file: the wanted one, with the ending of what it holds. */
function fileName(target: string, name = ''): string {
  const wanted = path.basename(target);
  const [own, right] = [path.extname(wanted), path.extname(name)];
  const isOther = own === '' || (ENDINGS.includes(own.toLowerCase()) && own !== right);
  return isOther ? path.basename(wanted, own) + right : wanted;
}

/**
 * Where the files go: into the folder where `target` is one (it exists as one, ends with a separator, or has
 * no ending and there are several files); else the first file is `target`, and the others stand beside it
 * under its name. An ending that is another format's becomes the right one.
 */
async function placeOf(target: string, names: readonly string[]): Promise<Place> {
  const fileCount = names.length;
  const wantsFolder =
    /[\\/]$/.test(target) ||
    (await isFolder(target)) ||
    (fileCount > 1 && path.extname(target) === '');
  if (!wantsFolder) return { folder: path.dirname(target), first: fileName(target, names[0]) };
  await mkdir(target, { recursive: true });
  return { folder: target, first: null };
}

/** What a document is made of, and a text that changes whenever that does. */
export interface ExportSource {
  readonly input: ExportInput;
  readonly state: string;
}

/** Writes documents, keeps the last one, and hands it out in pieces. */
export class ExportDesk {
  readonly #read: (request: ExportRequest) => Promise<ExportSource>;
  #last: { readonly key: string; readonly document: ExportDocument } | undefined;

  constructor(read: (request: ExportRequest) => Promise<ExportSource>) {
    this.#read = read;
  }

  /** @throws Failure `export-empty` */
  async preview(request: ExportRequest): Promise<ExportPreview> {
    return previewOf(await this.#document(request));
  }

  /** @throws Failure `export-impossible` where there is no such file */
  async page(request: ExportRequest, name: string, offset: number): Promise<FilePage> {
    const document = refuseErrors(await this.#document(request));
    const file = document.files.find((each) => each.name === name);
    if (file === undefined) {
      const problem = `there is no file "${name}"`;
      throw new Failure('bad-arguments', { call: 'export.file', problem });
    }
    const end = offset + PAGE_LENGTH;
    return { text: file.text.slice(offset, end), next: end < file.text.length ? end : null };
  }

  /** @throws Failure `export-empty`, `export-impossible` or `write-failed` */
  async save(request: ExportRequest, target: string): Promise<Saved> {
    const document = refuseErrors(await this.#document(request));
    try {
      const { folder, first } = await placeOf(
        target,
        document.files.map(({ name }) => name),
      );
      const { input } = await this.#read(request);
      const { files } =
        first === null ? document : exportRuleset(request, input, path.parse(first).name);
      const places = files.map(({ name }, at) =>
        path.join(folder, at === 0 ? (first ?? name) : name),
      );
      let bytes = 0;
      for (const [at, { text }] of files.entries()) {
        await writeFile(places[at] ?? '', text);
        bytes += Buffer.byteLength(text);
      }
      return { path: first === null ? target : (places[0] ?? target), bytes, files: places };
    } catch (thrown) {
      throw new Failure('write-failed', { path: target, reason: textOf(thrown) }, thrown);
    }
  }

  async #document(request: ExportRequest): Promise<ExportDocument> {
    const { input, state } = await this.#read(request);
    const key = JSON.stringify([state, request]);
    if (this.#last?.key === key) return this.#last.document;
    const document = exportRuleset(request, input);
    this.#last = { key, document };
    return document;
  }
}
