import type {
  Application,
  Contradiction,
  Finding,
  Group,
  Inventory,
  Proof,
  SharedService,
  SpuriousSource,
  Vip,
  VipPort,
} from '../../shared/domain/inventory.ts';
import { serviceText } from '../../shared/net/service.ts';
import { countOf, formatCount, print, printable, printJson } from './output.ts';
import { DEFAULT_PROJECT, withProject } from './project.ts';
import { formatTable, type Column } from './table.ts';
import { COMMON_OPTIONS, readArguments, refusePositionals } from './usage.ts';

const COLUMNS: readonly Column<Group>[] = [
  { title: 'group', text: (group) => group.name },
  { title: 'members', text: (group) => formatCount(group.members.length), isNumber: true },
  { title: 'events', text: (group) => formatCount(group.events), isNumber: true },
  {
    title: 'confidence',
    text: (group) => `${Math.round(group.confidence * 100)}%`,
    isNumber: true,
  },
  { title: 'application', text: (group) => group.application ?? '' },
  { title: 'tier', text: (group) => group.tier ?? '' },
  { title: 'inside', text: (group) => group.parents.join(', ') },
  { title: 'holds', text: (group) => group.children.join(', ') },
];

const percent = (share: number) => `${Math.round(share * 100)}%`;

const sure = <T extends Finding>(): Column<T> => ({
  title: 'confidence',
  text: (finding) => percent(finding.confidence),
  isNumber: true,
});

const APPLICATION_COLUMNS: readonly Column<Application>[] = [
  { title: 'application', text: (application) => application.name },
  {
    title: 'tiers',
    text: ({ tiers }) =>
      tiers.map(({ name, groups }) => `${name} (${groups.join(', ')})`).join(' > '),
  },
  { title: 'VIPs', text: (application) => application.vips.join(', ') },
  sure(),
];

/** A port of a VIP, a row of its own. */
interface Door {
  readonly vip: Vip;
  readonly port: VipPort;
}

const VIP_COLUMNS: readonly Column<Door>[] = [
  { title: 'VIP', text: ({ vip }) => vip.address },
  { title: 'service', text: ({ port }) => serviceText(port.protocol, port.port) },
  {
    title: 'pool',
    text: ({ port }) =>
      `${countOf(port.pool.length, 'member')} on ${serviceText(port.protocol, port.poolPort)}`,
  },
  { title: 'groups', text: ({ vip }) => vip.groups.join(', ') },
  { title: 'opened by', text: ({ vip }) => (vip.snat.length > 0 ? vip.snat.join(', ') : 'client') },
  { title: 'confidence', text: ({ vip }) => percent(vip.confidence), isNumber: true },
];

const SHARED_COLUMNS: readonly Column<SharedService>[] = [
  { title: 'address', text: (shared) => shared.address },
  { title: 'what', text: (shared) => shared.name },
  { title: 'services', text: (shared) => shared.services.join(', ') },
  { title: 'way', text: (shared) => (shared.isServer ? 'serves' : 'visits') },
  { title: 'groups', text: (shared) => formatCount(shared.usedBy.length), isNumber: true },
  sure(),
];

const SPURIOUS_COLUMNS: readonly Column<SpuriousSource>[] = [
  { title: 'address', text: (source) => source.address },
  { title: 'kind', text: (source) => source.kind },
  { title: 'targets', text: (source) => formatCount(source.targets), isNumber: true },
  { title: 'ports', text: (source) => formatCount(source.ports), isNumber: true },
  { title: 'events', text: (source) => formatCount(source.events), isNumber: true },
  { title: 'answered', text: (source) => percent(source.answered), isNumber: true },
  sure(),
];

function sentenceOf(contradiction: Contradiction): string {
  switch (contradiction.kind) {
    case 'overlap': {
      const [one, other] = contradiction.groups;
      const members = countOf(contradiction.shared.length, 'member');
      return `${one} and ${other} share ${members}, although neither holds the other`;
    }
    case 'address':
      return `${contradiction.address} was logged by several vNICs: ${contradiction.filters.join(', ')}`;
    case 'membership': {
      const { group, onlyLog, onlyInventory } = contradiction;
      return (
        `${group} has ${countOf(onlyLog.length, 'member')} only in the log ` +
        `and ${formatCount(onlyInventory.length)} only in the inventory`
      );
    }
  }
}

