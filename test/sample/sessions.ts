import type { DfwEvent } from './dfw-event.ts';
import type { Prng } from './prng.ts';
import type { Workload } from './topology.ts';
import {
  CATCH_ALL_TAG,
  DEFAULT_RULES,
  GROUP_RULES,
  ICMP,
  TCP,
  UDP,
  workloadAt,
} from './topology.ts';
import { WINDOW_END, WINDOW_START } from './window.ts';

/** An exchange between two addresses as it truly happened. */
export interface Session {
  /** True time of the first packet, milliseconds since 1970 UTC. */
  readonly at: number;
  readonly client: string;
  readonly server: string;
  readonly protocol: number;
  /** `null` for protocols without ports. */
  readonly clientPort: number | null;
  readonly serverPort: number | null;
  /** Until the state is removed; `null` where it outlives the window. */
  readonly durationMs: number | null;
}

/** What sessions turn into, and what became of them. */
export interface EventLog {
  readonly events: DfwEvent[];
  /** Ends logged without a beginning, because the session began before the window. */
  endsOnly: number;
  /** Beginnings logged without an end, because the session outlived the window. */
  stillOpen: number;
}

/** An empty log. */
export function createEventLog(): EventLog {
  return { events: [], endsOnly: 0, stillOpen: 0 };
}

/** Rule and tag that a workload's vNIC logs allowed traffic under. */
export function allowRule(workload: Workload): { readonly rule: number; readonly tag: string } {
  const rule = workload.group === null ? undefined : GROUP_RULES[workload.group];
  if (workload.group === null || rule === undefined) {
    return { rule: DEFAULT_RULES[workload.host.dialect], tag: CATCH_ALL_TAG };
  }
  return { rule, tag: workload.group };
}

/** Adds the event unless the host's clock stands outside the window. */
export function addEvent(log: EventLog, event: DfwEvent): boolean {
  if (event.at < WINDOW_START || event.at >= WINDOW_END) return false;
  log.events.push(event);
  return true;
}

/** A client's port: Linux takes 32,768 to 60,999, so does every client here. */
export function ephemeralPort(prng: Prng): number {
  return prng.int(32_768, 60_999);
}

const FIRST_PACKET: ReadonlyMap<number, number> = new Map([
  [TCP, 60],
  [UDP, 76],
  [ICMP, 84],
]);

const SYSLOG_PORT = 514;

function countersOf(
  { protocol, serverPort }: Session,
  prng: Prng,
): Pick<DfwEvent, 'packets' | 'bytes'> {
  if (protocol === UDP && serverPort === SYSLOG_PORT) {
    const sent = prng.int(1, 9);
    return { packets: [sent, 0], bytes: [sent * prng.int(120, 420), 0] };
  }
  if (protocol === TCP) {
    const sent = prng.int(4, 14);
    const answered = prng.int(3, 22);
    return {
      packets: [sent, answered],
      bytes: [sent * 52 + prng.int(120, 2400), answered * 52 + prng.int(200, 24_000)],
    };
  }
  const count = protocol === UDP ? 1 : prng.int(1, 4);
  const size = FIRST_PACKET.get(protocol) ?? 72;
  return {
    packets: [count, count],
    bytes: [count * size, count * (protocol === UDP ? prng.int(90, 320) : size)],
  };
}

function closeReason(protocol: number, prng: Prng): DfwEvent['closeReason'] {
  if (protocol !== TCP) return '';
  const draw = prng.int(1, 100);
  return draw <= 86 ? 'FIN' : draw <= 95 ? 'RST' : 'TIMEOUT';
}

/**
 * Logs an allowed session at the vNIC of its client (OUT) and of its server (IN), where they have
 * one: the first packet, and the end with its counters. One SYN in about 150 asks for ECN.
 */
export function logSession(log: EventLog, session: Session, prng: Prng): void {
  const { protocol } = session;
  const flags = protocol !== TCP ? '' : prng.chance(1 / 150) ? 'SEW' : 'S';
  const common = {
    action: 'PASS',
    length: FIRST_PACKET.get(protocol) ?? 72,
    protocol,
    source: session.client,
    sourcePort: session.clientPort,
    destination: session.server,
    destinationPort: session.serverPort,
    ...countersOf(session, prng),
  } as const;
  const reason = closeReason(protocol, prng);
  for (const [direction, address] of [
    ['OUT', session.client],
    ['IN', session.server],
  ] as const) {
    const workload = workloadAt(address);
    if (workload === undefined) continue;
    const { host } = workload;
    const at = session.at + host.skewMs + (direction === 'IN' ? 1 : 0);
    const where = { ...common, ...allowRule(workload), host, workload, direction };
    const began = addEvent(log, { ...where, kind: 'match', at, flags, closeReason: '' });
    const ended =
      session.durationMs !== null &&
      addEvent(log, {
        ...where,
        kind: 'TERM',
        at: at + session.durationMs,
        flags: '',
        closeReason: reason,
      });
    if (began && !ended) log.stillOpen++;
    if (!began && ended) log.endsOnly++;
  }
}

/** Logs the late answer of a server as a flow of its own, at the client's vNIC. */
export function logLateReply(log: EventLog, session: Session): void {
  const workload = workloadAt(session.client);
  if (workload === undefined) return;
  addEvent(log, {
    host: workload.host,
    at: session.at + workload.host.skewMs + 2_400,
    workload,
    kind: 'match',
    action: 'PASS',
    ...allowRule(workload),
    direction: 'IN',
    length: 44,
    protocol: TCP,
    source: session.server,
    sourcePort: session.serverPort,
    destination: session.client,
    destinationPort: session.clientPort,
    flags: 'SA',
    closeReason: '',
    packets: [0, 0],
    bytes: [0, 0],
  });
}
