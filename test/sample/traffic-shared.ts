import type { Prng } from './prng.ts';
import type { EventLog } from './sessions.ts';
import { ephemeralPort, logSession } from './sessions.ts';
import {
  DESKTOPS,
  DIRECTORY_SERVERS,
  DNS_SERVERS,
  ICMP,
  MONITORING,
  NTP_SERVERS,
  OUTER_GROUP,
  ROUTERS,
  POLL_PORT,
  SYSLOG,
  TCP,
  UDP,
  membersOf,
} from './topology.ts';
import { steadyMoment, workingMoment } from './window.ts';

interface Kind {
  readonly name: string;
  /** Sessions at scale 1. */
  readonly sessions: number;
  readonly steady: boolean;
  readonly clients: readonly string[];
  readonly servers: readonly string[];
  readonly services: readonly (readonly [number, number | null])[];
  readonly durationMs: readonly [number, number];
  /** The port clients speak from, where it is always the same. */
  readonly clientPort?: number;
}

const MEMBERS = membersOf(OUTER_GROUP);
const EVERYBODY = [...MEMBERS, ...DESKTOPS];
const addresses = (list: readonly { readonly address: string }[]) =>
  list.map(({ address }) => address);

const KINDS: readonly Kind[] = [
  {
    name: 'dns',
    sessions: 9_000,
    steady: false,
    clients: EVERYBODY,
    servers: addresses(DNS_SERVERS),
    services: [...Array<readonly [number, number]>(30).fill([UDP, 53]), [TCP, 53]],
    durationMs: [30_000, 61_000],
  },
  {
    name: 'ntp',
    sessions: 1_500,
    steady: true,
    clients: [...EVERYBODY, ...ROUTERS],
    servers: addresses(NTP_SERVERS),
    services: [[UDP, 123]],
    durationMs: [30_000, 61_000],
    clientPort: 123,
  },
  {
    name: 'directory',
    sessions: 4_000,
    steady: false,
    clients: EVERYBODY,
    servers: addresses(DIRECTORY_SERVERS),
    services: DIRECTORY_SERVERS[0]?.services ?? [],
    durationMs: [900, 90_000],
  },
  {
    name: 'syslog',
    sessions: 3_500,
    steady: true,
    clients: MEMBERS,
    servers: [SYSLOG.address],
    services: SYSLOG.services,
    durationMs: [30_000, 240_000],
  },
  {
    name: 'poll',
    sessions: 4_000,
    steady: true,
    clients: [MONITORING.address],
    servers: MEMBERS,
    services: [[TCP, POLL_PORT]],
    durationMs: [30, 900],
  },
  {
    name: 'ping',
    sessions: 2_000,
    steady: true,
    clients: [MONITORING.address],
    servers: MEMBERS,
    services: [[ICMP, null]],
    durationMs: [9_000, 12_000],
  },
  {
    name: 'report',
    sessions: 3_000,
    steady: true,
    clients: MEMBERS,
    servers: [MONITORING.address],
    services: MONITORING.services,
    durationMs: [30, 1_500],
  },
];

/**
 * Everybody's use of the shared services and the monitoring of every member. Clients take turns, so
 * that even a small sample has every one of them. `scale` 1 makes about 54,000 lines.
 */
export function logSharedServices(log: EventLog, prng: Prng, scale: number): void {
  for (const kind of KINDS) {
    const draws = prng.fork(kind.name);
    for (let i = 0; i < Math.round(kind.sessions * scale); i++) {
      const [protocol, serverPort] = draws.pick(kind.services);
      const client = kind.clients[i % kind.clients.length] ?? '';
      const server = kind.servers[Math.floor(i / kind.clients.length) % kind.servers.length] ?? '';
      const clientPort = serverPort === null ? null : (kind.clientPort ?? ephemeralPort(draws));
      const at = kind.steady ? steadyMoment(draws) : workingMoment(draws);
      const durationMs = draws.int(...kind.durationMs);
      logSession(log, { at, client, server, protocol, clientPort, serverPort, durationMs }, draws);
    }
  }
}
