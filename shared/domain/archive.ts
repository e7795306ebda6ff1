import type { FailureRecord } from '../failure/failure.ts';

/** How a source's loading ended. */
export type SourceState = 'loading' | 'done' | 'damaged' | 'unfinished';

/**
 * How the years of a source's lines are known: the lines name them; or the source's other lines, its
 * name or the time it was last written tell them; or the user gave one.
 */
export const YEAR_SOURCES = ['line', 'other-lines', 'name', 'mtime', 'given'] as const;

/** One of {@link YEAR_SOURCES}. */
export type YearFrom = (typeof YEAR_SOURCES)[number];

/** How many lines were rejected for each reason. */
export type RejectReasons = Readonly<Record<string, number>>;

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
  /** The rejects by reason; they sum up to `rejects`. */
  readonly rejectReasons: RejectReasons;
  /** Lines of other programs. */
  readonly other: number;
  readonly blank: number;
  /** Of the events, those that another source of the same host holds too; they are stored once. */
  readonly duplicates: number;
  readonly state: SourceState;
  /** How the years of its events are known; `null` while it has none. `mtime` is a guess. */
  readonly yearFrom: YearFrom | null;
  /** Whether every event was kept, or only their sums by hour and flow, without lines and times. */
  readonly holds: 'events' | 'flows';
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
  /** The rejects of all sources by reason. */
  readonly rejectReasons: RejectReasons;
  /** What went wrong with a path or a member; everything else was loaded all the same. */
  readonly failures: readonly FailureRecord[];
}

/** A line of the DFW that could not be read. */
export interface Reject {
  readonly source: string;
  /** Number of the line in its source, from 1. */
  readonly line: number;
  readonly reason: string;
  /** The line, cut at 2,000 bytes. */
  readonly text: string;
  /** Where in the text the fault lies; `null` where that is not known. */
  readonly fault: TextSpan | null;
  /** The line before it and the line behind it, cut; `null` where they were not kept. */
  readonly before: string | null;
  readonly after: string | null;
}

/** The characters of a text from `start` to before `end`. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** The reasons of several sources summed up, the commonest first. */
export function sumReasons(all: readonly RejectReasons[]): RejectReasons {
  const sums = new Map<string, number>();
  for (const [reason, count] of all.flatMap((each) => Object.entries(each))) {
    sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  return Object.fromEntries([...sums].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

/** The open project at a glance. */
export interface Project {
  readonly path: string;
  readonly schemaVersion: number;
  readonly sources: readonly Source[];
  readonly totals: Omit<Totals, 'seconds'>;
  /** The rejects of all sources by reason. */
  readonly rejectReasons: RejectReasons;
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
