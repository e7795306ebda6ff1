import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Policy, Rule, Ruleset } from '../../../shared/domain/ruleset.ts';
import { compileRuleset } from '../../../shared/policy/compile.ts';
import { decide, outcomeOf, type DecidedFlow } from '../../../shared/policy/decide.ts';
import { resolverOf } from '../../../shared/policy/members.ts';
import { NaiveFirewall } from '../../support/naive-decision.ts';
import {
  aFlow,
  anyFlow,
  anyRuleset,
  aPolicy,
  aRule,
  BROUGHT,
  ESTATE,
} from '../../support/rulesets.ts';

const resolver = resolverOf(ESTATE, BROUGHT);

function ends(policies: readonly Policy[], flow: DecidedFlow, closing: Rule['action'] = 'DROP') {
  const ruleset: Ruleset = { policies, defaultRule: { action: closing, logged: false } };
  const { source, destination, isAllowed } = decide(compileRuleset(ruleset, resolver), flow);
  const said = [source, destination].map((end) =>
    end.isEnforced ? (end.rule?.rule.id ?? 'default') : 'none',
  );
  return `${said.join(' ')} ${isAllowed ? 'allowed' : 'blocked'}`;
}

const group = (name: string) => ({ kind: 'group', name }) as const;
const ipSet = (...addresses: readonly string[]) =>
  ({ kind: 'ip-set', name: 'set', addresses }) as const;

describe('a flow is decided', () => {
  it('as the plain reading of the semantics says, on any ruleset', () => {
    const naive = new NaiveFirewall(ESTATE, BROUGHT);
    fc.assert(
      fc.property(
        anyRuleset,
        fc.array(anyFlow, { minLength: 8, maxLength: 8 }),
        (ruleset, flows) => {
          const compiled = compileRuleset(ruleset, resolver);
          for (const flow of flows) {
            const decision = decide(compiled, flow);
            for (const end of ['source', 'destination'] as const) {
              const expected = naive.matchesAt(ruleset, flow, end);
              const { isEnforced, rule, later } = decision[end];
              expect(isEnforced).toBe(expected !== null);
              const found = [rule, ...later].flatMap((each) => each?.rule.id ?? []);
              expect(found).toEqual(expected ?? []);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  const web = aFlow('192.0.2.1', '192.0.2.3');
  it.each([
    ['at both ends', [aRule('a')], web, 'a a allowed'],
    [
      'by one end alone where the rule is applied to one',
      [aRule('a', { appliedTo: ['WEB'] })],
      web,
      'a default blocked',
    ],
    [
      'by both where it is applied to the group around both',
      [aRule('a', { appliedTo: ['SHOP'] })],
      web,
      'a a allowed',
    ],
    [
      'by neither where it is applied to a group of addresses',
      [aRule('a', { appliedTo: ['VIPS'] })],
      aFlow('192.0.2.4', '192.0.2.4'),
      'default default blocked',
    ],
    [
      'by the workloads of a group that holds addresses too',
      [aRule('a', { appliedTo: ['NETS'] })],
      aFlow('192.0.2.5', '198.51.100.7'),
      'a none allowed',
    ],
    [
      'by no end where no end is a workload',
      [],
      aFlow('198.51.100.7', '203.0.113.10'),
      'none none allowed',
    ],
    ['on the way in only', [aRule('a', { direction: 'IN' })], web, 'default a blocked'],
    [
      'for one IP version only',
      [aRule('a', { ipVersion: 'IPV6' })],
      web,
      'default default blocked',
    ],
    [
      'with a negated source',
      [
        aRule('a', { sources: [group('WEB')], sourcesNegated: true }),
        aRule('b', { action: 'DROP' }),
      ],
      web,
      'b b blocked',
    ],
    [
      'never by a rule for all but any',
      [aRule('a', { sourcesNegated: true })],
      web,
      'default default blocked',
    ],
    [
      'never by a rule for a group nobody knows',
      [aRule('a', { destinations: [group('NOBODY')] })],
      web,
      'default default blocked',
    ],
    ['never by a disabled rule', [aRule('a', { disabled: true })], web, 'default default blocked'],
    [
      'by the first of two that match',
      [aRule('a', { services: ['TCP/400-500'] }), aRule('b', { action: 'REJECT' })],
      web,
      'a a allowed',
    ],
    [
      'by range, in IPv6 too',
      [
        aRule('a', {
          sources: [ipSet('2001:db8::-2001:db8::1')],
          destinations: [ipSet('2001:db8::/126')],
        }),
      ],
      aFlow('2001:db8::1', '2001:db8::2'),
      'a a allowed',
    ],
    [
      'by ICMP type and code',
      [
        aRule('a', { services: ['ICMP/3:4'] }),
        aRule('b', { services: ['ICMP/8'], action: 'DROP' }),
      ],
      aFlow('192.0.2.1', '192.0.2.3', { protocol: 1, port: 0, icmp: 3 * 256 + 4 }),
      'a a allowed',
    ],
  ] as const)('%s', (_, rules, flow, expected) => {
    expect(ends([aPolicy('p', rules)], flow)).toBe(expected);
  });

  it('by category before place, and by place within a category', () => {
    const policies = [
      aPolicy('late', [aRule('app')]),
      aPolicy('env', [aRule('env', { action: 'DROP' })], { category: 'Environment' }),
      aPolicy('first', [aRule('emergency-1')], { category: 'Emergency' }),
      aPolicy('second', [aRule('emergency-2', { action: 'DROP' })], { category: 'Emergency' }),
    ];
    expect(ends(policies, web)).toBe('emergency-1 emergency-1 allowed');
    expect(ends(policies.slice(0, 2), web)).toBe('env env blocked');
  });

  it('by the scope of the policy, not that of the rule', () => {
    const rules = [aRule('a', { appliedTo: ['SHOP'] })];
    expect(ends([aPolicy('p', rules, { appliedTo: ['WEB'] })], web)).toBe('a default blocked');
    expect(ends([aPolicy('p', rules, { appliedTo: [] })], web)).toBe('a a allowed');
  });

  it('by the default rule where nothing matches, which allows unless the ruleset says otherwise', () => {
    expect(ends([], web)).toBe('default default blocked');
    expect(ends([], web, 'ALLOW')).toBe('default default allowed');
    expect(decide(compileRuleset({ policies: [] }, resolver), web).isAllowed).toBe(true);
  });
});

it('four outcomes compare what was with what would be', () => {
  expect(outcomeOf(true, true)).toBe('still-allowed');
  expect(outcomeOf(false, true)).toBe('newly-allowed');
  expect(outcomeOf(true, false)).toBe('newly-blocked');
  expect(outcomeOf(false, false)).toBe('still-blocked');
});

it('names that mean nothing are told with the rule', () => {
  const rule = aRule('a', {
    sources: [group('NOBODY'), ipSet('web01')],
    services: ['HTTP'],
    appliedTo: ['GONE'],
  });
  const { rules } = compileRuleset({ policies: [aPolicy('p', [rule])] }, resolver);
  expect(rules[0]?.unresolved).toEqual(['NOBODY', 'web01', 'HTTP', 'GONE']);
});
