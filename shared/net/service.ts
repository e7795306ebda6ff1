/**
 * IP protocol numbers the workbench names, from the IANA registry
 * (https://www.iana.org/assignments/protocol-numbers). The DFW itself spells only ICMP, TCP and
 * UDP; every other protocol is logged as `PROTO n`.
 */
const PROTOCOL_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'ICMP'],
  [2, 'IGMP'],
  [6, 'TCP'],
  [17, 'UDP'],
  [47, 'GRE'],
  [50, 'ESP'],
  [51, 'AH'],
  [58, 'ICMPv6'],
  [88, 'EIGRP'],
  [89, 'OSPF'],
  [103, 'PIM'],
  [112, 'VRRP'],
  [132, 'SCTP'],
]);

const PROTOCOL_NUMBERS: ReadonlyMap<string, number> = new Map(
  [...PROTOCOL_NAMES].map(([number, name]) => [name.toUpperCase(), number]),
);

/** The name of an IP protocol, or `PROTO n` where it has none here. */
export function protocolName(number: number): string {
  return PROTOCOL_NAMES.get(number) ?? `PROTO ${number}`;
}

/** The number of a protocol given by name, as `PROTO n` or as a plain number. Case does not matter. */
export function protocolNumber(text: string): number | undefined {
  const named = PROTOCOL_NUMBERS.get(text.toUpperCase());
  if (named !== undefined) return named;
  const digits = /^(?:PROTO[ -]?)?(\d{1,3})$/i.exec(text)?.[1];
  if (digits === undefined || Number(digits) > 255) return undefined;
  return Number(digits);
}

/** Whether the protocol has ports that a DFW line shows. */
export function hasPorts(protocol: number): boolean {
  return protocol === 6 || protocol === 17 || protocol === 132;
}

/** Ports from `first` to `last`, both included, 0 to 65,535. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** A type of ICMP messages, of one code or of every code. */
export interface IcmpType {
  readonly type: number;
  /** `null` for every code. */
  readonly code: number | null;
}

/** A protocol and its destination ports; no ports means every port, or a protocol without any. */
export interface Service {
  readonly protocol: number;
  readonly ports: readonly PortRange[];
  /** The client's ports; absent means every port. */
  readonly sources?: readonly PortRange[];
  /** For ICMP and ICMPv6 the types it is limited to; absent means every type. */
  readonly icmp?: readonly IcmpType[];
}

/** Whether the protocol is ICMP or ICMPv6. */
export function isIcmp(protocol: number): boolean {
  return protocol === 1 || protocol === 58;
}

/** The text of a service seen in a flow: `TCP/443`, or the protocol's name where there are no ports. */
export function serviceText(protocol: number, port: number): string {
  return hasPorts(protocol) ? `${protocolName(protocol)}/${port}` : protocolName(protocol);
}

function parsePorts(text: string): readonly PortRange[] | undefined {
  const ranges: PortRange[] = [];
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/.exec(part);
    if (match === null) return undefined;
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (last > 65_535 || first > last) return undefined;
    ranges.push({ first, last });
  }
  return ranges;
}

function parseIcmpTypes(text: string): readonly IcmpType[] | undefined {
  const types: IcmpType[] = [];
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,3})\s*(?::\s*(\d{1,3})\s*)?$/.exec(part);
    if (match === null) return undefined;
    const type = Number(match[1]);
    const code = match[2] === undefined ? null : Number(match[2]);
    if (type > 255 || (code ?? 0) > 255) return undefined;
    types.push({ type, code });
  }
  return types;
}

function parseDestination(text: string): Service | undefined {
  const slash = text.indexOf('/');
  const protocol = protocolNumber((slash < 0 ? text : text.slice(0, slash)).trim());
  if (protocol === undefined) return undefined;
  const rest = slash < 0 ? '*' : text.slice(slash + 1).trim();
  if (rest === '*') return { protocol, ports: [] };
  if (isIcmp(protocol)) {
    const icmp = parseIcmpTypes(rest);
    return icmp === undefined ? undefined : { protocol, ports: [], icmp };
  }
  if (!hasPorts(protocol)) return undefined;
  const ports = parsePorts(rest);
  return ports === undefined ? undefined : { protocol, ports };
}

