import type { Prng } from './prng.ts';
import type { EventLog, Session } from './sessions.ts';
import { ephemeralPort, logLateReply, logSession } from './sessions.ts';
import type { VirtualAddress } from './topology.ts';
import {
  APP_VIP,
  DESKTOPS,
  JUMP_HOST,
  PARTNERS,
  SNAT_ADDRESSES,
  TCP,
  TIER_GROUPS,
  WEB_VIP,
  membersOf,
} from './topology.ts';
import { steadyMoment, workingMoment } from './window.ts';

const MINUTE_MS = 60_000;

function tcpSession(
  prng: Prng,
  at: number,
  [client, server, serverPort]: readonly [string, string, number],
  durationMs: number | null,
): Session {
  return {
    at,
    client,
    server,
    protocol: TCP,
    clientPort: ephemeralPort(prng),
    serverPort,
    durationMs,
  };
}

function webDuration(prng: Prng): number {
  return prng.chance(0.15) ? prng.int(5_000, 5 * MINUTE_MS) : prng.int(40, 4_000);
}

/**
 * Logs a session to a VIP and the one the load balancer opens to a member, 1 to 8 ms later as the
 * hosts' clocks see it. `client` is `null` where it stands outside, beyond every vNIC. Returns the member.
 */
function logBalanced(
  log: EventLog,
  prng: Prng,
  at: number,
  client: string | null,
  vip: VirtualAddress,
): string {
  const durationMs = webDuration(prng);
  if (client !== null) {
    const front = tcpSession(prng, at, [client, vip.address, vip.port], durationMs);
    logSession(log, front, prng);
    if (prng.chance(0.002)) logLateReply(log, front);
  }
  const member = prng.pick(membersOf(vip.group));
  const path = [prng.pick(SNAT_ADDRESSES), member, vip.poolPort] as const;
  logSession(log, tcpSession(prng, at + prng.int(3, 4), path, durationMs), prng);
  return member;
}

function logDatabase(log: EventLog, prng: Prng, at: number, app: string): void {
  const durationMs = prng.chance(0.1) ? prng.int(MINUTE_MS, 240 * MINUTE_MS) : prng.int(20, 30_000);
  const session = tcpSession(prng, at, [app, prng.pick(membersOf('SGTSDB')), 1433], durationMs);
  logSession(log, session, prng);
  if (prng.chance(0.003)) logLateReply(log, session);
}

/** One page asked of the web VIP, and what it sets off in the tiers behind. */
function logPage(log: EventLog, prng: Prng): void {
  const at = workingMoment(prng);
  const desktop = prng.chance(0.3) ? prng.pick(DESKTOPS) : null;
  const web = logBalanced(log, prng, at, desktop, WEB_VIP);
  if (!prng.chance(0.55)) return;
  const appAt = at + prng.int(15, 180);
  const app = logBalanced(log, prng, appAt, web, APP_VIP);
  const queries = prng.int(0, 2);
  for (let i = 1; i <= queries; i++) logDatabase(log, prng, appAt + i * prng.int(9, 60), app);
}

function logShell(log: EventLog, prng: Prng, member: string): void {
  const durationMs = prng.int(MINUTE_MS, 600 * MINUTE_MS);
  logSession(log, tcpSession(prng, workingMoment(prng), [JUMP_HOST, member, 22], durationMs), prng);
}

/** The application BOOKS itself: pages, partners, administrators. `scale` 1 makes about 130,000 lines. */
export function logBooks(log: EventLog, prng: Prng, scale: number): void {
  const pages = prng.fork('pages');
  for (let i = 0; i < Math.round(18_600 * scale); i++) logPage(log, pages);

  const partners = prng.fork('partners');
  for (let i = 0; i < Math.round(1_500 * scale); i++) {
    const path = [partners.pick(PARTNERS), partners.pick(membersOf('SGTSWEB')), 443] as const;
    const session = tcpSession(
      partners,
      workingMoment(partners),
      path,
      partners.int(200, 20 * MINUTE_MS),
    );
    logSession(log, session, partners);
  }

  const shells = prng.fork('shells');
  for (const group of TIER_GROUPS) {
    for (const member of membersOf(group)) {
      for (let i = 0; i < Math.max(2, Math.round(18 * scale)); i++) logShell(log, shells, member);
    }
  }
  for (const member of membersOf('SGTSDB')) {
    logSession(
      log,
      tcpSession(shells, steadyMoment(shells), [JUMP_HOST, member, 22], null),
      shells,
    );
  }
}
