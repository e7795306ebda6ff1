import type { FailureRecord } from '../failure/failure.ts';

/** How a source's loading ended. */
export type SourceState = 'loading' | 'done' | 'damaged' | 'unfinished';

/**
 * One log file, or one member of an archive, and the account of its lines:
 * lines = events + rejects + other + blank.
 */
export interface Source {
  /** The path given; members follow after `!`, as in `bundle.tgz!var/log/dfwpktlogs.log`. */
  readonly path: string;
  /** The ESXi host, from the lines or from the bundle's folder; `null` where several or none. */
  readonly host: string | null;
  /** `nsx-v`, `nsx-t`, or both with a plus sign. */
  readonly format: string | null;
  /** Time of the earliest event, ISO 8601 UTC. */
  readonly first: string | null;
  /** Time of the latest event, ISO 8601 UTC. */
  readonly last: string | null;
  readonly lines: number;
  readonly events: number;
  /** DFW lines that could not be read. */
  readonly rejects: number;
  /** Lines of other programs. */
  readonly other: number;
  readonly blank: number;
  /** Of the events, those that another source of the same host holds too; they are stored once. */
  readonly duplicates: number;
  readonly state: SourceState;
  /** Why reading stopped early, or that the content was loaded before. */
  readonly error: string | null;
}

/** Sums over the sources. */
export interface Totals {
  readonly lines: number;
  readonly events: number;
  readonly rejects: number;
  readonly other: number;
  readonly blank: number;
  /** Of the events, those that overlapping sources hold twice; they are stored once. */
  readonly duplicates: number;
  /** Wall time of the opening, in seconds. */
  readonly seconds: number;
}

/** A member that was not read, and why. */
export interface SkippedMember {
  readonly path: string;
  readonly reason: string;
}

/** What opening archives did: the account a user checks. */
export interface Accounting {
  readonly project: string;
  readonly sources: readonly Source[];
  readonly skipped: readonly SkippedMember[];
  /** How many members were skipped; `skipped` lists the first of them. */
  readonly skippedCount: number;
  readonly totals: Totals;
  /** What went wrong with a path or a member; everything else was loaded all the same. */
  readonly failures: readonly FailureRecord[];
}

/** A line of the DFW that could not be read. */
export interface Reject {
  readonly source: string;
  /** Number of the line in its source, from 1. */
  readonly line: number;
  readonly reason: string;
  /** The line, cut at 2,000 characters. */
  readonly text: string;
}

/** The open project at a glance. */
export interface Project {
  readonly path: string;
  readonly schemaVersion: number;
  readonly sources: readonly Source[];
  readonly totals: Omit<Totals, 'seconds'>;
  /** Time of the first and last event, milliseconds since 1970 UTC; `null` while there is none. */
  readonly window: { readonly from: number; readonly to: number } | null;
  /** Said once after opening: what was repaired or set aside. */
  readonly notices: readonly string[];
}

/** How far opening has come. */
export interface OpenProgress {
  readonly kind: 'open';
  /** The source being read. */
  readonly path: string;
  /** Bytes read of the files given, compressed where they are. */
  readonly doneBytes: number;
  /** Size of the files given in bytes. */
  readonly totalBytes: number;
  readonly lines: number;
  readonly events: number;
  readonly rejects: number;
  readonly elapsedMs: number;
}

/** Any progress a call may report. */
export type Progress = OpenProgress;
