import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_FILTER, parseFilter, type FlowFilter } from '../../../shared/domain/filter.ts';
import { FLOW_KEYS, type FlowKey } from '../../../shared/domain/flow.ts';
import { termsOfRow } from '../../../shared/domain/row-terms.ts';
import { anEngine, type TestEngine } from '../../support/engine.ts';

interface Line {
  readonly minute: number;
  readonly direction: 'IN' | 'OUT';
  readonly source: number;
  readonly destination: number;
  readonly port: number;
  readonly action: 'PASS' | 'DROP';
  readonly tag: string;
}

const START = Date.parse('2026-03-02T08:00:00Z');

const line = fc.record({
  minute: fc.integer({ min: 0, max: 179 }),
  direction: fc.constantFrom<'IN' | 'OUT'>('IN', 'OUT'),
  source: fc.integer({ min: 1, max: 6 }),
  destination: fc.integer({ min: 1, max: 6 }),
  port: fc.constantFrom(80, 443, 1_433),
  action: fc.constantFrom<'PASS' | 'DROP'>('PASS', 'DROP'),
  isTagged: fc.boolean(),
});

/** Workloads 1 to 3 are tagged WEB, 4 to 6 APP, where the rule that logged has a tag at all. */
function tagAt(workload: number): string {
  return workload <= 3 ? 'WEB' : 'APP';
}

const lines: readonly Line[] = fc
  .sample(line, { numRuns: 1_500, seed: 11 })
  .map(({ isTagged, ...each }) => {
    const vantage = each.direction === 'IN' ? each.destination : each.source;
    return { ...each, tag: isTagged ? tagAt(vantage) : '' };
  });

function written(each: Line, index: number): string {
  const time = new Date(START + each.minute * 60_000).toISOString();
  const ends = `192.0.2.${each.source}/${20_000 + index}->192.0.2.${each.destination}/${each.port}`;
  return `${time} 0b7f00aa INET match ${each.action} 5096 ${each.direction} 60 TCP ${ends} S ${each.tag}`;
}

let test: TestEngine;

