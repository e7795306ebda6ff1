import type { Failure } from '../../../shared/failure/failure.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import type { Budget } from './budget.ts';
import type { Chunks } from './byte-stream.ts';

/** A file of this machine, and the way to a member inside it. */
export interface Origin {
  /** Absolute path of the file on disk. */
  readonly file: string;
  /** Behind each `!` the name inside an archive; empty where the file itself is meant. */
  readonly inside: string;
}

/** One file found in what was given: a log file itself, a file of a folder, a member of an archive. */
export interface Member {
  /** The name of what was given, and behind each `!` the name inside an archive. */
  readonly path: string;
  /** True where this very file was given by the user, so that not reading it would be wrong. */
  readonly isGiven: boolean;
  /** When the file was last written, for headers without a year. */
  readonly modifiedAt: Date;
  /** Where it was read from, so that it can be read again. */
  readonly origin: Origin;
  /** The unpacked bytes, to be read before the visitor returns; what it leaves is passed over. */
  readonly chunks: Chunks;
}

/** What walking an archive tells its caller. */
export interface Visitor {
  visit(member: Member): Promise<void>;
  skip(path: string, reason: string): void;
  /** A file or an archive inside another could not be read, or only in part; others still are. */
  fail(failure: Failure): void;
  /** More bytes of the files given were read. */
  onBytes(count: number): void;
}

/** A member on its way to be looked into. */
export interface Found extends Omit<Member, 'origin'> {
  /** The file on disk of which `chunks` are the bytes, where it is one. */
  readonly file: string | null;
  /** How many layers of archives are around it. */
  readonly depth: number;
}

/** One walk through one file given. */
export interface Walk {
  readonly visitor: Visitor;
  readonly signal: CancelSignal;
  readonly budget: Budget;
  /** Where a member with this path was found. */
  originOf(path: string): Origin;
  /** Looks into a member of an archive. */
  descend(found: Found): Promise<void>;
}
