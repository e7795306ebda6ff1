import { serviceKey } from './facts.ts';

const TCP = 6;
const UDP = 17;
const ICMP = 1;
const ICMPV6 = 58;

/** What a service that everybody uses is for; the first of a server's in this order names it. */
export const SHARED_PURPOSES = [
  'Directory',
  'DNS',
  'NTP',
  'Monitoring',
  'Syslog',
  'Mail',
  'Proxy',
  'Backup',
  'File server',
  'DHCP',
  'Management',
] as const;

/** One of the purposes. */
export type SharedPurpose = (typeof SHARED_PURPOSES)[number];

/**
 * Services that serve a whole estate, by protocol and port. Source: the IANA service name registry
 * (https://www.iana.org/assignments/service-names-port-numbers) and vendors' port lists.
 */
const SERVED: ReadonlyMap<number, SharedPurpose> = new Map(
  (
    [
      ['DNS', TCP, [53, 853]],
      ['DNS', UDP, [53]],
      ['NTP', UDP, [123]],
      ['DHCP', UDP, [67, 547]],
      ['Directory', TCP, [88, 135, 389, 464, 636, 3268, 3269, 9389]],
      ['Directory', UDP, [88, 389, 464]],
      ['Syslog', TCP, [514, 601, 1514, 6514]],
      ['Syslog', UDP, [514, 1514]],
      ['Mail', TCP, [25, 465, 587]],
      ['Proxy', TCP, [3128, 8888]],
      ['Monitoring', TCP, [10_051, 4505, 4506, 5044, 9996]],
      ['Monitoring', UDP, [162, 2055, 6343, 8125]],
      ['File server', TCP, [111, 139, 445, 2049]],
      ['File server', UDP, [111, 137, 138, 2049]],
      ['Backup', TCP, [1556, 13_720, 13_724, 13_782, 6106, 8400, 8403]],
      ['Management', TCP, [8530, 8531, 8140]],
    ] satisfies readonly (readonly [SharedPurpose, number, readonly number[]])[]
  ).flatMap(([purpose, protocol, ports]) =>
    ports.map((port): [number, SharedPurpose] => [serviceKey(protocol, port), purpose]),
  ),
);

/** Services by which somebody visits workloads to look after them. Source: as above. */
const VISITED: ReadonlyMap<number, string> = new Map(
  (
    [
      ['Jump host', TCP, [22, 23, 3389, 5900, 5985, 5986]],
      ['Monitoring', TCP, [5666, 9100, 9182, 10_050, 6556, 1270, 9090, 12_489]],
      ['Monitoring', UDP, [161]],
      ['Monitoring', ICMP, [0]],
      ['Monitoring', ICMPV6, [0]],
      ['Backup', TCP, [1556, 13_720, 13_724, 13_782, 6106, 8400, 8403, 10_000, 902, 9392, 2500]],
      ['Management', TCP, [135, 445, 139, 623, 8014, 4118]],
    ] satisfies readonly (readonly [string, number, readonly number[]])[]
  ).flatMap(([purpose, protocol, ports]) =>
    ports.map((port): [number, string] => [serviceKey(protocol, port), purpose]),
  ),
);

/** Services that look after workloads and that worms and scanners try first, too. */
const OFTEN_SWEPT: ReadonlySet<number> = new Set(
  [23, 135, 139, 445, 5900].map((port) => serviceKey(TCP, port)),
);

/** Whether a service says nothing about the purpose of who visits it. */
export function isOftenSwept(service: number): boolean {
  return OFTEN_SWEPT.has(service);
}

/** What a service that a whole estate uses is for; nothing where it is none of those. */
export function servedPurpose(service: number): SharedPurpose | undefined {
  return SERVED.get(service);
}

/** What somebody does who visits workloads on this service; nothing where it is none of those. */
export function visitPurpose(service: number): string | undefined {
  return VISITED.get(service);
}

/** The tier that serves a service by convention, as tags spell it; nothing where any tier may. */
export function tierOfService(service: number): string | undefined {
  return TIERS.get(service);
}

const TIERS: ReadonlyMap<number, string> = new Map(
  (
    [
      ['db', [1433, 1434, 1521, 1522, 2483, 3306, 5432, 5433, 27_017, 9042, 50_000, 1830]],
      ['cache', [6379, 6380, 11_211]],
      ['mq', [5671, 5672, 9092, 9093, 61_616, 61_617, 1414, 4222]],
      ['search', [9200, 9300]],
    ] satisfies readonly (readonly [string, readonly number[]])[]
  ).flatMap(([tier, ports]) =>
    ports.map((port): [number, string] => [serviceKey(TCP, port), tier]),
  ),
);

/** Whether a service is the web's own: what browsers ask for. */
export function isWebService(service: number): boolean {
  return service === serviceKey(TCP, 80) || service === serviceKey(TCP, 443);
}
