import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replay } from '../../../main/engine/policy/decisions/replay.ts';
import type { Agreement } from '../../../shared/domain/agreement.ts';
import type { Rule, Ruleset } from '../../../shared/domain/ruleset.ts';
import { NEVER } from '../../../shared/ipc/cancel.ts';
import type { Inventory } from '../../../shared/domain/inventory.ts';
import { compileRuleset } from '../../../shared/policy/compile.ts';
import type { DecidedFlow } from '../../../shared/policy/decide.ts';
import { resolverOf } from '../../../shared/policy/members.ts';
import { aFolder } from '../../support/engine.ts';
import { ACTIONS, aFlowTable, type LoggedFlow } from '../../support/flow-table.ts';
import { NaiveFirewall } from '../../support/naive-decision.ts';
import {
  aFlow,
  aGroup,
  anInventory,
  anyFlow,
  anyRuleset,
  aPolicy,
  aRule,
  BROUGHT,
  ESTATE,
} from '../../support/rulesets.ts';

const DEFAULT_NUMBER = 2;

function numbered(ruleset: Ruleset): Ruleset {
  let next = 1000;
  return {
    policies: ruleset.policies.map((policy) => ({
      ...policy,
      rules: policy.rules.map((rule) => ({ ...rule, logId: next++ })),
    })),
    defaultRule: {
      action: ruleset.defaultRule?.action ?? 'ALLOW',
      logged: true,
      logId: DEFAULT_NUMBER,
    },
  };
}

/** The log a firewall with this ruleset writes of these flows, by the plain reading of the semantics. */
function logOf(
  ruleset: Ruleset,
  naive: NaiveFirewall,
  flows: readonly DecidedFlow[],
): readonly LoggedFlow[] {
  const rules = new Map(
    ruleset.policies.flatMap((policy) => policy.rules).map((rule) => [rule.id, rule]),
  );
  return flows.flatMap((flow) =>
    (['source', 'destination'] as const).flatMap((end): LoggedFlow[] => {
      const found = naive.matchesAt(ruleset, flow, end);
      if (found === null) return [];
      const rule = rules.get(found[0] ?? '') ?? ruleset.defaultRule;
      const action = rule?.action === 'ALLOW' ? 'PASS' : (rule?.action ?? 'DROP');
      return [{ flow, direction: end === 'source' ? 1 : 0, action, rule: rule?.logId ?? 0 }];
    }),
  );
}

type Table = Awaited<ReturnType<typeof aFlowTable>>;

function run(table: Table, ruleset: Ruleset, inventory: Inventory = ESTATE): Promise<Agreement> {
  const actionText = (code: number) =>
    Object.entries(ACTIONS).find(([, each]) => each === code)?.[0] ?? '';
  const compiled = compileRuleset(ruleset, resolverOf(inventory, BROUGHT));
  return replay({ ...table, actionText }, compiled, NEVER);
}

it('a replay of the ruleset that wrote the log agrees wholly, whatever the ruleset', async () => {
  const naive = new NaiveFirewall(ESTATE, BROUGHT);
  const flows = fc.sample(anyFlow, { numRuns: 250, seed: 11 });
  await fc.assert(
    fc.asyncProperty(anyRuleset, async (any) => {
      await using folder = await aFolder();
      const ruleset = numbered(any);
      const log = logOf(ruleset, naive, flows);
      const table = await aFlowTable(folder.file('log.segw'), log);
      const { total, agree, examples } = await run(table, ruleset);
      table.database.close();
      expect(examples).toEqual([]);
      expect(total.events).toBe(log.length);
      expect(agree).toEqual(total);
    }),
    { numRuns: 8 },
  );
});

/** Twenty applications, each a client group that may use one service of one server group. */
const PAIRS = Array.from({ length: 20 }, (_, at) => at);
const CITY = anInventory(
  PAIRS.flatMap((at) => [
    aGroup(`C${at}`, [`10.1.${at}.1`, `10.1.${at}.2`]),
    aGroup(`S${at}`, [`10.2.${at}.1`, `10.2.${at}.2`]),
  ]),
  ['10.3.0.1'],
);

function ruleOf(at: number): Rule {
  return aRule(`app-${at}`, {
    sources: [{ kind: 'group', name: `C${at}` }],
    destinations: [{ kind: 'group', name: `S${at}` }],
    services: [`TCP/${8000 + at}`],
    appliedTo: [`C${at}`, `S${at}`],
  });
}

const RULES = numbered({
  policies: [aPolicy('city', [...PAIRS.map(ruleOf), aRule('close', { action: 'REJECT' })])],
  defaultRule: { action: 'DROP', logged: true },
});

/** Bugs, each put into one rule of the city. */
const BUGS: Readonly<Record<string, (at: number) => Partial<Rule>>> = {
  'action turned': () => ({ action: 'DROP' }),
  'wrong service': (at) => ({ services: [`TCP/${9000 + at}`] }),
  'one member left out': (at) => ({
    sources: [{ kind: 'ip-set', name: 'part', addresses: [`10.1.${at}.1`] }],
  }),
  'one end not applied to': (at) => ({ appliedTo: [`C${at}`] }),
  'one way only': () => ({ direction: 'IN' }),
};

