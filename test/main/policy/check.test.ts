import { expect, it } from 'vitest';
import type { RuleFinding } from '../../../shared/domain/finding.ts';
import type { Rule, Ruleset } from '../../../shared/domain/ruleset.ts';
import type { Application } from '../../../shared/domain/inventory.ts';
import { acceptanceOf } from '../../../shared/domain/acceptance.ts';
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

async function run(ruleset: Ruleset, other: Ruleset | null = null) {
  await using folder = await aFolder();
  const table = await aFlowTable(folder.file('log.segw'), LOG);
  const columns = await readFlowColumns(table, { window: null, sourcePortEdges: [] }, NEVER);
  table.database.close();
  const resolver = resolverOf(INVENTORY);
  const decider = new FlowDecider(columns);
  const decided = (each: Ruleset) => decider.decide(compileRuleset(each, resolver));
  return check({
    ...{ ruleset, revision: 1, inventory: INVENTORY, resolver, agreement: null },
    decided: decided(ruleset),
    against: other === null ? null : decided(other),
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
  const report = await run(closed([web({})]), closed([]));
  expect(report.drift?.total).toEqual({ flows: 1, events: 2 });
  expect(report.drift?.rows.map(({ outcome, service }) => `${service} ${outcome}`)).toEqual([
    'TCP/8443 newly-allowed',
  ]);
  expect((await run(closed([web({})]), closed([web({})]))).drift?.total.flows).toBe(0);
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
