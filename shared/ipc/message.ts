import * as v from 'valibot';
import { FAILURE_CODES, type FailureCode } from '../failure/codes.ts';

/**
 * What may change in the engine: the archives, the ruleset, the inventory, or only what undo and
 * redo would do.
 */
export const NEWS = ['project', 'ruleset', 'inventory', 'history'] as const;

/** What changed in the engine, told to every client: read it again. */
export type News = (typeof NEWS)[number];

function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(FAILURE_CODES, text);
}

const id = v.pipe(v.number(), v.integer(), v.minValue(1));

const failureRecord = v.object({
  code: v.pipe(
    v.string(),
    v.custom<FailureCode>((text) => typeof text === 'string' && isFailureCode(text)),
  ),
  message: v.string(),
  details: v.record(v.string(), v.union([v.string(), v.number()])),
  cause: v.exactOptional(v.string()),
});

/** What a client sends: a call, or the wish to cancel one. */
export const clientMessage = v.variant('kind', [
  v.object({ kind: v.literal('call'), id, name: v.string(), args: v.unknown() }),
  v.object({ kind: v.literal('cancel'), id }),
]);

/** What a server sends: progress of a call, its one answer, or news for every client. */
export const serverMessage = v.variant('kind', [
  v.object({ kind: v.literal('progress'), id, progress: v.unknown() }),
  v.object({ kind: v.literal('reply'), id, value: v.unknown() }),
  v.object({ kind: v.literal('failure'), id, failure: failureRecord }),
  v.object({ kind: v.literal('cancelled'), id }),
  v.object({ kind: v.literal('news'), news: v.picklist(NEWS) }),
]);

/** See {@link clientMessage}. */
export type ClientMessage = v.InferOutput<typeof clientMessage>;

/** See {@link serverMessage}. */
export type ServerMessage = v.InferOutput<typeof serverMessage>;
