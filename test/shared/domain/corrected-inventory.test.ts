import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Correction } from '../../../shared/domain/correction.ts';
import { nameOfCorrections } from '../../../shared/domain/correction.ts';
import {
  correctInventory,
  freeGroupId,
  problemOf,
} from '../../../shared/domain/corrected-inventory.ts';
import { EMPTY_INVENTORY, type Inventory } from '../../../shared/domain/inventory.ts';
import {
  aGroup,
  anImport,
  aSet,
  BOOKS,
  correction,
  inventories,
} from '../../support/inventories.ts';

const make = (...corrections: readonly Correction[]) => correctInventory(BOOKS, corrections);
const group = (inventory: Inventory, id: string) =>
  inventory.groups.find((each) => each.id === `group:${id}`);

describe('what a correction does', () => {
  it('accepting settles a finding, rejecting takes it away, accepting brings it back', () => {
    expect(group(make({ kind: 'accept', id: 'group:WEB' }).inventory, 'WEB')).toMatchObject({
      standing: 'accepted',
      confidence: 1,
    });
    const { inventory } = make({ kind: 'reject', id: 'group:WEB' });
    expect(group(inventory, 'WEB')).toBeUndefined();
    expect(inventory.rejected).toEqual([{ id: 'group:WEB', name: 'WEB' }]);
    expect(group(inventory, 'BOOKS')?.children).toEqual(['APP', 'DB']);
    expect(inventory.applications[0]?.tiers.map((tier) => tier.name)).toEqual(['app', 'db']);
    expect(inventory.sharedServices[0]?.usedBy).toEqual(['APP']);
    const back = make({ kind: 'reject', id: 'group:WEB' }, { kind: 'accept', id: 'group:WEB' });
    expect(group(back.inventory, 'WEB')?.members).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(back.inventory.rejected).toEqual([]);
    expect(back.inventory.applications[0]?.groups).toContain('WEB');
  });

  it('a new name of a group is used wherever the group is named', () => {
    const { inventory } = make({ kind: 'rename', id: 'group:WEB', name: 'Front end' });
    expect(group(inventory, 'WEB')).toMatchObject({ name: 'Front end', standing: 'edited' });
    expect(group(inventory, 'BOOKS')?.children).toEqual(['APP', 'DB', 'Front end']);
    expect(inventory.applications[0]?.tiers[0]).toEqual({ name: 'web', groups: ['Front end'] });
    expect(inventory.sharedServices[0]?.usedBy).toEqual(['APP', 'Front end']);
    const app = make({ kind: 'rename', id: 'application:Books', name: 'Library' }).inventory;
    expect(group(app, 'WEB')?.application).toBe('Library');
    expect(app.vips[0]?.application).toBe('Library');
    const vip = make({ kind: 'rename', id: 'vip:192.0.2.102', name: 'app-vip' }).inventory;
    expect(vip.names).toEqual({ '192.0.2.102': 'app-vip' });
  });

  it('a moved member leaves its group and those around it, and joins the other and those', () => {
    const { inventory } = make({ kind: 'move-member', address: '192.0.2.2', to: 'group:OTHER' });
    expect(group(inventory, 'WEB')).toMatchObject({ members: ['192.0.2.1'], standing: 'edited' });
    expect(group(inventory, 'BOOKS')?.members).not.toContain('192.0.2.2');
    expect(group(inventory, 'BOOKS')?.standing).toBe('inferred');
    expect(group(inventory, 'OTHER')?.members).toEqual(['192.0.2.2', '192.0.2.20']);
    const out = make({ kind: 'move-member', address: '192.0.2.2', to: null }).inventory;
    expect(out.ungrouped).toEqual(['192.0.2.2', '192.0.2.30']);
    const inside = make({ kind: 'move-member', address: '192.0.2.2', to: 'group:APP' }).inventory;
    expect(group(inside, 'BOOKS')?.members).toHaveLength(4);
  });

  it('groups are added, merged and split', () => {
    const added = make({
      kind: 'add-group',
      id: 'group:CACHE',
      name: 'CACHE',
      members: ['192.0.2.30'],
      parent: 'group:BOOKS',
    }).inventory;
    expect(group(added, 'CACHE')).toMatchObject({
      basis: 'declared',
      standing: 'declared',
      parents: ['BOOKS'],
      application: 'Books',
    });
    expect(group(added, 'BOOKS')?.members).toContain('192.0.2.30');
    expect(added.ungrouped).toEqual([]);

    const merged = make({
      kind: 'merge-groups',
      ids: ['group:APP', 'group:WEB'],
      name: 'FRONT',
    });
    expect(group(merged.inventory, 'APP')).toMatchObject({
      name: 'FRONT',
      members: ['192.0.2.1', '192.0.2.2', '192.0.2.5'],
    });
    expect(group(merged.inventory, 'WEB')).toBeUndefined();
    expect(merged.merged.get('group:WEB')).toBe('group:APP');
    expect(merged.inventory.vips[0]?.groups).toEqual(['FRONT']);

    const split = make({
      kind: 'split-group',
      id: 'group:WEB',
      part: 'group:WEB2',
      name: 'WEB2',
      members: ['192.0.2.2'],
    }).inventory;
    expect(group(split, 'WEB')?.members).toEqual(['192.0.2.1']);
    expect(group(split, 'WEB2')).toMatchObject({
      members: ['192.0.2.2'],
      parents: ['BOOKS'],
      tier: 'web',
      application: 'Books',
    });
  });

  it('tier and application are set, the VIP goes along', () => {
    const tier = make({ kind: 'set-tier', id: 'group:APP', tier: 'db' }).inventory;
    expect(tier.applications[0]?.tiers).toEqual([
      { name: 'web', groups: ['WEB'] },
      { name: 'db', groups: ['DB', 'APP'] },
    ]);
    const moved = make({ kind: 'set-application', id: 'group:APP', application: 'New' }).inventory;
    expect(moved.applications.map(({ name, groups, vips }) => ({ name, groups, vips }))).toEqual([
      { name: 'Books', groups: ['BOOKS', 'DB', 'WEB'], vips: [] },
      { name: 'New', groups: ['APP'], vips: ['192.0.2.102'] },
    ]);
    expect(moved.vips[0]?.application).toBe('New');
  });

  it('addresses are declared to be a VIP, shared or spurious, and not to be', () => {
    const { inventory } = make(
      {
        kind: 'declare-vip',
        address: '192.0.2.200',
        ports: [{ protocol: 6, port: 443, pool: ['192.0.2.1'], poolPort: 443 }],
        snat: [],
      },
      { kind: 'declare-shared', address: '198.51.100.9', name: 'NTP', services: ['UDP/123'] },
      { kind: 'declare-spurious', address: '203.0.113.9' },
      { kind: 'reject', id: 'vip:192.0.2.102' },
      { kind: 'reject', id: 'shared:198.51.100.53' },
    );
    expect(inventory.vips).toMatchObject([
      { address: '192.0.2.200', group: 'WEB', mode: 'inline', standing: 'declared' },
    ]);
    expect(inventory.sharedServices).toMatchObject([{ name: 'NTP', standing: 'declared' }]);
    expect(inventory.spurious).toMatchObject([{ address: '203.0.113.9', kind: 'declared' }]);
  });

  it('a group takes its members from outside', () => {
    const file = anImport({ sets: [aSet('WEB', ['192.0.2.1', '192.0.2.3'])] });
    const { inventory } = correctInventory(
      BOOKS,
      [{ kind: 'take-members', id: 'group:WEB' }],
      [file],
    );
    expect(group(inventory, 'WEB')?.members).toEqual(['192.0.2.1', '192.0.2.3']);
    expect(inventory.ungrouped).toContain('192.0.2.2');
  });

  it('a correction about what is gone is kept and told', () => {
    const { inventory, problems } = make(
      { kind: 'rename', id: 'group:GONE', name: 'X' },
      { kind: 'accept', id: 'group:WEB' },
    );
    expect(inventory.dangling).toEqual(['Rename "GONE" to "X": group GONE is not found any more']);
    expect(problems).toEqual(['group GONE is not found any more', null]);
  });

  it('the first name of a renamed application means another one now', () => {
    const { inventory } = make(
      { kind: 'rename', id: 'application:Books', name: 'Library' },
      { kind: 'set-application', id: 'group:WEB', application: 'Books' },
      { kind: 'set-application', id: 'group:OTHER', application: 'Books' },
    );
    expect(inventory.applications.map(({ id, name, groups }) => [id, name, groups])).toEqual([
      ['application:Books', 'Library', ['APP', 'BOOKS', 'DB']],
      ['application:Books-2', 'Books', ['OTHER', 'WEB']],
    ]);
  });

  it('the name the analyst gave goes before the same name found later', () => {
    const later = { ...BOOKS, groups: [...BOOKS.groups, aGroup('FRONT', ['192.0.2.40'])] };
    const rename = { kind: 'rename', id: 'group:WEB', name: 'FRONT' } as const;
    const { inventory } = correctInventory(later, [rename]);
    expect(group(inventory, 'WEB')?.name).toBe('FRONT');
    expect(group(inventory, 'FRONT')?.name).toBe('FRONT-2');
  });
});

