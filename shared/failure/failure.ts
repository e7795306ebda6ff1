import type { FailureCode, FailureDetails } from './codes.ts';
import { sentenceFor } from './messages.ts';

/** A failure as it crosses a process boundary: a plain record, never an `Error`. */
export interface FailureRecord {
  readonly code: FailureCode;
  /** One sentence for people: what happened, to what, and what to do. */
  readonly message: string;
  readonly details: FailureDetails;
  /** The text of the error underneath, where there was one. */
  readonly cause?: string;
}

/** An error that is no bug: it has a code and a sentence a user can act on. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly details: FailureDetails;

  constructor(code: FailureCode, details: FailureDetails = {}, cause?: unknown) {
    super(sentenceFor(code, details), cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }
}

/** Thrown where work stopped because its caller asked for that. Never shown as an error. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';

  constructor() {
    super('Cancelled.');
  }
}

/** Throws an error that means a mistake in Segwright itself. */
export function bug(message: string): never {
  throw new Error(`Bug: ${message}`);
}

/** The text of anything that was thrown. */
export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Turns anything thrown into the record that crosses a boundary; what is not a `Failure` becomes `internal`. */
export function toRecord(thrown: unknown): FailureRecord {
  if (thrown instanceof Failure) {
    const { code, message, details, cause } = thrown;
    return cause === undefined
      ? { code, message, details }
      : { code, message, details, cause: textOf(cause) };
  }
  const cause = textOf(thrown);
  return { code: 'internal', message: sentenceFor('internal', {}), details: {}, cause };
}

/** Rebuilds a `Failure` from the record that crossed a boundary. */
export function fromRecord(record: FailureRecord): Failure {
  return new Failure(record.code, record.details, record.cause);
}
