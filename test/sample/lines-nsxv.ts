import type { DfwEvent } from './dfw-event.ts';
import { familyWord, matchTail, termTail } from './line-parts.ts';

/** Writes an event as an NSX-v 6.4 host does: decimal filter hash, ruleset before the rule, no action at the end of a session. */
export function nsxvLine(event: DfwEvent): string {
  const head = `${new Date(event.at).toISOString()} ${event.workload.filter} ${familyWord(event)}`;
  const rule = `domain-c8/${event.rule}`;
  return event.kind === 'TERM'
    ? `${head} TERM ${rule} ${termTail(event)}`
    : `${head} match ${event.action} ${rule} ${matchTail(event)}`;
}
