import type { DfwEvent } from './dfw-event.ts';
import { familyWord, matchTail, termTail } from './line-parts.ts';

/** Writes an event as an ESXi 8 host with NSX 4 does: program and process id, eight hex digits of the VIF, bare rule. */
export function nsxtLine(event: DfwEvent): string {
  const time = new Date(event.at).toISOString();
  const program = `No(13) FIREWALL-PKTLOG[${event.host.pid}]:`;
  const head = `${time} ${program} ${event.workload.filter} ${familyWord(event)}`;
  return event.kind === 'TERM'
    ? `${head} TERM ${event.action} ${event.rule} ${termTail(event)}`
    : `${head} match ${event.action} ${event.rule} ${matchTail(event)}`;
}
