import { EMPTY_INVENTORY, type Inventory } from '../../../shared/domain/inventory.ts';
import { compareAddressTexts } from '../../../shared/net/address.ts';
import type { Cell } from '../store/append.ts';
import type { Database } from '../store/database.ts';
import type { StatementRunner } from '../store/marks.ts';
import { numberOf, textOf, type Row } from '../store/rows.ts';
import { fixed, join, sql, text, u32, type Sql } from '../store/sql.ts';
import { type Codes, infer } from './infer.ts';
import { type AddressUse, buildMapNodes } from './map-nodes.ts';
import { inferGroups, leafGroups, type TagVantage } from './membership.ts';
import strangerStats from './stranger-stats.sql';
import tagVantage from './tag-vantage.sql';
import { isWorkload } from './vantage.ts';

export type { Codes } from './infer.ts';

/** Something that runs statements in a transaction of the caller's. */
export interface Writer {
  write(statement: Sql): Promise<readonly Row[]>;
  append(table: string, rows: Iterable<readonly Cell[]>): Promise<void>;
}

/** Rows of one `insert`; nodes are few, addresses are not and are appended. */
const NODES_PER_INSERT = 500;

async function readTagVantages(
  database: StatementRunner,
  codes: Codes,
): Promise<readonly TagVantage[]> {
  const rows = await database.write(fixed(tagVantage));
  const opened = new Map<number, number>();
  for (const row of rows) {
    const vantage = numberOf(row, 'vantage');
    const count = row['opened'] === null ? 0 : numberOf(row, 'opened');
    opened.set(vantage, (opened.get(vantage) ?? 0) + count);
  }
  const workloads = new Map(
    [...opened].map(([code, count]) => {
      const address = codes.addressText(code);
      return [code, isWorkload(address, count) ? address : null];
    }),
  );
  return rows.flatMap((row) => {
    const vantage = workloads.get(numberOf(row, 'vantage')) ?? null;
    if (vantage === null) return [];
    return {
      tag: codes.tagText(numberOf(row, 'tag')),
      rule: numberOf(row, 'rule'),
      isNsxv: codes.rulesetText(numberOf(row, 'ruleset')).startsWith('domain-'),
      vantage,
      events: numberOf(row, 'events'),
    };
  });
}

async function readUses(writer: Writer, codes: Codes): Promise<readonly AddressUse[]> {
  const statement = { text: strangerStats, values: [u32(codes.actionCode('PASS'))] };
  const rows = await writer.write(statement);
  return rows.map((row) => ({
    address: codes.addressText(numberOf(row, 'address')),
    opened: numberOf(row, 'opened'),
    openedPassed: numberOf(row, 'opened_passed'),
    served: numberOf(row, 'served'),
    servedPassed: numberOf(row, 'served_passed'),
    serviceCount: numberOf(row, 'service_count'),
    clients: numberOf(row, 'clients'),
    leafGroups: numberOf(row, 'leaf_groups'),
  }));
}

/** Rows for addresses that are in the log; others have no code. */
function* rowsOf(
  codes: Codes,
  entries: Iterable<readonly [string, Cell]>,
): Generator<readonly Cell[]> {
  for (const [address, value] of entries) {
    const code = codes.addressCode(address);
    if (code !== undefined) yield [code, value];
  }
}

async function storeLeafMembers(writer: Writer, codes: Codes, inventory: Inventory): Promise<void> {
  await writer.write(fixed('delete from leaf_member'));
  await writer.append('leaf_member', rowsOf(codes, leafGroups(inventory.groups)));
}

/**
 * Stores which group and which node of the map stands for every address, in the place of what was
 * there. Runs inside the caller's transaction.
 */
export async function storeNodes(
  writer: Writer,
  codes: Codes,
  inventory: Inventory,
): Promise<void> {
  await storeLeafMembers(writer, codes, inventory);
  const { nodes, nodeOfAddress } = buildMapNodes(inventory, await readUses(writer, codes));
  await writer.write(fixed('delete from node'));
  await writer.write(fixed('delete from address_node'));
  const numbers = new Map(nodes.map((node, index) => [node.id, index]));
  const names = new Map(Object.entries(inventory.names));
  const nameOf = (id: string) => names.get(/^(?:workload|address|vip):(.+)$/.exec(id)?.[1] ?? '');
  const rows = nodes.map(
    ({ id, kind, label, parent, members }, index) =>
      sql`(${u32(index)}, ${text(id)}, ${text(kind)}, ${text(nameOf(id) ?? label)}, ${text(parent)}, ${u32(members)})`,
  );
  for (let at = 0; at < rows.length; at += NODES_PER_INSERT) {
    const values = join(rows.slice(at, at + NODES_PER_INSERT), ', ', '');
    await writer.write(sql`insert into node values ${values}`);
  }
  const placed = [...nodeOfAddress].map(
    ([address, id]) => [address, numbers.get(id) ?? 0] as const,
  );
  await writer.append('address_node', rowsOf(codes, placed));
}

/** What the tags alone show, and the codes of all workloads. */
export async function findTagged(
  database: StatementRunner,
  codes: Codes,
): Promise<{ readonly tagged: Inventory; readonly workloads: ReadonlySet<number> }> {
  const rows = await readTagVantages(database, codes);
  const workloads = new Set(rows.flatMap(({ vantage }) => codes.addressCode(vantage) ?? []));
  return { tagged: inferGroups(rows, compareAddressTexts), workloads };
}

/**
 * Infers the inventory from the flows and stores it in the place of the one before. Runs inside the
 * caller's transaction.
 */
export async function discover(database: StatementRunner, codes: Codes): Promise<Inventory> {
  const { tagged, workloads } = await findTagged(database, codes);
  const inventory = await infer(database, codes, tagged, workloads);
  await database.write(fixed('delete from inventory'));
  await database.write(sql`insert into inventory values (${text(JSON.stringify(inventory))})`);
  return inventory;
}

/** What was found last in the flows. */
export async function readFound(database: Database): Promise<Inventory> {
  const rows = await database.query(fixed('select document from inventory'));
  const [row] = rows;
  return row === undefined ? EMPTY_INVENTORY : (JSON.parse(textOf(row, 'document')) as Inventory);
}
