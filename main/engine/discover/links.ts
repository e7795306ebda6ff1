import { add, entry, type Facts, MANY, serviceKey } from './facts.ts';
import type { FoundVip } from './vips.ts';

/** Sessions of an application: from a client to a server or to a VIP, over a service. */
export interface Link {
  /** `MANY` for strangers that are summed up. */
  readonly client: number;
  /** A workload, or the address of a VIP. */
  readonly server: number;
  readonly isVip: boolean;
  readonly service: number;
  readonly sessions: number;
  /** Distinct clients; more than one only for `MANY`. */
  readonly clients: number;
}

/** Who speaks with whom once shared services, spurious sources and balancers' legs are set aside. */
export interface Links {
  readonly links: readonly Link[];
  /** Sessions balancers opened to each member, by member and service. */
  readonly balanced: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

/** A session seen from its middle only. */
export interface MiddleTalk {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly port: number;
  readonly events: number;
}

/** Ports from here on are clients' (RFC 6335 §6 counts from 49,152, Linux takes 32,768 and up). */
const EPHEMERAL = 32_768;

/** What is set aside and what stands for a balancer. */
export interface Aside {
  readonly vips: readonly FoundVip[];
  readonly isAside: (code: number) => boolean;
}

/** Doors behind VIPs whose balancer keeps the client's address, as `member service`. */
function inlineDoors(vips: readonly FoundVip[]): ReadonlySet<string> {
  return new Set(
    vips.flatMap(({ ports }) =>
      ports
        .filter(({ mode }) => mode === 'inline')
        .flatMap(({ pool, protocol, poolPort }) =>
          pool.map((member) => `${member} ${serviceKey(protocol, poolPort)}`),
        ),
    ),
  );
}

/** Strangers who ask a workload for a service that no workload asks it for: so few, and so seldom, are mistaken. */
const STRAY = { clients: 2, sessions: 12 };

function withoutStrays(links: readonly Link[], facts: Facts): readonly Link[] {
  const doors = new Map<string, { clients: number; sessions: number; isUsed: boolean }>();
  const doorOf = ({ server, service }: Link) =>
    entry(doors, `${server} ${service}`, () => ({ clients: 0, sessions: 0, isUsed: false }));
  for (const link of links) {
    const door = doorOf(link);
    if (facts.workloads.has(link.client)) door.isUsed = true;
    door.clients += link.clients;
    door.sessions += link.sessions;
  }
  return links.filter((link) => {
    const { clients, sessions, isUsed } = doorOf(link);
    return link.isVip || isUsed || clients > STRAY.clients || sessions > STRAY.sessions;
  });
}

/** Sorts the flows into sessions of applications and the legs of balancers. */
export function makeLinks(
  facts: Facts,
  middle: readonly MiddleTalk[],
  { vips, isAside }: Aside,
): Links {
  const snat = new Set(vips.flatMap(({ ports }) => ports.flatMap((port) => port.snat)));
  const vipDoors = new Map(
    vips.map(({ address, ports }) => [
      address,
      new Set(ports.map(({ protocol, port }) => serviceKey(protocol, port))),
    ]),
  );
  const inline = inlineDoors(vips);
  const links = new Map<string, Link>();
  const balanced = new Map<number, Map<number, number>>();
  const link = (client: number, server: number, service: number, sessions: number, clients = 1) => {
    const isVip = vipDoors.has(server);
    const key = `${client} ${server} ${service}`;
    const before = links.get(key)?.sessions ?? 0;
    links.set(key, { client, server, isVip, service, sessions: before + sessions, clients });
  };
  const pairs = new Set(facts.talks.map(({ source, destination }) => `${source} ${destination}`));
  for (const talk of facts.talks) {
    const { source, destination, protocol, port, passed } = talk;
    if (passed === 0 || port < 0 || isAside(source) || isAside(destination)) continue;
    const service = serviceKey(protocol, port);
    const doors = vipDoors.get(destination);
    if (doors !== undefined) {
      if (doors.has(service)) link(source, destination, service, passed, talk.clients);
      continue;
    }
    if (!facts.workloads.has(destination)) continue;
    const isLeg =
      snat.has(source) || (talk.outSessions === 0 && inline.has(`${destination} ${service}`));
    if (isLeg) {
      add(
        entry(balanced, destination, () => new Map<number, number>()),
        service,
        passed,
      );
      continue;
    }
    const isReply = port >= EPHEMERAL && pairs.has(`${destination} ${source}`);
    if (!isReply && source !== destination) {
      link(source, destination, service, passed, talk.clients);
    }
  }
  for (const { source, destination, protocol, port, events } of middle) {
    if (isAside(source) || isAside(destination) || source === MANY) continue;
    if (!facts.workloads.has(source) || !facts.workloads.has(destination)) continue;
    link(source, destination, serviceKey(protocol, port), events);
  }
  return { links: withoutStrays([...links.values()], facts), balanced };
}
