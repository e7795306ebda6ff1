import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlowDecider, type Decided } from '../../../main/engine/policy/decisions/decided.ts';
import {
  readFlowColumns,
  type FlowColumns,
} from '../../../main/engine/policy/decisions/flow-columns.ts';
import { decideInSql } from '../../support/sql-decisions.ts';
import { MapEnds } from '../../../main/engine/query/map-ends.ts';
import { edgesOf } from '../../../main/engine/policy/decisions/edges.ts';
import { pageOfFlows, summarise } from '../../../main/engine/policy/decisions/views.ts';
import { numberOf } from '../../../main/engine/store/rows.ts';
import { fixed, sql } from '../../../main/engine/store/sql.ts';
import type { Rule, Ruleset } from '../../../shared/domain/ruleset.ts';
import { Cancelled } from '../../../shared/failure/failure.ts';
import { NEVER } from '../../../shared/ipc/cancel.ts';
import { createCancelSource } from '../../../shared/ipc/cancel.ts';
import { compileRuleset, RulesetCompiler } from '../../../shared/policy/compile.ts';
import { decide, type DecidedFlow } from '../../../shared/policy/decide.ts';
import { resolverOf } from '../../../shared/policy/members.ts';
import { aFolder, type TestFolder } from '../../support/engine.ts';
import { aFlowTable, type LoggedFlow } from '../../support/flow-table.ts';
import {
  addressOf,
  aFlow,
  anyFlow,
  anyRuleset,
  aPolicy,
  aRule,
  BROUGHT,
  ESTATE,
} from '../../support/rulesets.ts';

const WHOLE = { window: null, sourcePortEdges: [] } as const;
const EDGES = [1000, 2001, 50_000, 50_001];
const resolver = resolverOf(ESTATE, BROUGHT);

type Table = Awaited<ReturnType<typeof aFlowTable>>;

function lines(): readonly LoggedFlow[] {
  const line = fc.record({
    flow: anyFlow,
    direction: fc.constantFrom(0 as const, 1 as const),
    action: fc.constantFrom('PASS' as const, 'DROP' as const),
  });
  return fc.sample(line, { numRuns: 900, seed: 7 });
}

/** A flow of the columns, as one flow is asked about. */
function flowAt(flows: FlowColumns, at: number, table: Table): DecidedFlow {
  const code = (column: Uint32Array) => table.codes.textOf(flows.codes[column[at] ?? 0] ?? 0);
  const service = flows.services[flows.service[at] ?? 0];
  if (service === undefined) throw new Error('a flow without a service');
  return {
    ...service,
    source: addressOf(code(flows.source)),
    destination: addressOf(code(flows.destination)),
  };
}

function expectAgreement(decided: Decided, table: Table): void {
  const { flows, combinations, decisions, ruleset } = decided;
  for (let at = 0; at < flows.count; at++) {
    const one = decide(ruleset, flowAt(flows, at, table));
    const place = combinations.ofFlow[at] ?? 0;
    const asNumber = (end: typeof one.source) => (end.isEnforced ? (end.rule?.order ?? -1) : -2);
    expect([
      decisions.sourceRule[place],
      decisions.destinationRule[place],
      decisions.isAllowed[place] === 1,
    ]).toEqual([asNumber(one.source), asNumber(one.destination), one.isAllowed]);
  }
}