async function printTable<T>(
  title: string,
  rows: readonly T[],
  columns: readonly Column<T>[],
): Promise<void> {
  if (rows.length === 0) return;
  await print(`\n${title}\n${formatTable(rows, columns)}`);
}

async function printInventory(inventory: Inventory): Promise<void> {
  const { groups, workloads, ungrouped, catchAllTags, contradictions } = inventory;
  await print(formatTable(groups, COLUMNS));
  await print(
    `\n${countOf(groups.length, 'group')}, ${countOf(workloads, 'workload')}, ` +
      `${formatCount(ungrouped.length)} of them in no group\n`,
  );
  await printTable('Applications', inventory.applications, APPLICATION_COLUMNS);
  const doors = inventory.vips.flatMap((vip) => vip.ports.map((port) => ({ vip, port })));
  await printTable('VIPs', doors, VIP_COLUMNS);
  await printTable('Shared services', inventory.sharedServices, SHARED_COLUMNS);
  await printTable('Spurious sources', inventory.spurious, SPURIOUS_COLUMNS);
  await print('\n');
  if (catchAllTags.length > 0) {
    await print(`Tags that name no group: ${printable(catchAllTags.join(', '))}\n`);
  }
  for (const each of contradictions) await print(`${printable(sentenceOf(each))}\n`);
}

/** How many events each reason rests on, without the reasons' filters. */
function proofsJson(proofs: readonly Proof[]) {
  return proofs.map(({ reason, events }) => ({ reason, events }));
}

/** The JSON of `discover --json`. */
function inventoryJson(inventory: Inventory) {
  return {
    groups: inventory.groups.map((group) => ({
      name: group.name,
      members: group.members,
      tier: group.tier,
      application: group.application,
      confidence: group.confidence,
      parents: group.parents,
      children: group.children,
      events: group.events,
      basis: group.basis,
      id: group.id,
      standing: group.standing,
      proofs: proofsJson(group.proofs),
    })),
    vips: inventory.vips.map((vip) => ({
      address: vip.address,
      ports: vip.ports.map(({ protocol, port, pool, poolPort }) => ({
        protocol,
        port,
        pool,
        poolPort,
      })),
      snat: vip.snat,
      group: vip.group,
      confidence: vip.confidence,
      mode: vip.mode,
      groups: vip.groups,
      application: vip.application,
      id: vip.id,
      standing: vip.standing,
      proofs: proofsJson(vip.proofs),
    })),
    applications: inventory.applications.map((application) => ({
      name: application.name,
      groups: application.groups,
      tiers: application.tiers,
      vips: application.vips,
      confidence: application.confidence,
      id: application.id,
      standing: application.standing,
      proofs: proofsJson(application.proofs),
    })),
    sharedServices: inventory.sharedServices.map((shared) => ({
      address: shared.address,
      name: shared.name,
      services: shared.services,
      usedBy: shared.usedBy,
      isServer: shared.isServer,
      confidence: shared.confidence,
      id: shared.id,
      standing: shared.standing,
      proofs: proofsJson(shared.proofs),
    })),
    spurious: inventory.spurious.map((source) => ({
      address: source.address,
      events: source.events,
      targets: source.targets,
      ports: source.ports,
      kind: source.kind,
      answered: source.answered,
      confidence: source.confidence,
      id: source.id,
      standing: source.standing,
      proofs: proofsJson(source.proofs),
    })),
    catchAllTags: inventory.catchAllTags,
    contradictions: inventory.contradictions,
    workloads: inventory.workloads,
    ungrouped: inventory.ungrouped,
  };
}

/**
 * `segwright discover`: the inventory.
 *
 * @returns the exit code
 */
export async function discover(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, COMMON_OPTIONS);
  refusePositionals('discover', positionals);
  const inventory = await withProject(values.project ?? DEFAULT_PROJECT, (client) =>
    client.call('inventory.read', {}),
  );
  await (values.json === true ? printJson(inventoryJson(inventory)) : printInventory(inventory));
  return 0;
}
