import fc from 'fast-check';
import { EMPTY_INVENTORY, type Group, type Inventory } from '../../shared/domain/inventory.ts';
import {
  CATEGORIES,
  RULE_ACTIONS,
  type Policy,
  type Rule,
  type RuleObject,
  type Ruleset,
} from '../../shared/domain/ruleset.ts';
import { parseAddress, type Address } from '../../shared/net/address.ts';
import type { GroupOfRuleset } from '../../shared/policy/members.ts';
import type { DecidedFlow } from '../../shared/policy/decide.ts';

/** A rule that allows everything everywhere, changed as asked. */
export function aRule(id: string, change: Partial<Rule> = {}): Rule {
  return {
    id,
    name: id,
    sources: [],
    destinations: [],
    services: [],
    appliedTo: [],
    action: 'ALLOW',
    direction: 'IN_OUT',
    ipVersion: 'IPV4_IPV6',
    logged: true,
    tag: id,
    notes: '',
    disabled: false,
    ...change,
  };
}

/** One policy of rules, changed as asked. */
export function aPolicy(
  id: string,
  rules: readonly Rule[],
  change: Partial<Omit<Policy, 'rules'>> = {},
): Policy {
  return { id, name: id, category: 'Application', rules, ...change };
}

/** A group with its members and the groups inside. */
export function aGroup(
  name: string,
  members: readonly string[],
  children: readonly string[] = [],
): Group {
  return {
    ...{ name, members, children, parents: [], tier: null, application: null },
    ...{ confidence: 1, events: 1, basis: 'tag', id: `group:${name}` },
    ...{ standing: 'inferred', proofs: [] },
  };
}

/** An inventory of groups, and workloads without one. */
export function anInventory(
  groups: readonly Group[],
  ungrouped: readonly string[] = [],
): Inventory {
  const workloads = new Set([...groups.flatMap(({ members }) => members), ...ungrouped]).size;
  return { ...EMPTY_INVENTORY, groups, ungrouped, workloads };
}

/** The address a text spells. */
export function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}

/** A flow over TCP, changed as asked. */
export function aFlow(
  source: string,
  destination: string,
  change: Partial<DecidedFlow> = {},
): DecidedFlow {
  return {
    source: addressOf(source),
    destination: addressOf(destination),
    protocol: 6,
    port: 443,
    sourcePort: null,
    icmp: null,
    ...change,
  };
}

/** Workloads of a small estate, in two families. */
export const WORKLOADS = [
  ...Array.from({ length: 8 }, (_, at) => `192.0.2.${at + 1}`),
  ...Array.from({ length: 3 }, (_, at) => `2001:db8::${at + 1}`),
] as const;

/** Addresses that are no workload. */
export const STRANGERS = ['198.51.100.7', '203.0.113.10', '192.0.2.200', '2001:db8:1::9'] as const;

/** The estate: groups that nest and overlap, one of them inside itself, and groups of addresses. */
export const ESTATE = anInventory(
  [
    aGroup('WEB', ['192.0.2.1', '192.0.2.2', '2001:db8::1']),
    aGroup('APP', ['192.0.2.3', '192.0.2.4']),
    aGroup('DB', ['192.0.2.5', '2001:db8::2']),
    aGroup('SHOP', [], ['WEB', 'APP', 'DB', 'SHOP']),
    aGroup('MIXED', ['192.0.2.2', '192.0.2.3', '192.0.2.6'], ['VIPS']),
  ],
  ['192.0.2.7', '192.0.2.8', '192.0.2.6', '2001:db8::3'],
);

/** Groups of addresses the estate's rulesets bring along. */
export const BROUGHT: readonly GroupOfRuleset[] = [
  { name: 'VIPS', kind: 'ip-set', addresses: ['203.0.113.10', '192.0.2.4'], children: [] },
  {
    name: 'NETS',
    kind: 'group',
    addresses: ['192.0.2.4-192.0.2.6', '198.51.100.0/24'],
    children: [],
  },
];

