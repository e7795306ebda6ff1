import {
  type Accounting,
  type OpenProgress,
  type Project,
  type Source,
  sumReasons,
} from '../../shared/domain/archive.ts';
import { changedNames, renameGroups } from '../../shared/domain/group-names.ts';
import type { HistoryState } from '../../shared/domain/history.ts';
import type { Inventory } from '../../shared/domain/inventory.ts';
import { Failure } from '../../shared/failure/failure.ts';
import type { CancelSignal } from '../../shared/ipc/cancel.ts';
import type { Given } from './archive/members.ts';
import { discover, type Codes, readFound, storeNodes } from './discover/discover.ts';
import { balancerLegs, tierOrders } from './discover/map-nodes.ts';
import { InventoryStore, type InventoryPlan } from './discover/inventory-store.ts';
import { Names } from './ingest/names.ts';
import { openArchives, type OpenContext } from './ingest/open-archives.ts';
import { makeLoader } from './loader-parts.ts';
import type { LoaderParts } from './ingest/source-loader.ts';
import rollup from './ingest/rollup.sql';
import { RulesetStore } from './policy/ruleset-store.ts';
import type { Leg, Resolver } from './query/conditions.ts';
import type { LineTexts } from './query/rebuilt-line.ts';
import { passingCodes } from './query/graph.ts';
import { Database } from './store/database.ts';
import { History, type Part } from './store/history.ts';
import { SCHEMA_VERSION } from './store/migrations.ts';
import { numberOf, numberOrNull, textOf } from './store/rows.ts';
import { loadNames, saveNames } from './store/saved-names.ts';
import * as sources from './store/sources.ts';
import { fixed, sql, text } from './store/sql.ts';

const ROLLED_UP = 'rolled-up';
/** Whether groups and nodes of addresses are stored as the inventory in force has them. */
const MAPPED = 'mapped';

/** What a step through the history changed. */
export interface Touched {
  readonly touched: { readonly ruleset: boolean; readonly inventory: boolean };
}

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

/** A source whose loading failed and that could not be removed on a full disk. */
function endedSource(source: Source): Source {
  return source.state === 'loading' ? { ...source, state: 'unfinished' } : source;
}

/** An open project: its database, its texts, its inventory and its ruleset. */
export class OpenProject {
  readonly database: Database;
  readonly history: History;
  readonly rulesets: RulesetStore;
  readonly inventories: InventoryStore;
  readonly #names: Names;
  readonly #notices: string[];
  #nodes: ReadonlyMap<string, number>;
  #loading: Promise<unknown> = Promise.resolve();
  #parts: LoaderParts | undefined;
  #isLoading = false;

  private constructor(database: Database, names: Names) {
    this.database = database;
    this.history = new History(database);
    this.rulesets = new RulesetStore(this.history);
    this.inventories = new InventoryStore(this.history);
    this.#names = names;
    this.#notices = [...database.notices];
    this.#nodes = new Map();
  }

