import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlowDecider, type Decided } from '../../../main/engine/policy/decisions/decided.ts';
import { readFlowColumns } from '../../../main/engine/policy/decisions/flow-columns.ts';
import { rulesetsFor, usageOfRule } from '../../../main/engine/policy/usage/rule-usage.ts';
import { hitList } from '../../../main/engine/policy/usage/seen.ts';
import type { RuleUsage, UsageSubject } from '../../../shared/domain/rule-usage.ts';
import type { Ruleset } from '../../../shared/domain/ruleset.ts';
import { rulesOf } from '../../../shared/domain/ruleset-change.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import { NEVER } from '../../../shared/ipc/cancel.ts';
import { RulesetCompiler } from '../../../shared/policy/compile.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { coveringRules } from '../../../shared/policy/findings/covering.ts';
import { resolverOf } from '../../../shared/policy/members.ts';
import { aFolder, anEngine, SAMPLE, type TestFolder } from '../../support/engine.ts';
import { aFlowTable, type LoggedFlow } from '../../support/flow-table.ts';
import {
  aFlow,
  anyFlow,
  anyRuleset,
  aPolicy,
  aRule,
  BROUGHT,
  ESTATE,
} from '../../support/rulesets.ts';

const START = 1_700_000_000_000;
const compiler = new RulesetCompiler(resolverOf(ESTATE, BROUGHT));

const [WEB_1, WEB_2, APP_1, DB_1, OUT] = [
  ...['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.5', '198.51.100.7'],
] as const;

function line(flow: LoggedFlow['flow'], second: number, direction: 0 | 1 = 0): LoggedFlow {
  return { flow, direction, action: 'PASS', at: START + 1000 * second };
}

const LOGGED: readonly LoggedFlow[] = [
  line(aFlow(WEB_1, APP_1), 1, 1),
  line(aFlow(WEB_1, APP_1), 2),
  line(aFlow(WEB_1, APP_1), 9),
  line(aFlow(WEB_1, APP_1, { port: 80 }), 4),
  line(aFlow(APP_1, DB_1, { port: 3306 }), 5),
  line(aFlow(OUT, WEB_2), 6),
];

const group = (name: string) => ({ kind: 'group', name }) as const;

const RULESET: Ruleset = {
  policies: [
    aPolicy('shop', [
      aRule('web-app', {
        ...{ sources: [group('WEB')], destinations: [group('APP')], services: ['TCP/443,8443'] },
        appliedTo: ['WEB', 'APP'],
      }),
      aRule('wide', { sources: [group('SHOP')], destinations: [group('SHOP')] }),
      aRule('close', { action: 'DROP', appliedTo: ['SHOP'], disabled: true }),
    ]),
  ],
};