describe('what cannot be corrected', () => {
  it.each<[Correction, string]>([
    [{ kind: 'rename', id: 'group:WEB', name: 'DB' }, 'there is a group "DB" already'],
    [{ kind: 'accept', id: 'vip:192.0.2.1' }, 'there is no vip "192.0.2.1"'],
    [{ kind: 'move-member', address: '192.0.2.1', to: 'group:X' }, 'there is no group "X"'],
    [{ kind: 'merge-groups', ids: ['group:WEB'], name: 'Y' }, 'it takes two groups at least'],
  ])('%j', (each, problem) => {
    expect(problemOf(BOOKS, each)).toBe(problem);
  });

  it('a rejection may come before the finding, a name before its address', () => {
    expect(problemOf(BOOKS, { kind: 'reject', id: 'vip:192.0.2.1' })).toBeNull();
    expect(problemOf(BOOKS, { kind: 'rename', id: 'address:192.0.2.1', name: 'a' })).toBeNull();
  });

  it('a new group gets an id that is free', () => {
    expect(freeGroupId(BOOKS, 'NEW')).toBe('group:NEW');
    expect(freeGroupId(BOOKS, 'WEB')).toBe('group:WEB-2');
  });
});

it('corrections have names for undo', () => {
  const nameOf = (id: string) => id.slice(6);
  expect(nameOfCorrections([{ kind: 'accept', id: 'group:WEB' }], nameOf)).toBe('Accept "WEB"');
  const both = [
    { kind: 'accept', id: 'group:A' },
    { kind: 'accept', id: 'group:B' },
  ] as const;
  expect(nameOfCorrections(both, nameOf)).toBe('Accept 2 findings');
});

