import { describe, expect, it } from 'vitest';
import { FlowState, PAGE_ROWS } from '../../../renderer/flows/flow-state.svelte.ts';
import { NO_FILTER } from '../../../shared/domain/filter.ts';
import { FLOW_KEYS, type FlowPage, type FlowRow } from '../../../shared/domain/flow.ts';
import { termsOfRow } from '../../../shared/domain/row-terms.ts';
import { aWorkbench } from '../support/scripted.ts';

function aRow(parts: Partial<FlowRow> = {}): FlowRow {
  return {
    direction: 'OUT',
    source: '192.0.2.11',
    destination: '192.0.2.102',
    service: 'TCP/80',
    action: 'PASS',
    rule: 4102,
    tag: 'SGTSWEB',
    sourceGroup: null,
    destinationGroup: null,
    sourceApplication: null,
    destinationApplication: null,
    protocol: null,
    reply: false,
    events: 2,
    sessions: 1,
    bytes: 0,
    packets: 0,
    first: 0,
    last: 1,
    ...parts,
  };
}

function aPage(offset: number, total: number, name: string): FlowPage {
  const length = Math.max(0, Math.min(PAGE_ROWS, total - offset));
  const rows = Array.from({ length }, (_, at) => aRow({ source: `${name}-${offset + at}` }));
  return { rows, totalRows: total, totalEvents: total, totalSessions: total };
}

describe('the table of flows', () => {
  it('loads further pages only when their rows come into view, each once', async () => {
    const offsets: number[] = [];
    const workbench = aWorkbench({
      'flow.list': ({ offset }) => {
        offsets.push(offset);
        return Promise.resolve(aPage(offset, 1_000, 'a'));
      },
    });
    const flows = new FlowState(workbench);
    await flows.read(NO_FILTER, flows.setup.by, flows.setup.order);
    expect(flows.totalRows).toBe(1_000);
    expect(flows.rowAt(450)).toBeUndefined();
    await Promise.all([flows.ensure(380, 450), flows.ensure(410, 460)]);
    expect(flows.rowAt(450)?.source).toBe('a-450');
    expect(offsets).toEqual([0, 200, 400]);
  });

  it('drops a page that was asked for under an older filter', async () => {
    let name = 'old';
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const workbench = aWorkbench({
      'flow.list': async ({ offset }) => {
        const asked = name;
        if (asked === 'old' && offset > 0) await held;
        return aPage(offset, 500, asked);
      },
    });
    const flows = new FlowState(workbench);
    await flows.read(NO_FILTER, flows.setup.by, flows.setup.order);
    const slow = flows.ensure(250, 260);
    await new Promise((resolve) => setTimeout(resolve, 5));
    name = 'new';
    await flows.read(NO_FILTER, flows.setup.by, 'bytes');
    release();
    await slow;
    expect(flows.rowAt(250)).toBeUndefined();
    expect(flows.rowAt(0)?.source).toBe('new-0');
  });

  it('asks for the lines behind a row by all its keys and the filter in force', async () => {
    const asked: unknown[] = [];
    const workbench = aWorkbench({
      'flow.evidence': ({ filter }) => {
        asked.push(filter);
        return Promise.resolve([]);
      },
    });
    workbench.filter.add('tag', 'SGTSWEB');
    const flows = new FlowState(workbench);
    const row = aRow({ direction: null, rule: null });
    flows.select(row);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(asked).toEqual([
      {
        terms: [{ field: 'tag', exclude: false, values: ['SGTSWEB'] }, ...termsOfRow(row)],
        window: null,
      },
    ]);
    expect(termsOfRow(row).map((term) => term.field)).not.toContain('rule');
  });

  it('marks rows one by one and in ranges, over pages, and copies them in their order', async () => {
    const copied: string[] = [];
    const workbench = aWorkbench({
      'flow.list': ({ offset }) => Promise.resolve(aPage(offset, 1_000, 'a')),
      'flow.evidence': () => Promise.resolve([]),
      'flow.unlisted': () => Promise.resolve(0),
    });
    workbench.copy = (text: string, what: string) => {
      copied.push(`${what}: ${[...text.matchAll(/a-\d+/g)].join()}`);
      return Promise.resolve();
    };
    const flows = new FlowState(workbench);
    await flows.read(NO_FILTER, flows.setup.by, flows.setup.order);
    const rowAt = (index: number) => flows.rowAt(index) ?? aRow();
    flows.pick(5, rowAt(5));
    expect(flows.selected?.source).toBe('a-5');
    flows.toggleMark(3, rowAt(3));
    flows.toggleMark(9, rowAt(9));
    flows.toggleMark(9, rowAt(9));
    await flows.copyMarked(3, rowAt(3));
    await flows.copyMarked(7, rowAt(7));
    flows.pick(198, rowAt(198));
    await flows.markTo(201);
    await flows.copyMarked(201, rowAt(201));
    await flows.markTo(197);
    await flows.copyMarked(197, rowAt(197));
    expect(copied).toEqual([
      '2 flows: a-3,a-5',
      '1 flow: a-7',
      '4 flows: a-198,a-199,a-200,a-201',
      '2 flows: a-197,a-198',
    ]);
    await flows.read(NO_FILTER, flows.setup.by, flows.setup.order);
    expect(flows.marked.size).toBe(0);
  });

  it('always sums by at least one key', () => {
    const flows = new FlowState(aWorkbench({ 'setting.write': () => Promise.resolve(null) }));
    for (const key of flows.setup.by) flows.toggleKey(key);
    expect(flows.setup.by).toEqual(['tag']);
    flows.toggleKey('sourceGroup');
    flows.toggleKey('source');
    expect(flows.setup.by).toEqual(['source', 'tag', 'sourceGroup']);
  });

  it('remembers columns, widths and order for the next session', async () => {
    const saved = new Map<string, string>();
    const script = {
      'setting.read': ({ key }: { key: string }) => Promise.resolve(saved.get(key) ?? null),
      'setting.write': ({ key, value }: { key: string; value: string }) => {
        saved.set(key, value);
        return Promise.resolve(null);
      },
    };
    const first = new FlowState(aWorkbench(script));
    first.setup.toggleSum('packets');
    first.toggleKey('direction');
    first.setup.order = 'bytes';
    first.setup.resize('source', 4_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const next = new FlowState(aWorkbench(script));
    await next.setup.read();
    expect(next.setup.columns).toEqual(first.setup.columns);
    expect(next.setup.columns).not.toContain('packets');
    expect(next.setup.order).toBe('bytes');
    expect(next.setup.widthOf('source')).toBe(800);
    saved.set('flow-table', '{"by":["colour"]}');
    const other = new FlowState(aWorkbench(script));
    await other.setup.read();
    expect(other.setup.by).toHaveLength(7);
  });

  it('copies rows as CSV that no spreadsheet runs', () => {
    const { setup } = new FlowState(aWorkbench({ 'setting.write': () => Promise.resolve(null) }));
    for (const key of FLOW_KEYS) if (setup.isShown(key) && key !== 'tag') setup.toggleKey(key);
    for (const sum of ['events', 'bytes', 'packets', 'last'] as const) setup.toggleSum(sum);
    expect(setup.csv([aRow({ tag: '=HYPERLINK("x")', first: 1_000 })])).toBe(
      'Tag,Sessions,First\r\n"\'=HYPERLINK(""x"")",1,1970-01-01 00:00:01\r\n',
    );
  });
});
