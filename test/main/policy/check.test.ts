import { expect, it } from 'vitest';
import type { RuleFinding } from '../../../shared/domain/finding.ts';
import type { Rule, Ruleset } from '../../../shared/domain/ruleset.ts';
import type { Application } from '../../../shared/domain/inventory.ts';
import { acceptanceOf } from '../../../shared/domain/acceptance.ts';
import { closedRuleset } from '../../../shared/domain/closing.ts';
import { DEFAULT_LEVEL } from '../../../shared/domain/suggestion.ts';
import { NEVER } from '../../../shared/ipc/cancel.ts';
import { FlowDecider } from '../../../main/engine/policy/decisions/decided.ts';
import { readFlowColumns } from '../../../main/engine/policy/decisions/flow-columns.ts';
import { check } from '../../../main/engine/policy/findings/check.ts';
import { compileRuleset } from '../../../shared/policy/compile.ts';
import { resolverOf } from '../../../shared/policy/members.ts';
import { aFolder, anEngine, SAMPLE } from '../../support/engine.ts';
import { aFlowTable, type LoggedFlow } from '../../support/flow-table.ts';
import { aFlow, aGroup, anInventory, aPolicy, aRule } from '../../support/rulesets.ts';

const many = (net: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${net}.${at + 1}`);
const SHOP: Application = {
  ...{ id: 'application:SHOP', confidence: 1, standing: 'inferred', proofs: [] },
  ...{ name: 'SHOP', tiers: [], groups: ['WEB', 'APP'], vips: [] },
};
const INVENTORY = {
  ...anInventory(
    [aGroup('WEB', many('10.1.0', 20)), aGroup('APP', many('10.2.0', 20))],
    ['10.3.0.1'],
  ),
  applications: [SHOP],
};
const web = (change: Partial<Rule>) =>
  aRule('web', {
    sources: [{ kind: 'group', name: 'WEB' }],
    destinations: [{ kind: 'group', name: 'APP' }],
    services: ['TCP/8000-9000'],
    appliedTo: ['WEB', 'APP'],
    ...change,
  });
const LOG: readonly LoggedFlow[] = [
  { flow: aFlow('10.1.0.1', '10.2.0.1', { port: 8443 }), direction: 1, action: 'PASS' },
  { flow: aFlow('10.1.0.1', '10.2.0.1', { port: 8443 }), direction: 0, action: 'PASS' },
  { flow: aFlow('10.3.0.1', '10.2.0.1', { port: 22 }), direction: 0, action: 'PASS' },
  { flow: aFlow('10.3.0.1', '198.51.100.1', { port: 53 }), direction: 1, action: 'PASS' },
];

interface Wish {
  readonly other?: Ruleset;
  readonly since?: number;
  readonly log?: readonly LoggedFlow[];
}

async function run(ruleset: Ruleset, { other, since, log = LOG }: Wish = {}) {
  await using folder = await aFolder();
  const table = await aFlowTable(folder.file('log.segw'), log);
  const columns = await readFlowColumns(table, { window: null, sourcePortEdges: [] }, NEVER);
  table.database.close();
  const resolver = resolverOf(INVENTORY);
  const decider = new FlowDecider(columns);
  const decided = (each: Ruleset) => decider.decide(compileRuleset(each, resolver));
  return check({
    ...{ ruleset, revision: 1, inventory: INVENTORY, resolver, agreement: null },
    decided: decided(ruleset),
    closed: decided(closedRuleset(ruleset)),
    since: since ?? null,
    against: other === undefined ? null : decided(other),
    addressText: (code) => table.codes.textOf(code),
  });
}

function closed(rules: readonly Rule[]): Ruleset {
  return { policies: [aPolicy('p', rules)], defaultRule: { action: 'DROP', logged: true } };
}

const about = (findings: readonly RuleFinding[], rule: string) =>
  findings.filter((each) => each.rule === rule).map(({ kind }) => kind);

it('flows tell which rules are unused, too broad or of wide services, and what no rule is for', async () => {
  const report = await run(closed([web({}), web({ id: 'idle', services: ['UDP/1'] })]));
  expect(about(report.findings, 'web')).toEqual(['wide-service', 'too-broad']);
  expect(about(report.findings, 'idle')).toContain('unused');
  expect(about(report.findings, 'default')).toEqual(['uncovered']);
  expect(report.counts['unused']).toBe(1);
  const narrow = report.findings.find(({ kind }) => kind === 'wide-service')?.fix;
  expect(narrow?.changesDecisions).toBe(true);
  expect(narrow?.changes).toEqual([{ kind: 'update-rule', rule: web({ services: ['TCP/8443'] }) }]);
  expect(report.newlyBlocked.map(({ service }) => service).sort()).toEqual(['TCP/22', 'TCP/53']);
});

it('coverage is told for each application and in all, and the score is the sum of its parts', async () => {
  const report = await run(closed([web({ services: ['TCP/8443'] })]));
  expect(report.covered).toEqual({ flows: 1, events: 2 });
  expect(report.total).toEqual({ flows: 3, events: 4 });
  expect(report.applications).toEqual([
    {
      name: 'SHOP',
      total: { flows: 2, events: 3 },
      covered: { flows: 1, events: 2 },
      needed: { total: { flows: 2, events: 3 }, covered: { flows: 1, events: 2 } },
    },
  ]);
  expect(report.scoreParts.reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
  const sum = report.scoreParts.reduce((points, part) => points + part.weight * part.value, 0);
  expect(report.score).toBe(Math.round(sum));
  const open = await run({ policies: [] });
  expect(open.score).toBeLessThan(report.score);
});

it('on the sample, what is suggested covers all needs, changes nothing that passed, and is clean', async () => {
  await using opened = await anEngine();
  const { client } = opened;
  await client.call('archive.open', { paths: [SAMPLE] });
  const { suggestions } = await client.call('ruleset.suggest', {
    applications: null,
    level: DEFAULT_LEVEL,
    isClosed: true,
  });
  await client.call('ruleset.change', { change: acceptanceOf(suggestions) });
  const report = await client.call('check.run', {});
  expect(report.needed.total.flows).toBeGreaterThan(300);
  expect(report.needed.covered).toEqual(report.needed.total);
  expect(report.applications.map(({ needed }) => needed.covered)).toEqual(
    report.applications.map(({ needed }) => needed.total),
  );
  expect(report.outcomes['newly-blocked'].flows).toBe(0);
  expect(report.findings.map(({ kind, rule, severity }) => [kind, rule, severity])).toEqual([
    ['any-any', 'default', 'low'],
    ['uncovered', 'default', 'low'],
  ]);
});

it('drift is what another ruleset decides otherwise', async () => {
  const report = await run(closed([web({})]), { other: closed([]) });
  expect(report.drift?.total).toEqual({ flows: 1, events: 2 });
  expect(report.drift?.rows.map(({ outcome, service }) => `${service} ${outcome}`)).toEqual([
    'TCP/8443 newly-allowed',
  ]);
  expect((await run(closed([web({})]), { other: closed([web({})]) })).drift?.total.flows).toBe(0);
});

const BLOCKED: readonly LoggedFlow[] = [
  ...LOG,
  { flow: aFlow('10.3.0.1', '10.2.0.2', { port: 23 }), direction: 0, action: 'DROP' },
  { flow: aFlow('10.1.0.2', '10.2.0.2', { port: 8500 }), direction: 0, action: 'DROP' },
];
const CLOSE = aRule('close', { action: 'DROP', appliedTo: ['WEB', 'APP'], disabled: true });

it('why blocked flows would pass is told by what lets them pass, and in a sentence', async () => {
  const report = await run({ policies: [aPolicy('p', [web({})])] }, { log: BLOCKED });
  expect(report.outcomes['newly-allowed'].flows).toBe(2);
  expect(report.reasonsToPass).toEqual({
    rules: { flows: 1, events: 1 },
    defaultRule: { flows: 1, events: 1 },
    unenforced: { flows: 0, events: 0 },
  });
  expect(report.notes[0]).toBe(
    '2 flows that the log shows blocked would pass: 1 flow by allow rules; 1 flow because no rule is ' +
      'for them and the default rule says ALLOW; they stay blocked once it says DROP or the denies ' +
      'that close the policies are in force.',
  );
  expect((await run(closed([web({ services: ['TCP/8443'] })]), { log: BLOCKED })).notes).toEqual(
    [],
  );
});

it('what closing would hit is told without changing the ruleset', async () => {
  const ruleset = { policies: [aPolicy('p', [web({}), CLOSE])] };
  const { closing, notes, outcomes } = await run(ruleset, { log: BLOCKED });
  expect(outcomes['newly-blocked'].flows).toBe(0);
  expect(closing).toMatchObject({
    ...{ isClosed: false, disabled: ['close'] },
    total: { flows: 3, events: 3 },
    passed: { flows: 2, events: 2 },
    needed: { flows: 1, events: 1 },
    rules: [
      { rule: 'default', flows: 3, events: 3 },
      { rule: 'close', flows: 2, events: 2 },
    ],
  });
  expect(closing.rows.map(({ service, outcome }) => [service, outcome])).toEqual([
    ['TCP/22', 'newly-blocked'],
    ['TCP/53', 'newly-blocked'],
  ]);
  expect(notes.at(-1)).toBe(
    'With 1 closing deny rule enabled and the default rule set to DROP, 3 more flows would be ' +
      'blocked: 2 flows of them passed when logged, and 1 of these serves an application or a shared service.',
  );
  const done = await run(closedRuleset(ruleset), { log: BLOCKED });
  expect(done.closing).toMatchObject({ isClosed: true, disabled: [], total: { flows: 0 } });
  expect(done.outcomes['newly-blocked'].flows).toBe(closing.passed.flows);
});

it('what is taken for what a log does not tell is said where rules hang on it', async () => {
  const rules = [
    web({ services: ['TCP/8443 from 1024-65535'] }),
    web({ id: 'ping', name: 'ping', services: ['ICMP/8'] }),
    web({ id: 'echo', name: 'echo', services: ['ICMP/0'] }),
  ];
  expect((await run(closed(rules))).notes).toEqual([
    `"web" looks at clients' ports: where a log tells none, port 50000 is taken.`,
    '"ping" and 1 other look at ICMP types: where a log tells none, an echo request is taken.',
  ]);
  expect((await run(closed([web({ services: ['ICMP', 'TCP/1'] })]))).notes).toEqual([]);
});

