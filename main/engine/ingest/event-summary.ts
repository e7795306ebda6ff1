import type { EventBatch } from './event-batch.ts';

/** What the events of a source have in common, as plain values. */
export interface EventSummary {
  /** Earliest event, milliseconds since 1970 UTC; infinity while there is none. */
  readonly first: number;
  /** Latest event; minus infinity while there is none. */
  readonly last: number;
  /** Code of the one host of all events; 0 for none, -1 for several. */
  readonly host: number;
}

/** The summary of no event. */
export const NO_EVENTS: EventSummary = {
  first: Number.POSITIVE_INFINITY,
  last: Number.NEGATIVE_INFINITY,
  host: 0,
};

/** The summary with the events of a batch added. */
export function withBatch(summary: EventSummary, batch: EventBatch): EventSummary {
  let { first, last, host } = summary;
  for (let row = 0; row < batch.rows; row++) {
    const at = batch.seenAt.get(row);
    if (at < first) first = at;
    if (at > last) last = at;
    const own = batch.host[row] ?? 0;
    if (own !== host) host = host === 0 ? own : -1;
  }
  return { first, last, host };
}
