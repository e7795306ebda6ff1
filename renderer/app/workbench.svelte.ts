import { createContext } from 'svelte';
import type { Project } from '../../shared/domain/archive.ts';
import type { FlowFilter } from '../../shared/domain/filter.ts';
import type { EngineClient } from '../../shared/ipc/contract.ts';
import type { News } from '../../shared/ipc/message.ts';
import type { Command } from './command.ts';
import { FilterListStore } from './filter-list.svelte.ts';
import { FilterState } from './filter-state.svelte.ts';
import { HistoryStore } from './history-store.svelte.ts';
import { InventoryStore } from './inventory-store.svelte.ts';
import type { LinesAsked, LinesWish } from './lines-asked.ts';
import type { Chosen, Platform } from './platform.ts';
import { RecentStore } from './recent-store.svelte.ts';
import { RulesetStore } from './ruleset-store.svelte.ts';
import { ThemeState } from './theme-state.svelte.ts';
import { readTimeZone } from './time-zone-setting.ts';
import { TourState } from './tour-state.svelte.ts';
import { Toasts } from './toasts.svelte.ts';
import { Trail } from './trail.svelte.ts';

/** The screens, in the order of the rail. */
export const VIEWS = [
  'open',
  'map',
  'inventory',
  'flows',
  'charts',
  'rules',
  'check',
  'export',
] as const;

/** One of the screens. */
export type View = (typeof VIEWS)[number];

/** What all features share: the engine, the project, the filter, and where the user is. */
export class Workbench {
  readonly engine: EngineClient;
  readonly platform: Platform;
  readonly filter = new FilterState();
  readonly toasts = new Toasts();
  readonly trail = new Trail();
  readonly filters: FilterListStore;
  readonly tour = new TourState();
  readonly theme: ThemeState;
  readonly history: HistoryStore;
  readonly ruleset: RulesetStore;
  readonly inventory: InventoryStore;
  readonly recent: RecentStore;
  view = $state<View>('open');
  /** Grows whenever the lines behind the filter are asked for. */
  linesAsked = $state(0);
  /** Whether the screen of flows takes questions in SQL in the place of its table. */
  isSql = $state(false);
  /** Grows whenever a picture of the map is asked for. */
  pictureAsked = $state(0);
  /** Whether the Export screen, once it is shown, is to ask for a ruleset to import. */
  importAsked = $state(false);
  /** What only the screen shown can do. */
  screenCommands = $state.raw<readonly Command[]>([]);
  inspectorOpen = $state(true);
  /** How often a ruleset was saved to files since the page was loaded. */
  exports = $state(0);
  overlay = $state<'palette' | 'keys' | 'preferences' | 'about' | 'lines' | null>(null);
  /** The number whose lines the overlay `lines` shows. */
  lines = $state.raw<LinesAsked | null>(null);
  /** Takes dropped files in the place of opening them as archives, while a screen wants them. */
  takeDrop = $state.raw<((chosen: readonly Chosen[]) => void) | null>(null);
  project = $state.raw<Project | null>(null);
  /** Grows whenever the project was read again: everything that shows flows reads again. */
  dataRevision = $state(0);
  /** What every view of flows asks: a new object whenever the filter or the data changed. */
  readonly question: { readonly filter: FlowFilter; readonly revision: number } = $derived.by(
    () => ({
      filter: this.filter.applied,
      revision: this.dataRevision,
    }),
  );
  /** The sentence to show when the engine cannot be reached any more. */
  lost = $state<string | null>(null);
  /** Whether the project holds events. */
  readonly loaded: boolean = $derived((this.project?.totals.events ?? 0) > 0);

  constructor(engine: EngineClient, platform: Platform, systemDark: MediaQueryList) {
    this.engine = engine;
    this.platform = platform;
    this.theme = new ThemeState(engine, systemDark);
    this.history = new HistoryStore(engine, this.toasts);
    this.ruleset = new RulesetStore(engine, this.toasts, this.history);
    this.recent = new RecentStore(engine);
    this.filters = new FilterListStore(engine, this.toasts);
    this.inventory = new InventoryStore(engine, this.toasts, this.history);
    this.trail.keep({
      key: () => JSON.stringify([this.view, this.filter.applied]),
      take: () => this.#takeView(),
    });
    engine.onNews((news) => {
      void this.#take(news);
    });
    engine.onClose(() => {
      this.lost = 'The connection to the engine was lost. Reload the page to connect again.';
    });
  }

