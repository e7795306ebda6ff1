import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { textOf } from '../../shared/failure/failure.ts';
import { answerText } from './static-files.ts';

/** Most bytes of an uploaded file's name; file systems take 255. */
const MOST_NAME_BYTES = 200;

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

/** Makes the private folder of a host's uploads, readable by this user only. */
export async function createUploadFolder(): Promise<UploadFolder> {
  // mkdtemp makes folders of mode 0700.
  const folder = await mkdtemp(path.join(tmpdir(), 'segwright-upload-'));
  let closed = false;

  async function store(name: string, request: IncomingMessage): Promise<string> {
    const place = await mkdtemp(path.join(folder, 'file-'));
    const file = path.join(place, name);
    try {
      await pipeline(request, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
      return file;
    } catch (thrown) {
      await rm(place, { recursive: true, force: true });
      throw thrown;
    }
  }

  return {
    async receive(request, response) {
      const given = new URL(request.url ?? '/', 'http://localhost').searchParams.get('name');
      const name = baseName(given ?? '');
      if (name === undefined || closed) {
        answerText(response, 400, 'The upload names no file: add ?name=FILE.');
        return;
      }
      try {
        const file = await store(name, request);
        response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
        response.end(JSON.stringify({ path: file }));
      } catch (thrown) {
        if (response.writable && !request.destroyed) {
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
