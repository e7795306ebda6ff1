import type { Prng } from '../sample/prng.ts';
import { ICMP, TCP, UDP } from '../sample/topology.ts';
import { ApplicationMaker } from './applications.ts';
import type {
  Application,
  Balancer,
  Estate,
  Member,
  Outsider,
  SharedServer,
  Tier,
  Vip,
} from './estate.ts';
import { Addresses, MemberMaker } from './estate.ts';
import type { WorldOptions } from './options.ts';

type Service = readonly [number, number];

const DIRECTORY: readonly Service[] = [
  [TCP, 88],
  [UDP, 88],
  [TCP, 135],
  [TCP, 389],
  [UDP, 389],
  [TCP, 445],
  [TCP, 464],
  [TCP, 636],
  [TCP, 3268],
];

interface SharedKind {
  readonly name: string;
  readonly count: readonly [number, number];
  /** How likely an estate has it. */
  readonly chance: number;
  readonly serves: readonly Service[];
  readonly polls: SharedServer['polls'];
  readonly weight: number;
}

const NOTHING: readonly Service[] = [];

const SHARED: readonly SharedKind[] = [
  { name: 'dns', count: [1, 2], chance: 1, serves: [[UDP, 53]], polls: [], weight: 6 },
  { name: 'ntp', count: [1, 2], chance: 0.9, serves: [[UDP, 123]], polls: [], weight: 2 },
  { name: 'ad', count: [1, 2], chance: 0.7, serves: DIRECTORY, polls: [], weight: 5 },
  { name: 'syslog', count: [1, 1], chance: 0.8, serves: [[UDP, 514]], polls: [], weight: 3 },
  { name: 'smtp', count: [1, 1], chance: 0.4, serves: [[TCP, 25]], polls: [], weight: 1 },
  { name: 'backup', count: [1, 1], chance: 0.5, serves: NOTHING, polls: [[TCP, 1556]], weight: 1 },
  {
    name: 'monitoring',
    count: [1, 1],
    chance: 0.8,
    serves: [[TCP, 10_051]],
    polls: [
      [TCP, 9100],
      [ICMP, null],
    ],
    weight: 4,
  },
  { name: 'jump', count: [1, 2], chance: 0.7, serves: NOTHING, polls: [[TCP, 22]], weight: 1 },
  { name: 'proxy', count: [1, 1], chance: 0.5, serves: [[TCP, 3128]], polls: [], weight: 2 },
];

function sharedServers(
  options: WorldOptions,
  addresses: Addresses,
  maker: MemberMaker,
  prng: Prng,
): readonly SharedServer[] {
  const network = addresses.network();
  const isTagged = options.infrastructure === 'tagged' && options.tagging !== 'none';
  return SHARED.flatMap((kind) => {
    if (!prng.chance(kind.chance)) return [];
    return Array.from({ length: prng.int(...kind.count) }, (_, i): SharedServer => {
      const address = addresses.in(network);
      const name = `${kind.name}-${i + 1}`;
      const group = isTagged ? 'SG-INFRA' : null;
      const member =
        options.infrastructure === 'outside'
          ? null
          : maker.make(address, { name, role: kind.name, group, parent: null });
      const { serves, polls, weight } = kind;
      return { name, address, member, serves, polls, weight };
    });
  });
}

function makeBalancers(
  options: WorldOptions,
  addresses: Addresses,
  network: string,
  prng: Prng,
): readonly Balancer[] {
  return Array.from({ length: options.balancers }, (_, i): Balancer => {
    const isInline = prng.chance(options.inlineShare);
    const snat = Array.from({ length: prng.int(...options.snatAddresses) }, () =>
      addresses.in(network),
    );
    return {
      name: `balancer-${i + 1}`,
      mode: isInline ? 'inline' : 'snat',
      snat: isInline ? [] : snat,
      self: addresses.in(network),
    };
  });
}

const TRANSLATED: ReadonlyMap<number, readonly number[]> = new Map([
  [80, [8080, 8000]],
  [443, [8443, 8080, 80]],
  [8080, [8081, 9080]],
  [8443, [9443, 443]],
]);

function vipFor(tier: Tier, address: string, balancer: Balancer, w: WorldOptions, prng: Prng): Vip {
  const port = tier.kind === 'db' ? tier.port : prng.pick([80, 443, 443, 8443]);
  const target = (front: number) => {
    const others = TRANSLATED.get(front);
    return others !== undefined && prng.chance(w.translationShare) ? prng.pick(others) : front;
  };
  const ports = [{ port, poolPort: target(port) }];
  if (tier.kind !== 'db' && prng.chance(w.secondPortShare)) {
    const second = port === 80 ? 443 : 80;
    const free = [target(second), second, 8888].find((p) => p !== ports[0]?.poolPort) ?? second;
    ports.push({ port: second, poolPort: free });
  }
  const awake = tier.members.filter(({ isSilent }) => !isSilent);
  const isPartlySilent = awake.length > 2 && prng.chance(w.silentPoolShare);
  const chosen = isPartlySilent ? awake.slice(0, -1) : awake;
  return { name: `${tier.role}-vip`, address, balancer, ports, tier, chosen };
}