it('a line that tells no client port agrees with a rule about the port that is taken for it', async () => {
  await using folder = await aFolder();
  const rule = aRule('from', { services: ['TCP/443 from 50000'], appliedTo: [] });
  const ruleset = numbered({ policies: [aPolicy('p', [rule])] });
  const naive = new NaiveFirewall(CITY, []);
  const flow = aFlow('10.1.0.1', '10.2.0.1', { port: 443, sourcePort: null });
  const log = logOf(ruleset, naive, [flow]);
  expect(log.map((line) => line.rule)).toEqual([1000, 1000]);
  const table = await aFlowTable(folder.file('log.segw'), log);
  const { total, agree } = await run(table, ruleset, CITY);
  expect(agree).toEqual(total);
  table.database.close();
});

describe('a hundred bugs planted in a ruleset', () => {
  it('each lower the agreement of its replay', async () => {
    await using folder = await aFolder();
    const naive = new NaiveFirewall(CITY, []);
    const flows = PAIRS.flatMap((at) =>
      [1, 2].flatMap((client) =>
        [1, 2].flatMap((server) => [
          aFlow(`10.1.${at}.${client}`, `10.2.${at}.${server}`, { port: 8000 + at }),
          aFlow(`10.1.${at}.${client}`, `10.2.${at}.${server}`, { port: 22 }),
          aFlow('10.3.0.1', `10.2.${at}.${server}`, { port: 8000 + at }),
        ]),
      ),
    );
    const table = await aFlowTable(folder.file('log.segw'), logOf(RULES, naive, flows));
    const whole = await run(table, RULES, CITY);
    expect(whole.agree).toEqual(whole.total);
    expect(whole.total.events).toBe(20 * (4 * 2 + 4 * 2 + 4 * 2));
    let planted = 0;
    for (const at of PAIRS) {
      for (const [name, bug] of Object.entries(BUGS)) {
        const buggy: Ruleset = {
          ...RULES,
          policies: RULES.policies.map((policy) => ({
            ...policy,
            rules: policy.rules.map((rule) =>
              rule.id === `app-${at}` ? { ...rule, ...bug(at) } : rule,
            ),
          })),
        };
        const { agree, total, causes, examples } = await run(table, buggy, CITY);
        planted++;
        expect(agree.events, `${name} in rule ${at}`).toBeLessThan(total.events);
        expect(agree.flows, `${name} in rule ${at}`).toBeLessThan(total.flows);
        const told = Object.values(causes).reduce((sum, { events }) => sum + events, 0);
        expect(told).toBe(total.events - agree.events);
        expect(examples.length).toBeGreaterThan(0);
      }
    }
    expect(planted).toBe(100);
    table.database.close();
  });
});

describe('a disagreement', () => {
  const web = aFlow('10.1.0.1', '10.2.0.1', { port: 8000 });
  const log: readonly LoggedFlow[] = [{ flow: web, direction: 0, action: 'PASS', rule: 1000 }];
  const changed = (change: Partial<Rule>, more: readonly Rule[] = []): Ruleset => ({
    ...RULES,
    policies: [
      aPolicy('city', [
        ...more,
        ...(RULES.policies[0]?.rules ?? []).map((rule) =>
          rule.id === 'app-0' ? { ...rule, ...change } : rule,
        ),
      ]),
    ],
  });
  const other: LoggedFlow = { flow: web, direction: 0, action: 'DROP', rule: 1001 };

  it.each([
    ['applied-to', log, changed({ appliedTo: ['C0'] })],
    ['group-drift', log, changed({ sources: [{ kind: 'group', name: 'C1' }] })],
    ['order', log, changed({}, [aRule('new', { action: 'DROP', logId: 900 })])],
    ['unknown-rule', log, changed({ disabled: true })],
    ['rule-changed', log, changed({ services: ['TCP/1'] })],
    ['rule-changed', log, changed({ action: 'DROP' })],
    ['rule-changed', [...log, other], RULES],
    [
      'unknown-address',
      [{ flow: aFlow('10.1.0.1', '10.9.9.9'), direction: 0, action: 'PASS', rule: 1000 }],
      RULES,
    ],
  ] as const)('is put down to %s', async (cause, lines, ruleset) => {
    await using folder = await aFolder();
    const table = await aFlowTable(folder.file('log.segw'), lines);
    const { causes, examples } = await run(table, ruleset, CITY);
    table.database.close();
    expect(causes[cause]).toEqual({ flows: 1, events: 1 });
    expect(examples.map((each) => each.cause)).toEqual([cause]);
  });

  it('is compared by the packet that was logged, also where it was a reply', async () => {
    await using folder = await aFolder();
    const reply: LoggedFlow = {
      flow: { ...web, sourcePort: 40_000 },
      direction: 0,
      action: 'REJECT',
      rule: 1020,
      isReply: true,
    };
    const table = await aFlowTable(folder.file('log.segw'), [reply]);
    const { agree } = await run(table, RULES, CITY);
    table.database.close();
    expect(agree.events).toBe(1);
  });
});