describe('the usage of a rule', () => {
  let folder: TestFolder;
  let decideBy: (ruleset: Ruleset) => Decided;

  beforeAll(async () => {
    folder = await aFolder();
    const table = await aFlowTable(folder.file('flows.segw'), LOGGED);
    const whole = { window: null, sourcePortEdges: [] };
    const decider = new FlowDecider(await readFlowColumns(table, whole, NEVER));
    table.database.close();
    decideBy = (ruleset) => decider.decide(compiler.compile(ruleset));
  });

  afterAll(() => folder[Symbol.asyncDispose]());

  const usage = (subject: UsageSubject): RuleUsage => {
    const rulesets = rulesetsFor(RULESET, subject);
    const decided = {
      withIt: decideBy(rulesets.withIt),
      withoutIt: decideBy(rulesets.withoutIt),
    };
    return usageOfRule(rulesets, decided, 1);
  };

  it('tells how often every rule decides, and when', () => {
    const { rules, defaultRule } = hitList(decideBy(RULESET), 7);
    expect(rules.map(({ rule, seen }) => [rule, seen])).toEqual([
      ['web-app', { flows: 1, events: 3, first: START + 1000, last: START + 9000 }],
      ['wide', { flows: 2, events: 2, first: START + 4000, last: START + 5000 }],
    ]);
    const seen = { flows: 1, events: 1, first: START + 6000, last: START + 6000 };
    expect(defaultRule.seen).toEqual(seen);
  });

  it('tells which part of what it allows was seen, and which rule would do as well', () => {
    expect(usage({ kind: 'rule', id: 'web-app' })).toEqual({
      ...{ revision: 1, rule: 'web-app', isInForce: true },
      seen: { flows: 1, events: 3, first: START + 1000, last: START + 9000 },
      source: { flows: 1, events: 1 },
      destination: { flows: 1, events: 2 },
      services: [
        { service: 'TCP/443', flows: 1, events: 3, first: START + 1000, last: START + 9000 },
      ],
      sources: { used: 1, allowed: 3 },
      destinations: { used: 1, allowed: 2 },
      pairs: { used: 1, allowed: 6 },
      ports: { used: 1, allowed: 2 },
      unusedSources: ['192.0.2.2', '2001:db8::1'],
      unusedDestinations: ['192.0.2.4'],
      earlier: { rules: [], total: 0 },
      later: { rules: [{ rule: 'wide', action: 'ALLOW', isWhole: true }], total: 1 },
      allows: { flows: 0, events: 0 },
      blocks: { flows: 0, events: 0 },
    });
    expect(usage({ kind: 'rule', id: 'wide' }).earlier).toEqual({
      rules: [{ rule: 'web-app', action: 'ALLOW', isWhole: false }],
      total: 1,
    });
  });

  it('tells what a disabled rule would do if it were enabled', () => {
    const closing = usage({ kind: 'rule', id: 'close' });
    expect(closing).toMatchObject({
      isInForce: false,
      seen: { flows: 1, events: 1 },
      allows: { flows: 0 },
      blocks: { flows: 1, events: 1 },
      sources: { used: 1, allowed: null },
    });
  });

  it('tells what a rule that might join the draft would do, and what covers it already', () => {
    const { id, ...rule } = aRule('new', {
      ...{ name: 'no database', action: 'DROP', destinations: [group('DB')] },
      services: ['TCP/3306'],
    });
    expect(id).toBe('new');
    const late = usage({ kind: 'draft', policy: 'shop', rule });
    expect(late).toMatchObject({ rule: 'no-database', isInForce: false });
    expect(late.seen.flows).toBe(0);
    expect(late.earlier.rules).toEqual([{ rule: 'wide', action: 'ALLOW', isWhole: false }]);
    const early = usage({ kind: 'draft', policy: 'first', category: 'Emergency', rule });
    expect(early).toMatchObject({ seen: { flows: 1, events: 1 }, blocks: { flows: 1, events: 1 } });
    expect(early.services.map(({ service }) => service)).toEqual(['TCP/3306']);
  });

  it('tells of the default rule, and refuses a rule that is not there', () => {
    const byDefault = usage({ kind: 'rule', id: 'default' });
    expect(byDefault).toMatchObject({ seen: { flows: 1 }, earlier: { total: 0 } });
    expect(() => usage({ kind: 'rule', id: 'gone' })).toThrow(Failure);
  });
});

it('a rule that covers all of another decides all of its flows in its place', () => {
  const question = fc.tuple(anyRuleset, fc.array(anyFlow, { minLength: 20, maxLength: 40 }));
  let covered = 0;
  fc.assert(
    fc.property(question, ([ruleset, flows]) => {
      const compiled = compiler.compile(ruleset);
      compiled.rules.forEach(({ rule }, place) => {
        const covering = coveringRules(compiled, place);
        const whole = new Set(covering.filter(({ isWhole }) => isWhole).map((each) => each.place));
        const some = new Set(covering.map((each) => each.place));
        covered += whole.size;
        for (const flow of flows) {
          const { source, destination } = decide(compiled, flow);
          for (const end of [source, destination]) {
            const matching = [...(end.rule === null ? [] : [end.rule]), ...end.later];
            if (!matching.some((each) => each.rule === rule)) continue;
            const others = new Set(matching.map(({ order }) => order));
            for (const other of whole) expect(others).toContain(other);
            for (const other of others) expect(other === place || some.has(other)).toBe(true);
          }
        }
      });
    }),
    { numRuns: 300, seed: 11 },
  );
  expect(covered).toBeGreaterThan(40);
});

it('the usage of a rule comes over the contract, after every edit', async () => {
  await using opened = await anEngine();
  const { client } = opened;
  await client.call('archive.open', { paths: [SAMPLE] });
  const policies = [aPolicy('p', [aRule('web', { services: ['TCP/80'] })])];
  await client.call('ruleset.replace', { ruleset: { policies }, label: 'test' });
  const of = { kind: 'rule', id: 'web' } as const;
  const usage = await client.call('rule.usage', { of, window: null });
  const { rules } = await client.call('rule.hits', { window: null });
  expect(rules.map(({ seen }) => seen)).toEqual([usage.seen]);
  expect(usage.services.map(({ service }) => service)).toEqual(['TCP/80']);
  expect(usage.seen.events).toBeGreaterThan(0);
  const [id] = rulesOf({ policies }).map((rule) => rule.id);
  await client.call('ruleset.change', { change: { kind: 'remove-rule', id: id ?? '' } });
  await expect(client.call('rule.usage', { of, window: null })).rejects.toThrow(Failure);
});
