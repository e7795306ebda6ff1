import type { RejectedLine } from './line-parser.ts';
import type { NameKind } from './names.ts';
import type { TupleKind } from './tuples.ts';
import type { ParseState, ParseTask } from './parsing.ts';

/** Texts of one kind that the other thread does not know yet, from its count on. */
export interface FreshTexts {
  readonly kind: NameKind;
  readonly texts: readonly string[];
}

/** Tuples of one kind that the other thread does not know yet, one after the other. */
export interface FreshTuples {
  readonly kind: TupleKind;
  readonly words: Uint32Array;
}

/** What one thread has learnt since it last told the other. */
export interface Fresh {
  readonly texts: readonly FreshTexts[];
  readonly tuples: readonly FreshTuples[];
}

/** A batch of events on its way between threads. */
export interface BatchMessage {
  readonly buffer: ArrayBuffer;
  readonly rows: number;
}

/** What the parsing thread is told. */
export type ToParser =
  | { readonly kind: 'begin'; readonly task: ParseTask; readonly fresh: Fresh }
  | { readonly kind: 'chunk'; readonly bytes: ArrayBuffer; readonly length: number }
  | { readonly kind: 'end'; readonly isBrokenOff: boolean }
  | { readonly kind: 'release'; readonly buffer: ArrayBuffer };

/** What the parsing thread answers, once for each chunk and each end. */
export interface FromParser {
  readonly kind: 'part';
  readonly isLast: boolean;
  readonly batches: readonly BatchMessage[];
  readonly rejects: readonly RejectedLine[];
  readonly state: ParseState;
  readonly fresh: Fresh;
  /** The chunk's buffer, to be used again. */
  readonly bytes: ArrayBuffer | null;
}