  /**
   * Opens a project file and mends what a crash left behind.
   *
   * @throws Failure as `Database.open`
   */
  static async open(path: string): Promise<OpenProject> {
    const database = await Database.open(path);
    try {
      const names = new Names();
      await loadNames(database, names);
      const project = new OpenProject(database, names);
      await project.inventories.read();
      project.inventories.take(await readFound(database));
      await project.#mend().catch((thrown: unknown) => {
        if (!(thrown instanceof Failure) || thrown.code !== 'disk-full') throw thrown;
        project.#notices.push(`${thrown.message} What was not loaded to the end is left out.`);
      });
      await project.#readNodes();
      return project;
    } catch (thrown) {
      database.close();
      throw thrown;
    }
  }

  get inventory(): Inventory {
    return this.inventories.inventory;
  }

  /** What the user sees of the project. */
  async describe(): Promise<Project> {
    const all = await sources.list(this.database);
    const sum = (pick: (source: (typeof all)[number]) => number) =>
      all.reduce((total, source) => total + pick(source), 0);
    const rows = await this.database.query(
      fixed('select epoch_ms(min(first_at)) as first, epoch_ms(max(last_at)) as last from source'),
    );
    const first = rows[0] === undefined ? null : numberOrNull(rows[0], 'first');
    const last = rows[0] === undefined ? null : numberOrNull(rows[0], 'last');
    return {
      path: this.database.path,
      schemaVersion: SCHEMA_VERSION,
      sources: this.#isLoading ? all : all.map(endedSource),
      totals: {
        lines: sum((source) => source.lines),
        events: sum((source) => source.events),
        rejects: sum((source) => source.rejects),
        other: sum((source) => source.other),
        blank: sum((source) => source.blank),
        duplicates: sum((source) => source.duplicates),
      },
      rejectReasons: sumReasons(all.map((source) => source.rejectReasons)),
      window: first === null || last === null ? null : { from: first, to: last + 1 },
      notices: this.#notices,
    };
  }

  /**
   * Loads archives. Openings wait for each other. What was loaded is summed up and searched for
   * groups even when the opening was cancelled or failed.
   *
   * @param wishes the year of lines without one, where the user gave it, and what is kept of the events
   */
  async openArchives(
    given: readonly Given[],
    signal: CancelSignal,
    now: () => number,
    report: (progress: OpenProgress) => void,
    wishes: Pick<OpenContext, 'year' | 'keep'> = {},
  ): Promise<Accounting> {
    const opening = this.#loading.then(() =>
      this.database.withoutHelpers(async () => {
        this.#isLoading = true;
        await sources.markUnfinished(this.database);
        await this.#mark(ROLLED_UP, 'no');
        const context = { parts: this.#loader(), signal, now, report, ...wishes };
        const startedAt = now();
        try {
          const accounting = await openArchives(given, context);
          await this.#sumUp();
          const seconds = (now() - startedAt) / 1000;
          return { ...accounting, totals: { ...accounting.totals, seconds } };
        } catch (thrown) {
          await this.#sumUp().catch((again: unknown) => {
            throw thrown instanceof Failure ? thrown : again;
          });
          throw thrown;
        }
      }),
    );
    this.#loading = opening
      .catch(() => undefined)
      .finally(() => {
        this.#isLoading = false;
      });
    return opening;
  }

  /**
   * Changes what the analyst stated about the inventory, as one step that can be undone. Rules that
   * name groups follow when those get other names.
   *
   * @throws Failure as the plan
   * @returns what undo and redo would do then, and what changed
   */
  changeInventory(plan: () => InventoryPlan): Promise<HistoryState & Touched> {
    return this.history.inTurn(async () => {
      const { label, changes, before, after } = plan();
      const names = changedNames(before, after);
      const rules = await this.rulesets.prepare((ruleset) => renameGroups(ruleset, names));
      return this.#step(async () => {
        await this.history.commit(label, [...changes, ...rules.changes]);
        rules.done();
        return new Set([...changes, ...rules.changes].map(({ part }) => part));
      });
    });
  }

  /**
   * Takes the last change back.
   *
   * @throws Failure `nothing-to-undo`
   */
  undo(): Promise<HistoryState & Touched> {
    return this.history.inTurn(() => this.#step(async () => (await this.history.undo()).parts));
  }

  /**
   * Makes the change that was taken back last again.
   *
   * @throws Failure `nothing-to-redo`
   */
  redo(): Promise<HistoryState & Touched> {
    return this.history.inTurn(() => this.#step(async () => (await this.history.redo()).parts));
  }

  /** Addresses that a node of the map stands for. */
  async addressesOf(node: string): Promise<readonly string[]> {
    const rows = await this.database.query(
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
      membersOf: (group) => membersNamed(this.inventory, group),
      nodeOf: (id) => this.#nodes.get(id) ?? null,
      legs: () => this.#legs(),
      orderOf: (id) => tierOrders(this.inventory).get(id) ?? null,
      applicationGroups: () =>
        this.inventory.applications.flatMap(({ name, groups }) =>
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
    return balancerLegs(this.inventory).flatMap(({ source, member, protocol, port, vip }) => {
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

  async close(): Promise<void> {
    await this.#parts?.parsing.close();
    this.database.close();
  }

  /** What loading works with, made when it is needed first. */
  #loader(): LoaderParts {
    this.#parts ??= makeLoader(this.database, this.#names);
    return this.#parts;
  }

  async #mend(): Promise<void> {
    const unfinished = await sources.markUnfinished(this.database);
    if (unfinished > 0) {
      const [what, them] =
        unfinished === 1 ? ['One source was', 'it'] : [`${unfinished} sources were`, 'them'];
      this.#notices.push(
        `${what} not loaded to the end last time. Open the archive again to load ${them}.`,
      );
    }
    if ((await this.#isMarked(ROLLED_UP, 'no')) || unfinished > 0) await this.#sumUp();
    else if (await this.#isMarked(MAPPED, 'no')) await this.#map();
  }

  async #isMarked(key: string, value: string): Promise<boolean> {
    const rows = await this.database.query(sql`select text from meta where key = ${text(key)}`);
    return rows[0] !== undefined && textOf(rows[0], 'text') === value;
  }

  async #sumUp(): Promise<void> {
    await sources.markUnfinished(this.database);
    const found = await this.database.transaction(async () => {
      await this.database.write(fixed(rollup));
      const inventory = await discover(this.database, this.#codes());
      await saveNames(this.database, this.#names);
      await this.#mark(ROLLED_UP, 'yes');
      await this.#mark(MAPPED, 'no');
      return inventory;
    });
    await this.database.write(fixed('checkpoint'));
    await this.history.inTurn(() => {
      this.inventories.take(found);
      return this.#map();
    });
  }

  /**
   * Takes a step through the history and reads again what it changed. A crash in between is mended
   * when the project is opened.
   */
  async #step(take: () => Promise<ReadonlySet<Part>>): Promise<HistoryState & Touched> {
    const { editor } = this.database;
    const mark = (value: string) =>
      editor.write(sql`insert or replace into meta values (${text(MAPPED)}, ${text(value)})`);
    await mark('no');
    const parts = await take().catch(async (thrown: unknown) => {
      await mark('yes');
      throw thrown;
    });
    if (parts.has('ruleset')) this.rulesets.forget();
    const inventory = parts.has('correction') || parts.has('import');
    if (inventory) {
      await this.inventories.read();
      await this.#map();
    } else await mark('yes');
    const state = await this.history.read();
    return { ...state, touched: { ruleset: parts.has('ruleset'), inventory } };
  }

  /** Stores groups and nodes of addresses as the inventory in force has them. To be called in turn. */
  async #map(): Promise<void> {
    const { editor } = this.database;
    await editor.transaction(async () => {
      await storeNodes(editor, this.#codes(), this.inventory);
      await editor.write(sql`insert or replace into meta values (${text(MAPPED)}, 'yes')`);
    });
    await this.#readNodes();
  }

  async #readNodes(): Promise<void> {
    const rows = await this.database.query(fixed('select node, id from node'));
    this.#nodes = new Map(rows.map((row) => [textOf(row, 'id'), numberOf(row, 'node')]));
  }

  async #mark(key: string, value: string): Promise<void> {
    await this.database.write(
      sql`insert or replace into meta values (${text(key)}, ${text(value)})`,
    );
  }

  #codes(): Codes {
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
