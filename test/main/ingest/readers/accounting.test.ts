import { readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { NO_FILTER } from '../../../../shared/domain/filter.ts';
import { anEngine, fixture } from '../../../support/engine.ts';
import { logFixtures } from './read-log.ts';

interface Expected {
  readonly counts: Readonly<Record<string, number>>;
  readonly forms: readonly string[];
}

describe('logs of every kind in the engine', () => {
  it('are accounted for line by line, with every reject’s reason', async () => {
    await using test = await anEngine();
    const names = logFixtures('logs');
    for (const name of names) {
      await copyFile(fixture('logs', name), test.folder.file(name));
    }
    const paths = names.map((name) => test.folder.file(name));
    const { sources } = await test.client.call('archive.open', { paths });
    expect(sources.length).toBe(names.length);
    for (const name of names) {
      const source = sources.find(({ path }) => path.endsWith(name));
      const { counts, forms } = JSON.parse(
        readFileSync(fixture('logs', `${name}.expected.json`), 'utf8'),
      ) as Expected;
      const { lines = 0, event = 0, other = 0, blank = 0 } = counts;
      const rejects = lines - event - other - blank;
      expect({ name, ...source }).toMatchObject({
        name,
        lines,
        events: event,
        rejects,
        other,
        blank,
        format: forms.join('+'),
        state: 'done',
      });
    }
  });

  it('give one flow for a Cisco connection’s beginning and end', async () => {
    await using test = await anEngine();
    await test.client.call('archive.open', { paths: [fixture('logs', 'cisco-asa.log')] });
    const { rows } = await test.client.call('flow.list', {
      filter: { ...NO_FILTER, terms: [{ field: 'seen', exclude: false, values: ['perimeter'] }] },
      by: ['source', 'destination', 'service'],
      order: 'sessions',
      limit: 100,
      offset: 0,
    });
    const flow = rows.find(({ destination }) => destination === '198.51.100.17');
    expect(flow).toMatchObject({
      source: '192.0.2.42',
      service: 'TCP/80',
      events: 2,
      sessions: 1,
      bytes: 27_451,
    });
  });
});