beforeAll(async () => {
  test = await anEngine();
  const file = test.folder.file('all.log');
  writeFileSync(file, lines.map(written).join('\n'));
  await test.client.call('archive.open', { paths: [file] });
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

function filterOf(text: string, window: FlowFilter['window'] = null): FlowFilter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return { terms: parsed.terms, window };
}

const list = (filter: FlowFilter, by: readonly FlowKey[], limit = 10_000, offset = 0) =>
  test.client.call('flow.list', { filter, by: [...by], order: 'events', offset, limit });

type LoggedKey = (typeof LOGGED_KEYS)[number];

/** Keys whose value a line tells by itself. */
const LOGGED_KEYS = [
  'direction',
  'source',
  'destination',
  'service',
  'action',
  'rule',
  'tag',
  'protocol',
] as const satisfies readonly FlowKey[];

const value: Record<LoggedKey, (each: Line) => string | number> = {
  direction: (each) => each.direction,
  source: (each) => `192.0.2.${each.source}`,
  destination: (each) => `192.0.2.${each.destination}`,
  service: (each) => `TCP/${each.port}`,
  action: (each) => each.action,
  rule: () => 5_096,
  tag: (each) => each.tag,
  protocol: () => 'TCP',
};

/** Sums as the definition says, the slow way: sessions per pair of ends are the greater of OUT and IN. */
function expectedRows(kept: readonly Line[], by: readonly LoggedKey[]) {
  interface Sum {
    events: number;
    readonly ends: Map<string, { IN: number; OUT: number }>;
  }
  const sums = new Map<string, Sum>();
  for (const each of kept) {
    const key = JSON.stringify(by.map((name) => value[name](each)));
    const sum: Sum = sums.get(key) ?? { events: 0, ends: new Map() };
    sums.set(key, sum);
    sum.events++;
    const extra = by.filter(
      (name) => !['source', 'destination', 'service', 'protocol'].includes(name),
    );
    const end = [
      each.source,
      each.destination,
      each.port,
      ...extra.map((n) => value[n](each)),
    ].join();
    const sides = sum.ends.get(end) ?? { IN: 0, OUT: 0 };
    sum.ends.set(end, sides);
    // A roll-up row is one action, rule and tag on one side; each adds its own sessions.
    sides[each.direction]++;
  }
  return [...sums].map(([key, { events, ends }]) => ({
    key,
    events,
    sessions: [...ends.values()].reduce((total, side) => total + Math.max(side.IN, side.OUT), 0),
  }));
}

describe('flows', () => {
  it('are summed by any keys as their definition says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.constantFrom(...LOGGED_KEYS)), async (by) => {
        const page = await list(NO_FILTER, by);
        const got = page.rows.map((row) => ({
          key: JSON.stringify(by.map((name) => row[name])),
          events: row.events,
          sessions: row.sessions,
        }));
        const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
        expect(got.sort(byKey)).toEqual(expectedRows(lines, by).sort(byKey));
        expect(page.totalEvents).toBe(lines.length);
      }),
      { numRuns: 25 },
    );
  });

  it('of a row are found again by the row, whatever it is summed by', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(...FLOW_KEYS), { minLength: 1 }),
        async (by) => {
          const page = await list(NO_FILTER, by);
          expect(page.totalEvents).toBe(lines.length);
          for (const row of page.rows.slice(0, 4)) {
            if (row.tag === '') continue;
            const own = await list({ terms: termsOfRow(row), window: null }, by);
            expect(own.rows).toEqual([row]);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('are summed by the groups and applications that were found', async () => {
    const page = await list(NO_FILTER, ['sourceGroup', 'destinationGroup']);
    const pairs = page.rows.map((row) => `${row.sourceGroup}>${row.destinationGroup}`);
    expect(pairs.sort()).toEqual([
      'group:APP>group:APP',
      'group:APP>group:WEB',
      'group:WEB>group:APP',
      'group:WEB>group:WEB',
    ]);
  });

  it('in a time window are those of the events inside it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(179), fc.nat(179), async (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b) + 1];
        const window = { from: START + from * 60_000, to: START + to * 60_000 };
        const page = await list({ terms: [], window }, ['source', 'action']);
        const kept = lines.filter(({ minute }) => minute >= from && minute < to);
        expect(page.totalEvents).toBe(kept.length);
        expect(page.totalRows).toBe(expectedRows(kept, ['source', 'action']).length);
      }),
      { numRuns: 20 },
    );
  });

  it.each<[string, (each: Line) => boolean]>([
    ['src:192.0.2.1', (each) => each.source === 1],
    ['src:192.0.2.0/30', (each) => each.source < 4],
    ['dst:192.0.2.2-192.0.2.4', (each) => each.destination >= 2 && each.destination <= 4],
    ['-dst:192.0.2.2|192.0.2.3', (each) => each.destination !== 2 && each.destination !== 3],
    ['192.0.2.5', (each) => each.source === 5 || each.destination === 5],
    ['svc:TCP/80|443', (each) => each.port !== 1_433],
    ['svc:TCP/1-100', (each) => each.port === 80],
    ['svc:UDP', () => false],
    ['action:drop', (each) => each.action === 'DROP'],
    ['tag:WEB', (each) => each.tag === 'WEB'],
    ['rule:5096 dir:in', (each) => each.direction === 'IN'],
    ['rule:1', () => false],
    ['src:2001:db8::/32', () => false],
    [
      'svc:80 -action:DROP dst:192.0.2.6',
      (each) => each.port === 80 && each.action === 'PASS' && each.destination === 6,
    ],
  ])('filtered by %s are those the words mean', async (text, keep) => {
    const page = await list(filterOf(text), []);
    expect(page.totalEvents).toBe(lines.filter(keep).length);
  });

  it('filtered by a group are those of its members', async () => {
    const { groups } = await test.client.call('inventory.read', {});
    expect(groups.length).toBeGreaterThan(0);
    for (const { name, members } of groups) {
      const page = await list(filterOf(`src:${name}`), []);
      const count = lines.filter((each) => members.includes(`192.0.2.${each.source}`)).length;
      expect(page.totalEvents).toBe(count);
    }
  });

  it('filtered by a name nobody has are refused with the name', async () => {
    await expect(list(filterOf('src:NOBODY'), [])).rejects.toMatchObject({
      code: 'name-unknown',
      details: { name: 'NOBODY' },
    });
  });

  it('come in pages that together are the whole', async () => {
    const by = ['source', 'destination', 'service', 'action'] as const;
    const whole = await list(NO_FILTER, by);
    const pages = [];
    for (let offset = 0; offset < whole.totalRows; offset += 37) {
      pages.push(...(await list(NO_FILTER, by, 37, offset)).rows);
    }
    expect(pages).toEqual(whole.rows);
  });
});

