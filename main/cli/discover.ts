import type { Contradiction, Group, Inventory } from '../../shared/domain/inventory.ts';
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
  { title: 'inside', text: (group) => group.parents.join(', ') },
  { title: 'holds', text: (group) => group.children.join(', ') },
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

async function printInventory(inventory: Inventory): Promise<void> {
  const { groups, workloads, ungrouped, catchAllTags, contradictions } = inventory;
  await print(formatTable(groups, COLUMNS));
  await print(
    `\n${countOf(groups.length, 'group')}, ${countOf(workloads, 'workload')}, ` +
      `${formatCount(ungrouped.length)} of them in no group\n`,
  );
  if (catchAllTags.length > 0) {
    await print(`Tags that name no group: ${printable(catchAllTags.join(', '))}\n`);
  }
  for (const each of contradictions) await print(`${printable(sentenceOf(each))}\n`);
}

/** The JSON of `discover --json`. The lists no discovery fills yet are there, and empty. */
function inventoryJson(inventory: Inventory) {
  return {
    groups: inventory.groups.map(
      ({ name, members, tier, application, confidence, parents, children, events }) => ({
        name,
        members,
        tier,
        application,
        confidence,
        parents,
        children,
        events,
      }),
    ),
    vips: [],
    applications: [],
    sharedServices: [],
    spurious: [],
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
