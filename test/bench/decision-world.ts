import { indexFlows } from '../../main/engine/policy/decisions/flow-keys.ts';
import type { FlowColumns } from '../../main/engine/policy/decisions/flow-columns.ts';
import type { Inventory } from '../../shared/domain/inventory.ts';
import type { Rule, RuleObject, Ruleset } from '../../shared/domain/ruleset.ts';
import { createPrng, type Prng } from '../sample/prng.ts';
import { aGroup, anInventory, aPolicy, aRule } from '../support/rulesets.ts';

/** Flows and rules as an archive of 10 million lines and a grown estate have them. */
export interface DecisionWorld {
  readonly flows: FlowColumns;
  readonly inventory: Inventory;
  readonly ruleset: Ruleset;
}

/** How large a world is, and whether its rules are about groups that lie across each other. */
export interface WorldSize {
  readonly flows: number;
  readonly rules: number;
  readonly overlapping: boolean;
}

const TIERS = ['WEB', 'APP', 'DB'] as const;
const PORTS: readonly number[] = [80, 443, 8080, 8443, 1433, 3306, 5432, 6379, 9092, 5672];
const TCP = 6;
const UDP = 17;
const CLIENT_NETS = 64;
/** Of each application rules allow its three needs and one net, and deny the rest. */
const RULES_OF_APPLICATION = 5;

const dotted = (code: number) => [24, 16, 8, 0].map((shift) => (code >>> shift) & 255).join('.');

const group = (name: string): RuleObject => ({ kind: 'group', name });

interface Application {
  readonly name: string;
  readonly tiers: readonly (readonly number[])[];
  readonly ports: readonly number[];
}

function applicationsOf(count: number, prng: Prng): readonly Application[] {
  return Array.from({ length: count }, (_, at) => ({
    name: `A${at}`,
    tiers: TIERS.map((_tier, tier) =>
      Array.from(
        { length: prng.int(4, 24) },
        (_member, member) => 0x0a00_0000 + at * 65_536 + tier * 256 + member + 10,
      ),
    ),
    ports: TIERS.map(() => prng.pick(PORTS)),
  }));
}

function inventoryOf(applications: readonly Application[]): Inventory {
  return anInventory(
    applications.flatMap(({ name, tiers }) => [
      ...tiers.map((members, tier) => aGroup(`${name}-${TIERS[tier]}`, members.map(dotted))),
      aGroup(
        name,
        [],
        TIERS.map((tier) => `${name}-${tier}`),
      ),
    ]),
  );
}

function rulesOf({ name, ports }: Application, at: number): readonly Rule[] {
  const [web, app, db] = TIERS.map((tier) => `${name}-${tier}`);
  if (web === undefined || app === undefined || db === undefined) return [];
  const need = (id: string, from: readonly RuleObject[], to: string, port = 0) =>
    aRule(`${name}-${id}`, {
      ...{ sources: from, destinations: [group(to)], services: [`TCP/${port}`, 'ICMP/8'] },
      appliedTo: [to, ...from.map((each) => each.name).filter((each) => each.startsWith('A'))],
    });
  const net = {
    kind: 'ip-set',
    name: `net ${at}`,
    addresses: [`172.16.${at % CLIENT_NETS}.0/24`],
  } as const;
  return [
    need('in', [], web, ports[0]),
    need('web', [group(web)], app, ports[1]),
    need('app', [group(app)], db, ports[2]),
    aRule(`${name}-admin`, {
      sources: [net],
      destinations: [group(name)],
      services: ['TCP/22', 'TCP/3389', 'TCP/5985-5986'],
    }),
    aRule(`${name}-close`, { action: 'DROP', appliedTo: [name] }),
  ];
}

