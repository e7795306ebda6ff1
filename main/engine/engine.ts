import { existsSync } from 'node:fs';
import path from 'node:path';
import { withOutsideGroups } from '../../shared/domain/group-names.ts';
import type { HistoryState } from '../../shared/domain/history.ts';
import { overviewOf } from '../../shared/domain/imported.ts';
import type { Handlers } from '../../shared/ipc/contract.ts';
import type { News } from '../../shared/ipc/message.ts';
import { decisionHandlers } from './decision-handlers.ts';
import { ExportDesk } from './exporting.ts';
import {
  currentRuleset,
  draftGroups,
  dropCurrent,
  importInto,
  previewImport,
} from './importing.ts';
import { proposeRule } from './policy/propose.ts';
import { readInventoryFile } from './inventory-file.ts';
import { checkSays, previewOf } from './inventory/read-inventory.ts';
import { readLineTexts } from './original-lines.ts';
import { OpenProject, type Touched } from './project.ts';
import { reportFacts } from './report-facts.ts';
import { countUnlisted, readEvidence } from './query/evidence.ts';
import { listFlows } from './query/flow-list.ts';
import { readGroupHits } from './query/group-hits.ts';
import { readGraph, readServices } from './query/graph.ts';
import { readHistogram } from './query/histogram.ts';
import { listRejects } from './query/rejects.ts';
import { Settings } from './settings.ts';
import { readFilters, writeFilters } from './store/filters.ts';
import { duckdbVersion } from './store/version.ts';

/** What an engine needs from its host. */
export interface EngineOptions {
  /** The project file; made new where it does not exist. */
  readonly projectPath: string;
  /** JSON file of remembered settings; made when the first one is written. */
  readonly settingsPath: string;
  /** Segwright's own version. */
  readonly version: string;
  /** The sample archive that comes with the program; left out where there is none. */
  readonly samplePath?: string;
  /** The clock, in milliseconds; given so that tests are repeatable. */
  readonly now?: () => number;
}

/** All the work behind the contract. */
export interface Engine {
  readonly handlers: Handlers;
  /** Called when something changed that clients should read again. */
  onNews(listener: (news: News) => void): void;
  close(): Promise<void>;
}

class EngineState {
  project: OpenProject;
  readonly options: EngineOptions;
  readonly settings: Settings;
  readonly newsListeners: ((news: News) => void)[] = [];
  #dataChanges = 0;

  constructor(project: OpenProject, options: EngineOptions) {
    this.project = project;
    this.options = options;
    this.settings = new Settings(options.settingsPath);
  }

  tell(news: News): void {
    if (news === 'project') this.#dataChanges++;
    for (const listener of this.newsListeners) listener(news);
  }

  /** Tells what a step through the history changed. */
  tellTouched({ ruleset, inventory, suggestions }: Touched['touched']): void {
    // What asks for suggestions asks anew when the ruleset's revision is another one.
    if (ruleset || suggestions) this.tell('ruleset');
    if (inventory) this.tell('inventory');
    this.tell('history');
  }

  /** Opens another project; when that fails, the present one stays. */
  async switchTo(file: string): Promise<void> {
    const before = this.project.database.path;
    if (path.resolve(file) === before) return;
    const next = await OpenProject.open(file);
    const last = this.project;
    this.project = next;
    await last.close();
    this.tell('project');
    this.tell('ruleset');
    this.tell('inventory');
  }

  /** What the rules do with what was logged. */
  readonly decisions = decisionHandlers(() => this.project);

