import { expect, it } from 'vitest';
import {
  parseFilterList,
  withoutSavedFilter,
  withRecentFilter,
  withSavedFilter,
  NO_FILTERS,
} from '../../shared/domain/saved-filters.ts';
import { anEngine } from '../support/engine.ts';

it('filters are kept in the project file', async () => {
  const test = await anEngine();
  expect(await test.client.call('filter.read', {})).toEqual(NO_FILTERS);
  const list = { saved: [{ name: "it's", text: 'tag:"; drop table meta"' }], recent: ['svc:80'] };
  await test.client.call('filter.write', list);
  await test.engine.close();
  const again = await anEngine(test.projectPath);
  expect(await again.client.call('filter.read', {})).toEqual(list);
  await expect(
    again.client.call('filter.write', { saved: [], recent: Array<string>(11).fill('a') }),
  ).rejects.toMatchObject({ code: 'bad-arguments' });
  await again[Symbol.asyncDispose]();
  await test.folder[Symbol.asyncDispose]();
});

it('the newest ten are remembered, each once, and names are unique', () => {
  let list = NO_FILTERS;
  for (let at = 0; at < 12; at++) list = withRecentFilter(list, `rule:${at}`);
  list = withRecentFilter(list, 'rule:5');
  expect(list.recent).toHaveLength(10);
  expect(list.recent.slice(0, 2)).toEqual(['rule:5', 'rule:11']);
  list = withSavedFilter(list, { name: 'b', text: 'one' });
  list = withSavedFilter(list, { name: 'a', text: 'two' });
  list = withSavedFilter(list, { name: 'b', text: 'three' });
  expect(list.saved.map(({ name, text }) => name + text)).toEqual(['atwo', 'bthree']);
  expect(withoutSavedFilter(list, 'a').saved).toHaveLength(1);
  expect(parseFilterList('{"saved":3}')).toEqual(NO_FILTERS);
  expect(parseFilterList(JSON.stringify(list))).toEqual(list);
});
