import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_FILTER, parseFilter, type FlowFilter } from '../../shared/domain/filter.ts';
import { FLOW_KEYS } from '../../shared/domain/flow.ts';
import { Cancelled } from '../../shared/failure/failure.ts';
import { aLog } from '../support/archives.ts';
import { anEngine, SAMPLE, type TestEngine } from '../support/engine.ts';
import { aPolicy, aRule } from '../support/rulesets.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-03-02T08:00:00Z');

const event = fc.record({
  second: fc.integer({ min: 0, max: 4 * 3_600 - 1 }),
  what: fc.constantFrom('PASS 5096 OUT', 'PASS 5096 IN', 'DROP 7 IN'),
  client: fc.integer({ min: 1, max: 3 }),
  port: fc.constantFrom(80, 443),
  tag: fc.constantFrom('', 'WEB'),
});

async function open(test: TestEngine, paths: readonly string[], keep: 'events' | 'flows') {
  return test.client.call('archive.open', { paths: [...paths], keep });
}

async function flows(test: TestEngine, filter: FlowFilter = NO_FILTER) {
  const question = {
    filter,
    order: 'events',
    offset: 0,
    limit: 1_000,
  } as const;
  // VIPs are found by the times of single events: without them groups of ends may differ.
  const by = FLOW_KEYS.filter((key) => !/(?:Group|Application)$/.test(key));
  return test.client.call('flow.list', { ...question, by });
}

const minutes = (test: TestEngine, filter: FlowFilter = NO_FILTER, buckets = 1_000) =>
  test.client.call('flow.histogram', { filter, buckets });

const inOrder = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();

it('gives the flows, minutes and windows of whole hours that a load of every event gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 60 }), async (events) => {
      await using whole = await anEngine();
      await using summed = await anEngine();
      const lines = events.map(({ second, what, client, port, tag }, index) => {
        const time = new Date(START + second * 1_000).toISOString();
        const ends = `192.0.2.${client}/${20_000 + index}->192.0.2.9/${port}`;
        return `${time} 0b7f00aa INET match ${what} 60 TCP ${ends} S ${tag}\n`;
      });
      const file = whole.folder.file('a.log');
      writeFileSync(file, lines.join(''));
      const a = await open(whole, [file], 'events');
      const b = await open(summed, [file], 'flows');
      const account = ({ sources }: typeof a) => sources.map((each) => ({ ...each, holds: '' }));
      expect(account(b)).toEqual(account(a));
      expect(b.sources).toMatchObject([{ holds: 'flows' }]);
      const window = { from: START + HOUR, to: START + 3 * HOUR };
      for (const filter of [NO_FILTER, { terms: [], window }]) {
        const [x, y] = [await flows(whole, filter), await flows(summed, filter)];
        expect(inOrder(y.rows)).toEqual(inOrder(x.rows));
        expect(y.totalEvents).toBe(x.totalEvents);
      }
      expect(await minutes(summed)).toEqual(await minutes(whole));
      for (const services of [['TCP/80'], ['TCP/80 from 1024-65535']]) {
        const ruleset = { policies: [aPolicy('p', [aRule('web', { services, action: 'DROP' })])] };
        const decided = async (test: TestEngine) => {
          await test.client.call('ruleset.replace', { ruleset, label: 'test' });
          const page = { offset: 0, limit: 1_000 };
          const of = [null, window].map((each) =>
            test.client.call('decision.flows', { window: each, ...page }),
          );
          return (await Promise.all(of)).map(({ rows, total }) => [inOrder(rows), total]);
        };
        expect(await decided(summed)).toEqual(await decided(whole));
      }
    }),
    { numRuns: 6 },
  );
});

