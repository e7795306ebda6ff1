import { writeFileSync } from 'node:fs';
import { DuckDBConnection } from '@duckdb/node-api';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { NO_FILTER } from '../../../shared/domain/filter.ts';
import { FLOW_KEYS } from '../../../shared/domain/flow.ts';
import { Cancelled } from '../../../shared/failure/failure.ts';
import { aLog } from '../../support/archives.ts';
import { anEngine, type TestEngine } from '../../support/engine.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Fires the signal while the first statement runs that has the words, and tells what ran since. */
function cancelDuring(words: string) {
  const stop = new AbortController();
  const since: string[] = [];
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the connection below
  const { runAndReadAll } = DuckDBConnection.prototype;
  vi.spyOn(DuckDBConnection.prototype, 'runAndReadAll').mockImplementation(function (
    this: DuckDBConnection,
    ...args
  ) {
    const [statement] = args;
    if (stop.signal.aborted) since.push(statement);
    const running = runAndReadAll.apply(this, args);
    if (statement.includes(words)) stop.abort();
    return running;
  });
  return { signal: stop.signal, since };
}

/** What the flows say, and what the sources say, apart from where the project lies. */
async function contentOf({ client }: TestEngine) {
  const { sources, totals, notices } = await client.call('project.read', {});
  const flows = await client.call('flow.list', {
    filter: NO_FILTER,
    by: FLOW_KEYS,
    order: 'events',
    offset: 0,
    limit: 1_000,
  });
  const histogram = await client.call('flow.histogram', { filter: NO_FILTER, buckets: 60 });
  const inventory = await client.call('inventory.read', {});
  const { nodes } = await client.call('graph.read', { filter: NO_FILTER });
  return {
    account: { sources: sources.map((each) => ({ ...each, path: '' })), totals, notices },
    summed: { flows, histogram, inventory, nodes },
  };
}

/** Statements that sum up and discover, from the first to the last that a signal may break off. */
const STEPS = ['insert into flow', 'as vantage', 'from flow', 'insert into inventory'] as const;

describe('a load that is cancelled while it is summed up', () => {
  it.each(STEPS)(
    'during "%s" keeps the source, and flows and groups as they were',
    async (step) => {
      await using test = await anEngine();
      await using undisturbed = await anEngine();
      const first = test.folder.file('first.log');
      const second = test.folder.file('second.log');
      writeFileSync(first, aLog(60));
      writeFileSync(second, aLog(60, 12, 'SGTSAPP'));
      for (const engine of [test, undisturbed]) {
        await engine.client.call('archive.open', { paths: [first] });
      }
      const before = await contentOf(test);
      await undisturbed.client.call('archive.open', { paths: [second] });
      const wanted = await contentOf(undisturbed);
      expect(wanted.summed).not.toEqual(before.summed);

      const { signal, since } = cancelDuring(step);
      const context = { signal, report: () => undefined };
      const loading = test.engine.handlers['archive.open']({ paths: [second] }, context);
      await expect(loading).rejects.toBeInstanceOf(Cancelled);
      expect(since[0]).toBe('rollback');
      expect(since.join('\n')).not.toMatch(/insert|delete|checkpoint/);
      vi.restoreAllMocks();

      const after = await contentOf(test);
      expect(after.summed).toEqual(before.summed);
      expect(after.account.totals).toEqual(wanted.account.totals);
      expect(after.account.sources).toEqual(wanted.account.sources);
      expect(after.account.notices).toEqual([expect.stringContaining('did not come to its end')]);

      // Nothing is new in the archive that is opened next; what is behind is made up for all the same.
      await test.client.call('archive.open', { paths: [second] });
      expect(await contentOf(test)).toEqual(wanted);
    },
  );

  it('is summed up when the project is opened again', async () => {
    await using test = await anEngine();
    const file = test.folder.file('a.log');
    writeFileSync(file, aLog(60));
    const { signal } = cancelDuring('insert into flow');
    const context = { signal, report: () => undefined };
    const loading = test.engine.handlers['archive.open']({ paths: [file] }, context);
    await expect(loading).rejects.toBeInstanceOf(Cancelled);
    vi.restoreAllMocks();
    expect((await contentOf(test)).summed.flows.totalEvents).toBe(0);
    await test.engine.close();
    await using again = await anEngine(test.projectPath);
    const { account, summed } = await contentOf(again);
    expect(account.notices).toEqual([]);
    expect(summed.flows.totalEvents).toBe(60);
  });
});

it('an opening that adds nothing does not sum up again', async () => {
  await using test = await anEngine();
  const file = test.folder.file('a.log');
  writeFileSync(file, aLog(60));
  await test.client.call('archive.open', { paths: [file] });
  const statements = vi.spyOn(DuckDBConnection.prototype, 'runAndReadAll');
  await test.client.call('archive.open', { paths: [file] });
  const ran = statements.mock.calls.map(([statement]) => statement).join('\n');
  expect(ran).not.toContain('insert into flow');
  statements.mockRestore();
  const before = await contentOf(test);
  await test.engine.close();
  await using again = await anEngine(test.projectPath);
  expect((await contentOf(again)).summed).toEqual(before.summed);
});
