import type { Accounting, OpenProgress, Project } from '../../shared/domain/archive.ts';
import { changedNames, renameGroups } from '../../shared/domain/group-names.ts';
import type { HistoryState } from '../../shared/domain/history.ts';
import type { Inventory } from '../../shared/domain/inventory.ts';
import { Failure } from '../../shared/failure/failure.ts';
import { type CancelSignal, NEVER } from '../../shared/ipc/cancel.ts';
import type { Given } from './archive/members.ts';
import { readFound, storeNodes } from './discover/discover.ts';
import { InventoryStore, type InventoryPlan } from './discover/inventory-store.ts';
import { Names } from './ingest/names.ts';
import { openArchives, type OpenContext } from './ingest/open-archives.ts';
import { makeLoader } from './loader-parts.ts';
import type { LoaderParts } from './ingest/source-loader.ts';
import { RulesetStore } from './policy/ruleset-store.ts';
import { Rejections } from './policy/suggest/rejections.ts';
import { describeProject } from './project-account.ts';
import { ProjectNames } from './project-names.ts';
import type { Resolver } from './query/conditions.ts';
import type { LineTexts } from './query/rebuilt-line.ts';
import { Database } from './store/database.ts';
import { ImportedStore } from './imported-store.ts';
import { History, type Part } from './store/history.ts';
import { isUndone, MARKS, setMark } from './store/marks.ts';
import { loadNames } from './store/saved-names.ts';
import * as sources from './store/sources.ts';
import { BEHIND, sumUp } from './summing-up.ts';

/** What a step through the history changed. */
export interface Touched {
  readonly touched: {
    readonly ruleset: boolean;
    readonly inventory: boolean;
    readonly suggestions: boolean;
  };
}

/** An open project: its database, its texts, its inventory and its ruleset. */
export class OpenProject {
  readonly database: Database;
  readonly history: History;
  readonly rulesets: RulesetStore;
  readonly imported: ImportedStore;
  readonly inventories: InventoryStore;
  readonly rejections: Rejections;
  readonly #names: Names;
  readonly #coded: ProjectNames;
  readonly #notices: string[];
  #loading: Promise<unknown> = Promise.resolve();
  #parts: LoaderParts | undefined;
  #isLoading = false;
  /** Whether sources hold what the flows do not. */
  #isBehind = false;

  private constructor(database: Database, names: Names) {
    this.database = database;
    this.history = new History(database);
    this.rulesets = new RulesetStore(this.history);
    this.imported = new ImportedStore(database, this.history);
    this.inventories = new InventoryStore(this.history);
    this.rejections = new Rejections(this.history);
    this.#names = names;
    this.#notices = [...database.notices];
    this.#coded = new ProjectNames(database, names, () => this.inventory);
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
      await project.#coded.readNodes();
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
  describe(): Promise<Project> {
    const isBehind = this.#isBehind && !this.#isLoading;
    const notices = isBehind ? [...this.#notices, BEHIND] : this.#notices;
    return describeProject(this.database, this.#isLoading, notices);
  }

  /**
   * Loads archives. Openings wait for each other. What was loaded is summed up and searched for
   * groups even when reading was cancelled or failed; a signal that fires while that is done leaves
   * flows and groups as they were, and the project says so until it is made up for.
   *
   * @param wishes the year of lines without one, where the user gave it, and what is kept of the events
   * @throws Cancelled when the signal fired; sources that were loaded to the end stay
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
        const context = { parts: this.#loader(), signal, now, report, ...wishes };
        const startedAt = now();
        const accounting = await this.#load(given, context);
        const seconds = (now() - startedAt) / 1000;
        return { ...accounting, totals: { ...accounting.totals, seconds } };
      }),
    );
    this.#loading = opening
      .catch(() => undefined)
      .finally(() => {
        this.#isLoading = false;
      });
    return opening;
  }

  /** Loads and sums up; where no source came to its end, the flows need no new sums. */
  async #load(given: readonly Given[], context: OpenContext): Promise<Accounting> {
    const { database } = this;
    await sources.markUnfinished(database);
    const before = await sources.newest(database);
    this.#isBehind ||= await isUndone(database, MARKS.rolledUp);
    await setMark(database, MARKS.rolledUp, false);
    const accounting = await openArchives(given, context).catch(async (thrown: unknown) => {
      await this.#makeUp(before, NEVER).catch((again: unknown) => {
        throw thrown instanceof Failure ? thrown : again;
      });
      throw thrown;
    });
    await this.#makeUp(before, context.signal);
    return accounting;
  }

  /** Sums up where there is something new since the source `before`. */
  async #makeUp(before: number, signal: CancelSignal): Promise<void> {
    const { database } = this;
    await sources.markUnfinished(database);
    if (this.#isBehind || (await sources.newest(database)) !== before) await this.#sumUp(signal);
    else await setMark(database, MARKS.rolledUp, true);
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
  addressesOf(node: string): Promise<readonly string[]> {
    return this.#coded.addressesOf(node);
  }

  /** Turns names in filters into numbers of the tables. */
  resolver(): Resolver {
    return this.#coded.resolver();
  }

  /** Turns numbers of the tables into texts. */
  texts(): LineTexts {
    return this.#coded.texts();
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
    if (unfinished > 0 || (await isUndone(this.database, MARKS.rolledUp))) await this.#sumUp(NEVER);
    else if (await isUndone(this.database, MARKS.mapped)) await this.#map();
  }

  /** Sums up what the sources hold and takes over what is found in it. */
  async #sumUp(signal: CancelSignal): Promise<void> {
    this.#isBehind = true;
    const found = await sumUp(this.database, this.#names, this.#coded.codes(), signal);
    this.#isBehind = false;
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
    await setMark(editor, MARKS.mapped, false);
    const parts = await take().catch(async (thrown: unknown) => {
      await setMark(editor, MARKS.mapped, true);
      throw thrown;
    });
    if (parts.has('ruleset')) this.rulesets.forget();
    const inventory = parts.has('correction') || parts.has('import');
    if (inventory) {
      await this.inventories.read();
      await this.#map();
    } else await setMark(editor, MARKS.mapped, true);
    const state = await this.history.read();
    const ruleset = parts.has('ruleset') || parts.has('imported-ruleset');
    const suggestions = parts.has('suggestion');
    return { ...state, touched: { ruleset, inventory, suggestions } };
  }

  /** Stores groups and nodes of addresses as the inventory in force has them. To be called in turn. */
  async #map(): Promise<void> {
    const { editor } = this.database;
    await editor.transaction(async () => {
      await storeNodes(editor, this.#coded.codes(), this.inventory);
      await setMark(editor, MARKS.mapped, true);
    });
    await this.#coded.readNodes();
  }
}