const many = fc.array(correction, { maxLength: 12 });

function leavesAreDisjoint({ groups }: Inventory): boolean {
  const leaves = groups.filter((each) => each.children.length === 0);
  const all = leaves.flatMap((each) => each.members);
  return new Set(all).size === all.length;
}

function holdsTogether(inventory: Inventory): void {
  const names = inventory.groups.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const each of inventory.groups) {
    for (const parent of each.parents) {
      const holder = inventory.groups.find(({ name }) => name === parent);
      expect(holder?.members).toEqual(expect.arrayContaining([...each.members]));
    }
    for (const child of each.children) {
      expect(inventory.groups.find(({ name }) => name === child)?.parents[0]).toBe(each.name);
    }
    const apps = inventory.applications.filter(({ groups }) => groups.includes(each.name));
    expect(apps.map(({ name }) => name)).toEqual(
      each.application === null ? [] : [each.application],
    );
    for (const { tiers } of apps) {
      const own = tiers.filter(({ groups }) => groups.includes(each.name));
      expect(own.map(({ name }) => name)).toEqual(each.tier === null ? [] : [each.tier]);
    }
  }
  for (const { tiers, groups } of inventory.applications) {
    expect(names).toEqual(expect.arrayContaining([...groups, ...tiers.flatMap((t) => t.groups)]));
  }
  for (const vip of inventory.vips) expect(names).toEqual(expect.arrayContaining([...vip.groups]));
}

