import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Evidence } from '../../../shared/domain/flow.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import { OUTCOMES } from '../../../shared/policy/decide.ts';
import { anEngine, SAMPLE, type TestEngine } from '../../support/engine.ts';
import { aPolicy, aRule } from '../../support/rulesets.ts';

let opened: TestEngine;

beforeAll(async () => {
  opened = await anEngine();
  await opened.client.call('archive.open', { paths: [SAMPLE] });
});

afterAll(() => opened[Symbol.asyncDispose]());

const whole = { window: null };

function keyOf({ from, to, toPort, protocol }: Evidence): string {
  return `${from} ${to} ${toPort === null ? protocol : `${protocol}/${toPort}`}`;
}

it('the calls about decisions agree with each other, and follow every edit', async () => {
  const { client } = opened;
  const empty = await client.call('decision.summary', whole);
  expect(empty.covered.flows).toBe(0);
  expect(empty.outcomes['newly-blocked']).toEqual({ flows: 0, events: 0 });
  expect(empty.total.flows).toBeGreaterThan(50);

  const { groups } = await client.call('inventory.read', {});
  const group = groups.find(({ members }) => members.length > 1);
  if (group === undefined) throw new Error('the sample has no group');
  const closing = aRule('close', { action: 'DROP', appliedTo: [group.name] });
  const ruleset = { policies: [aPolicy('p', [aRule('web', { services: ['TCP/80'] }), closing])] };
  await client.call('ruleset.replace', { ruleset, label: 'test' });

  const closed = await client.call('decision.summary', whole);
  expect(closed.revision).toBe(empty.revision + 1);
  expect(closed.total).toEqual(empty.total);
  expect(closed.outcomes['newly-blocked'].flows).toBeGreaterThan(0);
  const hits = await client.call('rule.hits', whole);
  expect(hits.rules).toMatchObject(closed.rules);
  const broken = await client.call('decision.flows', {
    ...{ ...whole, offset: 0, limit: 1000 },
    outcomes: ['newly-blocked'],
  });
  expect(broken.total).toEqual(
    expect.objectContaining({ flows: closed.outcomes['newly-blocked'].flows }),
  );
  expect(
    broken.rows.every(({ sourceRule, destinationRule }) =>
      [sourceRule, destinationRule].includes('close'),
    ),
  ).toBe(true);

  const [row] = broken.rows;
  if (row === undefined) throw new Error('nothing is blocked');
  const { source, destination, service } = row;
  const explained = await client.call('decision.explain', { source, destination, service });
  expect(explained.source.rule).toBe(row.sourceRule);
  expect(explained.destination.rule).toBe(row.destinationRule);
  expect(explained.isAllowed).toBe(false);

  const edges = await client.call('decision.edges', whole);
  const map = await client.call('graph.read', { filter: { terms: [], window: null } });
  const drawn = new Set(map.edges.map(({ id }) => id));
  expect(edges.length).toBeGreaterThan(0);
  expect(edges.filter(({ id }) => !drawn.has(id))).toEqual([]);

  await client.call('ruleset.change', { change: { kind: 'remove-rule', id: 'close' } });
  const open = await client.call('decision.summary', whole);
  expect(open.outcomes['newly-blocked'].flows).toBe(0);
});

it('the lines behind an outcome and behind a rule are those counted there', async () => {
  const { client } = opened;
  const { groups } = await client.call('inventory.read', {});
  const group = groups.find(({ members }) => members.length > 1);
  if (group === undefined) throw new Error('the sample has no group');
  const web = aRule('web', { services: ['TCP/80', 'TCP/443'] });
  const closing = aRule('close', { action: 'DROP', appliedTo: [group.name] });
  const ruleset = { policies: [aPolicy('p', [web, closing])] };
  await client.call('ruleset.replace', { ruleset, label: 'test' });
  const { outcomes } = await client.call('decision.summary', whole);
  const flows = await client.call('decision.flows', { ...whole, offset: 0, limit: 10_000 });
  const rowOf = new Map(
    flows.rows.map((row) => [`${row.source} ${row.destination} ${row.service}`, row]),
  );
  for (const outcome of OUTCOMES) {
    const page = await client.call('decision.lines', {
      ...{ ...whole, limit: 1000 },
      outcomes: [outcome],
    });
    expect([outcome, page.events, page.listed, page.leftOut]).toEqual([
      ...[outcome, outcomes[outcome].events, outcomes[outcome].events, 0],
    ]);
    expect(page.lines).toHaveLength(Math.min(1000, page.listed));
    for (const line of page.lines) expect(rowOf.get(keyOf(line))?.outcome).toBe(outcome);
  }

  const close = await client.call('decision.lines', { ...whole, rule: 'close', limit: 1000 });
  expect(close.lines.length).toBeGreaterThan(0);
  const ways = new Set<string>();
  for (const line of close.lines) {
    const { sourceRule, destinationRule } = rowOf.get(keyOf(line)) ?? {};
    const own = line.direction === 'IN' ? destinationRule : sourceRule;
    const other = line.direction === 'IN' ? sourceRule : destinationRule;
    expect([own, other]).toContain('close');
    if (own === 'close') ways.add(line.direction);
  }
  expect([...ways].sort()).toEqual(['IN', 'OUT']);
  const hits = (await client.call('rule.hits', whole)).rules.find(({ rule }) => rule === 'close');
  expect(close.listed).toBeLessThanOrEqual(
    (hits?.source.events ?? 0) + (hits?.destination.events ?? 0),
  );
  expect(close.listed).toBeGreaterThanOrEqual(
    Math.max(hits?.source.events ?? 0, hits?.destination.events ?? 0),
  );

  const none = await client.call('decision.lines', { ...whole, rule: 'gone', limit: 10 });
  expect(none).toEqual({ lines: [], listed: 0, events: 0, leftOut: 0 });
});

it('the lines of a window and of rules that look at source ports are those counted there', async () => {
  const { client } = opened;
  const all = await client.call('project.read', {});
  const { from, to } = all.window ?? { from: 0, to: 0 };
  const window = { from, to: Math.floor((from + to) / 2) };
  const rules = [
    aRule('high', { services: ['TCP/80 from 1024-50000'] }),
    aRule('close', { action: 'DROP' }),
  ];
  await client.call('ruleset.replace', {
    ruleset: { policies: [aPolicy('p', rules)] },
    label: 'test',
  });
  const { outcomes, total } = await client.call('decision.summary', { window });
  expect(total.events).toBeLessThan((await client.call('decision.summary', whole)).total.events);
  expect(outcomes['still-allowed'].events).toBeGreaterThan(0);
  for (const outcome of OUTCOMES) {
    const page = await client.call('decision.lines', { window, outcomes: [outcome], limit: 50 });
    expect([outcome, page.listed]).toEqual([outcome, outcomes[outcome].events]);
    expect(page.lines.every(({ at }) => at >= window.from && at < window.to)).toBe(true);
  }
});

it('a question that names nothing is refused', async () => {
  const question = { source: 'web01', destination: '192.0.2.1', service: 'TCP/80' };
  const thrown: unknown = await opened.client
    .call('decision.explain', question)
    .catch((each: unknown) => each);
  expect(thrown).toBeInstanceOf(Failure);
});

it.each([
  ['TCP/80-90', /more than one service/],
  ['TCP/80,443', /more than one service/],
  ['TCP', /more than one service/],
  ['tee-see-pee', /no service/],
])('a flow has one service: %s is refused', async (service, sentence) => {
  const question = { source: '192.0.2.7', destination: '192.0.2.1', service };
  await expect(opened.client.call('decision.explain', question)).rejects.toThrow(sentence);
});