  /** What exports are made of. */
  readonly desk = new ExportDesk(async ({ format }) => {
    const { ruleset, revision } = await this.project.rulesets.read();
    const state = JSON.stringify([this.project.database.path, revision, this.#dataChanges]);
    const base = await currentRuleset(this.project);
    const definitions = [...(base?.groups ?? []), ...(await draftGroups(this.project))];
    const inventory = withOutsideGroups(this.project.inventory, ruleset);
    const facts = format === 'report' ? await reportFacts(this.project, this.decisions) : undefined;
    return { state, input: { ruleset, inventory, definitions, base, facts } };
  });

  /** Opens the project again where a failure ended its database. */
  async recover(): Promise<void> {
    const last = this.project;
    if (await last.database.answers()) return;
    await last.close();
    this.project = await OpenProject.open(last.database.path);
  }
}

/** The sample is opened in a project beside the settings, so that it mixes with nobody's work. */
function findSample({ samplePath, settingsPath }: EngineOptions) {
  if (samplePath === undefined || !existsSync(samplePath)) return null;
  return { archive: samplePath, project: path.join(path.dirname(settingsPath), 'sample.segw') };
}

function projectHandlers(state: EngineState) {
  return {
    'project.read': () => state.project.describe(),
    'project.open': async ({ path: file }) => {
      await state.switchTo(file);
      return state.project.describe();
    },
    'archive.open': async ({ paths, names, ...wishes }, { signal, report }) => {
      const now = state.options.now ?? Date.now;
      const given = paths.map((file, index) => ({ path: file, name: names?.[index] ?? file }));
      try {
        return await state.project.openArchives(given, signal, now, report, wishes);
      } catch (thrown) {
        await state.recover();
        throw thrown;
      } finally {
        state.tell('project');
        state.tell('inventory');
      }
    },
    'reject.list': (page, { signal }) => listRejects(state.project.database, page, signal),
    'filter.read': () => readFilters(state.project.database),
    'filter.write': async (list) => {
      const { history, database } = state.project;
      await history.inTurn(() => writeFilters(database, list));
      return null;
    },
    'setting.read': ({ key }) => state.settings.read(key),
    'setting.write': async ({ key, value }) => {
      await state.settings.write(key, value);
      return null;
    },
    'sample.find': async () => findSample(state.options),
    'engine.about': async () => ({
      segwright: state.options.version,
      duckdb: duckdbVersion(),
      node: process.versions.node,
    }),
  } satisfies Partial<Handlers>;
}

function queryHandlers(state: EngineState) {
  const tables = () => ({
    database: state.project.database,
    resolver: state.project.resolver(),
    texts: state.project.texts(),
  });
  return {
    'flow.list': (question, { signal }) => {
      const { database, resolver, texts } = tables();
      return listFlows(database, resolver, texts, question, signal);
    },
    'flow.histogram': (question, { signal }) => {
      const { database, resolver, texts } = tables();
      return readHistogram(database, resolver, texts, question, signal);
    },
    'flow.groups': (question, { signal }) => {
      const { database, resolver } = tables();
      return readGroupHits(database, resolver, question, signal);
    },
    'flow.evidence': (question, { signal }) => {
      const { database, resolver, texts } = tables();
      return readEvidence(database, resolver, texts, question, signal);
    },
    'line.texts': ({ lines }, { signal }) => readLineTexts(state.project, lines, signal),
    'flow.unlisted': ({ filter }, { signal }) => {
      const { database, resolver } = tables();
      return countUnlisted(database, resolver, filter, signal);
    },
    'sql.tables': async (_, { signal }) => {
      const console = await state.project.database.console();
      return console.tables(signal);
    },
    'sql.ask': async ({ question }, { signal }) => {
      const console = await state.project.database.console();
      return console.ask(question, signal);
    },
    'sql.save': async ({ question, format }, { signal }) => {
      const console = await state.project.database.console();
      return console.save(question, format, signal);
    },
    'graph.read': ({ filter }, { signal }) => {
      const { database, resolver } = tables();
      return readGraph(database, resolver, filter, signal);
    },
    'graph.services': (question, { signal }) => {
      const { database, resolver } = tables();
      return readServices(database, resolver, question, signal);
    },
  } satisfies Partial<Handlers>;
}

function inventoryHandlers(state: EngineState) {
  const changed = async (work: Promise<HistoryState & Touched>): Promise<HistoryState> => {
    const { touched, ...history } = await work.catch(async (thrown: unknown) => {
      await state.recover();
      throw thrown;
    });
    state.tellTouched(touched);
    return history;
  };
  return {
    'inventory.read': async () => state.project.inventory,
    'inventory.change': ({ corrections }) => {
      const { project } = state;
      return changed(
        project.changeInventory(() => project.inventories.planCorrections(corrections)),
      );
    },
    'inventory.preview': async (given) => {
      const { called, read } = await readInventoryFile(given);
      return previewOf(read, called);
    },
    'inventory.import': async (given) => {
      const { project } = state;
      const { called, hash, read } = await readInventoryFile(given);
      checkSays(read, called);
      const { format, content, notices } = read;
      const imported = { ...content, file: called, format, hash, notices };
      return changed(project.changeInventory(() => project.inventories.planImport(imported)));
    },
    'inventory.remove': ({ id }) => {
      const { project } = state;
      return changed(project.changeInventory(() => project.inventories.planRemoval(id)));
    },
    'history.read': () => state.project.history.read(),
    'history.undo': () => changed(state.project.undo()),
    'history.redo': () => changed(state.project.redo()),
  } satisfies Partial<Handlers>;
}

function ruleHandlers(state: EngineState) {
  const changed = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work.catch(async (thrown: unknown) => {
      await state.recover();
      throw thrown;
    });
    state.tellTouched({ ruleset: true, inventory: false, suggestions: false });
    return result;
  };
  const changedRejections = async (change: () => Promise<void>) => {
    const { history } = state.project;
    await history.inTurn(change).catch(async (thrown: unknown) => {
      await state.recover();
      throw thrown;
    });
    state.tellTouched({ ruleset: false, inventory: false, suggestions: true });
    return history.read();
  };
  return {
    'suggestion.reject': ({ suggestions }) => {
      const { project } = state;
      return changedRejections(() => project.rejections.add(suggestions));
    },
    'suggestion.restore': ({ keys }) => {
      const { project } = state;
      return changedRejections(() => project.rejections.remove(keys));
    },
    'rule.propose': (question) => {
      const { project } = state;
      return proposeRule(question, project.inventory, (node) => project.addressesOf(node));
    },
    'ruleset.read': () => state.project.rulesets.read(),
    'ruleset.change': ({ change }) => changed(state.project.rulesets.change(change)),
    'ruleset.replace': ({ ruleset, label }) =>
      changed(state.project.rulesets.replace(ruleset, label)),
    'ruleset.import': (order) => changed(importInto(state.project, order)),
    'ruleset.preview': (order) => previewImport(state.project, order),
    'ruleset.current': async () => {
      const current = await currentRuleset(state.project);
      return current === undefined ? null : overviewOf(current);
    },
    'ruleset.dropCurrent': async () => {
      await changed(dropCurrent(state.project));
      return null;
    },
    'export.preview': (request) => state.desk.preview(request),
    'export.file': ({ name, offset, ...request }) => state.desk.page(request, name, offset),
    'export.save': ({ path: file, ...request }) => state.desk.save(request, file),
  } satisfies Partial<Handlers>;
}

/**
 * Opens a project and everything that answers questions about it: the one place where the engine's
 * parts are put together.
 *
 * @throws Failure `project-locked`, `project-newer`, `project-foreign`, `project-damaged` or `path-unreadable`
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const state = new EngineState(await OpenProject.open(options.projectPath), options);
  return {
    handlers: {
      ...projectHandlers(state),
      ...inventoryHandlers(state),
      ...queryHandlers(state),
      ...ruleHandlers(state),
      ...state.decisions,
    },
    onNews: (listener) => void state.newsListeners.push(listener),
    close: async () => {
      await state.project.close();
    },
  };
}
