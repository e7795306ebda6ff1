import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { Accounting, OpenProgress, Source } from '../../shared/domain/archive.ts';
import { Cancelled, fromRecord } from '../../shared/failure/failure.ts';
import type { Chosen } from '../app/platform.ts';
import type { Workbench } from '../app/workbench.svelte.ts';
import { baseName, plural } from '../ui/format.ts';

/** One opening of archives that is under way. */
export interface OpenTask {
  readonly id: number;
  readonly names: readonly string[];
  readonly phase: 'upload' | 'read';
  /** The file being uploaded or read. */
  readonly current: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Counts of the reading; `null` before the engine has said anything. */
  readonly progress: OpenProgress | null;
  readonly cancel: () => void;
}

/** Lines read a second. */
export function linesPerSecond({ lines, elapsedMs }: OpenProgress): number {
  return elapsedMs === 0 ? 0 : (lines * 1_000) / elapsedMs;
}

/** How long the rest will take at the pace so far, in milliseconds; `null` while that is unknown. */
export function timeLeftMs({ doneBytes, totalBytes, elapsedMs }: OpenProgress): number | null {
  if (doneBytes <= 0 || totalBytes <= 0 || elapsedMs < 500) return null;
  return (elapsedMs * Math.max(0, totalBytes - doneBytes)) / doneBytes;
}

/** What the user calls something chosen. */
function nameOf(chosen: Chosen): string {
  return chosen.name ?? (chosen.kind === 'path' ? chosen.path : chosen.file.name);
}

/** Opening archives: what runs, and what the last opening skipped. */
export class ArchiveState {
  tasks = $state.raw<readonly OpenTask[]>([]);
  /** The account of the last opening in this window. */
  last = $state.raw<Accounting | null>(null);
  /** Whether archives are opened without keeping their lines. */
  flowsOnly = $state(false);
  readonly #workbench: Workbench;
  /** Where uploaded files lie on the engine's machine, by the names they were opened under. */
  readonly #uploaded = new SvelteMap<string, string>();
  #lastId = 0;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** The name of the project file, without its folder and ending. */
  get projectName(): string {
    const path = this.#workbench.project?.path ?? '';
    return path === '' ? 'No project' : baseName(path).replace(/\.segw$/, '');
  }

  /** What runs, in a few words; `null` while nothing does. */
  get summary(): string | null {
    const [task] = this.tasks;
    if (task === undefined) return null;
    const verb = task.phase === 'upload' ? 'Uploading' : 'Reading';
    const share = task.totalBytes === 0 ? 0 : (task.doneBytes / task.totalBytes) * 100;
    return `${verb} ${baseName(task.current)}, ${share.toFixed(0)} %`;
  }