const groupName = fc.constantFrom('WEB', 'APP', 'DB', 'SHOP', 'MIXED', 'VIPS', 'NETS', 'NOBODY');

const ipSet = fc
  .uniqueArray(
    fc.constantFrom(
      ...['192.0.2.0/29', '192.0.2.3-192.0.2.5', '198.51.100.7', '203.0.113.0/24'],
      ...['2001:db8::/127', '2001:db8::2-2001:db8:2::', '0.0.0.0/0', '::/0'],
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((addresses): RuleObject => ({ kind: 'ip-set', name: addresses.join(), addresses }));

const object = fc.oneof(
  groupName.map((name): RuleObject => ({ kind: 'group', name })),
  ipSet,
);
const side = fc.oneof(fc.constant([]), fc.array(object, { minLength: 1, maxLength: 2 }));

const SERVICES = [
  ...['TCP/443', 'TCP/80,443', 'TCP/400-500', 'TCP', 'UDP/53', 'UDP/53 from 1000-2000'],
  ...['TCP/443 from 50000', 'ICMP', 'ICMP/8', 'ICMP/3:4', 'ICMPv6/128', 'PROTO 47', 'SCTP/443'],
] as const;
const services = fc.oneof(
  fc.constant([]),
  fc.uniqueArray(fc.constantFrom(...SERVICES), { minLength: 1, maxLength: 3 }),
);
const scope = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.uniqueArray(groupName, { minLength: 1, maxLength: 2 }) },
);

const ruleChange = fc.record({
  sources: side,
  sourcesNegated: fc.boolean(),
  destinations: side,
  destinationsNegated: fc.boolean(),
  services,
  appliedTo: scope,
  action: fc.constantFrom(...RULE_ACTIONS),
  direction: fc.constantFrom('IN' as const, 'OUT' as const, 'IN_OUT' as const),
  ipVersion: fc.constantFrom('IPV4' as const, 'IPV6' as const, 'IPV4_IPV6' as const),
  disabled: fc.integer({ min: 0, max: 9 }).map((at) => at === 0),
});

/** Any ruleset over the estate: every kind of rule, scope and category. */
export const anyRuleset: fc.Arbitrary<Ruleset> = fc
  .record({
    policies: fc.array(
      fc.record({
        category: fc.constantFrom(...CATEGORIES),
        appliedTo: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, scope),
        rules: fc.array(ruleChange, { minLength: 1, maxLength: 6 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    action: fc.constantFrom(...RULE_ACTIONS),
  })
  .map(({ policies, action }) => ({
    policies: policies.map(({ rules, ...policy }, at) => ({
      ...policy,
      id: `p${at}`,
      name: `p${at}`,
      rules: rules.map((change, place) => aRule(`r${at}-${place}`, change)),
    })),
    defaultRule: { action, logged: false },
  }));

const end = fc.constantFrom(...WORKLOADS, ...WORKLOADS, ...STRANGERS);

/** Any flow of the estate; both ends are of one family. */
export const anyFlow: fc.Arbitrary<DecidedFlow> = fc
  .tuple(
    end,
    end,
    fc.constantFrom(
      ...[80, 443, 450, 53].map((port) => ({ protocol: 6, port, icmp: null })),
      ...[53, 443].map((port) => ({ protocol: 17, port, icmp: null })),
      ...[8 * 256, 3 * 256 + 4, 3 * 256, null].map((icmp) => ({ protocol: 1, port: 0, icmp })),
      ...[128 * 256, 129 * 256, null].map((icmp) => ({ protocol: 58, port: 0, icmp })),
      { protocol: 132, port: 443, icmp: null },
      { protocol: 47, port: 0, icmp: null },
    ),
    fc.constantFrom(null, 53, 999, 1000, 1500, 2000, 2001, 50_000, 65_535),
  )
  .filter(([a, b]) => a.includes(':') === b.includes(':'))
  .map(([source, destination, service, sourcePort]) =>
    aFlow(source, destination, {
      ...service,
      sourcePort: [6, 17, 132].includes(service.protocol) ? sourcePort : null,
    }),
  );
