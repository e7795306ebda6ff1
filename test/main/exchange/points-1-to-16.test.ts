import { describe, expect, it } from 'vitest';
import {
  bodyOf,
  bodyRule,
  entriesOf,
  group,
  INVENTORY,
  ipSet,
  policyOf,
  rulesetOf,
  spoilt,
  told,
  write,
} from './points.ts';

const T = { format: 'nsx-t' } as const;
const many = <Item>(count: number, make: (at: number) => Item) =>
  Array.from({ length: count }, (_, at) => make(at));
const SETS = {
  definitions: [
    {
      name: 'WEB',
      id: 'web',
      path: null,
      kind: 'ip-set' as const,
      addresses: ['192.0.2.1'],
      children: [],
      conditions: [],
      unresolved: false,
    },
  ],
};

/** What exports to the Policy API commonly get wrong, by the number the specification gives it. */
const POINTS: readonly (readonly [number, string, () => void])[] = [
  [
    1,
    'sequence numbers are all there, rise and differ',
    () => {
      const ruleset = { policies: [policyOf([{}, { id: 'b' }]), policyOf([{}], { id: 'x' })] };
      const { policies } = bodyOf(ruleset);
      expect(policies.map((policy) => policy.sequence_number)).toEqual([10, 20]);
      expect(policies[0]?.rules.map((rule) => rule.sequence_number)).toEqual([10, 20]);
      expect(spoilt('Rule', (rule) => delete rule['sequence_number'])).toMatch(/sequence_number/);
      expect(spoilt('Rule', (rule) => (rule['sequence_number'] = 1_000_000))).toMatch(/too large/);
    },
  ],
  [
    2,
    'Applied To holds no group of addresses alone',
    () => {
      expect(told(T, rulesetOf({ appliedTo: ['WEB'] }), SETS)).toMatch(
        /error: .*applied to "WEB", which holds only addresses/,
      );
    },
  ],
  [
    3,
    'a VIP needs the leg behind it too',
    () => {
      const port = { protocol: 6, port: 443, pool: ['192.0.2.21'], poolPort: 8443 };
      const vip = { address: '203.0.113.10', ports: [port], snat: [], group: 'APP' };
      const inventory = {
        ...INVENTORY,
        vips: [{ ...INVENTORY.groups[0], ...vip, confidence: 1, id: 'vip:1' }],
      } as unknown as typeof INVENTORY;
      const rule = { destinations: [ipSet('VIP', '203.0.113.10')], services: ['TCP/443'] };
      expect(told(T, rulesetOf(rule), { inventory })).toMatch(/no rule allows the second leg/);
      const leg = { id: 'leg', tag: 'leg', sources: [], destinations: [group('APP')] };
      expect(told(T, rulesetOf(rule, leg), { inventory })).not.toMatch(/second leg/);
    },
  ],
  [
    4,
    'a scope that misses a side is told',
    () => {
      expect(told(T, rulesetOf({ appliedTo: ['WEB'] }))).toMatch(/"APP" never get it/);
      expect(told(T, rulesetOf({}))).not.toMatch(/never get it/);
    },
  ],
  [
    5,
    "a policy's scope is ANY, and its rules have their own",
    () => {
      const [policy] = bodyOf({ policies: [policyOf([{}], { appliedTo: ['SHOP'] })] }).policies;
      expect(policy?.scope).toEqual(['ANY']);
      expect(policy?.rules[0]?.scope).toEqual(['/infra/domains/default/groups/segwright-SHOP']);
      expect(
        spoilt('SecurityPolicy', (own) => (own['scope'] = ['/infra/domains/default/groups/x'])),
      ).toMatch(/overrides/);
    },
  ],
  [
    6,
    'ANY is alone, and a list is never empty',
    () => {
      expect(bodyRule({ sources: [], services: [] })).toMatchObject({
        source_groups: ['ANY'],
        services: ['ANY'],
      });
      expect(spoilt('Rule', (rule) => (rule['source_groups'] = []))).toMatch(/empty/);
      expect(spoilt('Rule', (rule) => (rule['source_groups'] = ['any', '192.0.2.1']))).toMatch(
        /ANY is not alone/,
      );
      expect(told(T, rulesetOf({ destinations: [ipSet('none')] }))).toMatch(/error: .*no address/);
    },
  ],
  [
    7,
    'a service that cannot be said stops the export and never becomes any',
    () => {
      expect(told(T, rulesetOf({ services: ['SCTP/9'] }))).toMatch(/error: .*SCTP\/9/);
      expect(told(T, rulesetOf({ services: ['nonsense'] }))).toMatch(/error: .*no service/);
      expect(entriesOf('GRE')).toMatchObject([
        { resource_type: 'IPProtocolServiceEntry', protocol_number: 47 },
      ]);
    },
  ],
  [
    8,
    'a range of one port is one port',
    () => {
      expect(entriesOf('TCP/6001-6001')[0]?.destination_ports).toEqual(['6001']);
      const ports = (list: readonly string[]) =>
        spoilt('L4PortSetServiceEntry', (entry) => (entry['destination_ports'] = list));
      expect(ports(['6000-6000'])).toMatch(/no port/);
      expect(ports(['9-1'])).toMatch(/no port/);
    },
  ],
  [
    9,
    'an entry has 15 port values, ranges counting two',
    () => {
      const ranges = many(8, (at) => `${at + 1}00-${at + 1}50`).join(',');
      const sizes = entriesOf(`TCP/${ranges}`).map((each) => each.destination_ports?.length);
      expect(sizes).toEqual([7, 1]);
    },
  ],
  [
    10,
    'port sets are of TCP and UDP only',
    () => {
      expect(entriesOf('SCTP', 'ICMP/8').map((each) => each.resource_type)).toEqual([
        'ICMPTypeServiceEntry',
        'IPProtocolServiceEntry',
      ]);
      expect(spoilt('L4PortSetServiceEntry', (entry) => (entry['l4_protocol'] = 'SCTP'))).not.toBe(
        '',
      );
    },
  ],
  [
    11,
    'every ICMP type has an entry of its own, of the right family',
    () => {
      const entries = entriesOf('ICMP/0,8', 'ICMPv6/128');
      expect(entries.map(({ id, protocol }) => [id, protocol])).toEqual([
        ['icmp-0', 'ICMPv4'],
        ['icmp-8', 'ICMPv4'],
        ['icmpv6-128', 'ICMPv6'],
      ]);
    },
  ],
  [
    12,
    'truth values and numbers are no texts',
    () => {
      expect(spoilt('Rule', (rule) => (rule['disabled'] = 'false'))).toMatch(/disabled/);
      expect(spoilt('Rule', (rule) => (rule['sequence_number'] = '10'))).toMatch(/sequence_number/);
    },
  ],
  [
    13,
    'fields only the manager sets are refused, and none is written',
    () => {
      const { text } = write(T, rulesetOf({ logId: 1_005 }));
      for (const field of ['path', 'unique_id', 'rule_id', '_create_time', '_revision']) {
        expect(text).not.toContain(`"${field}"`);
        expect(spoilt('Rule', (rule) => (rule[field] = 1))).toMatch(field);
      }
    },
  ],
  [
    14,
    'the number in the log is never chosen: tag and id carry our key',
    () => {
      const rule: object = bodyRule({ logId: 1_005 });
      expect(rule).not.toHaveProperty('rule_id');
      expect(rule).toMatchObject({ id: 'web-app', tag: 'web-app' });
    },
  ],
  [
    15,
    'a log label is at most 32 safe characters, and shared ones are told',
    () => {
      expect(told(T, rulesetOf({ tag: 'x'.repeat(33) }))).toMatch(/error: .*not at most 32/);
      expect(told(T, rulesetOf({ tag: 'a b' }))).toMatch(/error: .*not at most 32/);
      expect(told(T, rulesetOf({}, { id: 'b' }))).toMatch(/2 rules share the tag/);
    },
  ],
  [
    16,
    'ids are safe, apart whatever the case, and the same every time',
    () => {
      const ruleset = rulesetOf(...['a/b', 'a&b', 'ä b', 'A/B'].map((id) => ({ id, tag: '' })));
      const ids = () => bodyOf(ruleset).policies[0]?.rules.map(({ id }) => id) ?? [];
      for (const id of ids()) expect(id).toMatch(/^[A-Za-z0-9_.-]{1,255}$/);
      expect(new Set(ids().map((id) => id.toLowerCase())).size).toBe(4);
      expect(ids()).toEqual(ids());
    },
  ],
];

describe('what exports to the Policy API commonly get wrong, 1 to 16', () => {
  it.each(POINTS)('%i: %s', (_number, _name, check) => {
    check();
  });

  it('is checked point by point', () => {
    expect(POINTS.map(([number]) => number)).toEqual(many(16, (at) => at + 1));
  });
});