describe('for all inventories and corrections', () => {
  it('without corrections the inventory stays as it is', () => {
    fc.assert(
      fc.property(inventories, (inventory) => {
        const order = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
        const sorted = { ...inventory, groups: [...inventory.groups].sort(order) };
        expect(correctInventory(sorted, []).inventory).toEqual(sorted);
      }),
    );
  });

  it('names are unique, references hold, innermost groups stay disjoint', () => {
    fc.assert(
      fc.property(inventories, many, (inventory, corrections) => {
        const corrected = correctInventory(inventory, corrections).inventory;
        holdsTogether(corrected);
        expect(leavesAreDisjoint(corrected)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('making all of them again changes nothing', () => {
    fc.assert(
      fc.property(inventories, many, (inventory, corrections) => {
        const facts = (of: Inventory) =>
          of.groups.map(({ id, members, tier, application }) => [id, members, tier, application]);
        const once = correctInventory(inventory, corrections).inventory;
        const twice = correctInventory(inventory, [...corrections, ...corrections]).inventory;
        expect(correctInventory(inventory, corrections).inventory).toEqual(once);
        if (isRepeatable(corrections)) expect(facts(twice)).toEqual(facts(once));
      }),
      { numRuns: 1000 },
    );
  });

  it('what the analyst said last holds for whatever is found later', () => {
    fc.assert(
      fc.property(inventories, inventories, many, (before, later, corrections) => {
        const { inventory, problems } = correctInventory(later, corrections);
        correctInventory(before, corrections);
        corrections.forEach((each, at) => {
          if (problems[at] !== null) return;
          expectHeld(inventory, each, corrections.slice(at + 1));
        });
      }),
      { numRuns: 1000 },
    );
  });
});

/**
 * Whether corrections say the same again. A group is put into an application by name: once that
 * application has another name, the same words mean another one.
 */
function isRepeatable(corrections: readonly Correction[]): boolean {
  const renames = corrections.some(
    (each) => each.kind === 'rename' && each.id.startsWith('application:'),
  );
  const joins = corrections.some(({ kind }) => kind === 'set-application');
  return corrections.every(isPlain) && !(renames && joins);
}

/** Corrections that make no group of others and take none away. */
function isPlain({ kind }: Correction): boolean {
  return !['reject', 'merge-groups', 'split-group', 'add-group'].includes(kind);
}

function touches(each: Correction, id: string): boolean {
  if (each.kind === 'move-member' || each.kind === 'declare-spurious') return false;
  if (each.kind === 'declare-vip' || each.kind === 'declare-shared') {
    return id.endsWith(`:${each.address}`);
  }
  if (each.kind === 'merge-groups') {
    return each.ids.includes(id) || each.ids.some((other) => other.startsWith('group:P'));
  }
  return each.id === id || (each.kind === 'split-group' && each.part === id);
}

function expectHeld(inventory: Inventory, each: Correction, after: readonly Correction[]): void {
  if (each.kind === 'move-member') {
    const isLast = after.every(
      (next) =>
        next.kind === 'accept' ||
        next.kind === 'rename' ||
        (next.kind === 'move-member' && next.address !== each.address),
    );
    if (!isLast) return;
    const holders = inventory.groups.filter((held) => held.members.includes(each.address));
    if (each.to === null) expect(holders).toEqual([]);
    else expect(holders.map(({ id }) => id)).toContain(each.to);
    return;
  }
  if (each.kind !== 'rename' && each.kind !== 'reject' && each.kind !== 'set-tier') return;
  if (after.some((next) => touches(next, each.id))) return;
  const found = inventory.groups.find(({ id }) => id === each.id);
  if (each.kind === 'reject') {
    expect(found).toBeUndefined();
    expect(inventory.rejected.map(({ id }) => id)).toContain(each.id);
  } else if (each.kind === 'set-tier') {
    expect(found?.tier).toBe(each.tier);
  } else if (each.id.startsWith('group:')) {
    expect(found?.name === each.name || found?.name.startsWith(`${each.name}-`)).toBe(true);
  }
}

it('ten thousand addresses are corrected in a moment', () => {
  const groups = Array.from({ length: 500 }, (_, at) =>
    aGroup(
      `G${at}`,
      Array.from({ length: 20 }, (__, n) => `10.${at >> 8}.${at & 255}.${n + 1}`),
    ),
  );
  const inventory: Inventory = { ...EMPTY_INVENTORY, groups, workloads: 10_000 };
  const corrections = groups.slice(0, 200).map(({ members }, at): Correction => ({
    kind: 'move-member',
    address: members[0] ?? '',
    to: `group:G${at + 250}`,
  }));
  const { user: before } = process.cpuUsage();
  correctInventory(inventory, corrections);
  expect((process.cpuUsage().user - before) / 1000).toBeLessThan(500);
});
