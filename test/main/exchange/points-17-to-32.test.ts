import { describe, expect, it } from 'vitest';
import { EMPTY_INVENTORY } from '../../../shared/domain/inventory.ts';
import { bodyOf, bodyRule, ipSet, rulesetOf, spoilt, told, write, type Node } from './points.ts';

const T = { format: 'nsx-t' } as const;
const many = <Item>(count: number, make: (at: number) => Item) =>
  Array.from({ length: count }, (_, at) => make(at));
const condition = (value: string) => ({
  member: 'VirtualMachine',
  key: 'Tag',
  operator: 'EQUALS',
  value,
});
const defined = (conditions: readonly (readonly ReturnType<typeof condition>[])[]) => ({
  definitions: [
    {
      name: 'WEB',
      id: 'web',
      path: null,
      kind: 'group' as const,
      addresses: [],
      children: [],
      conditions,
      unresolved: true,
    },
  ],
});

/** What exports to the Policy API commonly get wrong, by the number the specification gives it. */
const POINTS: readonly (readonly [number, string, () => void])[] = [
  [
    17,
    'long names and notes are cut and told',
    () => {
      const rule = { name: 'n'.repeat(256), notes: 'x'.repeat(2_049) };
      expect(bodyRule(rule).display_name).toHaveLength(255);
      expect(told(T, rulesetOf(rule))).toMatch(/name .*cut[\s\S]*note .*cut/);
      expect(
        spoilt('Rule', (own) => (own['tags'] = many(31, () => ({ scope: 's', tag: 't' })))),
      ).toMatch(/tags/);
    },
  ],
  [
    18,
    'expression lists alternate, nest with AND only, and hold five conditions',
    () => {
      const [expression] = [
        ...bodyOf(rulesetOf({}), defined([[condition('a'), condition('b')]])).groups.values(),
      ]
        .filter(({ display_name: name }) => name === 'WEB')
        .map((each) => each.expression);
      expect(expression?.[0]).toMatchObject({
        resource_type: 'NestedExpression',
        expressions: [
          { value: 'a' },
          { resource_type: 'ConjunctionOperator', conjunction_operator: 'AND' },
          { value: 'b' },
        ],
      });
      const six = many(6, (at) => [condition(`${at}`)]);
      expect(told(T, rulesetOf({}), defined(six))).toMatch(/error: .*more conditions than the 5/);
      expect(
        spoilt('Group', (own) => {
          const list = own['expression'] as Node[];
          own['expression'] = [...list, ...list];
        }),
      ).toMatch(/even number/);
    },
  ],
  [
    19,
    'IPv4 and IPv6, and more than 4,000 addresses, are groups of their own',
    () => {
      const addresses = many(4_001, (at) => `10.${at >> 8}.${at & 255}.${(at * 2) & 255}`);
      const set = ipSet('many', ...addresses, '2001:db8::1');
      const lists = [...bodyOf(rulesetOf({ destinations: [set] })).groups.values()]
        .flatMap(({ expression }) => expression)
        .flatMap((each) => each.ip_addresses ?? []);
      expect(lists).toHaveLength(4_001 + 1 + 4);
      const families = [...bodyOf(rulesetOf({ destinations: [set] })).groups.values()].flatMap(
        ({ expression }) =>
          expression
            .filter((each) => each.ip_addresses !== undefined)
            .map(
              ({ ip_addresses: list = [] }) =>
                new Set(list.map((text) => text.includes(':'))).size === 1 && list.length <= 4_000,
            ),
      );
      expect(families).not.toContain(false);
    },
  ],
  [
    20,
    'more than 128 items are gathered, and the rule is not split',
    () => {
      const sources = many(129, (at) => ipSet(`h${at}`, `198.51.100.${at}`));
      const { policies } = bodyOf(rulesetOf({ sources, sourcesNegated: true }));
      expect(policies[0]?.rules).toHaveLength(1);
      expect(policies[0]?.rules[0]?.source_groups).toHaveLength(1);
    },
  ],
  [
    21,
    'negation is kept, and refused where it excludes everything',
    () => {
      expect(bodyRule({ sourcesNegated: true })).toMatchObject({ sources_excluded: true });
      expect(told(T, rulesetOf({ sources: [], sourcesNegated: true }))).toMatch(
        /error: .*excludes every source/,
      );
      expect(
        spoilt('Rule', (rule) => {
          rule['sources_excluded'] = true;
          rule['source_groups'] = ['ANY'];
        }),
      ).toMatch(/excludes every source/);
    },
  ],
  [
    22,
    'a tag condition names its scope',
    () => {
      const groups = [...bodyOf(rulesetOf({})).groups.values()];
      const web = groups.find(({ display_name: name }) => name === 'WEB');
      expect(web?.expression[0]?.value).toBe('segwright-group|WEB');
    },
  ],
  [
    23,
    'no machine is named by an external id, which only the manager knows',
    () => {
      expect(write(T, rulesetOf({})).text).not.toMatch(/ExternalIDExpression|vm-\d+/);
    },
  ],
  [
    24,
    'a jump stands in category Environment only, and nothing is for layer 2',
    () => {
      expect(spoilt('Rule', (rule) => (rule['action'] = 'JUMP_TO_APPLICATION'))).toMatch(/jump/);
      expect(spoilt('SecurityPolicy', (policy) => (policy['category'] = 'Ethernet'))).toMatch(
        /category/,
      );
    },
  ],
  [
    25,
    'the domain is referred to, keys are capitals, and wrappers carry the mark of deletion',
    () => {
      const { text } = write(T, rulesetOf({}));
      expect(text).not.toContain('ChildDomain');
      expect(text).toContain('"target_type": "Domain"');
      expect(
        spoilt('ChildGroup', (child) => {
          child['group'] = child['Group'];
          delete child['Group'];
        }),
      ).not.toBe('');
      expect(spoilt('Group', (own) => (own['marked_for_delete'] = true))).toMatch(
        /marked_for_delete/,
      );
    },
  ],
  [
    26,
    'what PATCH leaves behind is said, and a file takes it back',
    () => {
      const document = write(T, rulesetOf({}));
      expect(document.file('.README.md')).toContain(
        'PATCH creates and changes, and deletes nothing',
      );
      const rollback = JSON.parse(document.file('.rollback.json')) as unknown;
      expect(JSON.stringify(rollback)).toContain('"marked_for_delete":true');
    },
  ],
  [
    27,
    'no call carries more than 5,000 objects, and objects come first',
    () => {
      const rules = many(5_000, (at) => ({ id: `r${at}`, tag: '' }));
      const { files } = write(T, rulesetOf(...rules));
      const loading = files.filter(({ name }) => /nsx-t(-\d+)?\.json$/.test(name));
      expect(loading).toHaveLength(2);
      expect(loading[0]?.text).toContain('"ChildGroup"');
      expect(loading[1]?.text).not.toContain('"ChildGroup"');
    },
  ],
  [
    28,
    'no policy makes a default rule by its connectivity strategy',
    () => {
      expect(write(T, rulesetOf({})).text).not.toContain('connectivity');
      expect(
        spoilt('SecurityPolicy', (policy) => (policy['connectivity_strategy'] = 'WHITELIST')),
      ).toMatch(/connectivity_strategy/);
    },
  ],
  [
    29,
    'a deny for everything is told, and a default drop is a file of its own',
    () => {
      const deny = { sources: [], destinations: [], services: [], action: 'DROP' as const };
      expect(told(T, rulesetOf(deny))).toMatch(/Load it disabled first/);
      expect(told(T, rulesetOf({ ...deny, disabled: true }))).not.toMatch(/Load it disabled/);
      const closed = { ...rulesetOf({}), defaultRule: { action: 'DROP' as const, logged: true } };
      expect(write(T, closed).text).not.toContain('default-layer3');
    },
  ],
  [
    30,
    'nothing outside the file is referred to',
    () => {
      expect(told(T, rulesetOf({}), { inventory: EMPTY_INVENTORY })).toMatch(/not in this project/);
      expect(
        spoilt('Rule', (rule) => (rule['source_groups'] = ['/global-infra/domains/x/groups/y'])),
      ).toMatch(/not in this file/);
    },
  ],
  [
    31,
    'a default service stands in only where it is exactly the service',
    () => {
      const servicesOf = (...services: readonly string[]) => bodyRule({ services }).services;
      expect(servicesOf('TCP/443')).toEqual(['/infra/services/HTTPS']);
      expect(servicesOf('TCP/443,8443')[0]).toContain('/segwright-');
      expect(servicesOf('UDP/443')[0]).toContain('/segwright-');
    },
  ],
  [
    32,
    'direction is the vNIC’s and both ways unless the rule says otherwise',
    () => {
      expect(bodyRule({}).direction).toBe('IN_OUT');
      expect(told(T, rulesetOf({ direction: 'OUT', appliedTo: ['WEB'] }))).not.toMatch(/never get/);
      expect(told(T, rulesetOf({ direction: 'IN', appliedTo: ['WEB'] }))).toMatch(
        /"APP" never get/,
      );
    },
  ],
];

describe('what exports to the Policy API commonly get wrong, 17 to 32', () => {
  it.each(POINTS)('%i: %s', (_number, _name, check) => {
    check();
  });

  it('is checked point by point', () => {
    expect(POINTS.map(([number]) => number)).toEqual(many(16, (at) => at + 17));
  });
});
