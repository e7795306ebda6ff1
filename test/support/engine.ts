import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEngine, type Engine } from '../../main/engine/engine.ts';
import { createClient } from '../../shared/ipc/client.ts';
import type { EngineClient } from '../../shared/ipc/contract.ts';
import { createPortPair } from '../../shared/ipc/port.ts';
import { serve } from '../../shared/ipc/server.ts';

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));

/** The committed small sample archive. */
export const SAMPLE = path.join(fixtures, 'sample/books-small.tgz');

/** The path of a fixture. */
export function fixture(...parts: readonly string[]): string {
  return path.join(fixtures, ...parts);
}

/** A folder of its own for one test, and how to remove it. */
export interface TestFolder extends AsyncDisposable {
  readonly path: string;
  file(name: string): string;
}

/** Makes an empty folder. */
export async function aFolder(): Promise<TestFolder> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'segwright-test-'));
  return {
    path: folder,
    file: (name) => path.join(folder, name),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** An engine on a new project in a folder of its own, and a client of it. */
export interface TestEngine extends AsyncDisposable {
  readonly engine: Engine;
  readonly client: EngineClient;
  readonly folder: TestFolder;
  readonly projectPath: string;
}

/** Opens an engine on a new project, or on the one given. */
export async function anEngine(projectPath?: string): Promise<TestEngine> {
  const folder = await aFolder();
  const project = projectPath ?? folder.file('project.segw');
  const engine = await createEngine({
    projectPath: project,
    settingsPath: folder.file('settings.json'),
    version: 'test',
  });
  const [near, far] = createPortPair();
  const connection = serve(far, engine.handlers);
  engine.onNews((news) => connection.tell(news));
  return {
    engine,
    client: createClient(near),
    folder,
    projectPath: project,
    async [Symbol.asyncDispose]() {
      await engine.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}