describe('all flows', () => {
  let folder: TestFolder;
  let table: Table;
  let flows: FlowColumns;

  beforeAll(async () => {
    folder = await aFolder();
    table = await aFlowTable(folder.file('flows.segw'), lines());
    flows = await readFlowColumns(table, { window: null, sourcePortEdges: EDGES }, NEVER);
  });

  afterAll(async () => {
    table.database.close();
    await folder[Symbol.asyncDispose]();
  });

  it('are decided as each alone would be, and so after any run of edits', () => {
    const decider = new FlowDecider(flows);
    const compiler = new RulesetCompiler(resolver);
    expect(flows.count).toBeGreaterThan(400);
    fc.assert(
      fc.property(anyRuleset, (ruleset) => {
        expectAgreement(decider.decide(compiler.compile(ruleset)), table);
      }),
      { numRuns: 60 },
    );
  });

  it('are decided by the database alone as each alone would be', async () => {
    const coded = table.codes.texts.map((text, at) => ({
      code: 0xf000_0000 + at,
      address: addressOf(text),
    }));
    const rows = fixed(
      `(select line, src as source, dst as destination, protocol, dst_port as port,
        case when protocol in (6, 17, 132) and src_port > 0 then src_port end as client_port,
        case when icmp > 0 then icmp end as icmp from event)`,
    );
    const logged = lines();
    await fc.assert(
      fc.asyncProperty(anyRuleset, async (ruleset) => {
        const compiled = compileRuleset(ruleset, resolver);
        const found = await table.database.query(
          sql`select line, source_rule, destination_rule, is_allowed
            from ${decideInSql(compiled, coded, rows)}`,
        );
        expect(found).toHaveLength(logged.length);
        for (const row of found) {
          const flow = logged[numberOf(row, 'line')]?.flow;
          if (flow === undefined) throw new Error('a line that is not there');
          const one = decide(compiled, flow);
          const number = (end: typeof one.source) =>
            end.isEnforced ? (end.rule?.order ?? -1) : -2;
          expect([
            numberOf(row, 'source_rule'),
            numberOf(row, 'destination_rule'),
            row['is_allowed'],
          ]).toEqual([number(one.source), number(one.destination), one.isAllowed]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('are decided by more rules than fit one word of any mask', () => {
    const rules = Array.from({ length: 140 }, (_, at) =>
      aRule(`r${at}`, { services: [`TCP/${at + 380}`], action: at % 2 === 0 ? 'ALLOW' : 'DROP' }),
    );
    const ruleset = { policies: [aPolicy('p', rules)] };
    expectAgreement(new FlowDecider(flows).decide(compileRuleset(ruleset, resolver)), table);
  });

  it('sum up to what their lines say, whatever the ruleset', async () => {
    const plain = await readFlowColumns(table, WHOLE, NEVER);
    const decider = new FlowDecider(plain);
    fc.assert(
      fc.property(anyRuleset, (ruleset) => {
        const decided = decider.decide(compileRuleset(ruleset, resolver));
        const { total, outcomes, rules, defaultRule, covered } = summarise(decided, 1);
        expect(total).toEqual({ flows: plain.count, events: 900 });
        const sums = Object.values(outcomes);
        expect(sums.reduce((sum, { flows: count }) => sum + count, 0)).toBe(plain.count);
        expect(sums.reduce((sum, { events }) => sum + events, 0)).toBe(900);
        expect(covered.flows).toBeLessThanOrEqual(total.flows);
        const enforced = [...decided.decisions.sourceRule].map((rule, at) =>
          rule === -2
            ? 0
            : (decided.combined.passedFlows[at] ?? 0) + (decided.combined.blockedFlows[at] ?? 0),
        );
        const hits = [...rules, defaultRule].reduce((sum, { source }) => sum + source.flows, 0);
        expect(hits).toBe(enforced.reduce((sum, each) => sum + each, 0));
      }),
      { numRuns: 30 },
    );
  });

  it('are not decided further once nobody waits', async () => {
    const source = createCancelSource();
    source.cancel();
    await expect(readFlowColumns(table, WHOLE, source.signal)).rejects.toThrow(Cancelled);
  });
});

describe('what a ruleset changes', () => {
  const web = { source: '192.0.2.1', app: '192.0.2.3', db: '192.0.2.5', out: '198.51.100.7' };
  const logged: readonly LoggedFlow[] = [
    { flow: aFlow(web.source, web.app), direction: 1, action: 'PASS' },
    { flow: aFlow(web.source, web.app), direction: 0, action: 'PASS' },
    { flow: aFlow(web.app, web.db, { port: 3306 }), direction: 1, action: 'PASS' },
    { flow: aFlow(web.app, web.db, { port: 3306 }), direction: 0, action: 'DROP' },
    { flow: aFlow(web.out, web.source, { port: 80 }), direction: 0, action: 'PASS' },
    { flow: aFlow(web.out, web.source, { port: 22 }), direction: 0, action: 'DROP' },
    { flow: aFlow(web.out, web.source, { port: 81 }), direction: 0, action: 'PASS', isReply: true },
  ];
  const allow = (id: string, change: Partial<Rule>) => aRule(id, change);
  const ruleset: Ruleset = {
    policies: [
      aPolicy('shop', [
        allow('web-app', { services: ['TCP/443'] }),
        allow('app-db', { services: ['TCP/3306'] }),
        aRule('rest', { action: 'DROP', appliedTo: ['WEB'] }),
      ]),
    ],
    defaultRule: { action: 'DROP', logged: true },
  };

  it('is told by outcome, rule and edge', async () => {
    await using folder = await aFolder();
    const table = await aFlowTable(folder.file('flows.segw'), logged);
    const columns = await readFlowColumns(table, WHOLE, NEVER);
    const decided = new FlowDecider(columns).decide(compileRuleset(ruleset, resolver));
    const summary = summarise(decided, 3);
    expect(summary).toEqual({
      revision: 3,
      total: { flows: 4, events: 6 },
      outcomes: {
        'still-allowed': { flows: 1, events: 2 },
        'newly-allowed': { flows: 1, events: 2 },
        'newly-blocked': { flows: 1, events: 1 },
        'still-blocked': { flows: 1, events: 1 },
      },
      covered: { flows: 2, events: 4 },
      rules: [
        { rule: 'web-app', source: { flows: 1, events: 1 }, destination: { flows: 1, events: 1 } },
        { rule: 'app-db', source: { flows: 1, events: 1 }, destination: { flows: 1, events: 1 } },
        { rule: 'rest', source: { flows: 0, events: 0 }, destination: { flows: 2, events: 2 } },
      ],
      defaultRule: { source: { flows: 0, events: 0 }, destination: { flows: 0, events: 0 } },
      policies: [{ policy: 'shop', flows: 6, events: 6 }],
      replyEvents: 1,
    });
    const page = pageOfFlows(
      decided,
      { outcomes: ['newly-blocked', 'newly-allowed'] },
      { offset: 0, limit: 1 },
      (code) => table.codes.textOf(code),
    );
    expect(page).toEqual({
      total: { flows: 2, events: 3 },
      rows: [
        {
          source: web.app,
          destination: web.db,
          service: 'TCP/3306',
          outcome: 'newly-allowed',
          events: 2,
          sourceRule: 'app-db',
          destinationRule: 'app-db',
        },
      ],
    });
    const ofRule = (rule: string) =>
      pageOfFlows(decided, { rule }, { offset: 0, limit: 9 }, (code) => table.codes.textOf(code));
    expect(ofRule('rest').rows.map(({ service }) => service)).toEqual(['TCP/22', 'TCP/80']);
    expect(ofRule('gone').rows).toEqual([]);
    const nodes = new Map(
      [web.source, web.app, web.db].map((address) => [
        table.codes.codeOf(addressOf(address)),
        address === web.source ? 'group:WEB' : 'group:OTHER',
      ]),
    );
    expect(edgesOf(decided, new MapEnds(nodes, []))).toEqual([
      {
        id: 'group:WEB>group:OTHER',
        source: 'group:WEB',
        target: 'group:OTHER',
        outcomes: {
          'still-allowed': { flows: 1, events: 2 },
          'newly-allowed': { flows: 0, events: 0 },
          'newly-blocked': { flows: 0, events: 0 },
          'still-blocked': { flows: 0, events: 0 },
        },
        covered: { flows: 1, events: 2 },
      },
    ]);
    const leg = {
      source: table.codes.codeOf(addressOf(web.app)),
      destination: table.codes.codeOf(addressOf(web.db)),
      ...{ protocol: 6, port: 3306, node: 'address:192.0.2.80' },
    };
    const other = { ...leg, port: 3307, node: 'address:192.0.2.81' };
    expect(edgesOf(decided, new MapEnds(nodes, [leg, other])).map(({ id }) => id)).toEqual([
      'group:WEB>group:OTHER',
      'address:192.0.2.80>group:OTHER',
    ]);
    table.database.close();
  });

  it('is told of a time window alone', async () => {
    await using folder = await aFolder();
    const at = 1_700_000_000_000;
    const timed = logged.map((line, place) => ({ ...line, at: at + place * 1000 }));
    const table = await aFlowTable(folder.file('flows.segw'), timed);
    const window = { from: at + 2000, to: at + 4000 };
    const columns = await readFlowColumns(table, { window, sourcePortEdges: [] }, NEVER);
    const decided = new FlowDecider(columns).decide(compileRuleset(ruleset, resolver));
    expect(summarise(decided, 1).total).toEqual({ flows: 1, events: 2 });
    expect(summarise(decided, 1).outcomes['newly-allowed']).toEqual({ flows: 1, events: 2 });
    table.database.close();
  });
});
