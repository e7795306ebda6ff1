import { EventBatch } from '../event-batch.ts';
import { LineSplitter } from '../line-splitter.ts';
import { Names } from '../names.ts';
import type { LineOutcome } from '../outcome.ts';
import type { LineReader, ReaderContext, ReaderKind } from './reader.ts';

/** A head this long was cut from a longer file, so its last line may be half a line. */
const FULL_HEAD_BYTES = 65_536;

/** How the lines of a head were counted. */
export interface HeadCounts {
  readonly events: number;
  readonly rejects: number;
  readonly other: number;
}

/** The whole lines of a file's head, without blank ones, as text. */
export function headLines({ head }: Pick<ReaderContext, 'head'>): readonly string[] {
  const lines: string[] = [];
  eachLine(head, (bytes, start, end) => {
    const line = textOfBytes(bytes, start, end).trimEnd();
    if (line !== '') lines.push(line);
  });
  return lines;
}

/** The text of the bytes from `start` to before `end`. */
export function textOfBytes(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
}

/** Reads a file's head with a kind of reader that keeps nothing of it. */
export function tryHead(
  open: ReaderKind['open'],
  context: ReaderContext,
  head = context.head,
): HeadCounts {
  const reader: LineReader = open(new Names(), context);
  const scratch = new EventBatch(1);
  const counts = { events: 0, rejects: 0, other: 0 };
  eachLine(head, (bytes, start, end) => {
    scratch.rows = 0;
    const outcome: LineOutcome = reader.parse(bytes, start, end, scratch);
    if (outcome === 'event') counts.events++;
    else if (outcome === 'other') counts.other++;
    else if (outcome !== 'blank') counts.rejects++;
  });
  return counts;
}

/**
 * How sure such counts make: above one half where one line became an event, below it where lines
 * were the log's but none could be read.
 */
export function certainty({ events, rejects, other }: HeadCounts): number {
  const own = events + rejects;
  if (own === 0) return 0;
  const share = own / (own + other);
  return events > 0 ? 0.5 + 0.4 * share : 0.4 * share;
}

function eachLine(
  head: Uint8Array,
  visit: (bytes: Uint8Array, start: number, end: number) => void,
): void {
  const splitter = new LineSplitter();
  splitter.push(head, visit);
  const rest = splitter.takeRest();
  if (rest !== undefined && head.length < FULL_HEAD_BYTES) visit(rest, 0, rest.length);
}