  /** Asks the user for archives and opens them. */
  async choose(): Promise<void> {
    try {
      await this.open(await this.#workbench.platform.chooseArchives());
    } catch (thrown) {
      this.#workbench.toasts.fail(thrown);
    }
  }

  /** Opens paths of the engine's machine: a project where it is one, archives otherwise. */
  async openPaths(paths: readonly string[]): Promise<void> {
    const project = paths.find((path) => path.toLowerCase().endsWith('.segw'));
    if (project !== undefined) await this.#workbench.openProject(project);
    const archives = paths.filter((path) => !path.toLowerCase().endsWith('.segw'));
    await this.open(archives.map((path) => ({ kind: 'path', path })));
  }

  /** Opens the sample in a project of its own; what it held already stays. */
  async openSample(): Promise<void> {
    const { sample } = this.#workbench.recent;
    if (sample === null) return;
    await this.#workbench.openProject(sample.project);
    if (this.#workbench.project?.path === sample.project && !this.#workbench.loaded) {
      await this.open([{ kind: 'path', path: sample.archive }]);
    }
  }

  /** Opens the sample and begins the guided tour over it. */
  async startTour(): Promise<void> {
    await this.openSample();
    const { project, recent, loaded, tour } = this.#workbench;
    if (project?.path !== recent.sample?.project || !loaded) return;
    this.#workbench.show('map');
    tour.start();
  }

  /** Reads the file or archive of a source again, with another year for its lines that name none. */
  async openAgain(source: Source, year: number): Promise<void> {
    const name = source.path.split('!')[0] ?? source.path;
    await this.open(
      [{ kind: 'path', path: this.#uploaded.get(name) ?? name, name }],
      year,
      source.holds,
    );
  }

  /**
   * Opens what was chosen or dropped; files without a path are uploaded first.
   *
   * @param year the year of lines that name none, where the user gave it
   * @param keep what is kept of the events; as the user ticked it where not said
   */
  async open(
    chosen: readonly Chosen[],
    year?: number,
    keep: Source['holds'] = this.flowsOnly ? 'flows' : 'events',
  ): Promise<void> {
    if (chosen.length === 0) return;
    const { toasts } = this.#workbench;
    const wasLoaded = this.#workbench.loaded;
    this.#workbench.show('open');
    const controller = new AbortController();
    const names = chosen.map(nameOf);
    const id = ++this.#lastId;
    this.tasks = [
      ...this.tasks,
      {
        id,
        names,
        phase: chosen.some((each) => each.kind === 'file') ? 'upload' : 'read',
        current: names[0] ?? '',
        doneBytes: 0,
        totalBytes: 0,
        progress: null,
        cancel: () => {
          controller.abort();
        },
      },
    ];
    try {
      const paths = await this.#upload(id, chosen, controller.signal);
      this.last = await this.#workbench.engine.call(
        'archive.open',
        {
          paths,
          names,
          ...(year === undefined ? {} : { year }),
          ...(keep === 'events' ? {} : { keep }),
        },
        {
          signal: controller.signal,
          onProgress: (progress) => {
            const { path: current, doneBytes, totalBytes } = progress;
            this.#update(id, { phase: 'read', current, doneBytes, totalBytes, progress });
          },
        },
      );
      await this.#finish(wasLoaded, this.last);
      const own = chosen.flatMap((each) => (each.kind === 'path' ? [each.path] : []));
      if (own.length > 0) await this.#workbench.recent.remember('archive', own);
    } catch (thrown) {
      if (thrown instanceof Cancelled) toasts.say('Opening was cancelled.');
      else toasts.fail(thrown);
      await this.#workbench.readProject();
    } finally {
      this.tasks = this.tasks.filter((task) => task.id !== id);
    }
  }

  async #finish(wasLoaded: boolean, account: Accounting): Promise<void> {
    const { toasts } = this.#workbench;
    const { totals, sources, failures } = account;
    await this.#workbench.readProject();
    for (const failure of failures) toasts.fail(fromRecord(failure));
    if (totals.events === 0) {
      if (failures.length > 0) return;
      toasts.say('No new events were found. The account below says why.');
      return;
    }
    const text = `${plural(totals.events, 'event')} loaded from ${plural(sources.length, 'source')}.`;
    if (wasLoaded || this.#workbench.view !== 'open') {
      toasts.say(text, { tone: 'good' });
      return;
    }
    this.#workbench.show('map');
    const run = () => {
      this.#workbench.show('open');
    };
    toasts.say(text, { tone: 'good', action: { label: 'Show the account', run } });
  }

  async #upload(
    id: number,
    chosen: readonly Chosen[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const sizes = chosen.map((each) => (each.kind === 'file' ? each.file.size : 0));
    const totalBytes = sizes.reduce((sum, byteCount) => sum + byteCount, 0);
    const paths: string[] = [];
    let sentBytes = 0;
    for (const each of chosen) {
      if (each.kind === 'path') {
        paths.push(each.path);
        continue;
      }
      const before = sentBytes;
      const tell = (sent: number) => {
        const doneBytes = Math.min(before + sent, before + each.file.size);
        this.#update(id, { phase: 'upload', current: each.file.name, doneBytes, totalBytes });
      };
      tell(0);
      const path = await this.#workbench.platform.upload(each.file, { signal, onProgress: tell });
      this.#uploaded.set(nameOf(each), path);
      paths.push(path);
      sentBytes += each.file.size;
    }
    return paths;
  }

  #update(id: number, change: Partial<OpenTask>): void {
    this.tasks = this.tasks.map((task) => (task.id === id ? { ...task, ...change } : task));
  }
}

const [getArchiveState, setArchiveState] = createContext<ArchiveState>();

/** The opening of archives, given by the frame; throws outside of it. */
export const getArchive = getArchiveState;

/** Gives the opening of archives to the components below; returns it. */
export const setArchive = setArchiveState;
