import fc from 'fast-check';
import type { Correction } from '../../shared/domain/correction.ts';
import type { OutsideInventory, OutsideSet } from '../../shared/domain/outside.ts';
import {
  EMPTY_INVENTORY,
  type Application,
  type Group,
  type Inventory,
  type Vip,
} from '../../shared/domain/inventory.ts';

/** A group as discovery gives it. */
export function aGroup(name: string, members: readonly string[], more: Partial<Group> = {}): Group {
  return {
    id: `group:${name}`,
    name,
    basis: 'tag',
    members,
    parents: [],
    children: [],
    tier: null,
    application: null,
    events: members.length,
    confidence: 0.9,
    standing: 'inferred',
    proofs: [],
    ...more,
  };
}

/** A VIP as discovery gives it. */
export function aVip(address: string, pool: readonly string[], more: Partial<Vip> = {}): Vip {
  return {
    id: `vip:${address}`,
    address,
    ports: [{ protocol: 6, port: 80, pool, poolPort: 8080 }],
    snat: ['192.0.2.251'],
    mode: 'one-arm',
    group: null,
    groups: [],
    application: null,
    confidence: 0.8,
    standing: 'inferred',
    proofs: [],
    ...more,
  };
}

/** An application as discovery gives it. */
export function anApplication(
  name: string,
  tiers: Application['tiers'],
  groups: readonly string[],
  vips: readonly string[] = [],
): Application {
  return {
    id: `application:${name}`,
    name,
    tiers,
    groups,
    vips,
    confidence: 0.7,
    standing: 'inferred',
    proofs: [],
  };
}

/** A security group of an inventory from outside. */
export function aSet(name: string, members: readonly string[]): OutsideSet {
  return { kind: 'group', name, members };
}

/** An inventory from outside. */
export function anImport(more: Partial<OutsideInventory>): OutsideInventory {
  return {
    id: 'import-1',
    file: 'groups.json',
    format: 'nsx-t-groups',
    hash: '0'.repeat(64),
    notices: [],
    names: {},
    sets: [],
    ...more,
  };
}

/** Books: three tiers in one application with a VIP, and a group without application. */
export const BOOKS: Inventory = {
  ...EMPTY_INVENTORY,
  groups: [
    aGroup('BOOKS', ['192.0.2.1', '192.0.2.2', '192.0.2.5', '192.0.2.9'], {
      children: ['APP', 'DB', 'WEB'],
      application: 'Books',
    }),
    aGroup('APP', ['192.0.2.5'], { parents: ['BOOKS'], tier: 'app', application: 'Books' }),
    aGroup('DB', ['192.0.2.9'], { parents: ['BOOKS'], tier: 'db', application: 'Books' }),
    aGroup('OTHER', ['192.0.2.20']),
    aGroup('WEB', ['192.0.2.1', '192.0.2.2'], {
      parents: ['BOOKS'],
      tier: 'web',
      application: 'Books',
    }),
  ].sort((a, b) => (a.name < b.name ? -1 : 1)),
  vips: [
    aVip('192.0.2.102', ['192.0.2.5'], { group: 'APP', groups: ['APP'], application: 'Books' }),
  ],
  applications: [
    anApplication(
      'Books',
      [
        { name: 'web', groups: ['WEB'] },
        { name: 'app', groups: ['APP'] },
        { name: 'db', groups: ['DB'] },
      ],
      ['APP', 'BOOKS', 'DB', 'WEB'],
      ['192.0.2.102'],
    ),
  ],
  sharedServices: [
    {
      id: 'shared:198.51.100.53',
      address: '198.51.100.53',
      name: 'DNS',
      services: ['UDP/53'],
      usedBy: ['APP', 'WEB'],
      isServer: true,
      confidence: 0.9,
      standing: 'inferred',
      proofs: [],
    },
  ],
  workloads: 6,
  ungrouped: ['192.0.2.30'],
};

const ADDRESSES = Array.from({ length: 16 }, (_, at) => `192.0.2.${at + 1}`);
const LEAVES = ['A', 'B', 'C', 'D', 'E'];

/**
 * Inventories with disjoint innermost groups, some of them inside others, applications of them, and
 * a VIP or two.
 */
export const inventories: fc.Arbitrary<Inventory> = fc
  .record({
    leafOf: fc.array(fc.nat({ max: 6 }), {
      minLength: ADDRESSES.length,
      maxLength: ADDRESSES.length,
    }),
    parentOf: fc.array(fc.nat({ max: 2 }), { minLength: 5, maxLength: 5 }),
    appOf: fc.array(fc.nat({ max: 2 }), { minLength: 5, maxLength: 5 }),
    vips: fc.subarray(LEAVES, { maxLength: 2 }),
  })
  .map(({ leafOf, parentOf, appOf, vips }) => inventoryOf(leafOf, parentOf, appOf, vips));

