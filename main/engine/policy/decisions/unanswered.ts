import type { CancelSignal } from '../../../../shared/ipc/cancel.ts';
import type { Database } from '../../store/database.ts';
import { numberOf } from '../../store/rows.ts';
import { fixed } from '../../store/sql.ts';
import type { FlowKeys } from './flow-keys.ts';

/** How the sessions of a flow went, as far as lines of their ends tell. */
export const ANSWERS = { asUsual: 0, mostlyNot: 1, never: 2 } as const;

const TCP = 6;

/**
 * Flows over TCP whose sessions ended mostly without a packet back, by the codes of their ends and the
 * port. Only ends logged at vNICs with counters tell; flow records of one way do not.
 */
export type Unanswered = ReadonlyMap<string, number>;

/** Reads which flows were mostly, or never, answered. */
export async function readUnanswered(
  database: Database,
  signal: CancelSignal,
): Promise<Unanswered> {
  const rows = await database.query(
    fixed(`select client, server, server_port, count(*) as ended,
        count(*) filter (where packets_back > 0) as answered
      from packed_event join context on context.code = packed_event.context
      where kind = 1 and protocol = ${TCP} and reply = 0 and seen = 0 and packets_forward > 0
      group by all
      having 2 * answered <= ended`),
    signal,
  );
  return new Map(
    rows.map((row) => [
      `${numberOf(row, 'client')} ${numberOf(row, 'server')} ${numberOf(row, 'server_port')}`,
      // One session without an answer may be chance.
      numberOf(row, 'answered') === 0 && numberOf(row, 'ended') > 1
        ? ANSWERS.never
        : ANSWERS.mostlyNot,
    ]),
  );
}

/** One of {@link ANSWERS} for each flow. */
export function answersOf(flows: FlowKeys, unanswered: Unanswered): Uint8Array {
  const answers = new Uint8Array(flows.count);
  if (unanswered.size === 0) return answers;
  for (let flow = 0; flow < flows.count; flow++) {
    const service = flows.services[flows.service[flow] ?? 0];
    if (service?.protocol !== TCP) continue;
    const source = flows.codes[flows.source[flow] ?? 0];
    const destination = flows.codes[flows.destination[flow] ?? 0];
    const found = unanswered.get(`${source} ${destination} ${service.port}`);
    if (found !== undefined) answers[flow] = found;
  }
  return answers;
}