it('gives the flows of the sample, says that they have no lines, and takes the events later', async () => {
  await using whole = await anEngine();
  await using summed = await anEngine();
  const a = await open(whole, [SAMPLE], 'events');
  const b = await open(summed, [SAMPLE], 'flows');
  expect({ ...b.totals, seconds: 0 }).toEqual({ ...a.totals, seconds: 0 });
  const expected = inOrder((await flows(whole)).rows);
  expect(inOrder((await flows(summed)).rows)).toEqual(expected);
  const parsed = parseFilter('action:DROP');
  if (!parsed.ok) throw new Error(parsed.problem);
  const dropped = { terms: parsed.terms, window: null };
  const { totalEvents } = await flows(whole, dropped);
  expect(totalEvents).toBeGreaterThan(0);
  expect(await summed.client.call('flow.evidence', { filter: dropped, limit: 9 })).toEqual([]);
  expect(await summed.client.call('flow.unlisted', { filter: dropped })).toBe(totalEvents);
  expect(await whole.client.call('flow.unlisted', { filter: dropped })).toBe(0);

  expect((await open(summed, [SAMPLE], 'flows')).sources).toEqual([]);
  await open(summed, [SAMPLE], 'events');
  expect(inOrder((await flows(summed)).rows)).toEqual(expected);
  expect(await summed.client.call('flow.unlisted', { filter: NO_FILTER })).toBe(0);
});

it('leaves nothing of a source whose loading was cancelled', async () => {
  await using test = await anEngine();
  const large = test.folder.file('large.log');
  writeFileSync(large, aLog(60, 12).repeat(16_667));
  const stop = new AbortController();
  const loading = test.client.call(
    'archive.open',
    { paths: [large], keep: 'flows' },
    {
      signal: stop.signal,
      onProgress: ({ lines }) => {
        if (lines > 300_000) stop.abort();
      },
    },
  );
  await expect(loading).rejects.toBeInstanceOf(Cancelled);
  const small = test.folder.file('small.log');
  writeFileSync(small, aLog(60));
  await open(test, [small], 'flows');
  expect((await flows(test)).totalEvents).toBe(60);
});

it.each(['events', 'flows'] as const)(
  'counts nothing twice when a damaged file of which %s are kept comes whole again',
  async (held) => {
    const log = Array.from({ length: 4_000 }, (_, at) => {
      const time = new Date(START + at * 1_000).toISOString();
      const port = 20_000 + ((at * 7_919) % 40_000);
      return `${time} 0b7f00aa INET match PASS 5096 OUT 60 TCP 192.0.2.7/${port}->192.0.2.9/80 S WEB\n`;
    }).join('');
    const whole = gzipSync(log);
    for (const keep of ['events', 'flows'] as const) {
      await using test = await anEngine();
      const file = test.folder.file('dfw.log.gz');
      const other = test.folder.file('other.log');
      writeFileSync(other, aLog(60));
      writeFileSync(file, whole.subarray(0, whole.length / 2));
      await open(test, [other], 'events');
      const { sources } = await open(test, [file], held);
      expect(sources).toMatchObject([{ state: 'damaged', holds: held }]);
      expect(sources[0]?.events).toBeGreaterThan(100);
      expect(sources[0]?.events).toBeLessThan(4_000);
      writeFileSync(file, whole);
      await open(test, [file], keep);
      expect((await flows(test)).totalEvents).toBe(4_060);
      const { totals } = await test.client.call('project.read', {});
      expect(totals.events - totals.duplicates).toBe(4_060);
    }
  },
);

it('keeps a damaged file beside another one that later has its path', async () => {
  await using test = await anEngine();
  const file = test.folder.file('dfw.log.gz');
  const whole = gzipSync(aLog(5_000));
  writeFileSync(file, whole.subarray(0, whole.length / 2));
  const { totals } = await open(test, [file], 'events');
  const later = aLog(60).replaceAll('2026-03-02', '2026-03-03');
  writeFileSync(file, gzipSync(later));
  await open(test, [file], 'flows');
  expect((await flows(test)).totalEvents).toBe(totals.events + 60);
});

it('tells the flows of a host where the lines of a source named one', async () => {
  await using whole = await anEngine();
  await using summed = await anEngine();
  const { sources } = await open(whole, [SAMPLE], 'events');
  await open(summed, [SAMPLE], 'flows');
  const hosts = [...new Set(sources.flatMap(({ host }) => host ?? []))];
  expect(hosts.length).toBeGreaterThan(1);
  let found = 0;
  for (const host of hosts) {
    const parsed = parseFilter(`host:${host}`);
    const filter = { terms: parsed.ok ? parsed.terms : [], window: null };
    const [all, kept] = [await flows(whole, filter), await flows(summed, filter)];
    expect(kept.totalEvents).toBeGreaterThan(0);
    expect(inOrder(kept.rows)).toEqual(inOrder(all.rows));
    found += kept.totalEvents;
  }
  expect(found).toBeGreaterThan(0);
});
