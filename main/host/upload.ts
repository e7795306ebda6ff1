import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, statfs, utimes } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { textOf } from '../../shared/failure/failure.ts';
import { answerText } from './static-files.ts';

/** The latest time a file may have, in milliseconds since 1970: the end of the year 9999. */
const MOST_MS = 253_402_300_799_999;

/** Most bytes of an uploaded file's name; file systems take 255. */
const MOST_NAME_BYTES = 200;

/** Uploads leave so much of the disk free, for the project and for everything else. */
const KEPT_FREE_BYTES = 512 * 1024 * 1024;

/** An upload for which there is no room; the message is a sentence. */
class NoRoom extends Error {
  override readonly name = 'NoRoom';
}

function sizeText(byteCount: number): string {
  const gigabytes = byteCount / 1e9;
  return gigabytes >= 1 ? `${gigabytes.toFixed(1)} GB` : `${Math.round(byteCount / 1e6)} MB`;
}

/** Passes bytes on until there are more than there is room for. */
function bounded(room: number, refusal: () => NoRoom): Transform {
  let taken = 0;
  return new Transform({
    transform(chunk: Uint8Array, _, done) {
      taken += chunk.length;
      if (taken > room) done(refusal());
      else done(null, chunk);
    },
  });
}

/** How an upload folder knows its limits. */
export interface UploadLimits {
  /** Free bytes of the disk that the folder is on. */
  readonly freeBytes: (folder: string) => Promise<number>;
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Keeps the files that pages send until the host closes. */
export interface UploadFolder {
  /** Streams the request's body into a file and answers `{"path"}`. */
  receive(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Deletes all uploaded files. */
  close(): Promise<void>;
}

/** The last part of a path of any system, free of control characters; nothing where none is left. */
export function baseName(name: string): string | undefined {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  // eslint-disable-next-line no-control-regex -- control characters are what is removed
  const clean = last.replace(/[\u0000-\u001f\u007f<>:"|?*]/g, '').trim();
  if (clean === '' || clean === '.' || clean === '..') return undefined;
  // The end is kept: it tells the kind of file.
  let kept = clean;
  while (Buffer.byteLength(kept) > MOST_NAME_BYTES) kept = kept.slice(1);
  // Half a surrogate pair may be left at the cut.
  return kept.replace(/^[\udc00-\udfff]/, '');
}

/**
 * Makes the private folder of a host's uploads, readable by this user only. An upload is refused where
 * less than 512 MiB of the disk would stay free.
 */
export async function createUploadFolder(
  { freeBytes }: UploadLimits = { freeBytes: freeBytesOf },
): Promise<UploadFolder> {
  // mkdtemp makes folders of mode 0700.
  const folder = await mkdtemp(path.join(tmpdir(), 'segwright-upload-'));
  let closed = false;

  async function store(
    name: string,
    modifiedAt: Date | null,
    request: IncomingMessage,
  ): Promise<string> {
    const free = await freeBytes(folder);
    const room = Math.max(0, free - KEPT_FREE_BYTES);
    const size = Number(request.headers['content-length'] ?? 0);
    const refusal = () =>
      new NoRoom(
        `There is no room for "${name}"${size > 0 ? ` (${sizeText(size)})` : ''}: of the ${sizeText(free)} free ` +
          `in ${tmpdir()}, ${sizeText(KEPT_FREE_BYTES)} must stay free. Type the file's path instead, or free some space.`,
      );
    if (size > room) throw refusal();
    const place = await mkdtemp(path.join(folder, 'file-'));
    const file = path.join(place, name);
    try {
      const target = createWriteStream(file, { flags: 'wx', mode: 0o600 });
      await pipeline(request, bounded(room, refusal), target);
      if (modifiedAt !== null) await utimes(file, modifiedAt, modifiedAt);
      return file;
    } catch (thrown) {
      await rm(place, { recursive: true, force: true });
      throw thrown;
    }
  }

  return {
    async receive(request, response) {
      const question = new URL(request.url ?? '/', 'http://localhost').searchParams;
      const name = baseName(question.get('name') ?? '');
      const modified = Number(question.get('modified') ?? Number.NaN);
      if (name === undefined || closed) {
        answerText(response, 400, 'The upload names no file: add ?name=FILE.');
        return;
      }
      try {
        const modifiedAt = modified > 0 && modified < MOST_MS ? new Date(modified) : null;
        const file = await store(name, modifiedAt, request);
        response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
        response.end(JSON.stringify({ path: file }));
      } catch (thrown) {
        if (thrown instanceof NoRoom && response.writable) {
          request.resume();
          answerText(response, 507, thrown.message);
        } else if (response.writable && !request.destroyed) {
          answerText(response, 507, `The upload could not be kept: ${textOf(thrown)}.`);
        } else {
          response.destroy();
        }
      }
    },
    async close() {
      closed = true;
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
