import fc from 'fast-check';
import { confidenceOf } from '../../../main/engine/discover/confidence.ts';
import { expect, it } from 'vitest';
import {
  inferGroups,
  leafGroups,
  type TagVantage,
} from '../../../main/engine/discover/membership.ts';
import { compareAddressTexts } from '../../../shared/net/address.ts';

function seen(tag: string, hosts: readonly number[], rule = 5_000, events = 3): TagVantage[] {
  return hosts.map((host) => ({ tag, rule, isNsxv: false, vantage: `192.0.2.${host}`, events }));
}

const infer = (rows: readonly TagVantage[]) => inferGroups(rows, compareAddressTexts);

it('a tag names a group whose members are its vantages, in address order', () => {
  const { groups } = infer(seen('WEB', [12, 2, 11]));
  expect(groups).toMatchObject([
    { name: 'WEB', members: ['192.0.2.2', '192.0.2.11', '192.0.2.12'] },
  ]);
});

it('a tag that holds the members of others is their parent', () => {
  const { groups } = infer([
    ...seen('WEB', [1, 2]),
    ...seen('DB', [3, 4]),
    ...seen('BOOKS', [1, 2, 3, 4]),
    ...seen('ESTATE', [1, 2, 3, 4, 5, 6]),
    ...seen('OTHER', [7, 8, 9]),
  ]);
  const byName = new Map(groups.map((group) => [group.name, group]));
  expect(byName.get('BOOKS')).toMatchObject({ children: ['DB', 'WEB'], parents: ['ESTATE'] });
  expect(byName.get('WEB')?.parents).toEqual(['BOOKS', 'ESTATE']);
  expect(byName.get('ESTATE')?.children).toEqual(['BOOKS']);
});

it('tags that merely overlap are a contradiction, not a nesting', () => {
  const { groups, contradictions } = infer([...seen('A', [1, 2, 3]), ...seen('B', [3, 4])]);
  expect(contradictions).toEqual([{ kind: 'overlap', groups: ['A', 'B'], shared: ['192.0.2.3'] }]);
  expect(groups.every((group) => group.parents.length === 0)).toBe(true);
});

it('a tag only on the default rule is a catch-all', () => {
  const result = infer([...seen('WEB', [1, 2]), ...seen('ALL', [1, 2, 3], 2)]);
  expect(result.catchAllTags).toEqual(['ALL']);
  expect(result.ungrouped).toEqual(['192.0.2.3']);
});

it('a tag at nearly every workload, some of which no other tag names, is a catch-all', () => {
  const result = infer([...seen('WEB', [1, 2]), ...seen('LOG', [1, 2, 3, 4, 5], 77)]);
  expect(result.catchAllTags).toEqual(['LOG']);
});

it('a parent that holds every workload is no catch-all when its children name them all', () => {
  const result = infer([...seen('WEB', [1, 2]), ...seen('DB', [3]), ...seen('BOOKS', [1, 2, 3])]);
  expect(result.catchAllTags).toEqual([]);
  expect(result.groups.map((group) => group.name)).toEqual(['BOOKS', 'DB', 'WEB']);
});

it('confidence grows with the share of members that more than one event proves', () => {
  const rows = [...seen('WEB', [1, 2, 3]), ...seen('WEB', [4], 5_000, 1)];
  expect(infer(rows).groups[0]?.confidence).toBe(confidenceOf('group', 0.75));
});

it('every workload is in a group or ungrouped, never both, in any order of the rows', () => {
  const row = fc.record({
    tag: fc.constantFrom('', 'A', 'B', 'C', 'D'),
    rule: fc.constantFrom(2, 9),
    isNsxv: fc.constant(false),
    vantage: fc.integer({ min: 1, max: 8 }).map((host) => `192.0.2.${host}`),
    events: fc.integer({ min: 1, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), fc.nat(), (rows, turn) => {
      const result = infer(rows);
      const grouped = new Set(result.groups.flatMap((group) => group.members));
      expect(grouped.size + result.ungrouped.length).toBe(result.workloads);
      expect(result.ungrouped.some((address) => grouped.has(address))).toBe(false);
      for (const group of result.groups) {
        for (const parent of group.parents) {
          const held = result.groups.find((each) => each.name === parent)?.members ?? [];
          const inside = group.members.filter((member) => held.includes(member));
          expect(inside.length * 2).toBeGreaterThanOrEqual(group.members.length);
        }
      }
      const at = rows.length === 0 ? 0 : turn % rows.length;
      expect(infer([...rows.slice(at), ...rows.slice(0, at)])).toEqual(result);
      expect(leafGroups(result.groups).size).toBe(grouped.size);
    }),
  );
});
