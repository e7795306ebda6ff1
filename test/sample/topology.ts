/** The way a host writes its DFW lines. */
export type Dialect = 'nsx-v' | 'nsx-t';

/** An ESXi host, its clock and its DFW. */
export interface Host {
  readonly name: string;
  readonly dialect: Dialect;
  /** What the host's clock is ahead of the true time, in milliseconds. */
  readonly skewMs: number;
  /** Process id in the lines of an NSX-T host. */
  readonly pid: number;
}

/** A protected vNIC: an address whose host logs what passes it. */
export interface Workload {
  readonly name: string;
  readonly address: string;
  readonly host: Host;
  /** Decimal filter hash on NSX-v, the last eight digits of the VIF id on NSX-T. */
  readonly filter: string;
  /** The group's name, or `null` where only the default rule holds. */
  readonly group: string | null;
}

/** A load balancer's address. */
export interface VirtualAddress {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** The group behind it. */
  readonly group: string;
  readonly poolPort: number;
}

/** An address that serves everybody and is no workload. */
export interface SharedService {
  readonly name: string;
  readonly address: string;
  /** Protocol number and port of each service. */
  readonly services: readonly (readonly [number, number])[];
}

/** Protocol numbers of https://www.iana.org/assignments/protocol-numbers. */
export const TCP = 6;
/** See {@link TCP}. */
export const UDP = 17;
/** See {@link TCP}. */
export const ICMP = 1;
/** See {@link TCP}. */
export const ICMPV6 = 58;
/** See {@link TCP}. */
export const VRRP = 112;

const AMBER: Host = { name: 'amber', dialect: 'nsx-v', skewMs: 0, pid: 0 };
const BIRCH: Host = { name: 'birch', dialect: 'nsx-v', skewMs: 3, pid: 0 };
const CEDAR: Host = { name: 'cedar', dialect: 'nsx-t', skewMs: 1, pid: 2097841 };
const DUNE: Host = { name: 'dune', dialect: 'nsx-t', skewMs: 2, pid: 2101377 };

/** The four hosts: two still on NSX-v, two on NSX-T. */
export const HOSTS: readonly Host[] = [AMBER, BIRCH, CEDAR, DUNE];

/** Rule and tag of each group; the rule of the outer group only drops the scanners. */
export const GROUP_RULES: Readonly<Record<string, number>> = {
  SGTSBOOKS: 4101,
  SGTSWEB: 4102,
  SGTSAPP: 4103,
  SGTSDB: 4104,
};

/** The group that holds the three tiers. */
export const OUTER_GROUP = 'SGTSBOOKS';

/** The groups of the tiers, entry first. */
export const TIER_GROUPS = ['SGTSWEB', 'SGTSAPP', 'SGTSDB'] as const;

/** The tag of the default rule, which names no group. */
export const CATCH_ALL_TAG = 'DEFAULT-ALL';

/** NSX numbers its own default rule of layer 3 differently in the two products. */
export const DEFAULT_RULES: Readonly<Record<Dialect, number>> = { 'nsx-v': 1001, 'nsx-t': 2 };

function vm(
  name: string,
  address: string,
  host: Host,
  filter: string,
  group: string | null,
): Workload {
  return { name, address, host, filter, group };
}

/** Every protected vNIC; the filters of NSX-T hold the spellings that look like numbers. */
export const WORKLOADS: readonly Workload[] = [
  vm('books-web-1', '192.0.2.11', AMBER, '20411', 'SGTSWEB'),
  vm('books-web-2', '192.0.2.12', BIRCH, '31877', 'SGTSWEB'),
  vm('books-web-3', '192.0.2.13', CEDAR, '07d3a1e9', 'SGTSWEB'),
  vm('books-web-4', '192.0.2.14', DUNE, 'c41f9b02', 'SGTSWEB'),
  vm('books-app-1', '192.0.2.21', BIRCH, '8126', 'SGTSAPP'),
  vm('books-app-2', '192.0.2.22', CEDAR, '40718263', 'SGTSAPP'),
  vm('books-app-3', '192.0.2.23', DUNE, '4e100000', 'SGTSAPP'),
  vm('books-app-4', '192.0.2.24', AMBER, '54390', 'SGTSAPP'),
  vm('books-db-1', '192.0.2.31', BIRCH, '61205', 'SGTSDB'),
  vm('books-db-2', '192.0.2.32', CEDAR, 'b6e0d715', 'SGTSDB'),
  vm('books-db-3', '192.0.2.33', DUNE, '9a27c3f4', 'SGTSDB'),
  vm('vdi-101', '198.51.100.101', AMBER, '7302', null),
  vm('vdi-102', '198.51.100.102', AMBER, '45518', null),
  vm('vdi-103', '198.51.100.103', BIRCH, '29064', null),
  vm('vdi-104', '198.51.100.104', CEDAR, '00000017', null),
  vm('vdi-105', '198.51.100.105', CEDAR, 'e5f86a30', null),
  vm('vdi-106', '198.51.100.106', DUNE, '1d94b7c8', null),
  vm('vdi-101', '2001:db8:0:1:0:0:0:101', AMBER, '7302', null),
  vm('vdi-105', '2001:db8:0:1:0:0:0:105', CEDAR, 'e5f86a30', null),
  vm('edge-router-1', '198.51.100.121', DUNE, 'f0c25e61', null),
  vm('edge-router-2', '198.51.100.122', AMBER, '16649', null),
];

