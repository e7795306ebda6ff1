import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEngine, type Engine } from '../../main/engine/engine.ts';

/** The small sample archive. */
export const SAMPLE = fileURLToPath(new URL('../fixtures/sample/books-small.tgz', import.meta.url));

/** What the generator of {@link SAMPLE} knows of it. */
export const truth = JSON.parse(
  await readFile(new URL('../fixtures/sample/books-small.truth.json', import.meta.url), 'utf8'),
) as {
  readonly totals: Record<'lines' | 'events' | 'rejects' | 'other' | 'blank', number>;
  readonly sources: readonly { readonly path: string; readonly lines: number }[];
  readonly groups: readonly { readonly name: string; readonly members: readonly string[] }[];
};

/** A real engine on a new project in a folder of its own. */
export interface TempEngine {
  readonly engine: Engine;
  readonly folder: string;
  /** Closes the engine and deletes the folder. */
  close(): Promise<void>;
}

/** Opens a {@link TempEngine}. */
export async function openTempEngine(): Promise<TempEngine> {
  const folder = await mkdtemp(path.join(tmpdir(), 'segwright-test-'));
  const engine = await createEngine({
    projectPath: path.join(folder, 'test.segw'),
    settingsPath: path.join(folder, 'settings.json'),
    version: '0.0.0-test',
  });
  return {
    engine,
    folder,
    async close() {
      await engine.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