function inventoryOf(
  leafOf: readonly number[],
  parentOf: readonly number[],
  appOf: readonly number[],
  vipsOf: readonly string[],
): Inventory {
  const apps = ['Shop', 'Crm'];
  const leaves = LEAVES.flatMap((name, at) => {
    const members = ADDRESSES.filter((_, address) => leafOf[address] === at);
    const parents = [`P${parentOf[at]}`].filter((parent) => parent !== 'P2');
    const application = apps[appOf[at] ?? 2] ?? null;
    const tier = application === null ? null : `t${at % 3}`;
    return members.length === 0 ? [] : aGroup(name, members, { parents, application, tier });
  });
  const parents = ['P0', 'P1'].flatMap((name) => {
    const children = leaves.filter((leaf) => leaf.parents.includes(name));
    const members = ADDRESSES.filter((each) =>
      children.some((leaf) => leaf.members.includes(each)),
    );
    return children.length < 2
      ? []
      : aGroup(name, members, { children: children.map((c) => c.name) });
  });
  const held = new Set(parents.map((parent) => parent.name));
  const groups = [...leaves, ...parents].map((group) => ({
    ...group,
    parents: group.parents.filter((parent) => held.has(parent)),
  }));
  const applications = apps.flatMap((name) => {
    const own = leaves.filter((leaf) => leaf.application === name);
    const tiers = [...new Set(own.flatMap((leaf) => leaf.tier ?? []))].map((tier) => ({
      name: tier,
      groups: own.filter((leaf) => leaf.tier === tier).map((leaf) => leaf.name),
    }));
    const vips = own
      .filter((leaf) => vipsOf.includes(leaf.name))
      .map(vipAddress)
      .sort();
    return own.length === 0
      ? []
      : anApplication(
          name,
          tiers,
          own.map((leaf) => leaf.name),
          vips,
        );
  });
  const grouped = new Set(leaves.flatMap((leaf) => leaf.members));
  return {
    ...EMPTY_INVENTORY,
    groups,
    applications,
    vips: leaves
      .filter((leaf) => vipsOf.includes(leaf.name))
      .map((leaf) =>
        aVip(vipAddress(leaf), leaf.members, {
          group: leaf.name,
          groups: [leaf.name],
          application: leaf.application,
        }),
      ),
    workloads: ADDRESSES.length,
    ungrouped: ADDRESSES.filter((address) => !grouped.has(address)),
  };
}

function vipAddress({ name }: { readonly name: string }): string {
  return `198.51.100.${name.charCodeAt(0)}`;
}

const groupId = fc.constantFrom(...LEAVES, 'P0', 'P1', 'N1', 'N2').map((name) => `group:${name}`);
const address = fc.constantFrom(...ADDRESSES);
const anId = fc.oneof(
  groupId,
  fc.constantFrom('application:Shop', 'application:Crm', 'vip:198.51.100.65', 'shared:192.0.2.99'),
);
const aName = fc.constantFrom('Web', 'App', 'Data', 'A', 'B', 'X');

/** Corrections about groups that inventories of {@link inventories} may or may not have. */
export const correction: fc.Arbitrary<Correction> = fc.oneof(
  fc.record({ kind: fc.constant('accept' as const), id: anId }),
  fc.record({ kind: fc.constant('reject' as const), id: anId }),
  fc.record({ kind: fc.constant('rename' as const), id: anId, name: aName }),
  fc.record({
    kind: fc.constant('move-member' as const),
    address,
    to: fc.option(groupId, { nil: null }),
  }),
  fc.record({
    kind: fc.constant('add-group' as const),
    id: fc.constantFrom('group:N1', 'group:N2'),
    name: aName,
    members: fc.uniqueArray(address, { maxLength: 3 }),
    parent: fc.option(groupId, { nil: null }),
  }),
  fc.record({
    kind: fc.constant('merge-groups' as const),
    ids: fc.uniqueArray(groupId, { minLength: 2, maxLength: 3 }),
    name: aName,
  }),
  fc.record({
    kind: fc.constant('split-group' as const),
    id: groupId,
    part: fc.constantFrom('group:N1', 'group:N2'),
    name: aName,
    members: fc.uniqueArray(address, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('set-tier' as const),
    id: groupId,
    tier: fc.option(fc.constantFrom('web', 'db'), { nil: null }),
  }),
  fc.record({
    kind: fc.constant('set-application' as const),
    id: groupId,
    application: fc.option(fc.constantFrom('Shop', 'Crm', 'New'), { nil: null }),
  }),
  fc.record({ kind: fc.constant('declare-spurious' as const), address }),
  fc.record({
    kind: fc.constant('declare-vip' as const),
    address: fc.constantFrom('198.51.100.65', '198.51.100.200'),
    ports: fc.constant([{ protocol: 6, port: 443, pool: ['192.0.2.1'], poolPort: 8443 }]),
    snat: fc.constantFrom([], ['198.51.100.9']),
  }),
);
