import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RULE_ACTIONS, type Ruleset } from '../../../shared/domain/ruleset.ts';
import { compareRulesets, type Difference } from '../../../shared/policy/compare.ts';
import { compileRuleset } from '../../../shared/policy/compile.ts';
import { decide, type DecidedFlow } from '../../../shared/policy/decide.ts';
import { resolverOf } from '../../../shared/policy/members.ts';
import type { Space } from '../../../shared/policy/space.ts';
import {
  anyFlow,
  anyRuleset,
  aPolicy,
  aRule,
  BROUGHT,
  ESTATE,
  STRANGERS,
  WORKLOADS,
  aFlow,
} from '../../support/rulesets.ts';

const resolver = resolverOf(ESTATE, BROUGHT);
const compile = (ruleset: Ruleset) => compileRuleset(ruleset, resolver);

function has({ sources, destinations, services }: Space, flow: DecidedFlow): boolean {
  return sources.has(flow.source) && destinations.has(flow.destination) && services.has(flow);
}

/** How often a flow is said to be newly allowed, and newly denied. */
function said({ newlyAllowed, newlyDenied }: Difference, flow: DecidedFlow) {
  const count = (spaces: readonly Space[]) => spaces.filter((space) => has(space, flow)).length;
  return [count(newlyAllowed), count(newlyDenied)];
}

function decided(before: Ruleset, after: Ruleset, flow: DecidedFlow) {
  const was = decide(compile(before), flow).isAllowed;
  const is = decide(compile(after), flow).isAllowed;
  return [is && !was ? 1 : 0, was && !is ? 1 : 0];
}

/** A ruleset with some rules edited, moved, doubled or gone. */
const edited = fc
  .tuple(anyRuleset, anyRuleset, fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 30 }))
  .map(([first, second, dice]): readonly [Ruleset, Ruleset] => {
    let at = 0;
    const roll = () => dice[at++ % dice.length] ?? 0;
    const others = second.policies.flatMap(({ rules }) => rules);
    const policies = first.policies.map((policy) => ({
      ...policy,
      rules: policy.rules.flatMap((rule) => {
        const turn = roll();
        if (turn === 0) return [];
        if (turn === 1) return [{ ...rule, action: RULE_ACTIONS[roll() % 3] ?? 'ALLOW' }];
        if (turn === 2) return [others[roll() % others.length] ?? rule, rule];
        return [rule];
      }),
    }));
    const swapped = roll() === 0 ? policies.toReversed() : policies;
    const { defaultRule } = roll() === 0 ? second : first;
    return [first, { policies: swapped, ...(defaultRule === undefined ? {} : { defaultRule }) }];
  });

describe('two rulesets compared by sets', () => {
  it.each([
    ['edited ones', edited],
    ['any two', fc.tuple(anyRuleset, anyRuleset)],
  ])('differ in exactly the flows they decide otherwise: %s', (_, pairs) => {
    let differing = 0;
    fc.assert(
      fc.property(
        pairs,
        fc.array(anyFlow, { minLength: 60, maxLength: 60 }),
        ([before, after], flows) => {
          const difference = compareRulesets(compile(before), compile(after));
          expect(difference.isWhole).toBe(true);
          for (const flow of flows) {
            const expected = decided(before, after, flow);
            if (expected.includes(1)) differing++;
            expect(said(difference, flow)).toEqual(expected);
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(differing).toBeGreaterThan(100);
  });

  it('agree with every flow of a small universe', () => {
    const ends = [...WORKLOADS, ...STRANGERS];
    const universe = ends.flatMap((source) =>
      ends
        .filter((each) => each.includes(':') === source.includes(':'))
        .flatMap((destination) =>
          [80, 443].flatMap((port) => [
            aFlow(source, destination, { port }),
            aFlow(source, destination, { port, protocol: 17 }),
          ]),
        ),
    );
    fc.assert(
      fc.property(edited, ([before, after]) => {
        const difference = compareRulesets(compile(before), compile(after));
        for (const flow of universe)
          expect(said(difference, flow)).toEqual(decided(before, after, flow));
      }),
      { numRuns: 25 },
    );
  });

  it('are equal where rules are written otherwise and mean the same', () => {
    const sets = (...addresses: readonly string[]) => [
      { kind: 'ip-set' as const, name: addresses.join(), addresses },
    ];
    const before = {
      policies: [
        aPolicy('p', [
          aRule('a', { sources: sets('192.0.2.1', '192.0.2.2'), services: ['TCP/80,81'] }),
          aRule('b', { destinations: sets('192.0.2.3'), services: ['UDP/53'] }),
        ]),
      ],
      defaultRule: { action: 'DROP' as const, logged: false },
    };
    const after = {
      policies: [
        aPolicy('q', [
          aRule('b2', { destinations: sets('192.0.2.3'), services: ['UDP/53'] }),
          aRule('a1', { sources: sets('192.0.2.1'), services: ['TCP/80-81'] }),
          aRule('a2', { sources: sets('192.0.2.2/32'), services: ['TCP/80', 'TCP/81'] }),
        ]),
      ],
      defaultRule: { action: 'REJECT' as const, logged: true },
    };
    expect(compareRulesets(compile(before), compile(after))).toEqual({
      newlyAllowed: [],
      newlyDenied: [],
      isWhole: true,
    });
  });

  it('say so where they differ in too much', () => {
    const open = { policies: [] };
    const rules = Array.from({ length: 60 }, (_, at) =>
      aRule(`r${at}`, { services: [`TCP/${at}`], action: 'DROP' }),
    );
    const difference = compareRulesets(
      compile(open),
      compile({ policies: [aPolicy('p', rules)] }),
      50,
    );
    expect(difference.isWhole).toBe(false);
  });
});