function flowsOf(count: number, applications: readonly Application[], prng: Prng): FlowColumns {
  const seen = new Set<number>();
  const [source, destination, service] = [
    new Uint32Array(count),
    new Uint32Array(count),
    new Uint32Array(count),
  ];
  const clients = Array.from(
    { length: Math.ceil(count / 5) },
    () => 0xac10_0000 + prng.int(0, CLIENT_NETS * 4096),
  );
  for (let at = 0; at < count;) {
    const { tiers, ports } = prng.pick(applications);
    const tier = prng.int(0, 2);
    const to = prng.pick(tiers[tier] ?? []);
    const from =
      tier === 0 || prng.chance(0.3) ? prng.pick(clients) : prng.pick(tiers[tier - 1] ?? []);
    const port = prng.chance(0.7)
      ? (ports[tier] ?? 0)
      : prng.chance(0.7)
        ? prng.pick(PORTS)
        : prng.int(1, 3000);
    const key = (from * 8191 + to) * 65_536 + port;
    if (seen.has(key)) continue;
    seen.add(key);
    source[at] = from;
    destination[at] = to;
    service[at] = (prng.chance(0.9) ? TCP : UDP) * 65_536 + port;
    at++;
  }
  const order = Uint32Array.from({ length: count }, (_, at) => at).sort(
    (a, b) =>
      (source[a] ?? 0) - (source[b] ?? 0) ||
      (destination[a] ?? 0) - (destination[b] ?? 0) ||
      (service[a] ?? 0) - (service[b] ?? 0),
  );
  const sorted = (column: Uint32Array) => order.map((at) => column[at] ?? 0);
  const raw = {
    source: sorted(source),
    destination: sorted(destination),
    service: sorted(service),
  };
  const keys = indexFlows({ ...raw, slice: null, icmp: () => null }, dotted);
  const lines = () => Float64Array.from({ length: count }, () => prng.int(0, 20));
  const none = new Float64Array(count);
  return {
    ...keys,
    lines: {
      ...{ inPassed: lines(), inBlocked: none, outPassed: lines(), outBlocked: none },
      ...{ throughPassed: none, throughBlocked: none },
    },
    ...{ first: none, last: none, answers: new Uint8Array(count), replyEvents: 0 },
  };
}

/** Groups across all networks and applications, as many and as wide as `inventory` never has them. */
const WIDE_GROUPS = 209;

function overlappingGroups(flows: FlowColumns, prng: Prng): Inventory {
  const addresses = Array.from(flows.codes);
  const inside = addresses.filter((code) => code < 0xac10_0000);
  const groups = Array.from({ length: WIDE_GROUPS }, (_, at) => {
    const from = prng.int(0, inside.length - 1);
    const run = inside.slice(from, from + prng.int(20, 300));
    const more = Array.from({ length: prng.int(0, 60) }, () => prng.pick(inside));
    return aGroup(`G${at}`, [...new Set([...run, ...more])].map(dotted));
  });
  return anInventory(groups, inside.map(dotted));
}

function overlappingRules(count: number, prng: Prng): Ruleset {
  const side = (): readonly RuleObject[] => {
    if (prng.chance(0.15)) return [];
    const net = {
      kind: 'ip-set',
      name: 'net',
      addresses: [`172.16.${prng.int(0, 255)}.0/${prng.int(18, 26)}`],
    } as const;
    const groups = Array.from({ length: prng.int(1, 3) }, () =>
      group(`G${prng.int(0, WIDE_GROUPS - 1)}`),
    );
    return prng.chance(0.3) ? [net, ...groups] : groups;
  };
  const service = () =>
    prng.chance(0.6)
      ? `TCP/${prng.pick(PORTS)}`
      : `${prng.pick(['TCP', 'UDP'])}/${prng.int(1, 1500)}-${prng.int(1500, 3000)}`;
  const rules = Array.from({ length: count }, (_, at) =>
    aRule(`r${at}`, {
      ...{ sources: side(), destinations: side() },
      services: prng.chance(0.1) ? [] : Array.from({ length: prng.int(1, 3) }, service),
      appliedTo: prng.chance(0.5)
        ? []
        : Array.from({ length: prng.int(1, 3) }, () => `G${prng.int(0, WIDE_GROUPS - 1)}`),
      action: prng.chance(0.8) ? 'ALLOW' : 'DROP',
      direction: prng.pick(['IN', 'OUT', 'IN_OUT', 'IN_OUT']),
    }),
  );
  return { policies: [aPolicy('p', rules)], defaultRule: { action: 'DROP', logged: true } };
}

/** Draws a world; the same seed and size give the same. */
export function makeDecisionWorld(seed: number, size: WorldSize): DecisionWorld {
  const prng = createPrng(seed).fork('decisions');
  const applications = applicationsOf(Math.ceil(size.rules / RULES_OF_APPLICATION), prng);
  const flows = flowsOf(size.flows, applications, prng);
  if (size.overlapping) {
    const inventory = overlappingGroups(flows, prng);
    return { flows, inventory, ruleset: overlappingRules(size.rules, prng) };
  }
  const policies = applications.map((each, at) => aPolicy(each.name, rulesOf(each, at)));
  return {
    flows,
    inventory: inventoryOf(applications),
    ruleset: { policies, defaultRule: { action: 'DROP', logged: true } },
  };
}