const BY_ADDRESS = new Map(WORKLOADS.map((workload) => [workload.address, workload]));

/** The workload of an address, where it is one. */
export function workloadAt(address: string): Workload | undefined {
  return BY_ADDRESS.get(address);
}

/** Addresses of a group's members; the outer group holds those of all tiers. */
export function membersOf(group: string): readonly string[] {
  return WORKLOADS.filter(
    (workload) => workload.group !== null && (group === OUTER_GROUP || workload.group === group),
  ).map(({ address }) => address);
}

/** IPv4 addresses of the virtual desktops. */
export const DESKTOPS: readonly string[] = WORKLOADS.filter(
  ({ name, address }) => name.startsWith('vdi-') && !address.includes(':'),
).map(({ address }) => address);

/** Virtual routers, which are protected like the desktops. */
export const ROUTERS: readonly string[] = WORKLOADS.filter(({ name }) =>
  name.startsWith('edge-router-'),
).map(({ address }) => address);

/** IPv6 addresses of the virtual desktops that have one. */
export const DESKTOPS_V6: readonly string[] = WORKLOADS.filter(({ address }) =>
  address.includes(':'),
).map(({ address }) => address);

/** The two VIPs of the one-arm load balancer. */
export const WEB_VIP: VirtualAddress = {
  name: 'books-web-vip',
  address: '192.0.2.101',
  port: 80,
  group: 'SGTSWEB',
  poolPort: 80,
};

/** See {@link WEB_VIP}. */
export const APP_VIP: VirtualAddress = {
  name: 'books-app-vip',
  address: '192.0.2.102',
  port: 80,
  group: 'SGTSAPP',
  poolPort: 8080,
};

/** The addresses from which the load balancer opens sessions to its pools. */
export const SNAT_ADDRESSES: readonly string[] = ['192.0.2.251', '192.0.2.252'];

const DIRECTORY_SERVICES: SharedService['services'] = [
  [TCP, 88],
  [UDP, 88],
  [TCP, 389],
  [UDP, 389],
  [TCP, 445],
];

/** Name servers, in the order clients ask them. */
export const DNS_SERVERS: readonly SharedService[] = ['198.51.100.53', '198.51.100.54'].map(
  (address, i) => ({
    name: `dns-${i + 1}`,
    address,
    services: [
      [UDP, 53],
      [TCP, 53],
    ],
  }),
);

/** Time servers. */
export const NTP_SERVERS: readonly SharedService[] = ['198.51.100.61', '198.51.100.62'].map(
  (address, i) => ({ name: `ntp-${i + 1}`, address, services: [[UDP, 123]] }),
);

/** Domain controllers. */
export const DIRECTORY_SERVERS: readonly SharedService[] = ['198.51.100.71', '198.51.100.72'].map(
  (address, i) => ({ name: `ad-${i + 1}`, address, services: DIRECTORY_SERVICES }),
);

/** The log collector. */
export const SYSLOG: SharedService = {
  name: 'syslog-1',
  address: '198.51.100.81',
  services: [[UDP, 514]],
};

/** The monitoring server: polls every member and is told by every member. */
export const MONITORING: SharedService = {
  name: 'monitoring-1',
  address: '198.51.100.91',
  services: [[TCP, 10051]],
};

/** The port on which members answer {@link MONITORING}. */
export const POLL_PORT = 9100;

/** Partners that reach the web members without the load balancer. */
export const PARTNERS: readonly string[] = ['203.0.113.71', '203.0.113.72', '203.0.113.85'];

/** The administrators' jump host. */
export const JUMP_HOST = '203.0.113.10';

/** Addresses that try every door and are dropped. */
export const SCANNERS: readonly string[] = ['192.168.100.7', '192.168.100.21', '192.168.100.66'];

/** A site on the outside that desktops reach over IPv6. */
export const OUTSIDE_V6 = '2001:db8:feed:0:0:0:0:80';

/** The IPv6 router of the desktops. */
export const ROUTER_V6 = '2001:db8:0:1:0:0:0:1';

/** A printer without DFW that shouts into the desktops' network. */
export const PRINTER = '198.51.100.200';

/** The broadcast address of the desktops' network. */
export const BROADCAST = '198.51.100.255';

/** Where VRRP speaks to (RFC 9568 §1.2). */
export const VRRP_GROUP = '224.0.0.18';
