import { expect, it } from 'vitest';
import { NO_FILTER, parseFilter } from '../../../shared/domain/filter.ts';
import { anEngine, SAMPLE } from '../../support/engine.ts';

it('hits of a group over time are the lines logged at its members', async () => {
  const test = await anEngine();
  await test.client.call('archive.open', { paths: [SAMPLE] });
  const hits = await test.client.call('flow.groups', { filter: NO_FILTER, buckets: 48 });
  expect(hits.groups.map(({ label }) => label)).toContain('SGTSWEB');
  const list = (text: string, window: typeof NO_FILTER.window = null) => {
    const parsed = parseFilter(text);
    if (!parsed.ok) throw new Error(parsed.problem);
    const filter = { terms: parsed.terms, window };
    const by = ['direction'] as const;
    const page = { by: [...by], order: 'events', offset: 0, limit: 9 } as const;
    return test.client.call('flow.list', { ...page, by: [...by], filter });
  };
  for (const { id, events, total } of hits.groups) {
    const inward = await list(`dir:IN dst:${id}`);
    const outward = await list(`dir:OUT src:${id}`);
    expect(total).toBe(inward.totalEvents + outward.totalEvents);
    expect((await list(`vantage:node:${id}`)).totalEvents).toBe(total);
    expect(events.reduce((sum, each) => sum + each, 0)).toBe(total);
    const at = events.indexOf(Math.max(...events));
    const from = hits.start + at * hits.bucketMs;
    const window = { from, to: from + hits.bucketMs };
    const own = [await list(`dir:IN dst:${id}`, window), await list(`dir:OUT src:${id}`, window)];
    expect(events[at]).toBe(own.reduce((sum, page) => sum + page.totalEvents, 0));
  }
  const events = { field: 'action' as const, exclude: false, values: ['PASS', 'DROP', 'REJECT'] };
  const everything = { terms: [events], window: null };
  for (const buckets of [48, 12, 400]) {
    const counted = await test.client.call('flow.groups', { filter: NO_FILTER, buckets });
    const summed = await test.client.call('flow.groups', { filter: everything, buckets });
    expect(counted).toEqual(summed);
    const from = hits.start + 4 * hits.bucketMs;
    for (const shift of [0, 7 * 60_000]) {
      const window = { from: from + shift, to: from + shift + 20 * hits.bucketMs };
      const asked = { buckets, filter: { terms: [], window } };
      const slow = { buckets, filter: { terms: [events], window } };
      expect(await test.client.call('flow.groups', asked)).toEqual(
        await test.client.call('flow.groups', slow),
      );
    }
  }
  const parsed = parseFilter('action:DROP');
  const filter = { terms: parsed.ok ? parsed.terms : [], window: null };
  const dropped = await test.client.call('flow.groups', { filter, buckets: 48 });
  expect(dropped.groups[0]?.total ?? 0).toBeLessThan(hits.groups[0]?.total ?? 0);
  await test[Symbol.asyncDispose]();
});

it('of an empty project there are none', async () => {
  const test = await anEngine();
  const hits = await test.client.call('flow.groups', { filter: NO_FILTER, buckets: 48 });
  expect(hits.groups).toEqual([]);
  await test[Symbol.asyncDispose]();
});
