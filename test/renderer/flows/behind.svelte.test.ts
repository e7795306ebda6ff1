import { expect, it } from 'vitest';
import { LinesBehind, saidOf } from '../../../renderer/flows/behind.svelte.ts';
import { NO_FILTER } from '../../../shared/domain/filter.ts';
import type { Evidence, LinePage } from '../../../shared/domain/flow.ts';
import { aWorkbench } from '../support/scripted.ts';

const LINE: Evidence = {
  sourceId: 3,
  source: 'a.log',
  line: 7,
  host: '',
  at: 0,
  kind: 'match',
  reason: 'match',
  direction: 'IN',
  from: '192.0.2.1',
  fromPort: 40_000,
  to: '192.0.2.9',
  toPort: 443,
  protocol: 'TCP',
  action: 'PASS',
  rule: 1,
  tag: '',
  bytes: 0,
};

const page = (parts: Partial<LinePage>): LinePage => {
  return { lines: [LINE], listed: 1, events: 1, leftOut: 0, ...parts };
};

it.each([
  [page({}), ['1 line.']],
  [page({ listed: 1_234, events: 1_234 }), ['The latest 1 of 1,234 lines.']],
  [
    page({ events: 5 }),
    ['1 line.', '4 events have no lines here: the source was opened with flows only.'],
  ],
  [
    page({ lines: [], listed: 0, events: 1 }),
    ['0 lines.', '1 event has no lines here: the source was opened with flows only.'],
  ],
  [
    page({ listed: 9, events: 12, leftOut: 2 }),
    ['The latest 1 of 9 lines.', 'Those of 2 flows with the fewest lines were not looked for.'],
  ],
])('says how much is shown %#', (given, said) => {
  expect(saidOf(given)).toEqual(said);
});

it('counts the lines of a filter apart from events without lines', async () => {
  const workbench = aWorkbench({
    'flow.evidence': () => Promise.resolve([LINE]),
    'flow.list': () =>
      Promise.resolve({ rows: [], totalRows: 1, totalEvents: 9, totalSessions: 3 }),
    'flow.unlisted': () => Promise.resolve(2),
  });
  const behind = new LinesBehind(workbench);
  await behind.read({ kind: 'filter', filter: NO_FILTER });
  expect(behind.page.value).toEqual({ lines: [LINE], listed: 7, events: 9, leftOut: 0 });
});

it('asks for what the draft decides as it was wished', async () => {
  const asked: unknown[] = [];
  const workbench = aWorkbench({
    'decision.lines': (question) => {
      asked.push(question);
      return Promise.resolve(page({}));
    },
  });
  const behind = new LinesBehind(workbench);
  await behind.read({ kind: 'decided', question: { window: null, rule: 'web' } });
  expect(asked).toEqual([{ window: null, rule: 'web', limit: 200 }]);
  expect(behind.page.value?.listed).toBe(1);
});