describe('the histogram', () => {
  it('counts every event once, with a filter and without', async () => {
    for (const [text, keep] of [
      ['', () => true],
      ['action:DROP src:192.0.2.1', (each: Line) => each.action === 'DROP' && each.source === 1],
    ] as const) {
      const { series } = await test.client.call('flow.histogram', {
        filter: filterOf(text),
        buckets: 30,
      });
      const total = series.flatMap(({ events }) => events).reduce((sum, count) => sum + count, 0);
      expect(total).toBe(lines.filter(keep).length);
    }
  });

  it('puts every event in the bucket of its time', async () => {
    const { start, bucketMs, series } = await test.client.call('flow.histogram', {
      filter: NO_FILTER,
      buckets: 36,
    });
    for (const { action, events } of series) {
      const want = events.map(
        (_, bucket) =>
          lines.filter((each) => {
            const at = START + each.minute * 60_000;
            return each.action === action && Math.floor((at - start) / bucketMs) === bucket;
          }).length,
      );
      expect(events).toEqual(want);
    }
  });
});

describe('evidence', () => {
  it('is the lines themselves, the latest first', async () => {
    const evidence = await test.client.call('flow.evidence', {
      filter: filterOf('src:192.0.2.3 tag:WEB'),
      limit: 1_000,
    });
    const want = lines
      .map((each, index) => ({ each, number: index + 1 }))
      .filter(({ each }) => each.source === 3 && each.tag === 'WEB');
    expect(evidence.map((row) => row.line).sort((a, b) => a - b)).toEqual(
      want.map(({ number }) => number),
    );
    const times = evidence.map((row) => row.at);
    expect([...times].sort((a, b) => b - a)).toEqual(times);
    const [first] = evidence;
    const origin = lines[(first?.line ?? 0) - 1];
    expect(first).toMatchObject({
      direction: origin?.direction,
      to: `192.0.2.${origin?.destination ?? 0}`,
      toPort: origin?.port,
      action: origin?.action,
      rule: 5_096,
      kind: 'match',
    });
  });
});

describe('the map', () => {
  it('shows every session between different nodes on exactly one edge', async () => {
    const graph = await test.client.call('graph.read', { filter: NO_FILTER });
    const shown = graph.edges.reduce((sum, edge) => sum + edge.events, 0);
    expect(shown + graph.insideEvents).toBe(lines.length);
    expect(new Set(graph.edges.map((edge) => edge.id)).size).toBe(graph.edges.length);
  });

  it('lists the services of an edge, and their sum is the edge', async () => {
    const graph = await test.client.call('graph.read', { filter: NO_FILTER });
    for (const edge of graph.edges) {
      const services = await test.client.call('graph.services', {
        filter: NO_FILTER,
        source: edge.source,
        target: edge.target,
      });
      expect(services.length).toBe(edge.serviceCount);
      expect(services.reduce((sum, service) => sum + service.sessions, 0)).toBe(edge.sessions);
      expect(Math.min(...services.map((service) => service.first))).toBe(edge.first);
      expect(Math.max(...services.map((service) => service.last))).toBe(edge.last);
    }
    expect(graph.edges.length).toBeGreaterThan(0);
  });
});

it('a filter by host keeps the flows of which the host logged a line', async () => {
  const own = await anEngine();
  const file = own.folder.file('hosts.log');
  const end = 'INET match PASS 5096 OUT 60 TCP 192.0.2.1/40001->192.0.2.9';
  writeFileSync(
    file,
    [
      `2026-03-02T08:00:00Z esx-1 dfwpktlogs: 11 ${end}/443 S WEB`,
      `2026-03-02T08:00:01Z esx-2 dfwpktlogs: 12 ${end}/80 S WEB`,
      `2026-03-02T08:00:02Z esx-2 dfwpktlogs: 12 INET match PASS 5096 OUT 60 TCP 192.0.2.9/80->192.0.2.1/40001 SA WEB`,
    ].join('\n'),
  );
  await own.client.call('archive.open', { paths: [file] });
  const services = async (text: string) => {
    const filter = filterOf(text);
    const question = { filter, by: ['service'], order: 'events', offset: 0, limit: 9 } as const;
    const page = await own.client.call('flow.list', { ...question, by: ['service'] });
    const logged = await own.client.call('flow.evidence', { filter, limit: 9 });
    return [page.rows.map(({ service }) => service), logged.length];
  };
  expect(await services('host:ESX-1')).toEqual([['TCP/443'], 1]);
  expect(await services('host:esx-2')).toEqual([['TCP/80'], 2]);
  expect(await services('!host:esx-2')).toEqual([['TCP/443'], 1]);
  expect(await services('host:none')).toEqual([[], 0]);
  await own[Symbol.asyncDispose]();
});
