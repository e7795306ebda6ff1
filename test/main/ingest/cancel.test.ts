import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { NO_FILTER } from '../../../shared/domain/filter.ts';
import { Cancelled } from '../../../shared/failure/failure.ts';
import { aLog } from '../../support/archives.ts';
import { anEngine } from '../../support/engine.ts';

it('a load of a million lines is cancelled within a second and leaves the project usable', async () => {
  await using test = await anEngine();
  const small = test.folder.file('small.log');
  const large = test.folder.file('large.log');
  writeFileSync(small, aLog(60));
  writeFileSync(large, aLog(60, 12).repeat(16_667));
  await test.client.call('archive.open', { paths: [small] });
  for (const lines of [1, 300_000]) {
    const stop = new AbortController();
    let cancelledAt = 0;
    const loading = test.client.call(
      'archive.open',
      { paths: [large] },
      {
        signal: stop.signal,
        onProgress: (progress) => {
          if (progress.lines < lines || cancelledAt > 0) return;
          cancelledAt = performance.now();
          stop.abort();
        },
      },
    );
    await expect(loading).rejects.toBeInstanceOf(Cancelled);
    // The client is answered at once; the engine has stopped when the next opening begins.
    const { sources } = await test.client.call('archive.open', { paths: [small] });
    expect(cancelledAt).toBeGreaterThan(0);
    expect(performance.now() - cancelledAt).toBeLessThan(1_000);
    expect(sources).toEqual([]);
  }
  const { sources } = await test.client.call('project.read', {});
  expect(sources).toMatchObject([{ path: small, state: 'done', events: 60 }]);
  const flows = await test.client.call('flow.list', {
    filter: NO_FILTER,
    by: [],
    order: 'events',
    offset: 0,
    limit: 1,
  });
  expect(flows.totalEvents).toBe(60);
});
