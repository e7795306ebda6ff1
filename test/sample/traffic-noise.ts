import type { DfwEvent } from './dfw-event.ts';
import type { Prng } from './prng.ts';
import type { EventLog } from './sessions.ts';
import { addEvent, allowRule, ephemeralPort, logSession } from './sessions.ts';
import type { Workload } from './topology.ts';
import {
  BROADCAST,
  DESKTOPS,
  DESKTOPS_V6,
  GROUP_RULES,
  ICMP,
  ICMPV6,
  OUTER_GROUP,
  OUTSIDE_V6,
  PRINTER,
  ROUTERS,
  ROUTER_V6,
  SCANNERS,
  TCP,
  UDP,
  VRRP,
  VRRP_GROUP,
  WORKLOADS,
  membersOf,
  workloadAt,
} from './topology.ts';
import { WINDOW_START, steadyMoment, workingMoment } from './window.ts';

const SCANNED_TCP: readonly number[] = [
  21, 22, 23, 25, 80, 81, 110, 111, 135, 139, 143, 443, 445, 993, 1080, 1433, 1521, 2049, 2375,
  3128, 3306, 3389, 5432, 5900, 5985, 6379, 8000, 8080, 8443, 9200, 11211, 27017,
];

const SCANNED_UDP: readonly number[] = [53, 69, 123, 137, 161, 500, 1900, 5060];

type Packet = Pick<
  DfwEvent,
  | 'direction'
  | 'length'
  | 'protocol'
  | 'source'
  | 'sourcePort'
  | 'destination'
  | 'destinationPort'
  | 'flags'
>;

function logPacket(
  log: EventLog,
  at: number,
  workload: Workload,
  packet: Packet,
  rule: Pick<DfwEvent, 'action' | 'rule' | 'tag'>,
): void {
  addEvent(log, {
    ...packet,
    ...rule,
    host: workload.host,
    at: at + workload.host.skewMs,
    workload,
    kind: 'match',
    closeReason: '',
    packets: [0, 0],
    bytes: [0, 0],
  });
}

function scanPacket(prng: Prng, source: string, destination: string): Packet {
  const draw = prng.int(1, 100);
  const ends = { direction: 'IN', source, destination } as const;
  if (draw > 97) {
    return {
      ...ends,
      length: 28,
      protocol: ICMP,
      sourcePort: null,
      destinationPort: null,
      flags: '',
    };
  }
  const tcp = draw <= 85;
  return {
    ...ends,
    length: tcp ? 44 : 60,
    protocol: tcp ? TCP : UDP,
    sourcePort: ephemeralPort(prng),
    destinationPort: prng.pick(tcp ? SCANNED_TCP : SCANNED_UDP),
    flags: tcp ? 'S' : '',
  };
}

function logScanners(log: EventLog, prng: Prng, scale: number): void {
  const drop = { action: 'DROP', rule: GROUP_RULES[OUTER_GROUP] ?? 0, tag: OUTER_GROUP } as const;
  const rounds = Math.max(6, Math.round(150 * scale));
  for (const member of membersOf(OUTER_GROUP)) {
    const workload = workloadAt(member);
    if (workload === undefined) continue;
    for (const scanner of SCANNERS) {
      for (let i = 0; i < rounds; i++) {
        logPacket(log, steadyMoment(prng), workload, scanPacket(prng, scanner, member), drop);
      }
    }
  }
}

/** Desktops and a printer shout; a vNIC drops what it may not send or hear, twins of a line included. */
function logBroadcasts(log: EventLog, prng: Prng, scale: number): void {
  const desktops = WORKLOADS.filter(({ address }) => DESKTOPS.includes(address));
  const packet = { length: 78, protocol: UDP, sourcePort: 137, destinationPort: 137, flags: '' };
  const rounds = Math.max(5, Math.round(90 * scale));
  for (let i = 0; i < rounds; i++) {
    const at = workingMoment(prng);
    const speaker = prng.pick(desktops);
    const sent = {
      ...packet,
      direction: 'OUT',
      source: speaker.address,
      destination: BROADCAST,
    } as const;
    const twins = prng.int(1, 3);
    for (let twin = 0; twin < twins; twin++) {
      logPacket(log, at, speaker, sent, { ...allowRule(speaker), action: 'DROP' });
    }
    const heard = {
      ...packet,
      direction: 'IN',
      source: PRINTER,
      destination: BROADCAST,
    } as const;
    for (const desktop of desktops) {
      logPacket(log, at + 5_000, desktop, heard, { ...allowRule(desktop), action: 'DROP' });
    }
  }
}

function logIpv6(log: EventLog, prng: Prng, scale: number): void {
  for (let i = 0; i < Math.max(30, Math.round(1_300 * scale)); i++) {
    const session = {
      at: workingMoment(prng),
      client: prng.pick(DESKTOPS_V6),
      server: OUTSIDE_V6,
      protocol: prng.chance(0.8) ? TCP : UDP,
      clientPort: ephemeralPort(prng),
      serverPort: 443,
      durationMs: prng.int(300, 90_000),
    };
    logSession(log, session, prng);
  }
  for (let i = 0; i < Math.max(6, Math.round(120 * scale)); i++) {
    const session = {
      at: steadyMoment(prng),
      client: prng.pick(DESKTOPS_V6),
      server: ROUTER_V6,
      protocol: ICMPV6,
      clientPort: null,
      serverPort: null,
      durationMs: 10_000,
    };
    logSession(log, session, prng);
  }
}

/** One router speaks VRRP, the other hears it: a flow that matches once at each and never ends. */
function logVrrp(log: EventLog): void {
  const [speaker, listener] = ROUTERS.map(workloadAt);
  if (speaker === undefined || listener === undefined) return;
  const packet = {
    length: 36,
    protocol: VRRP,
    source: speaker.address,
    sourcePort: null,
    destination: VRRP_GROUP,
    destinationPort: null,
    flags: '',
  };
  const at = WINDOW_START + 9 * 60_000;
  for (const [workload, direction] of [
    [speaker, 'OUT'],
    [listener, 'IN'],
  ] as const) {
    const rule = { ...allowRule(workload), action: 'PASS' } as const;
    logPacket(log, at, workload, { ...packet, direction }, rule);
  }
}

/** What is not the application: scanners, broadcasts, IPv6 surfing, routers. `scale` 1 makes about 9,000 lines. */
export function logNoise(log: EventLog, prng: Prng, scale: number): void {
  logScanners(log, prng.fork('scanners'), scale);
  logBroadcasts(log, prng.fork('broadcasts'), scale);
  logIpv6(log, prng.fork('ipv6'), scale);
  logVrrp(log);
}