function makeVips(
  applications: readonly Application[],
  balancers: readonly Balancer[],
  addresses: Addresses,
  options: WorldOptions,
  prng: Prng,
): readonly Vip[] {
  const network = addresses.network();
  return applications.flatMap((application) => {
    const own = prng.chance(0.5) ? prng.pick(balancers) : null;
    return application.tiers.flatMap((tier) => {
      const isCalled =
        tier === application.entry || application.edges.some(({ to }) => to === tier);
      const chance =
        tier.kind === 'db'
          ? 0.1 * options.vipShare
          : ['web', 'api', 'app'].includes(tier.kind)
            ? options.vipShare
            : 0;
      if (!isCalled || !prng.chance(chance)) return [];
      const at = addresses.in(network);
      const vip = vipFor(tier, at, own ?? prng.pick(balancers), options, prng);
      tier.vip = vip;
      return [vip];
    });
  });
}

function makeDesktops(count: number, addresses: Addresses, maker: MemberMaker): readonly Member[] {
  const networks = Array.from({ length: Math.ceil(count / 100) }, () => addresses.network());
  return Array.from({ length: count }, (_, i) =>
    maker.make(addresses.in(networks[Math.floor(i / 100)] ?? ''), {
      name: `vdi-${i + 1}`,
      role: 'desktop',
      group: null,
      parent: null,
    }),
  );
}

function makeOutsiders(
  count: number,
  applications: readonly Application[],
  prng: Prng,
): readonly Outsider[] {
  return Array.from({ length: count }, (_, i): Outsider => {
    const application = prng.pick(applications);
    const callers = application.tiers.filter(({ kind }) => kind !== 'db' && kind !== 'cache');
    const tier = prng.pick(callers.length === 0 ? application.tiers : callers);
    const [name, port] = prng.pick([
      ['saas', 443],
      ['partner-db', 1521],
      ['partner-sftp', 22],
      ['gateway', 8443],
    ] as const);
    return { name: `${name}-${i + 1}`, address: `203.0.113.${i + 1}`, port, tier };
  });
}

function rulesOf(members: readonly Member[]): ReadonlyMap<string, number> {
  const tags = members.flatMap(({ group, parent }) => [group, parent]);
  const names = [...new Set(tags)].filter((tag) => tag !== null);
  return new Map(names.map((tag, i) => [tag, 4100 + i]));
}

/** Draws the estate: who is there, behind what, and under which tags. */
export function buildEstate(options: WorldOptions, prng: Prng): Estate {
  const addresses = new Addresses(prng.fork('addresses'));
  const maker = new MemberMaker(options, prng.fork('members'));
  const apps = new ApplicationMaker(options, addresses, maker, prng.fork('applications'));
  const applications = Array.from({ length: options.applications }, (_, i) => apps.make(i));
  const balanced = prng.fork('balancers');
  const balancers = makeBalancers(options, addresses, addresses.network(), balanced);
  const vips = makeVips(applications, balancers, addresses, options, balanced);
  const shared = sharedServers(options, addresses, maker, prng.fork('shared'));
  const desktops = makeDesktops(options.desktops, addresses, maker);
  const others = prng.fork('others');
  const crossings = applications.flatMap((application, i) => {
    const to = applications[(i + 1) % applications.length];
    const from = application.tiers.findLast(({ kind }) => kind === 'app' || kind === 'api');
    if (to === undefined || to === application || from === undefined) return [];
    return others.chance(options.crossShare) ? [{ from, to }] : [];
  });
  return {
    options,
    hosts: maker.hosts,
    members: maker.members,
    byAddress: new Map(maker.members.map((member) => [member.address, member])),
    applications,
    crossings,
    balancers,
    vips,
    shared,
    outsiders: makeOutsiders(options.outsiders, applications, others),
    desktops,
    users: Array.from(
      { length: options.users },
      (_, i) => `172.${16 + Math.floor(i / 62_500)}.${Math.floor(i / 250) % 250}.${(i % 250) + 1}`,
    ),
    scanners: Array.from({ length: options.scanners }, (_, i) => `192.168.${100 + i}.66`),
    rules: rulesOf(maker.members),
    defaultTag: others.pick(['DEFAULT-ALL', 'default', '']),
  };
}
