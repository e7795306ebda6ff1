import type { Contradiction, Finding, Group, Inventory } from '../../shared/domain/inventory.ts';
import { plural } from '../ui/format.ts';

/** The parts of the screen, in order. */
export const SECTIONS = [
  'applications',
  'vips',
  'shared',
  'spurious',
  'contradictions',
  'ungrouped',
  'imports',
  'rejected',
] as const;

/** One of the parts of the screen. */
export type Section = (typeof SECTIONS)[number];

export const SECTION_LABELS: Readonly<Record<Section, string>> = {
  applications: 'Applications',
  vips: 'VIPs',
  shared: 'Shared',
  spurious: 'Spurious',
  contradictions: 'Contradictions',
  ungrouped: 'Ungrouped',
  imports: 'Imported',
  rejected: 'Rejected',
};

/** What a section holds, for where it is named in a sentence. */
export const SECTION_THINGS: Readonly<Record<Section, string>> = {
  applications: 'applications and groups',
  vips: 'VIPs',
  shared: 'shared services',
  spurious: 'spurious sources',
  contradictions: 'contradictions',
  ungrouped: 'ungrouped workloads',
  imports: 'imported inventories',
  rejected: 'rejected findings',
};

/** A line of the screen. */
export interface Row {
  /** Unique in its section. */
  readonly key: string;
  readonly kind:
    | 'application'
    | 'tier'
    | 'group'
    | 'member'
    | 'vip'
    | 'shared'
    | 'spurious'
    | 'contradiction'
    | 'workload'
    | 'import'
    | 'outside'
    | 'rejected'
    | 'dangling';
  /** The id corrections use; an address has `address:ADDRESS`. `null` where nothing can be corrected. */
  readonly id: string | null;
  readonly depth: number;
  readonly title: string;
  /** An address, beside a title that is its name. */
  readonly address: string | null;
  readonly note: string;
  readonly finding: Finding | null;
  readonly events: number | null;
  readonly hasChildren: boolean;
  /** Keys of the rows it lies in, the outermost first. */
  readonly inside: readonly string[];
}

const PLAIN = {
  address: null,
  note: '',
  finding: null,
  events: null,
  hasChildren: false,
  inside: [],
  depth: 0,
} as const;

/** Events behind a finding, by its proofs. */
function eventsOf(finding: Finding): number {
  return finding.proofs.reduce((most, proof) => Math.max(most, proof.events), 0);
}

/** The name of an address, or the address. */
export function called(inventory: Inventory, address: string): string {
  const { names } = inventory;
  return Object.hasOwn(names, address) ? (names[address] ?? address) : address;
}

function addressRow(
  inventory: Inventory,
  address: string,
  more: Pick<Row, 'key' | 'kind'> & Partial<Row>,
): Row {
  return {
    ...PLAIN,
    id: `address:${address}`,
    title: called(inventory, address),
    address,
    ...more,
  };
}

function groupRows(inventory: Inventory, group: Group, inside: readonly string[]): readonly Row[] {
  const key = [...inside, group.id].join('>');
  const depth = inside.length;
  const held = inventory.groups.filter((each) => each.parents[0] === group.name);
  const inner = new Set(held.flatMap((each) => each.members));
  const row: Row = {
    ...PLAIN,
    key,
    kind: 'group',
    id: group.id,
    depth,
    title: group.name,
    note: [
      plural(group.members.length, 'member'),
      ...(held.length > 0 ? ['holds ' + held.map(({ name }) => name).join(', ')] : []),
    ].join(', '),
    finding: group,
    events: group.events,
    hasChildren: group.members.length > 0,
    inside,
  };
  const members = group.members
    .filter((address) => !inner.has(address))
    .map((address) =>
      addressRow(inventory, address, {
        key: `${key}>${address}`,
        kind: 'member',
        depth: depth + 1,
        inside: [...inside, key],
      }),
    );
  return [row, ...members];
}

function applicationRows(inventory: Inventory): readonly Row[] {
  const byName = new Map(inventory.groups.map((group) => [group.name, group]));
  const rows: Row[] = [];
  for (const application of inventory.applications) {
    const key = application.id;
    const vips = application.vips.length > 0 ? `, ${plural(application.vips.length, 'VIP')}` : '';
    rows.push({
      ...PLAIN,
      key,
      kind: 'application',
      id: application.id,
      title: application.name,
      note: plural(application.groups.length, 'group') + vips,
      finding: application,
      events: eventsOf(application),
      hasChildren: true,
    });
    const tiered = new Set(application.tiers.flatMap((tier) => tier.groups));
    for (const name of application.groups.filter((each) => !tiered.has(each))) {
      const group = byName.get(name);
      if (group !== undefined) rows.push(...groupRows(inventory, group, [key]));
    }
    for (const tier of application.tiers) {
      const tierKey = `${key}>tier:${tier.name}`;
      rows.push({
        ...PLAIN,
        key: tierKey,
        kind: 'tier',
        id: null,
        depth: 1,
        title: tier.name,
        note: 'tier',
        hasChildren: true,
        inside: [key],
      });
      for (const name of tier.groups) {
        const group = byName.get(name);
        if (group !== undefined) rows.push(...groupRows(inventory, group, [key, tierKey]));
      }
    }
  }
  const free = inventory.groups.filter((group) => group.application === null);
  for (const group of outermostFirst(free)) rows.push(...groupRows(inventory, group, []));
  return rows;
}

