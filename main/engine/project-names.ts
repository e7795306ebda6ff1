import type { Inventory } from '../../shared/domain/inventory.ts';
import type { Codes } from './discover/discover.ts';
import { balancerLegs, tierOrders } from './discover/map-nodes.ts';
import type { Names } from './ingest/names.ts';
import type { Leg, Resolver } from './query/conditions.ts';
import { passingCodes } from './query/graph.ts';
import type { LineTexts } from './query/rebuilt-line.ts';
import type { Database } from './store/database.ts';
import { numberOf, textOf } from './store/rows.ts';
import { fixed, sql, text } from './store/sql.ts';

/** Addresses of a group, of an application `app:NAME`, of a group or IP set from outside, or those that have the name, case aside. */
function membersNamed(inventory: Inventory, name: string): readonly string[] | null {
  const application = inventory.applications.find((each) => `app:${each.name}` === name);
  if (application !== undefined) {
    const own = inventory.groups.filter((each) => application.groups.includes(each.name));
    return [...new Set(own.flatMap(({ members }) => members))];
  }
  const group = inventory.groups.find((each) => each.name === name);
  const set = group ?? inventory.outside.find((each) => each.name === name);
  if (set !== undefined) return set.members;
  const wanted = name.toLowerCase();
  const addresses = Object.entries(inventory.names)
    .filter(([, each]) => each.toLowerCase() === wanted)
    .map(([address]) => address);
  return addresses.length > 0 ? addresses : null;
}

/** What stands behind the numbers of a project's tables: texts, addresses, nodes of the map. */
export class ProjectNames {
  readonly #database: Database;
  readonly #names: Names;
  readonly #inventory: () => Inventory;
  #nodes: ReadonlyMap<string, number> = new Map();

  /** @param inventory the inventory in force */
  constructor(database: Database, names: Names, inventory: () => Inventory) {
    this.#database = database;
    this.#names = names;
    this.#inventory = inventory;
  }

  /** Reads the nodes of the map again. */
  async readNodes(): Promise<void> {
    const rows = await this.#database.query(fixed('select node, id from node'));
    this.#nodes = new Map(rows.map((row) => [textOf(row, 'id'), numberOf(row, 'node')]));
  }

  /** Addresses that a node of the map stands for. */
  async addressesOf(node: string): Promise<readonly string[]> {
    const rows = await this.#database.query(
      sql`select address from address_node join node using (node) where node.id = ${text(node)}`,
    );
    return rows
      .map((row) => numberOf(row, 'address'))
      .sort((a, b) => this.#names.compareAddressCodes(a, b))
      .map((code) => this.#names.addressText(code));
  }

  /** Turns names in filters into numbers of the tables. */
  resolver(): Resolver {
    const names = this.#names;
    return {
      membersOf: (group) => membersNamed(this.#inventory(), group),
      nodeOf: (id) => this.#nodes.get(id) ?? null,
      legs: () => this.#legs(),
      orderOf: (id) => tierOrders(this.#inventory()).get(id) ?? null,
      applicationGroups: () =>
        this.#inventory().applications.flatMap(({ name, groups }) =>
          groups.map((group) => ({ node: `group:${group}`, application: `app:${name}` })),
        ),
      addressCode: (address) => names.addressCode(address),
      codedAddresses: () => names.address.entriesFrom(0),
      codesOf: (kind, value) => {
        const wanted = value.toLowerCase();
        return names[kind]
          .entriesFrom(0)
          .filter((entry) => entry.text.toLowerCase() === wanted)
          .map(({ code }) => code);
      },
    };
  }

  #legs(): readonly Leg[] {
    return balancerLegs(this.#inventory()).flatMap(({ source, member, protocol, port, vip }) => {
      const from = this.#names.addressCode(source);
      const to = this.#names.addressCode(member);
      const node = this.#nodes.get(`address:${vip}`);
      if (from === undefined || to === undefined || node === undefined) return [];
      return [{ source: from, destination: to, protocol, port, node }];
    });
  }

  /** Turns numbers of the tables into texts. */
  texts(): LineTexts {
    const names = this.#names;
    return {
      addressText: (code) => names.addressText(code),
      actionText: (code) => names.action.textOf(code),
      tagText: (code) => names.tag.textOf(code),
      hostText: (code) => names.host.textOf(code),
      reasonText: (code) => names.reason.textOf(code),
      filterText: (code) => names.filter.textOf(code),
      rulesetText: (code) => names.ruleset.textOf(code),
      closeText: (code) => names.close.textOf(code),
    };
  }

  /** What discovery asks of the numbers. */
  codes(): Codes {
    const names = this.#names;
    return {
      addressText: (code) => names.addressText(code),
      addressCode: (address) => names.addressCode(address),
      tagText: (code) => names.tag.textOf(code),
      codedAddresses: () => names.address.entriesFrom(0),
      rulesetText: (code) => names.ruleset.textOf(code),
      filterText: (code) => names.filter.textOf(code),
      passing: () => passingCodes(this.resolver()),
      actionCode: (action) => names.action.codeOfText(action),
    };
  }
}