  #takeView(): () => void {
    const { view } = this;
    const { terms, window } = this.filter.applied;
    return () => {
      this.view = view;
      this.filter.setTerms(terms);
      this.filter.setWindow(window);
    };
  }

  /** Reads all that is shown first. */
  async start(): Promise<void> {
    const theme = this.theme.read().catch((thrown: unknown) => {
      this.toasts.fail(thrown);
    });
    const zone = readTimeZone(this.engine).catch((thrown: unknown) => {
      this.toasts.fail(thrown);
    });
    const recent = this.recent.read().catch((thrown: unknown) => {
      this.toasts.fail(thrown);
    });
    await Promise.all([
      theme,
      zone,
      recent,
      this.readProject(),
      this.filters.read(),
      this.ruleset.read(),
      this.inventory.read(),
    ]);
    if (this.loaded) this.view = 'map';
    for (const notice of this.project?.notices ?? []) this.toasts.say(notice);
  }

  async #take(news: News): Promise<void> {
    if (news === 'project') await this.readProject();
    else if (news === 'ruleset') await this.ruleset.read();
    else if (news === 'history') await this.history.read();
    else {
      await this.inventory.read();
      this.dataRevision++;
    }
  }

  async readProject(): Promise<void> {
    try {
      const next = await this.engine.call('project.read', {});
      const other = this.project !== null && this.project.path !== next.path;
      this.project = next;
      this.dataRevision++;
      if (other) await this.#enterProject();
    } catch (thrown) {
      this.toasts.fail(thrown);
    }
  }

  /** Opens another project file, made new where it does not exist. */
  async openProject(path: string): Promise<void> {
    try {
      this.project = await this.engine.call('project.open', { path });
      this.dataRevision++;
      await this.#enterProject();
      this.view = this.loaded ? 'map' : 'open';
      await this.recent.remember('project', [this.project.path]);
      for (const notice of this.project.notices) this.toasts.say(notice);
    } catch (thrown) {
      this.toasts.fail(thrown);
    }
  }

  async #enterProject(): Promise<void> {
    this.trail.clear();
    this.tour.end();
    this.filter.clear();
    this.ruleset.forget();
    this.history.forget();
    this.inventory.latest.clear();
    await Promise.all([this.ruleset.read(), this.inventory.read(), this.filters.read()]);
  }

  show(view: View): void {
    this.isSql = false;
    this.view = view;
  }

  /** Shows the logged lines behind the filter in force. */
  showLines(): void {
    this.isSql = false;
    this.view = 'flows';
    this.inspectorOpen = true;
    this.linesAsked++;
  }

  /** Opens the lines behind a number over the screen it stands on. */
  openLines(title: string, wish: LinesWish): void {
    this.lines = { title, wish };
    this.overlay = 'lines';
  }

  /** Shows the flows of a filter in the table. */
  showFlows(filter: FlowFilter): void {
    this.filter.setTerms(filter.terms);
    this.filter.setWindow(filter.window);
    this.overlay = null;
    this.isSql = false;
    this.view = 'flows';
  }

  /** Shows the Export screen and asks for the files of a ruleset to import. */
  askImport(): void {
    this.view = 'export';
    this.importAsked = true;
  }

  /** Shows the map and offers to save a picture of it. */
  askPicture(): void {
    this.view = 'map';
    this.pictureAsked++;
  }

  /** Copies a text and says so. */
  async copy(text: string, what: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.toasts.say(`${what} copied.`, { tone: 'good' });
    } catch {
      this.toasts.say(`${what} could not be copied: the system refused access to the clipboard.`, {
        tone: 'bad',
      });
    }
  }
}

/** The workbench of the page, given by the frame; throws outside of it. */
export const [getWorkbench, setWorkbench] = createContext<Workbench>();
