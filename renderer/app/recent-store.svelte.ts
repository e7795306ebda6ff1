import {
  formatRecentFiles,
  parseRecentFiles,
  withRecentFile,
  type RecentFile,
} from '../../shared/domain/recent.ts';
import type { EngineClient, Reply } from '../../shared/ipc/contract.ts';

const KEY = 'recent-files';

/** What can be opened from the start: files of earlier sessions, and the sample. */
export class RecentStore {
  /** The last opened first. */
  files = $state.raw<readonly RecentFile[]>([]);
  /** The sample archive and the project it is opened in; `null` where it is not at hand. */
  sample = $state.raw<Reply<'sample.find'>>(null);
  readonly #engine: EngineClient;

  constructor(engine: EngineClient) {
    this.#engine = engine;
  }

  /** Reads what is remembered. */
  async read(): Promise<void> {
    const [text, sample] = await Promise.all([
      this.#engine.call('setting.read', { key: KEY }),
      this.#engine.call('sample.find', {}),
    ]);
    this.files = parseRecentFiles(text);
    this.sample = sample;
  }

  /** Remembers files that were opened just now. */
  async remember(kind: RecentFile['kind'], paths: readonly string[]): Promise<void> {
    const at = Date.now();
    await this.#write(
      paths.reduce((files, path) => withRecentFile(files, { kind, path, at }), this.files),
    );
  }

  /** Forgets one file, or all of them. */
  async forget(path?: string): Promise<void> {
    await this.#write(path === undefined ? [] : this.files.filter((each) => each.path !== path));
  }

  async #write(files: readonly RecentFile[]): Promise<void> {
    this.files = files;
    await this.#engine.call('setting.write', { key: KEY, value: formatRecentFiles(files) });
  }
}
