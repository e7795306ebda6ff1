import { compareAddressTexts, formatAddress, parseAddress } from '../../shared/net/address.ts';
import { serviceText } from '../../shared/net/service.ts';
import type { DfwEvent } from './dfw-event.ts';
import type { SharedService, VirtualAddress } from './topology.ts';
import {
  APP_VIP,
  BROADCAST,
  DIRECTORY_SERVERS,
  DNS_SERVERS,
  GROUP_RULES,
  JUMP_HOST,
  MONITORING,
  NTP_SERVERS,
  OUTER_GROUP,
  OUTSIDE_V6,
  PARTNERS,
  POLL_PORT,
  PRINTER,
  ROUTERS,
  ROUTER_V6,
  SNAT_ADDRESSES,
  SYSLOG,
  TCP,
  TIER_GROUPS,
  VRRP_GROUP,
  WEB_VIP,
  WORKLOADS,
  membersOf,
} from './topology.ts';
import type {
  TruthFlow,
  TruthGroup,
  TruthParty,
  TruthSharedService,
  TruthVip,
  TruthWorkload,
} from './truth.ts';

function canonical(text: string): string {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address.`);
  return formatAddress(address);
}

function countBy<K>(events: readonly DfwEvent[], keyOf: (event: DfwEvent) => K): Map<K, number> {
  const counts = new Map<K, number>();
  for (const event of events) {
    const key = keyOf(event);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** The groups and the events under their tags. */
export function trueGroups(events: readonly DfwEvent[]): readonly TruthGroup[] {
  const counts = countBy(events, ({ tag }) => tag);
  return [OUTER_GROUP, ...TIER_GROUPS].map((name) => {
    const outer = name === OUTER_GROUP;
    return {
      name,
      rule: GROUP_RULES[name] ?? 0,
      action: outer ? 'DROP' : 'PASS',
      members: [...membersOf(name)].sort(compareAddressTexts),
      parents: outer ? [] : [OUTER_GROUP],
      children: outer ? TIER_GROUPS : [],
      events: counts.get(name) ?? 0,
    };
  });
}

/** The workloads and the events of their vNICs. */
export function trueWorkloads(events: readonly DfwEvent[]): readonly TruthWorkload[] {
  const counts = countBy(events, ({ workload }) => workload);
  return WORKLOADS.map((workload) => ({
    address: canonical(workload.address),
    name: workload.name,
    group: workload.group,
    host: workload.host.name,
    filter: workload.filter,
    events: counts.get(workload) ?? 0,
  })).sort((a, b) => compareAddressTexts(a.address, b.address));
}

/** Destinations of IN lines that are no workload. */
export const TRUE_NOT_WORKLOADS: readonly string[] = [BROADCAST, VRRP_GROUP];

function trueVip({ name, address, port, group, poolPort }: VirtualAddress): TruthVip {
  return {
    address,
    name,
    ports: [{ protocol: TCP, port, pool: membersOf(group), poolPort }],
    snat: SNAT_ADDRESSES,
    group,
  };
}

/** The load balancer's VIPs. */
export const TRUE_VIPS: readonly TruthVip[] = [WEB_VIP, APP_VIP].map(trueVip);

const SHARED: readonly SharedService[] = [
  ...DNS_SERVERS,
  ...NTP_SERVERS,
  ...DIRECTORY_SERVERS,
  SYSLOG,
  MONITORING,
];

function servicesOf({ services }: SharedService): readonly string[] {
  return services.map(([protocol, port]) => serviceText(protocol, port));
}

/** The shared services. */
export const TRUE_SHARED: readonly TruthSharedService[] = SHARED.map((server) => ({
  address: server.address,
  name: server.name,
  services: servicesOf(server),
}));

/** The parties outside; clients beyond the load balancer are never seen. */
export const TRUE_PARTIES: readonly TruthParty[] = [
  {
    name: 'desktops',
    addresses: WORKLOADS.filter(({ name }) => name.startsWith('vdi-')).map(({ address }) =>
      canonical(address),
    ),
  },
  {
    name: 'edge-routers',
    addresses: ROUTERS,
  },
  { name: 'load-balancer', addresses: SNAT_ADDRESSES },
  { name: 'customers', addresses: [] },
  { name: 'partners', addresses: PARTNERS },
  { name: 'jump-host', addresses: [JUMP_HOST] },
  { name: 'printer', addresses: [PRINTER] },
  { name: 'web-ipv6', addresses: [canonical(OUTSIDE_V6)] },
  { name: 'router-ipv6', addresses: [canonical(ROUTER_V6)] },
];

function flow(from: string, to: string, service: string): TruthFlow {
  return { from, to, service };
}

/** Everything that belongs there. */
export const TRUE_INTENDED: readonly TruthFlow[] = [
  flow('customers', WEB_VIP.name, 'TCP/80'),
  flow('desktops', WEB_VIP.name, 'TCP/80'),
  flow('load-balancer', 'SGTSWEB', 'TCP/80'),
  flow('SGTSWEB', APP_VIP.name, 'TCP/80'),
  flow('load-balancer', 'SGTSAPP', 'TCP/8080'),
  flow('SGTSAPP', 'SGTSDB', 'TCP/1433'),
  flow('partners', 'SGTSWEB', 'TCP/443'),
  ...TIER_GROUPS.flatMap((group) => [
    flow('jump-host', group, 'TCP/22'),
    flow(MONITORING.name, group, `TCP/${POLL_PORT}`),
    flow(MONITORING.name, group, 'ICMP'),
    ...SHARED.flatMap((server) =>
      servicesOf(server).map((service) => flow(group, server.name, service)),
    ),
  ]),
  ...[...DNS_SERVERS, ...NTP_SERVERS, ...DIRECTORY_SERVERS].flatMap((server) =>
    servicesOf(server).map((service) => flow('desktops', server.name, service)),
  ),
  ...NTP_SERVERS.map(({ name }) => flow('edge-routers', name, 'UDP/123')),
  flow('desktops', 'web-ipv6', 'TCP/443'),
  flow('desktops', 'web-ipv6', 'UDP/443'),
  flow('desktops', 'router-ipv6', 'ICMPv6'),
];
