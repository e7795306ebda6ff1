import type { Source, SourceState } from '../../../shared/domain/archive.ts';
import type { Dictionary } from './dictionary.ts';
import type { LineOutcome } from './outcome.ts';

/** Counts the lines of one source and remembers what its events have in common. */
export class Account {
  lines = 0;
  events = 0;
  rejects = 0;
  other = 0;
  blank = 0;
  /** The forms of lines that were met. */
  forms: readonly string[] = [];
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;
  #host = 0;
  #severalHosts = false;

  /** Counts a line. */
  count(outcome: LineOutcome): void {
    this.lines++;
    if (outcome === 'event') this.events++;
    else if (outcome === 'blank') this.blank++;
    else if (outcome === 'other') this.other++;
    else this.rejects++;
  }

  /** Notes the time, in milliseconds since 1970 UTC, and the host of an event. */
  note(at: number, host: number): void {
    if (at < this.first) this.first = at;
    if (at > this.last) this.last = at;
    if (host === this.#host || this.#severalHosts) return;
    if (this.#host === 0) this.#host = host;
    else this.#severalHosts = true;
  }

  /** The account as the user sees it. */
  toSource(path: string, hosts: Dictionary, state: SourceState, error: string | null): Source {
    const { lines, events, rejects, other, blank } = this;
    const hasHost = this.#host !== 0 && !this.#severalHosts;
    return {
      path,
      host: hasHost ? hosts.textOf(this.#host) : null,
      format: this.forms.length === 0 ? null : this.forms.join('+'),
      first: events > 0 ? new Date(this.first).toISOString() : null,
      last: events > 0 ? new Date(this.last).toISOString() : null,
      lines,
      events,
      rejects,
      other,
      blank,
      state,
      error,
    };
  }
}
