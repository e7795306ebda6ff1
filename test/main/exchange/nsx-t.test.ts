import { describe, expect, it } from 'vitest';
import { EMPTY_INVENTORY, type Group, type Inventory } from '../../../shared/domain/inventory.ts';
import type { Policy, Rule, RuleObject, Ruleset } from '../../../shared/domain/ruleset.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import { readBody } from '../../support/nsx-body.ts';
import { toNsxT } from '../../support/export.ts';
import { nsxProblems } from '../../support/nsx-validate.ts';

const WEB: RuleObject = { kind: 'group', name: 'SGTSWEB' };
const APP: RuleObject = { kind: 'group', name: 'SGTSAPP' };

function group(name: string, members: readonly string[], children: readonly string[] = []): Group {
  return {
    name,
    members,
    parents: [],
    children,
    tier: null,
    application: null,
    confidence: 1,
    id: 'group:' + name,
    basis: 'tag',
    standing: 'inferred',
    proofs: [],
    events: 1,
  };
}

function inventoryOf(...groups: readonly Group[]): Inventory {
  return { ...EMPTY_INVENTORY, groups };
}

const INVENTORY = inventoryOf(
  group('SGTSWEB', ['192.0.2.11', '192.0.2.12']),
  group('SGTSAPP', ['192.0.2.21']),
  group('SGTSHOP', ['192.0.2.11', '192.0.2.12', '192.0.2.30'], ['SGTSWEB']),
);

function ruleOf(change: Partial<Rule> = {}): Rule {
  return {
    id: 'web-app',
    name: 'Web to app',
    sources: [WEB],
    destinations: [APP],
    services: ['TCP/8080'],
    appliedTo: ['SGTSWEB', 'SGTSAPP'],
    action: 'ALLOW',
    direction: 'IN_OUT',
    ipVersion: 'IPV4_IPV6',
    logged: true,
    tag: 'web-app',
    notes: '',
    disabled: false,
    ...change,
  };
}

function policyOf(rules: readonly Rule[], change: Partial<Policy> = {}): Policy {
  return { id: 'shop', name: 'SHOP', category: 'Application', rules, ...change };
}

function rulesetOf(...changes: readonly Partial<Rule>[]): Ruleset {
  return { policies: [policyOf(changes.map(ruleOf))] };
}

function bodyOf(ruleset: Ruleset, inventory = INVENTORY) {
  const { text } = toNsxT(ruleset, inventory);
  expect(nsxProblems(text)).toEqual([]);
  return readBody(JSON.parse(text));
}

function groupNamed(ruleset: Ruleset, name: string, inventory = INVENTORY) {
  const found = [...bodyOf(ruleset, inventory).groups.values()].filter(
    (each) => each.display_name === name,
  );
  expect(found).toHaveLength(1);
  return found[0]?.expression ?? [];
}

