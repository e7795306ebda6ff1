/** A service every NSX-T manager has from the start. */
export interface PredefinedService {
  readonly id: string;
  readonly name: string;
}

/**
 * The services by protocol and port that every manager has and that are exactly that, from a manager's
 * answer to `GET /policy/api/v1/infra/services` (NSX-T 2.4 and later keep them). Where several are the
 * same, the one people know stands here. An id is the name with `_` for blanks.
 */
const NAMES: Readonly<Record<string, string>> = {
  'TCP/22': 'SSH',
  'TCP/23': 'TELNET',
  'TCP/25': 'SMTP',
  'TCP/42': 'WINS',
  'TCP/53': 'DNS',
  'TCP/80': 'HTTP',
  'TCP/88': 'KERBEROS',
  'TCP/110': 'POP3',
  'TCP/119': 'NNTP',
  'TCP/143': 'IMAP',
  'TCP/389': 'LDAP',
  'TCP/443': 'HTTPS',
  'TCP/464': 'Active Directory Server',
  'TCP/514': 'Syslog (TCP)',
  'TCP/587': 'SMTP_TLS',
  'TCP/636': 'LDAP-over-SSL',
  'TCP/902': 'VMware-ESXi5.x-TCP',
  'TCP/993': 'IMAP_SSL',
  'TCP/995': 'POP3_SSL',
  'TCP/1433': 'MS-SQL-S',
  'TCP/1434': 'MS-SQL-M-TCP',
  'TCP/1521': 'Oracle',
  'TCP/2049': 'NFS (TCP)',
  'TCP/3260': 'VMware-iSCSI-Server',
  'TCP/3268': 'LDAP Global Catalog',
  'TCP/3269': 'Windows-Global-Catalog-over-SSL',
  'TCP/3306': 'MySQL',
  'TCP/3389': 'RDP',
  'TCP/5432': 'PostgreSQL',
  'TCP/5988': 'CIM-HTTP',
  'TCP/5989': 'CIM-HTTPS',
  'UDP/53': 'DNS-UDP',
  'UDP/67': 'DHCP-Server',
  'UDP/68': 'DHCP-Client',
  'UDP/88': 'KERBEROS-UDP',
  'UDP/123': 'NTP',
  'UDP/161': 'SNMP',
  'UDP/162': 'SNMP-Send',
  'UDP/389': 'LDAP-UDP',
  'UDP/464': 'Active Directory Server UDP',
  'UDP/500': 'IKE (Key Exchange)',
  'UDP/514': 'Syslog (UDP)',
  'UDP/546': 'DHCPv6 Client',
  'UDP/547': 'DHCPv6 Server',
  'UDP/636': 'LDAP-over-SSL-UDP',
  'UDP/1434': 'MS-SQL-M',
  'UDP/2049': 'NFS (UDP)',
  ICMP: 'ICMPv4-ALL',
  ICMPv6: 'ICMPv6-ALL',
};

/** All of them, by the service as rules write it. */
export const PREDEFINED_SERVICES: ReadonlyMap<string, PredefinedService> = new Map(
  Object.entries(NAMES).map(([service, name]) => [
    service,
    { id: name.replaceAll(' ', '_').replaceAll('/', '-'), name },
  ]),
);
