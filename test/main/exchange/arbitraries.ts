import fc from 'fast-check';
import { EMPTY_INVENTORY, type Group, type Inventory } from '../../../shared/domain/inventory.ts';
import {
  CATEGORIES,
  RULE_ACTIONS,
  type Rule,
  type RuleObject,
  type Ruleset,
} from '../../../shared/domain/ruleset.ts';
import { formatAddress } from '../../../shared/net/address.ts';
import { formatService } from '../../../shared/net/service.ts';

/** Names that are easy to confuse once they become ids. */
const NAMES = ['WEB', 'web', 'app-1', 'app 1', 'app/1', 'db', 'db-ipv6', 'größe', '...', 'ALL'];

/** Addresses of a few small nets, so that ranges, neighbours and overlaps are common. */
export const addressText = fc
  .tuple(fc.boolean(), fc.integer({ min: 0, max: 40 }))
  .map(([isIpv4, host]) =>
    isIpv4
      ? formatAddress({ family: 4, value: 0xc0000200n + BigInt(host) })
      : formatAddress({ family: 6, value: (0x20010db8n << 96n) + BigInt(host) }),
  );

const addressOrRange = fc.oneof(
  addressText,
  fc
    .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 10 }))
    .map(([first, more]) => `192.0.2.${first}-192.0.2.${first + more}`),
  fc.integer({ min: 26, max: 32 }).map((prefix) => `192.0.2.16/${prefix}`),
  fc.integer({ min: 122, max: 128 }).map((prefix) => `2001:db8::/${prefix}`),
);

const port = fc.oneof(fc.integer({ min: 75, max: 95 }), fc.integer({ min: 0, max: 65_535 }));
const portRange = fc
  .tuple(port, fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 })))
  .map(([first, more]) => ({ first, last: Math.min(first + more, 65_535) }));

/** Services NSX can say. */
export const serviceText = fc.oneof(
  fc
    .tuple(fc.constantFrom(6, 17), fc.array(portRange, { maxLength: 24 }))
    .map(([protocol, ports]) => formatService({ protocol, ports })),
  fc.constantFrom('ICMP', 'ICMPv6', 'IGMP', 'SCTP', 'PROTO 112', 'PROTO 0', 'PROTO 255', 'tcp/80'),
);

function group(name: string): fc.Arbitrary<Group> {
  return fc.record({
    name: fc.constant(name),
    members: fc.uniqueArray(addressText, { maxLength: 14 }),
    parents: fc.constant([]),
    children: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 3 }),
    tier: fc.constant(null),
    application: fc.constant(null),
    confidence: fc.constant(1),
    id: fc.constant('group:x'),
    basis: fc.constant('tag' as const),
    standing: fc.constant('inferred' as const),
    proofs: fc.constant([]),
    events: fc.constant(1),
  });
}

/** Every name is a group; children may even form loops. */
export const inventory: fc.Arbitrary<Inventory> = fc.tuple(...NAMES.map(group)).map((groups) => ({
  ...EMPTY_INVENTORY,
  groups,
}));

const groupName = fc.constantFrom(...NAMES);

const ruleObject: fc.Arbitrary<RuleObject> = fc.oneof(
  groupName.map((name) => ({ kind: 'group' as const, name })),
  fc.record({
    kind: fc.constant('ip-set' as const),
    name: fc.constantFrom('VIP', 'vip', 'WEB', 'app-1'),
    addresses: fc.array(addressOrRange, { minLength: 1, maxLength: 6 }),
  }),
);

/** What may stand in the generated rules. */
export interface RulesetParts {
  readonly service: fc.Arbitrary<string>;
  readonly object: fc.Arbitrary<RuleObject>;
}

/** Rules that NSX can say about the groups of {@link inventory}. */
export const SAYABLE: RulesetParts = { service: serviceText, object: ruleObject };

function rule(parts: RulesetParts): fc.Arbitrary<Rule> {
  const side = fc.oneof(fc.constant([]), fc.array(parts.object, { minLength: 1, maxLength: 3 }));
  return fc.record({
    id: fc.constantFrom('r', 'R', 'rule 1', 'rule-1', 'rule/1', '-'),
    name: fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' }),
    sources: side,
    destinations: side,
    services: fc.array(parts.service, { maxLength: 3 }),
    appliedTo: fc.oneof(fc.constant([]), fc.array(groupName, { minLength: 1, maxLength: 2 })),
    action: fc.constantFrom(...RULE_ACTIONS),
    direction: fc.constantFrom('IN' as const, 'OUT' as const, 'IN_OUT' as const),
    ipVersion: fc.constantFrom('IPV4' as const, 'IPV6' as const, 'IPV4_IPV6' as const),
    logged: fc.boolean(),
    tag: fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/),
    notes: fc.string({ maxLength: 20 }),
    disabled: fc.boolean(),
  });
}

/** Rulesets of at least one rule. */
export function ruleset(parts: RulesetParts): fc.Arbitrary<Ruleset> {
  const policy = fc.record({
    id: fc.constantFrom('p', 'P', 'p 1', 'p-1', '/'),
    name: fc.string({ minLength: 1, maxLength: 20 }),
    category: fc.constantFrom(...CATEGORIES),
    rules: fc.array(rule(parts), { maxLength: 5 }),
  });
  return fc
    .array(policy, { minLength: 1, maxLength: 4 })
    .filter((policies) => policies.some(({ rules }) => rules.length > 0))
    .map((policies) => ({ policies }));
}

/** A packet at a vNIC: what decides whether a rule matches. */
export interface Packet {
  readonly direction: 'IN' | 'OUT';
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly port: number;
}

/** Packets between addresses of the same nets the groups are made of. */
export const packet: fc.Arbitrary<Packet> = fc
  .record({
    direction: fc.constantFrom('IN' as const, 'OUT' as const),
    source: addressText,
    destination: addressText,
    protocol: fc.constantFrom(6, 6, 6, 17, 1, 58, 2, 132, 112, 0, 255, 47),
    port,
  })
  .map((each) => (each.protocol === 6 || each.protocol === 17 ? each : { ...each, port: 0 }));