it('closing keeps what is closed, and the very same ruleset where all is', () => {
  const ruleset = closedRuleset({ policies: [aPolicy('p', [web({ disabled: true }), CLOSE])] });
  expect(ruleset.defaultRule).toEqual({ action: 'DROP', logged: true });
  expect(ruleset.policies[0]?.rules.map(({ disabled }) => disabled)).toEqual([true, false]);
  expect(closedRuleset(ruleset)).toBe(ruleset);
  const rejecting = { policies: [], defaultRule: { action: 'REJECT', logged: false } } as const;
  expect(closedRuleset(rejecting)).toBe(rejecting);
});

it('flows first seen since a time are told by whether a rule is for them', async () => {
  const at = 1_700_000_000_000;
  const log = BLOCKED.map((line, place) => ({ ...line, at: at + 1000 * place }));
  const since = at + 2000;
  const { newFlows } = await run({ policies: [aPolicy('p', [web({})])] }, { log, since });
  expect(newFlows).toMatchObject({
    ...{ since, total: { flows: 4, events: 4 }, uncovered: { flows: 2, events: 2 } },
    needed: { flows: 1, events: 1 },
  });
  expect(newFlows?.rows.map(({ service }) => service).sort()).toEqual(['TCP/22', 'TCP/53']);
  expect((await run({ policies: [] }, { log })).newFlows).toBeNull();
});

