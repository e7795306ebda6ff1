import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure, textOf } from '../../shared/failure/failure.ts';

/** Remembered settings of the user: texts by key in one JSON file. A file that cannot be read counts as empty. */
export class Settings {
  readonly #file: string;
  #values: Promise<Map<string, string>> | undefined;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  async read(key: string): Promise<string | null> {
    return (await this.#load()).get(key) ?? null;
  }

  /** @throws Failure `write-failed` */
  async write(key: string, value: string): Promise<void> {
    const work = this.#tail.then(async () => {
      const values = await this.#load();
      values.set(key, value);
      await this.#save(values);
    });
    this.#tail = work.catch(() => undefined);
    await work;
  }

  #load(): Promise<Map<string, string>> {
    this.#values ??= readFile(this.#file, 'utf8').then(parseSettings, () => new Map());
    return this.#values;
  }

  /** Writes beside the file and renames, so that a crash leaves the old file or the new one. */
  async #save(values: ReadonlyMap<string, string>): Promise<void> {
    const beside = `${this.#file}.tmp`;
    try {
      await mkdir(path.dirname(this.#file), { recursive: true });
      await writeFile(beside, `${JSON.stringify(Object.fromEntries(values), null, 2)}\n`);
      await rename(beside, this.#file);
    } catch (thrown) {
      const details = { path: this.#file, reason: textOf(thrown) };
      throw new Failure('write-failed', details, thrown);
    }
  }
}

function parseSettings(text: string): Map<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return new Map();
  }
  if (typeof parsed !== 'object' || parsed === null) return new Map();
  return new Map(
    Object.entries(parsed).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  );
}