function outermostFirst(groups: readonly Group[]): readonly Group[] {
  const rank = ({ parents, name }: Group) => [...parents.toReversed(), name].join('\u0000');
  return groups.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** A contradiction as a sentence. */
export function sentenceOf(contradiction: Contradiction): string {
  switch (contradiction.kind) {
    case 'overlap':
      return `${contradiction.groups.join(' and ')} share ${plural(contradiction.shared.length, 'member')}, although neither holds the other.`;
    case 'address':
      return `${contradiction.address} was logged at several vNICs: ${contradiction.filters.join(', ')}.`;
    case 'membership': {
      const { group, onlyLog, onlyInventory } = contradiction;
      return `${group}: ${plural(onlyLog.length, 'member')} only in the log, ${plural(onlyInventory.length, 'member')} only in the imported inventory.`;
    }
  }
}

function sectionRows(inventory: Inventory, section: Section): readonly Row[] {
  switch (section) {
    case 'applications':
      return applicationRows(inventory);
    case 'vips':
      return inventory.vips.map((vip) =>
        addressRow(inventory, vip.address, {
          key: vip.id,
          kind: 'vip',
          id: vip.id,
          note: [
            vip.ports.map(({ port }) => port).join(', '),
            vip.group === null ? 'pool unknown' : `pool in ${vip.group}`,
            vip.mode,
          ].join(' · '),
          finding: vip,
          events: eventsOf(vip),
        }),
      );
    case 'shared':
      return inventory.sharedServices.map((service) => ({
        ...PLAIN,
        key: service.id,
        kind: 'shared',
        id: service.id,
        title: service.name,
        address: service.address,
        note: `${service.services.join(', ')} · ${plural(service.usedBy.length, 'group')}`,
        finding: service,
        events: eventsOf(service),
      }));
    case 'spurious':
      return inventory.spurious.map((source) =>
        addressRow(inventory, source.address, {
          key: source.id,
          kind: 'spurious',
          id: source.id,
          note:
            source.kind === 'declared'
              ? 'marked by you'
              : `${source.kind} · ${plural(source.targets, 'target')}, ${plural(source.ports, 'service')}, ${Math.round(source.answered * 100)}% answered`,
          finding: source,
          events: source.events,
        }),
      );
    case 'contradictions':
      return inventory.contradictions.map((each, at) => ({
        ...PLAIN,
        key: `contradiction-${at}`,
        kind: 'contradiction',
        id: null,
        title: sentenceOf(each),
      }));
    case 'ungrouped':
      return inventory.ungrouped.map((address) =>
        addressRow(inventory, address, { key: address, kind: 'workload' }),
      );
    case 'imports':
      return [
        ...inventory.imports.map((each): Row => ({
          ...PLAIN,
          key: each.id,
          kind: 'import',
          id: null,
          title: each.file,
          note: [
            plural(each.names, 'name'),
            plural(each.groups, 'group'),
            plural(each.ipSets, 'IP set'),
          ].join(', '),
        })),
        ...inventory.outside.map((set): Row => ({
          ...PLAIN,
          key: `${set.kind}:${set.name}`,
          kind: 'outside',
          id: null,
          title: set.name,
          note: `${set.kind === 'group' ? 'group' : 'IP set'} from outside, ${plural(set.members.length, 'member')}, nothing in the log`,
        })),
      ];
    case 'rejected':
      return [
        ...inventory.rejected.map(({ id, name }): Row => ({
          ...PLAIN,
          key: id,
          kind: 'rejected',
          id,
          title: name,
          note: id.slice(0, id.indexOf(':')),
        })),
        ...inventory.dangling.map((sentence, at): Row => ({
          ...PLAIN,
          key: `dangling-${at}`,
          kind: 'dangling',
          id: null,
          title: sentence,
          note: 'without effect',
        })),
      ];
  }
}

/** How many things a section holds. */
export function countOf(inventory: Inventory, section: Section): number {
  switch (section) {
    case 'applications':
      return inventory.applications.length > 0
        ? inventory.applications.length
        : inventory.groups.length;
    case 'vips':
      return inventory.vips.length;
    case 'shared':
      return inventory.sharedServices.length;
    case 'spurious':
      return inventory.spurious.length;
    case 'contradictions':
      return inventory.contradictions.length;
    case 'ungrouped':
      return inventory.ungrouped.length;
    case 'imports':
      return inventory.imports.length;
    case 'rejected':
      return inventory.rejected.length + inventory.dangling.length;
  }
}

/**
 * The rows of a section. What lies inside a closed row is left out; while something is searched,
 * all that matches is shown with what it lies in.
 */
export function rowsOf(
  inventory: Inventory,
  section: Section,
  open: ReadonlySet<string>,
  search: string,
): readonly Row[] {
  const all = sectionRows(inventory, section);
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return all.filter((row) => row.inside.every((key) => open.has(key)));
  const hits = all.filter((row) =>
    [row.title, row.address ?? '', row.note].some((text) => text.toLowerCase().includes(wanted)),
  );
  const keys = new Set(hits.flatMap((row) => [row.key, ...row.inside]));
  return all.filter((row) => keys.has(row.key));
}
