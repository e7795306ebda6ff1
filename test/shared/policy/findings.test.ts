import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RuleFinding } from '../../../shared/domain/finding.ts';
import type { Policy, Rule, Ruleset } from '../../../shared/domain/ruleset.ts';
import { applyChange } from '../../../shared/domain/ruleset-change.ts';
import { compileRuleset } from '../../../shared/policy/compile.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { findInRules } from '../../../shared/policy/findings/rule-findings.ts';
import { AddressSet } from '../../../shared/policy/address-set.ts';
import type { Box } from '../../../shared/policy/findings/boxes.ts';
import {
  holdsPoint,
  samplePoint,
  searchUncovered,
  type BoxPoint,
} from '../../../shared/policy/findings/covered.ts';
import { ServiceSet } from '../../../shared/policy/service-set.ts';
import { resolverOf } from '../../../shared/policy/members.ts';
import { makeDecisionWorld } from '../../bench/decision-world.ts';
import { anyFlow, anyRuleset, aPolicy, aRule, BROUGHT, ESTATE } from '../../support/rulesets.ts';

const resolver = resolverOf(ESTATE, BROUGHT);
const flows = fc.sample(anyFlow, { numRuns: 400, seed: 3 });

function find(ruleset: Ruleset): readonly RuleFinding[] {
  return findInRules(ruleset, compileRuleset(ruleset, resolver), resolver);
}

const group = (name: string) => ({ kind: 'group', name }) as const;
const net = (...addresses: readonly string[]) =>
  ({ kind: 'ip-set', name: addresses.join(), addresses }) as const;
const closed = (policies: readonly Policy[]): Ruleset => ({
  policies,
  defaultRule: { action: 'DROP', logged: true },
});

function told(rules: readonly Rule[]): readonly string[] {
  return find(closed([aPolicy('p', rules)])).map(({ kind, rule, others }) =>
    [kind, rule, ...others].join(' '),
  );
}

/** A rule about one group each side, on the vNICs of both. */
function narrow(id: string, change: Partial<Rule> = {}): Rule {
  return aRule(id, {
    sources: [group('WEB')],
    destinations: [group('APP')],
    services: ['TCP/443'],
    appliedTo: ['WEB', 'APP'],
    ...change,
  });
}

