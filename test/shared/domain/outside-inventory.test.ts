import { describe, expect, it } from 'vitest';
import { correctInventory } from '../../../shared/domain/corrected-inventory.ts';
import { summaryOf } from '../../../shared/domain/outside.ts';
import { anImport, aSet, BOOKS } from '../../support/inventories.ts';

const names = { '192.0.2.1': 'web-01', '198.51.100.53': 'dns' };

describe('an inventory from outside', () => {
  it('gives addresses names, the later file before the earlier one', () => {
    const later = anImport({ id: 'import-2', names: { '192.0.2.1': 'web-new' } });
    const { inventory } = correctInventory(BOOKS, [], [anImport({ names }), later]);
    expect(inventory.names).toEqual({ '192.0.2.1': 'web-new', '198.51.100.53': 'dns' });
    expect(inventory.imports.map(({ id, names: count }) => [id, count])).toEqual([
      ['import-1', 2],
      ['import-2', 1],
    ]);
  });

  it('an IP set of one address names it, a group or IP set the log knows nothing of is kept for rules', () => {
    const file = anImport({
      sets: [
        { kind: 'ip-set', name: 'app-vip', members: ['192.0.2.102'] },
        { kind: 'ip-set', name: 'office', members: ['198.51.100.0/24'] },
        aSet('LEGACY', ['192.0.2.77']),
        aSet('web', ['192.0.2.1', '192.0.2.2']),
      ],
    });
    const { inventory } = correctInventory(BOOKS, [], [file]);
    expect(inventory.names).toEqual({ '192.0.2.102': 'app-vip' });
    expect(inventory.outside.map(({ name }) => name)).toEqual(['LEGACY', 'app-vip', 'office']);
    expect(inventory.contradictions).toEqual([]);
    expect(inventory.groups.map(({ name }) => name)).toEqual(BOOKS.groups.map(({ name }) => name));
  });

  it('adds members of which the log shows nothing, to the innermost group and those around it', () => {
    const file = anImport({
      sets: [
        aSet('WEB', ['192.0.2.1', '192.0.2.2', '192.0.2.3']),
        aSet('BOOKS', ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.5', '192.0.2.9']),
      ],
    });
    const { inventory } = correctInventory(BOOKS, [], [file]);
    const members = (id: string) => inventory.groups.find((each) => each.id === id)?.members;
    expect(members('group:WEB')).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3']);
    expect(members('group:BOOKS')).toContain('192.0.2.3');
    expect(members('group:APP')).toEqual(['192.0.2.5']);
    expect(inventory.contradictions).toEqual([]);
  });

  it('where it disagrees with the log, the log holds and the contradiction is told', () => {
    const file = anImport({ sets: [aSet('WEB', ['192.0.2.1', '192.0.2.5', '192.0.2.30'])] });
    const { inventory } = correctInventory(BOOKS, [], [file]);
    expect(inventory.groups.find(({ name }) => name === 'WEB')?.members).toEqual([
      '192.0.2.1',
      '192.0.2.2',
    ]);
    expect(inventory.contradictions).toEqual([
      {
        kind: 'membership',
        group: 'WEB',
        onlyLog: ['192.0.2.2'],
        onlyInventory: ['192.0.2.5', '192.0.2.30'],
      },
    ]);
  });

  it('until the analyst says otherwise', () => {
    const file = anImport({ sets: [aSet('WEB', ['192.0.2.1', '192.0.2.5'])] });
    const take = { kind: 'take-members', id: 'group:WEB' } as const;
    const { inventory } = correctInventory(BOOKS, [take], [file]);
    expect(inventory.contradictions).toEqual([]);
    expect(inventory.groups.find(({ name }) => name === 'APP')?.members).toEqual([]);
    const move = { kind: 'move-member', address: '192.0.2.5', to: 'group:APP' } as const;
    const kept = correctInventory(BOOKS, [move], [file]).inventory.contradictions;
    expect(kept).toMatchObject([{ onlyLog: ['192.0.2.2'], onlyInventory: [] }]);
  });

  it('two groups that claim a silent address leave it out', () => {
    const file = anImport({ sets: [aSet('WEB', ['192.0.2.77']), aSet('DB', ['192.0.2.77'])] });
    const { inventory } = correctInventory(BOOKS, [], [file]);
    expect(inventory.groups.some(({ members }) => members.includes('192.0.2.77'))).toBe(false);
  });
});

it('a summary counts', () => {
  const file = anImport({
    names,
    sets: [aSet('A', []), { kind: 'ip-set', name: 'B', members: [] }],
  });
  expect(summaryOf(file)).toMatchObject({ names: 2, groups: 1, ipSets: 1 });
});
