import { extract, type Header } from 'tar-stream';
import { Cancelled, Failure, textOf } from '../../../shared/failure/failure.ts';
import type { Chunks } from './byte-stream.ts';
import type { Found, Walk } from './member.ts';
import { nameRefusal } from './refusals.ts';

/**
 * Looks into every member of a tar.
 *
 * @throws Failure `archive-damaged` where it breaks off, after the members before that
 */
export async function walkTar(found: Found, walk: Walk): Promise<void> {
  const unpacker = extract();
  const pump = new Pump(unpacker, found.chunks);
  try {
    for await (const entry of unpacker) {
      if (walk.signal.aborted) throw new Cancelled();
      walk.budget.countMember();
      const path = `${found.path}!${entry.header.name}`;
      const refusal = entry.header.type === 'directory' ? '' : refusalOf(entry.header);
      if (refusal !== undefined) {
        if (refusal !== '') walk.visitor.skip(path, refusal);
        entry.resume();
        continue;
      }
      const chunks = entryChunks(entry, pump);
      const modifiedAt = entry.header.mtime;
      const depth = found.depth + 1;
      await walk.descend({ path, isGiven: false, modifiedAt, chunks, file: null, depth });
    }
    pump.throwDamage();
  } catch (thrown) {
    const error = thrown instanceof Cancelled ? thrown : (pump.damage?.error ?? thrown);
    if (error instanceof Failure || error instanceof Cancelled) throw error;
    throw new Failure(
      'archive-damaged',
      { path: found.path, reason: textOf(error), kept: 'The files' },
      error,
    );
  } finally {
    unpacker.destroy();
    await pump.done;
  }
}

/** The writing end of a tar reader. */
interface Sink {
  readonly destroyed: boolean;
  write(chunk: Uint8Array): boolean;
  end(data: undefined): unknown;
  once(event: 'drain' | 'close', listener: () => void): unknown;
}

/**
 * Feeds a tar reader. Where the bytes break off, the reader is ended instead of destroyed, so that
 * every entry before the damage is still read.
 */
class Pump {
  damage: { readonly error: unknown } | undefined;
  readonly done: Promise<void>;

  constructor(sink: Sink, chunks: Chunks) {
    this.done = this.#run(sink, chunks);
  }

  throwDamage(): void {
    if (this.damage !== undefined) throw this.damage.error;
  }

  async #run(sink: Sink, chunks: Chunks): Promise<void> {
    try {
      for await (const chunk of chunks) {
        if (sink.destroyed) return;
        if (!sink.write(chunk)) await drained(sink);
      }
    } catch (error) {
      this.damage = { error };
    }
    if (!sink.destroyed) sink.end(undefined);
  }
}

async function drained(sink: Sink): Promise<void> {
  if (sink.destroyed) return;
  await new Promise<void>((resolve) => {
    sink.once('drain', resolve);
    sink.once('close', resolve);
  });
}

/** The bytes of an entry; what is left unread when the reader stops is passed over, as tar needs it. */
async function* entryChunks(
  entry: AsyncIterable<unknown> & { resume(): unknown },
  pump: Pump,
): Chunks {
  const iterator = entry[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return;
      if (next.value instanceof Uint8Array) yield next.value;
    }
  } catch (thrown) {
    throw pump.damage?.error ?? thrown;
  } finally {
    entry.resume();
  }
}

/** Why an entry is not read; nothing where it is. */
function refusalOf({ type, name }: Header): string | undefined {
  switch (type) {
    case 'file':
    case 'contiguous-file':
      return nameRefusal(name);
    case 'link':
      return 'a link, which is not followed';
    case 'symlink':
      return 'a symlink, which is not followed';
    case 'character-device':
    case 'block-device':
      return 'a device, which is not read';
    case 'fifo':
      return 'a fifo, which is not read';
    case 'directory':
    default:
      return 'an entry of an unknown type';
  }
}
