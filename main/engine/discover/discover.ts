import { EMPTY_INVENTORY, type Inventory } from '../../../shared/domain/inventory.ts';
import { compareAddressTexts } from '../../../shared/net/address.ts';
import type { Database } from '../store/database.ts';
import { numberOf, textOf } from '../store/rows.ts';
import { fixed, join, sql, text, u32, type Sql } from '../store/sql.ts';
import { type AddressUse, buildMapNodes } from './map-nodes.ts';
import { inferGroups, leafGroups, type TagVantage } from './membership.ts';
import strangerStats from './stranger-stats.sql';
import tagVantage from './tag-vantage.sql';
import { isWorkload } from './vantage.ts';

/** Codes of the tables and what they stand for. */
export interface Codes {
  addressText(code: number): string;
  addressCode(address: string): number | undefined;
  tagText(code: number): string;
  rulesetText(code: number): string;
  actionCode(action: string): number;
}

const ROWS_PER_INSERT = 500;

async function readTagVantages(database: Database, codes: Codes): Promise<readonly TagVantage[]> {
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

async function readUses(database: Database, codes: Codes): Promise<readonly AddressUse[]> {
  const statement = { text: strangerStats, values: [u32(codes.actionCode('PASS'))] };
  const rows = await database.write(statement);
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

async function insertAll(database: Database, into: Sql, rows: readonly Sql[]): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_PER_INSERT) {
    const values = join(rows.slice(at, at + ROWS_PER_INSERT), ', ', '');
    await database.write(sql`insert into ${into} values ${values}`);
  }
}

function codeOf(codes: Codes, address: string) {
  return u32(codes.addressCode(address) ?? 0);
}

async function storeLeafMembers(
  database: Database,
  codes: Codes,
  inventory: Inventory,
): Promise<void> {
  await database.write(fixed('delete from leaf_member'));
  const rows = [...leafGroups(inventory.groups)].map(
    ([address, group]) => sql`(${codeOf(codes, address)}, ${text(group)})`,
  );
  await insertAll(database, fixed('leaf_member'), rows);
}

async function storeMapNodes(
  database: Database,
  codes: Codes,
  inventory: Inventory,
): Promise<void> {
  const { nodes, nodeOfAddress } = buildMapNodes(inventory, await readUses(database, codes));
  await database.write(fixed('delete from node'));
  await database.write(fixed('delete from address_node'));
  const numbers = new Map(nodes.map((node, index) => [node.id, index]));
  await insertAll(
    database,
    fixed('node'),
    nodes.map(
      ({ id, kind, label, parent, members }, index) =>
        sql`(${u32(index)}, ${text(id)}, ${text(kind)}, ${text(label)}, ${text(parent)}, ${u32(members)})`,
    ),
  );
  const rows = [...nodeOfAddress].map(
    ([address, id]) => sql`(${codeOf(codes, address)}, ${u32(numbers.get(id) ?? 0)})`,
  );
  await insertAll(database, fixed('address_node'), rows);
}

/**
 * Infers the inventory from the flows and stores it with the map's nodes, in the place of what was
 * there. Runs inside the caller's transaction.
 */
export async function discover(database: Database, codes: Codes): Promise<Inventory> {
  const rows = await readTagVantages(database, codes);
  const inventory = inferGroups(rows, compareAddressTexts);
  await storeLeafMembers(database, codes, inventory);
  await storeMapNodes(database, codes, inventory);
  await database.write(fixed('delete from inventory'));
  await database.write(sql`insert into inventory values (${text(JSON.stringify(inventory))})`);
  return inventory;
}

/** The inventory that was stored last. */
export async function readInventory(database: Database): Promise<Inventory> {
  const rows = await database.query(fixed('select document from inventory'));
  const [row] = rows;
  return row === undefined ? EMPTY_INVENTORY : (JSON.parse(textOf(row, 'document')) as Inventory);
}
