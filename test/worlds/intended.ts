import { serviceText } from '../../shared/net/service.ts';
import { TCP } from '../sample/topology.ts';
import type { Estate, Member, SharedServer, Tier, Vip } from './estate.ts';
import { awake } from './traffic.ts';
import type { WorldFlow } from './truth.ts';

type AddressesOf = (members: readonly Member[]) => readonly string[];

interface Party {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** Ways from one party into a tier: to its VIP and from there to the pool, or straight. */
function into(from: Party, tier: Tier, addressesOf: AddressesOf): readonly WorldFlow[] {
  const destinations = addressesOf(awake(tier));
  const { vip } = tier;
  if (vip === null) {
    const service = serviceText(TCP, tier.port);
    return [{ from: from.name, to: tier.role, service, sources: from.addresses, destinations }];
  }
  return vip.ports.flatMap(({ port, poolPort }) => {
    const { name, address, balancer } = vip;
    const isInline = balancer.mode === 'inline';
    return [
      {
        from: from.name,
        to: name,
        service: serviceText(TCP, port),
        sources: from.addresses,
        destinations: [address],
      },
      {
        from: isInline ? from.name : `balancer:${balancer.name}`,
        to: tier.role,
        service: serviceText(TCP, poolPort),
        sources: isInline ? from.addresses : balancer.snat,
        destinations,
      },
    ];
  });
}

function health(vip: Vip, estate: Estate, addressesOf: AddressesOf): readonly WorldFlow[] {
  const { healthChecks } = estate.options;
  if (healthChecks === 'none') return [];
  const { snat, self, name } = vip.balancer;
  const source = healthChecks === 'snat' ? (snat[0] ?? self) : self;
  return vip.ports.map(({ poolPort }) => ({
    from: `balancer:${name}`,
    to: vip.tier.role,
    service: serviceText(TCP, poolPort),
    sources: [source],
    destinations: addressesOf([...vip.chosen]),
  }));
}

function shared(
  server: SharedServer,
  roles: ReadonlyMap<string, readonly string[]>,
): readonly WorldFlow[] {
  const own = [server.address];
  return [...roles].flatMap(([role, addresses]) => [
    ...server.serves.map(([protocol, port]): WorldFlow => ({
      from: role,
      to: server.name,
      service: serviceText(protocol, port),
      sources: addresses,
      destinations: own,
    })),
    ...(role === 'desktop' ? [] : server.polls).map(([protocol, port]): WorldFlow => ({
      from: server.name,
      to: role,
      service: serviceText(protocol, port ?? 0),
      sources: own,
      destinations: addresses,
    })),
  ]);
}

function rolesOf(estate: Estate): ReadonlyMap<string, readonly string[]> {
  const roles = new Map<string, string[]>();
  for (const { role, address, isSilent } of estate.members) {
    if (isSilent) continue;
    roles.set(role, [...(roles.get(role) ?? []), address]);
  }
  return roles;
}

/** Everything that belongs there, whether or not a line shows it. */
export function intendedFlows(estate: Estate, addressesOf: AddressesOf): readonly WorldFlow[] {
  const clients: readonly Party[] = [
    { name: 'users', addresses: estate.users },
    { name: 'desktop', addresses: addressesOf(estate.desktops) },
  ].filter(({ addresses }) => addresses.length > 0);
  const party = (tier: Tier): Party => ({ name: tier.role, addresses: addressesOf(awake(tier)) });
  const roles = rolesOf(estate);
  const flows = [
    ...estate.applications.flatMap(({ entry, edges }) => [
      ...clients.flatMap((client) => into(client, entry, addressesOf)),
      ...edges.flatMap(({ from, to }) => into(party(from), to, addressesOf)),
    ]),
    ...estate.crossings.flatMap(({ from, to }) => into(party(from), to.entry, addressesOf)),
    ...estate.vips.flatMap((vip) => health(vip, estate, addressesOf)),
    ...estate.shared.flatMap((server) => shared(server, roles)),
    ...estate.outsiders.map(({ name, address, port, tier }): WorldFlow => ({
      from: tier.role,
      to: name,
      service: serviceText(TCP, port),
      sources: addressesOf(awake(tier)),
      destinations: [address],
    })),
  ];
  const keys = new Set<string>();
  return flows.filter((flow) => {
    const key = `${flow.from}>${flow.to} ${flow.service} ${flow.sources[0] ?? ''}`;
    if (keys.has(key)) return false;
    keys.add(key);
    return true;
  });
}