it('the calls decide as if all were closed, where that is asked for', async () => {
  await using opened = await anEngine();
  const { client } = opened;
  await client.call('archive.open', { paths: [SAMPLE] });
  const whole = { window: null, isClosed: true };
  const { closing } = await client.call('check.run', {});
  const { outcomes } = await client.call('decision.summary', whole);
  expect(outcomes['newly-blocked']).toEqual(closing.passed);
  const page = { offset: 0, limit: 1, outcomes: ['newly-blocked'] as const };
  const { total } = await client.call('decision.flows', { ...whole, ...page });
  expect(total.flows).toBe(closing.passed.flows);
  const edges = await client.call('decision.edges', whole);
  expect(edges.some((each) => each.outcomes['newly-blocked'].flows > 0)).toBe(true);
  const { ruleset } = await client.call('ruleset.read', {});
  expect(ruleset.defaultRule).toBeUndefined();
});

it('the call checks the draft against the log and another ruleset', async () => {
  await using opened = await anEngine();
  const { client } = opened;
  await client.call('archive.open', { paths: [SAMPLE] });
  const before = await client.call('check.run', {});
  expect(before.agreement).toBeNull();
  expect(before.drift).toBeNull();
  expect(before.findings.map(({ kind }) => kind)).toEqual(['any-any', 'uncovered']);
  const ruleset: Ruleset = {
    policies: [aPolicy('p', [aRule('all', { logId: 1 })])],
    defaultRule: { action: 'DROP', logged: true, logId: 2 },
  };
  await client.call('ruleset.replace', { ruleset, label: 'test' });
  const after = await client.call('check.run', {
    against: { kind: 'ruleset', ruleset: closed([]) },
  });
  const { agreement } = after;
  expect(agreement?.total.events).toBeGreaterThan(500);
  const told = Object.values(agreement?.causes ?? {}).reduce((sum, { events }) => sum + events, 0);
  expect((agreement?.agree.events ?? 0) + told).toBe(agreement?.total.events);
  expect(after.drift?.total.flows).toBeGreaterThan(10);
});