/**
 * Reads a service: `TCP/443`, `UDP/53,5353`, `TCP/8000-8010`, `TCP` or `TCP/*` (every port),
 * `TCP/80 from 1024-65535` (by the client's port too), `ICMP`, `ICMP/8` (a type), `ICMP/3:4` (a type
 * and its code), `PROTO 112`. Returns nothing where the text is none of these.
 */
export function parseService(text: string): Service | undefined {
  const [head = '', sourceText, ...more] = text.split(/\s+from\s+/i);
  if (more.length > 0) return undefined;
  const service = parseDestination(head);
  if (service === undefined || sourceText === undefined) return service;
  const sources = hasPorts(service.protocol) ? parsePorts(sourceText) : undefined;
  return sources === undefined ? undefined : { ...service, sources };
}

function formatPorts(ports: readonly PortRange[]): string {
  return ports
    .map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`))
    .join(',');
}

/** Writes a service so that {@link parseService} reads the same one back. */
export function formatService({ protocol, ports, sources, icmp }: Service): string {
  const types = icmp?.map(({ type, code }) => (code === null ? `${type}` : `${type}:${code}`));
  const rest = types?.join(',') ?? formatPorts(ports);
  const text = protocolName(protocol) + (rest === '' ? '' : `/${rest}`);
  return sources === undefined ? text : `${text} from ${formatPorts(sources)}`;
}

/**
 * Whether a flow's protocol and destination port belong to the service. The client's ports and
 * ICMP types, which flows do not keep, are left aside; `policy/match` heeds them.
 */
export function serviceHas(service: Service, protocol: number, port: number): boolean {
  if (service.protocol !== protocol) return false;
  if (service.ports.length === 0) return true;
  return service.ports.some(({ first, last }) => first <= port && port <= last);
}

/**
 * Short names of services by protocol and port, from the IANA service name registry
 * (https://www.iana.org/assignments/service-names-port-numbers) and vendors' documentation.
 */
const SERVICE_NAMES: ReadonlyMap<string, string> = new Map([
  ['TCP/20', 'FTP data'],
  ['TCP/21', 'FTP'],
  ['TCP/22', 'SSH'],
  ['TCP/23', 'Telnet'],
  ['TCP/25', 'SMTP'],
  ['TCP/53', 'DNS'],
  ['UDP/53', 'DNS'],
  ['UDP/67', 'DHCP'],
  ['UDP/68', 'DHCP'],
  ['TCP/80', 'HTTP'],
  ['TCP/88', 'Kerberos'],
  ['UDP/88', 'Kerberos'],
  ['UDP/123', 'NTP'],
  ['TCP/135', 'MS RPC'],
  ['UDP/137', 'NetBIOS name'],
  ['UDP/138', 'NetBIOS datagram'],
  ['TCP/139', 'NetBIOS session'],
  ['UDP/161', 'SNMP'],
  ['UDP/162', 'SNMP trap'],
  ['TCP/389', 'LDAP'],
  ['UDP/389', 'LDAP'],
  ['TCP/443', 'HTTPS'],
  ['TCP/445', 'SMB'],
  ['TCP/464', 'Kerberos password'],
  ['TCP/514', 'Syslog'],
  ['UDP/514', 'Syslog'],
  ['TCP/636', 'LDAPS'],
  ['TCP/1433', 'MS SQL'],
  ['TCP/1521', 'Oracle'],
  ['TCP/2049', 'NFS'],
  ['TCP/3268', 'Global catalogue'],
  ['TCP/3306', 'MySQL'],
  ['TCP/3389', 'RDP'],
  ['TCP/5432', 'PostgreSQL'],
  ['TCP/5666', 'NRPE'],
  ['TCP/5985', 'WinRM'],
  ['TCP/6514', 'Syslog TLS'],
  ['TCP/8080', 'HTTP alternative'],
  ['TCP/8443', 'HTTPS alternative'],
  ['TCP/9100', 'Node exporter'],
  ['TCP/10050', 'Zabbix agent'],
]);

/** The common name of a service text such as `TCP/443`, where it has one. */
export function serviceName(service: string): string | undefined {
  return SERVICE_NAMES.get(service);
}
