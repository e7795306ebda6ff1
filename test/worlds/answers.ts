import { serviceText } from '../../shared/net/service.ts';
import { TCP } from '../sample/topology.ts';
import type { Application, Estate, Member, SharedServer, Tier, Vip } from './estate.ts';
import { intendedFlows } from './intended.ts';
import type { Tally } from './tally.ts';
import { legKey, tagKey } from './tally.ts';
import type {
  WorldApplication,
  WorldEdge,
  WorldGroup,
  WorldShared,
  WorldTruth,
  WorldVip,
} from './truth.ts';

function allTiers({ applications }: Estate): readonly (readonly [Tier, Application | null])[] {
  const own = applications.flatMap((application) =>
    application.tiers.map((tier): readonly [Tier, Application | null] => [tier, application]),
  );
  const targets = applications.flatMap(({ edges }) => edges.map(({ to }) => to));
  const common = targets.find(({ role }) => role === 'common.db');
  return common === undefined ? own : [...own, [common, null]];
}

function addressesOf(members: readonly Member[], estate: Estate): readonly string[] {
  const names = new Set(members.map(({ name }) => name));
  return estate.members.filter(({ name }) => names.has(name)).map(({ address }) => address);
}

function provenOf(tag: string, addresses: readonly string[], tally: Tally): readonly string[] {
  return addresses.filter((address) => tally.underTag.has(tagKey(tag, address)));
}

function groupsOf(estate: Estate, tally: Tally): readonly WorldGroup[] {
  const tags = [...estate.rules.keys()];
  const tiers = allTiers(estate);
  return tags.map((name): WorldGroup => {
    const inner = estate.members.filter(({ group }) => group === name);
    const outer = estate.members.filter(({ parent }) => parent === name);
    const members = (inner.length > 0 ? inner : outer).map(({ address }) => address);
    const own = tiers.filter(([tier]) => tier.groups.includes(name));
    const [first] = own;
    const application =
      first?.[1] ?? estate.applications.find(({ parent }) => parent === name) ?? null;
    return {
      name,
      members,
      proven: provenOf(name, members, tally),
      parents: [...new Set(inner.flatMap(({ parent }) => parent ?? []))],
      children: [...new Set(outer.flatMap(({ group }) => group ?? []))],
      tier: own.length === 1 && first !== undefined ? first[0].kind : null,
      application: application?.name ?? null,
    };
  });
}

function vipOf(vip: Vip, tally: Tally): WorldVip {
  const { sessions, stitched, snat } = tally.vip(vip);
  const pool = vip.tier.members.map(({ address }) => address);
  return {
    address: vip.address,
    name: vip.name,
    balancer: vip.balancer.name,
    mode: vip.balancer.mode,
    ports: vip.ports.map(({ port, poolPort }) => ({
      protocol: TCP,
      port,
      poolPort,
      pool,
      stitched: Object.fromEntries(
        pool.map((member) => [member, stitched.get(legKey(port, member)) ?? 0]),
      ),
    })),
    snat: vip.balancer.snat,
    snatStitched: Object.fromEntries(
      vip.balancer.snat.map((address) => [address, snat.get(address) ?? 0]),
    ),
    groups: vip.tier.groups,
    role: vip.tier.role,
    sessions,
  };
}

function edgesOf({ applications }: Estate, tally: Tally): readonly WorldEdge[] {
  return applications.flatMap(({ name, edges }) =>
    edges.map((edge): WorldEdge => ({
      application: name,
      fromRole: edge.from.role,
      toRole: edge.to.role,
      fromGroups: edge.from.groups,
      toGroups: edge.to.groups,
      vip: edge.to.vip?.address ?? null,
      service: serviceText(TCP, edge.to.vip?.ports[0]?.port ?? edge.to.port),
      sessions: tally.edges.get(edge) ?? 0,
    })),
  );
}

function sharedOf(server: SharedServer, tally: Tally): WorldShared {
  const seen = tally.shared.get(server.address);
  const serves = server.serves.length > 0;
  return {
    address: server.address,
    name: server.name,
    way: !serves ? 'polls' : server.polls.length > 0 ? 'both' : 'serves',
    services: [...(seen?.serves ?? [])].sort(),
    polls: [...(seen?.polls ?? [])].sort(),
    usedBy: [...(seen?.usedBy ?? [])].sort(),
    sessions: seen?.sessions ?? 0,
    group: server.member?.group ?? null,
  };
}

function applicationOf({ name, stem, parent, tiers }: Application): WorldApplication {
  const groups = [...new Set(tiers.flatMap((tier) => tier.groups))];
  const tags = [...groups, parent ?? ''].map((tag) => tag.toLowerCase());
  return {
    name,
    stem: stem !== null && tags.some((tag) => tag.includes(stem)) ? stem : null,
    groups,
    roles: tiers.map(({ role }) => role),
  };
}

/** Puts together what an estate is and what its lines show of it. */
export function answersOf(seed: number, estate: Estate, tally: Tally, lost: number): WorldTruth {
  return {
    seed,
    options: estate.options,
    workloads: estate.members.map(({ address, name, host, group, role, isSecond }) => ({
      address,
      name,
      host: host.name,
      group,
      role,
      lines: tally.atVantage.get(address) ?? 0,
      isSecond,
    })),
    groups: groupsOf(estate, tally),
    catchAllTags: estate.defaultTag === '' ? [] : [estate.defaultTag],
    balancers: estate.balancers,
    vips: estate.vips.map((vip) => vipOf(vip, tally)),
    applications: estate.applications.map(applicationOf),
    edges: edgesOf(estate, tally),
    shared: estate.shared.map((server) => sharedOf(server, tally)),
    spurious: [...tally.spurious].map(([address, { kind, attempts, targets, ports }]) => ({
      address,
      kind,
      attempts,
      targets: targets.size,
      ports: ports.size,
    })),
    outsiders: estate.outsiders.map(({ address, name, port, tier }) => ({
      address,
      name,
      service: serviceText(TCP, port),
      role: tier.role,
      lines: tally.outsiders.get(address) ?? 0,
    })),
    intended: intendedFlows(estate, (members) => addressesOf(members, estate)),
    lines: tally.lines,
    lost,
  };
}
