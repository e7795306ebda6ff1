import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FLOW_KEYS, type FlowKey } from '../../../shared/domain/flow.ts';
import { type FilterTerm, parseFilter } from '../../../shared/domain/filter.ts';
import { anEngine, SAMPLE, type TestEngine } from '../../support/engine.ts';

let opened: TestEngine;

beforeAll(async () => {
  opened = await anEngine();
  await opened.client.call('archive.open', { paths: [SAMPLE] });
});

afterAll(() => opened[Symbol.asyncDispose]());

const FILTERS = [
  '',
  'svc:TCP/80',
  'src:SGTSWEB',
  '-dst:192.0.2.0/24',
  'action:DROP',
  'tag:SGTSWEB dir:OUT',
  'seen:vnic',
  'vantage:SGTSAPP',
  'addr:198.51.100.0/24 svc:53|123',
];

function termsOf(text: string): readonly FilterTerm[] {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.terms;
}

it('sums made beforehand are those of the events of all time', async () => {
  const { client } = opened;
  const project = await client.call('project.read', {});
  if (project.window === null) throw new Error('the sample has no events');
  const all = { from: project.window.from, to: project.window.to + 1 };
  await fc.assert(
    fc.asyncProperty(
      fc.subarray<FlowKey>([...FLOW_KEYS]),
      fc.constantFrom(...FILTERS),
      fc.constantFrom('events' as const, 'last' as const),
      async (by, text, order) => {
        const question = { by, order, offset: 0, limit: 10_000 };
        const terms = [...termsOf(text)];
        const [ready, summed] = await Promise.all([
          client.call('flow.list', { ...question, filter: { terms, window: null } }),
          client.call('flow.list', { ...question, filter: { terms, window: all } }),
        ]);
        expect(ready).toEqual(summed);
      },
    ),
    {
      numRuns: 60,
      examples: [
        [['source', 'destination', 'service'], '', 'events'],
        [['direction', 'source', 'destination', 'service', 'action', 'rule', 'tag'], '', 'events'],
        [[], 'action:DROP', 'last'],
      ],
    },
  );
});