function failureOf(ruleset: Ruleset, inventory = INVENTORY): Failure {
  try {
    toNsxT(ruleset, inventory);
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

/** The warnings besides the one about security groups, which is always first. */
function warningsOf(ruleset: Ruleset, inventory = INVENTORY): readonly string[] {
  return toNsxT(ruleset, inventory).warnings.slice(1);
}

const ipSet = (name: string, ...addresses: readonly string[]): RuleObject => ({
  kind: 'ip-set',
  name,
  addresses,
});

function manyAddresses(count: number, step: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => {
    const host = i * step;
    return `2001:db8::${(host >> 16).toString(16)}:${(host & 0xffff).toString(16)}`;
  });
}

describe('the document', () => {
  it('is indented JSON with a final newline, named and counted', () => {
    const document = toNsxT(rulesetOf({}), INVENTORY);
    expect(document.text).toBe(`${JSON.stringify(JSON.parse(document.text), null, 2)}\n`);
    expect(document).toMatchObject({
      format: 'nsx-t',
      baseName: 'segwright-nsx-t',
      counts: { groups: 2, services: 1, policies: 1, rules: 1 },
    });
  });

  it('numbers policies within their category by tens', () => {
    const ruleset: Ruleset = {
      policies: [
        policyOf([ruleOf()], { id: 'a', category: 'Environment' }),
        policyOf([ruleOf()], { id: 'b' }),
        policyOf([ruleOf(), ruleOf({ id: 'second' })], { id: 'c' }),
      ],
    };
    const { policies } = bodyOf(ruleset);
    expect(policies.map((policy) => policy.sequence_number)).toEqual([10, 10, 20]);
    expect(policies[2]?.rules.map((rule) => rule.sequence_number)).toEqual([10, 20]);
  });

  it('leaves out a policy without rules', () => {
    const empty = policyOf([], { id: 'empty' });
    expect(bodyOf({ policies: [empty, policyOf([ruleOf()])] }).policies).toHaveLength(1);
  });

  it('fails with export-empty where there is no rule', () => {
    expect(failureOf({ policies: [] }).code).toBe('export-empty');
    expect(failureOf({ policies: [policyOf([])] }).code).toBe('export-empty');
  });
});

describe('security groups', () => {
  it('match their tag or the addresses seen, and only those the rules use are written', () => {
    expect(groupNamed(rulesetOf({}), 'SGTSWEB')).toEqual([
      {
        resource_type: 'Condition',
        member_type: 'VirtualMachine',
        key: 'Tag',
        operator: 'EQUALS',
        value: 'segwright-group|SGTSWEB',
      },
      { resource_type: 'ConjunctionOperator', conjunction_operator: 'OR' },
      { resource_type: 'IPAddressExpression', ip_addresses: ['192.0.2.11', '192.0.2.12'] },
    ]);
    const names = [...bodyOf(rulesetOf({})).groups.values()].map((each) => each.display_name);
    expect(names).toEqual(['SGTSAPP', 'SGTSWEB']);
  });

  it('bring the groups inside along, and name only the addresses these do not have', () => {
    const ruleset = rulesetOf({ sources: [{ kind: 'group', name: 'SGTSHOP' }], appliedTo: [] });
    const expression = groupNamed(ruleset, 'SGTSHOP');
    expect(expression.find((each) => each.ip_addresses)?.ip_addresses).toEqual(['192.0.2.30']);
    expect(expression.find((each) => each.paths)?.paths).toEqual([
      '/infra/domains/default/groups/segwright-SGTSWEB',
    ]);
    expect(groupNamed(ruleset, 'SGTSWEB')).toHaveLength(3);
  });

  it('fold four consecutive members into a range, but not three, and never across a gap', () => {
    const hosts = [1, 2, 3, 5, 6, 7, 8, 255].map((host) => `192.0.2.${host}`);
    const inventory = inventoryOf(group('SGTSWEB', [...hosts, '192.0.3.0']), group('SGTSAPP', []));
    const expression = groupNamed(rulesetOf({}), 'SGTSWEB', inventory);
    expect(expression.find((each) => each.ip_addresses)?.ip_addresses).toEqual([
      '192.0.2.1',
      '192.0.2.2',
      '192.0.2.3',
      '192.0.2.5-192.0.2.8',
      '192.0.2.255',
      '192.0.3.0',
    ]);
  });

  it('spread more than 4,000 addresses over parts', () => {
    const members = manyAddresses(8_001, 2);
    const inventory = inventoryOf(group('SGTSWEB', members), group('SGTSAPP', []));
    const { groups } = bodyOf(rulesetOf({}), inventory);
    const sizes = [...groups.values()].map(
      ({ expression }) => expression.find((each) => each.ip_addresses)?.ip_addresses?.length,
    );
    expect(sizes).toEqual([undefined, 4_000, 4_000, 1, undefined]);
  });

  it('fail the rule that names one the project does not know', () => {
    const failure = failureOf(rulesetOf({ appliedTo: ['SGTNONE'] }));
    expect(failure.code).toBe('export-impossible');
    expect(failure.message).toBe(
      'Nothing was exported as NSX-T, NSX 4 and 9. Rule "Web to app" cannot be written as NSX-T: security group "SGTNONE" is not in this project.',
    );
  });
});

describe('IP sets', () => {
  it('of the same name and addresses are one group, of other addresses another', () => {
    const ruleset = rulesetOf(
      { id: 'a', destinations: [ipSet('VIP', '203.0.113.10', '203.0.113.9')] },
      { id: 'b', destinations: [ipSet('VIP', '203.0.113.9', '203.0.113.10', '203.0.113.10/32')] },
      { id: 'c', destinations: [ipSet('VIP', '203.0.113.11')] },
    );
    const rules = bodyOf(ruleset).policies.flatMap((policy) => policy.rules);
    const [first, second, third] = rules.map((rule) => rule.destination_groups[0]);
    expect(first).toBe(second);
    expect(first).not.toBe(third);
  });

  it('keep a free name as their id, so that a changed address changes the same object', () => {
    const idsOf = (address: string) => [
      ...bodyOf(rulesetOf({ destinations: [ipSet('VIP', address)] })).groups.keys(),
    ];
    expect(idsOf('203.0.113.10')).toEqual(idsOf('203.0.113.11'));
  });

  it('keep blocks and ranges, without host bits and without a block of one', () => {
    const set = ipSet('net', '198.51.100.77/24', '203.0.113.7-203.0.113.9', '203.0.113.1/32');
    const expression = groupNamed(rulesetOf({ destinations: [set] }), 'net');
    expect(expression[0]?.ip_addresses).toEqual([
      '198.51.100.0/24',
      '203.0.113.1',
      '203.0.113.7-203.0.113.9',
    ]);
  });

  it('of two families become a group of two parts', () => {
    const set = ipSet('both', '2001:db8::/64', '203.0.113.7');
    const expression = groupNamed(rulesetOf({ destinations: [set] }), 'both');
    expect(expression).toEqual([
      {
        resource_type: 'PathExpression',
        paths: [
          '/infra/domains/default/groups/segwright-both-ipv4',
          '/infra/domains/default/groups/segwright-both-ipv6',
        ],
      },
    ]);
  });

  it.each([
    ['an empty one', ipSet('VIP'), 'IP set "VIP" has no address'],
    ['an unreadable one', ipSet('VIP', '203.0.113.256'), 'holds "203.0.113.256"'],
  ])('fail the rule with %s', (_, set, problem) => {
    const failure = failureOf(rulesetOf({ destinations: [set] }));
    expect(failure.code).toBe('export-impossible');
    expect(failure.message).toContain(problem);
  });
});

describe('services', () => {
  function entriesOf(...services: readonly string[]) {
    return [...bodyOf(rulesetOf({ services })).services.values()].flatMap(
      (service) => service.service_entries,
    );
  }

  it('without text become ANY', () => {
    const [policy] = bodyOf(rulesetOf({ services: [] })).policies;
    expect(policy?.rules[0]?.services).toEqual(['ANY']);
  });

  it('of ports become entries of at most 15 values, ranges counting two', () => {
    const ranges = Array.from({ length: 8 }, (_, i) => `${i + 1}00-${i + 1}50`);
    expect(entriesOf(`UDP/${ranges.join(',')}`).map((entry) => entry.destination_ports)).toEqual([
      ranges.slice(0, 7),
      ranges.slice(7),
    ]);
  });

  it('of every port have no port list', () => {
    for (const text of ['TCP', 'TCP/*', 'TCP/0-65535'])
      expect(entriesOf(text)).toEqual([
        {
          resource_type: 'L4PortSetServiceEntry',
          id: 'tcp',
          display_name: 'tcp',
          l4_protocol: 'TCP',
        },
      ]);
  });

  it('of other protocols have entries of their own', () => {
    const entries = entriesOf('ICMP/8', 'ICMPv6/1:4', 'IGMP', 'PROTO 112', 'SCTP');
    expect(entries.map(({ id, display_name: _, ...entry }) => ({ ...entry, id }))).toEqual([
      { resource_type: 'ICMPTypeServiceEntry', id: 'icmp-8', protocol: 'ICMPv4', icmp_type: 8 },
      {
        resource_type: 'ICMPTypeServiceEntry',
        id: 'icmpv6-1-4',
        protocol: 'ICMPv6',
        icmp_type: 1,
        icmp_code: 4,
      },
      { resource_type: 'IGMPTypeServiceEntry', id: 'igmp' },
      { resource_type: 'IPProtocolServiceEntry', id: 'sctp', protocol_number: 132 },
      { resource_type: 'IPProtocolServiceEntry', id: 'vrrp', protocol_number: 112 },
    ]);
  });

  it('spelt in several ways are one, and ports that overlap are merged', () => {
    const { services } = bodyOf(rulesetOf({ services: ['tcp/81', 'TCP/81-81', 'TCP/81,81'] }));
    expect([...services.keys()]).toEqual(['/infra/services/segwright-TCP-81']);
    expect(entriesOf('TCP/90-95,80,92-99')[0]?.destination_ports).toEqual(['80', '90-99']);
    expect(entriesOf('TCP/90-99,92-94')[0]?.destination_ports).toEqual(['90-99']);
  });

  it.each([
    ['ports of SCTP', 'SCTP/9', 'SCTP/9 only without ports'],
    ['a word', 'nonsense', '"nonsense" is no service'],
    ['nothing', '', '"" is no service'],
    [
      '751 ports',
      `TCP/${Array.from({ length: 751 }, (_, i) => i * 2).join(',')}`,
      'has more ports',
    ],
  ])('that cannot be said fail the rule: %s', (_, service, problem) => {
    const failure = failureOf(rulesetOf({ services: [service] }));
    expect(failure.details).toMatchObject({ rule: 'web-app', format: 'NSX-T, NSX 4 and 9' });
    expect(failure.message).toContain(problem);
  });
});

describe('lists of more than 128 items', () => {
  const sets = Array.from({ length: 129 }, (_, i) => ipSet(`host ${i}`, `198.51.100.${i}`));

  it('are gathered in a group where they are a side of a rule', () => {
    const body = bodyOf(rulesetOf({ sources: sets, destinations: sets.slice(1) }));
    const rule = body.policies[0]?.rules[0];
    expect(rule?.destination_groups).toHaveLength(128);
    expect(rule?.source_groups).toHaveLength(1);
    const gathered = body.groups.get(rule?.source_groups[0] ?? '');
    expect(gathered?.expression[0]?.paths).toHaveLength(129);
  });

  it('are gathered in services that hold them where they are services', () => {
    const services = Array.from({ length: 129 }, (_, i) => `TCP/${i + 10_001}`);
    const body = bodyOf(rulesetOf({ services }));
    const paths = body.policies[0]?.rules[0]?.services ?? [];
    expect(paths).toHaveLength(3);
    const entries = paths.flatMap((path) => body.services.get(path)?.service_entries ?? []);
    expect(new Set(entries.map((entry) => entry.nested_service_path)).size).toBe(129);
  });

  it('are gathered in a group where they are Applied To', () => {
    const groups = Array.from({ length: 129 }, (_, i) => group(`SGT${i}`, []));
    const inventory = inventoryOf(...INVENTORY.groups, ...groups);
    const body = bodyOf(rulesetOf({ appliedTo: groups.map(({ name }) => name) }), inventory);
    const scope = body.policies[0]?.rules[0]?.scope ?? [];
    expect(scope).toHaveLength(1);
    expect(body.groups.get(scope[0] ?? '')?.expression[0]?.paths).toHaveLength(129);
  });
});

describe('warnings', () => {
  it('begin with what security groups match', () => {
    expect(toNsxT(rulesetOf({}), INVENTORY).warnings).toEqual([
      "Each security group in this file matches the virtual machines tagged with its name (scope segwright-group) and the addresses seen in the log. Tag the machines so, or put the manager's own group in its place: Applied To ignores bare addresses.",
    ]);
  });

  it('are none where a plain rule between IP sets is written', () => {
    const change = { sources: [ipSet('a', '192.0.2.1')], destinations: [ipSet('b', '192.0.2.2')] };
    expect(toNsxT(rulesetOf({ ...change, appliedTo: [] }), INVENTORY).warnings).toEqual([]);
  });

  it('name an allowed side that Applied To leaves out', () => {
    expect(warningsOf(rulesetOf({ appliedTo: ['SGTSWEB'] }))).toEqual([
      'Rule "Web to app" is applied to "SGTSWEB" only: the workloads of "SGTSAPP" never get it, and other rules decide there. Apply it to both sides.',
    ]);
  });

  it.each<[string, Partial<Rule>]>([
    ['the rule applies everywhere', { appliedTo: [] }],
    ['the direction needs one side only', { appliedTo: ['SGTSWEB'], direction: 'OUT' }],
    ['a group around the side is named', { appliedTo: ['SGTSHOP', 'SGTSAPP'] }],
    ['the rule drops', { appliedTo: ['SGTSWEB'], action: 'DROP' }],
    ['the rule is disabled', { appliedTo: ['SGTSWEB'], disabled: true }],
  ])('say nothing of Applied To where %s', (_, change) => {
    expect(warningsOf(rulesetOf(change))).toEqual([]);
  });

  it('name a rule that denies everything, unless it is disabled', () => {
    const deny = { sources: [], destinations: [], services: [], action: 'DROP' } as const;
    expect(toNsxT(rulesetOf({ ...deny, appliedTo: [] }), INVENTORY).warnings).toEqual([
      'Rule "Web to app" drops everything that no rule before it allowed, in the whole distributed firewall. Load it disabled first, and enable it when nothing is missing.',
    ]);
    const rest = { ...deny, action: 'REJECT', services: ['TCP/23'] } as const;
    expect(warningsOf(rulesetOf(rest))[0]).toContain(
      'rejects all TCP/23 that no rule before it allowed, at the workloads of "SGTSWEB", "SGTSAPP"',
    );
    expect(warningsOf(rulesetOf({ ...deny, disabled: true }))).toEqual([]);
  });

  it('say what was cut', () => {
    const ruleset = rulesetOf({ name: 'n'.repeat(300), notes: 'x'.repeat(2_100) });
    const rule = bodyOf(ruleset).policies[0]?.rules[0];
    expect(rule?.display_name).toHaveLength(255);
    const short = `${'n'.repeat(60)}…`;
    expect(warningsOf(ruleset)).toEqual([
      `The name of rule "${short}" is longer than 255 characters, the most NSX-T takes, and was cut.`,
      `The note of rule "${short}" is longer than 2048 characters, the most NSX-T takes, and was cut.`,
    ]);
  });

  it('say that rules share a tag', () => {
    const ruleset = rulesetOf({ id: 'a' }, { id: 'b' }, { id: 'c', tag: 'other' });
    expect(warningsOf(ruleset)).toEqual([
      '2 rules share the tag "web-app", so the log will not tell them apart.',
    ]);
  });

  it('say that a policy is evaluated earlier than it stands', () => {
    const late = policyOf([ruleOf({ tag: 'late' })], { name: 'Stop', category: 'Emergency' });
    expect(warningsOf({ policies: [policyOf([ruleOf()]), late] })).toEqual([
      'Policy "Stop" is of category Emergency, which is evaluated before some policies that stand above it here.',
    ]);
  });

  it('say that group names differ only in case', () => {
    const inventory = inventoryOf(group('SGTSWEB', []), group('SGTSAPP', []), group('sgtsapp', []));
    const ruleset = rulesetOf({
      destinations: [APP, { kind: 'group', name: 'sgtsapp' }],
      appliedTo: [],
    });
    expect(warningsOf(ruleset, inventory)[0]).toContain('differ only in upper and lower case');
  });

  it('say that a ruleset is more than one call takes', () => {
    const rules = Array.from({ length: 5_000 }, (_, i) => ({ id: `r${i}`, tag: `r${i}` }));
    expect(warningsOf(rulesetOf(...rules))).toEqual([
      'The ruleset is more than one call to a manager takes, so it is 2 files: load them in their order.',
    ]);
  });

  it('refuse a tag NSX would cut', () => {
    const failure = failureOf(rulesetOf({ tag: 'x'.repeat(33) }));
    expect(failure.message).toContain('is not at most 32 letters');
  });
});
