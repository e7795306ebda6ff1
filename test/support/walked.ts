import { walk } from '../../main/engine/archive/members.ts';
import { Failure } from '../../shared/failure/failure.ts';
import { type CancelSignal, NEVER } from '../../shared/ipc/cancel.ts';

/** What a walk gave. */
export interface Walked {
  /** Name behind the first `!`, empty for the file itself, and the bytes. */
  readonly members: readonly (readonly [string, Buffer])[];
  readonly skipped: readonly (readonly [string, string])[];
  /** Everything that failed, in order: of members, of archives inside, and of what was given. */
  readonly failures: readonly Failure[];
  /** Errors that streams of members ended with. */
  readonly damages: readonly string[];
}

/** How a test reads members. */
export interface Reading {
  readonly signal?: CancelSignal;
  /** True to keep no bytes. */
  readonly isForgetful?: boolean;
  /** True to leave every member unread. */
  readonly isIdle?: boolean;
  readonly onChunk?: (length: number) => void;
}

/** Walks a path and reads every member to its end. */
export async function walked(path: string, reading: Reading = {}): Promise<Walked> {
  const members: (readonly [string, Buffer])[] = [];
  const skipped: (readonly [string, string])[] = [];
  const failures: Failure[] = [];
  const damages: string[] = [];
  const inner = (name: string) => name.slice(path.length + 1);
  const visitor = {
    async visit(member: { readonly path: string; readonly chunks: AsyncIterable<Uint8Array> }) {
      if (reading.isIdle === true) return;
      const parts: Uint8Array[] = [];
      try {
        for await (const chunk of member.chunks) {
          if (reading.isForgetful !== true) parts.push(chunk);
          reading.onChunk?.(chunk.length);
        }
      } catch (thrown) {
        if (thrown instanceof Failure) failures.push(thrown);
        else if (thrown instanceof Error && thrown.name !== 'Cancelled') {
          damages.push(thrown.message);
        } else throw thrown;
      }
      members.push([inner(member.path), Buffer.concat(parts)]);
    },
    skip: (name: string, reason: string) => void skipped.push([inner(name), reason]),
    fail: (failure: Failure) => void failures.push(failure),
    onBytes: () => undefined,
  };
  try {
    await walk({ path, name: path }, visitor, reading.signal ?? NEVER);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    if (!failures.includes(thrown)) failures.push(thrown);
  }
  return { members, skipped, failures, damages };
}