describe('findings of any ruleset', () => {
  it('name as shadowed or empty only rules that never decide', () => {
    fc.assert(
      fc.property(anyRuleset, (ruleset) => {
        const compiled = compileRuleset(ruleset, resolver);
        const decisions = flows.map((flow) => decide(compiled, flow));
        const deciding = new Set(
          decisions.flatMap(({ source, destination }) => [
            source.rule?.rule.id,
            destination.rule?.rule.id,
          ]),
        );
        for (const { kind, rule } of find(ruleset)) {
          if (kind === 'shadowed' || kind === 'contradicting' || kind === 'empty') {
            expect(deciding.has(rule ?? '')).toBe(false);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('have fixes that change no decision unless they say so', () => {
    let tried = 0;
    fc.assert(
      fc.property(anyRuleset, (ruleset) => {
        const before = compileRuleset(ruleset, resolver);
        for (const { kind, rule, fix } of find(ruleset)) {
          if (fix === null || fix.changesDecisions) continue;
          tried++;
          const change = { kind: 'several', label: fix.label, changes: fix.changes } as const;
          const after = compileRuleset(applyChange(ruleset, change), resolver);
          for (const flow of flows) {
            const [was, is] = [decide(before, flow), decide(after, flow)];
            expect(
              [is.source.action, is.destination.action],
              `${kind} ${rule ?? ''} by ${fix.label}`,
            ).toEqual([was.source.action, was.destination.action]);
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(tried).toBeGreaterThan(50);
  });
});

describe('a rule is found', () => {
  it.each([
    ['shadowed by one before it', [narrow('a'), narrow('b')], ['shadowed b a']],
    [
      'shadowed by several together, and only those needed are named',
      [
        narrow('x', { destinations: [group('DB')], appliedTo: ['WEB', 'DB'] }),
        narrow('low', { services: ['TCP/1-400'] }),
        narrow('high', { services: ['TCP/401-1000'] }),
        narrow('b', { services: ['TCP/300-500'] }),
      ],
      ['shadowed b low high', 'mergeable high low'],
    ],
    [
      'contradicting where what shadows it says otherwise',
      [narrow('a', { action: 'DROP', services: ['TCP'] }), narrow('b')],
      ['contradicting b a'],
    ],
    [
      'redundant where a later one decides alike',
      [narrow('a'), narrow('b', { services: ['TCP/400-500'] })],
      ['redundant a b', 'mergeable b a'],
    ],
    ['redundant to the default rule', [narrow('a', { action: 'DROP' })], ['redundant a']],
    [
      'no redundant one where another decides in between',
      [
        narrow('a'),
        narrow('b', { action: 'DROP', services: ['TCP/443-444'] }),
        narrow('c', { services: ['TCP'] }),
      ],
      [],
    ],
    [
      'a hazard where order decides what both are for',
      [
        narrow('a', { services: ['TCP/400-500'] }),
        narrow('b', { action: 'DROP', services: ['TCP/450-600'] }),
        narrow('c', { services: ['TCP'] }),
      ],
      ['order-hazard b a'],
    ],
    ['open to all', [aRule('a', { services: ['TCP/22'] })], ['any-any a']],
    ['applied to one end only', [narrow('a', { appliedTo: ['WEB'] })], ['missing-applied-to a']],
    ['on every vNIC without need', [narrow('a', { appliedTo: [] })], ['missing-applied-to a']],
    [
      'on no vNIC, because its scope holds addresses',
      [narrow('a', { appliedTo: ['VIPS'] })],
      ['useless-applied-to a'],
    ],
    ['on vNICs it is not about', [narrow('a', { appliedTo: ['DB'] })], ['useless-applied-to a']],
    [
      'with names nobody knows',
      [narrow('a', { sources: [group('NOBODY')] })],
      ['unresolved a', 'empty a'],
    ],
    [
      'mergeable with one of another service',
      [narrow('a'), narrow('b', { services: ['UDP/53'] })],
      ['mergeable b a'],
    ],
    [
      'not mergeable past one that decides otherwise',
      [
        narrow('a'),
        narrow('no', { services: ['UDP/53'], sources: [net('192.0.2.1')], action: 'DROP' }),
        narrow('b', { services: ['UDP/53'] }),
      ],
      [],
    ],
  ] as const)('%s', (_, rules, expected) => {
    expect(told(rules)).toEqual(expected);
  });

  it('by a default rule that allows', () => {
    const found = find({ policies: [] });
    expect(found.map(({ kind, rule }) => [kind, rule])).toEqual([['any-any', 'default']]);
  });

  it('with a fix, save where it is locked', () => {
    const [free] = find(closed([aPolicy('p', [narrow('a'), narrow('b')])]));
    expect(free?.fix?.changes).toEqual([{ kind: 'remove-rule', id: 'b' }]);
    const [locked] = find(closed([aPolicy('p', [narrow('a'), narrow('b', { locked: true })])]));
    expect(locked?.kind).toBe('shadowed');
    expect(locked?.fix).toBeNull();
  });
});

it('ten thousand rules are searched in less than five seconds of work', () => {
  const rules = Array.from({ length: 10_000 }, (_, at) =>
    aRule(`r${at}`, {
      sources: [net(`10.${at % 200}.${Math.floor(at / 200)}.0/28`)],
      destinations: [net(`10.${(at * 7) % 250}.${at % 100}.0-10.${(at * 7) % 250}.${at % 100}.20`)],
      services: [`TCP/${1000 + (at % 400)}`, ...(at % 3 === 0 ? ['UDP/53'] : [])],
      action: at % 10 === 0 ? 'DROP' : 'ALLOW',
    }),
  );
  const planted = aRule('planted', { ...rules[17], id: 'planted', name: 'planted' });
  const ruleset = closed([aPolicy('p', [...rules, planted])]);
  const before = process.cpuUsage();
  const found = find(ruleset);
  const used = process.cpuUsage(before);
  expect(found.some(({ rule, kind }) => rule === 'planted' && kind === 'shadowed')).toBe(true);
  expect((used.user + used.system) / 1e6).toBeLessThan(5);
});

it('a thousand rules over groups that lie across each other take less than five seconds of work', () => {
  const size = { flows: 20_000, rules: 1_000, overlapping: true };
  const world = makeDecisionWorld(3, size);
  const own = resolverOf(world.inventory);
  const compiled = compileRuleset(world.ruleset, own);
  const before = process.cpuUsage();
  const found = findInRules(world.ruleset, compiled, own);
  const used = process.cpuUsage(before);
  const count = (wanted: string) => found.filter(({ kind }) => kind === wanted).length;
  expect(count('shadowed')).toBeGreaterThan(50);
  expect(count('contradicting')).toBeGreaterThan(50);
  expect(count('order-hazard')).toBeGreaterThan(50);
  expect((used.user + used.system) / 1e6).toBeLessThan(5);
});

describe('the search for a flow that no other box has', () => {
  const BITS = 5;
  const cut = fc.uniqueArray(fc.integer({ min: 0, max: BITS - 1 }), { minLength: 1 });
  const anyBox = fc.record({ sources: cut, destinations: cut, services: cut });
  const address = (at: number) => ({ family: 4, value: BigInt(at) }) as const;
  const addresses = (places: readonly number[]) =>
    AddressSet.ofRanges(places.map((at) => ({ family: 4, first: BigInt(at), last: BigInt(at) })));
  const boxOf = ({ sources, destinations, services }: Record<keyof Box, number[]>): Box => ({
    sources: addresses(sources),
    destinations: addresses(destinations),
    services: ServiceSet.of(
      services.map((port) => ({ protocol: 6, ports: [{ first: port, last: port }] })),
    ),
  });
  const points = Array.from({ length: BITS ** 3 }, (_, at): BoxPoint => ({
    source: address(at % BITS),
    destination: address(Math.floor(at / BITS) % BITS),
    service: { key: 6 * 65_536 + Math.floor(at / BITS ** 2), sourcePort: 0 },
  }));

  it('finds one where there is one, and else names boxes that have all', () => {
    const seen = { covered: 0, open: 0 };
    fc.assert(
      fc.property(anyBox, fc.array(anyBox, { maxLength: 14 }), (first, rest) => {
        const box = boxOf(first);
        const others = rest.map(boxOf);
        const has = (list: readonly Box[]) => (point: BoxPoint) =>
          list.some((each) => holdsPoint(each, point));
        const inside = points.filter((point) => holdsPoint(box, point));
        const found = searchUncovered(box, others);
        if (found.kind === 'unknown') throw new Error('it gave up');
        seen[found.kind]++;
        expect(found.kind === 'covered').toBe(inside.every(has(others)));
        if (found.kind === 'open') {
          expect(holdsPoint(box, found.point)).toBe(true);
          expect(has(others)(found.point)).toBe(false);
        } else {
          const used = found.by.flatMap((at) => others[at] ?? []);
          expect(inside.every(has(used))).toBe(true);
        }
      }),
      { numRuns: 800, seed: 5 },
    );
    expect(Math.min(seen.covered, seen.open)).toBeGreaterThan(50);
  });

  it('takes its samples from the box, and none from an empty one', () => {
    fc.assert(
      fc.property(anyBox, fc.nat({ max: 500 }), (parts, number) => {
        const box = boxOf(parts);
        const point = samplePoint(box, number);
        expect(point !== undefined && holdsPoint(box, point)).toBe(true);
        expect(samplePoint({ ...box, services: ServiceSet.NONE }, number)).toBeUndefined();
      }),
    );
  });
});
