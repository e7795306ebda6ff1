import { existsSync } from 'node:fs';
import { createEngine, type Engine } from '../engine/engine.ts';
import { Failure } from '../../shared/failure/failure.ts';
import { createClient } from '../../shared/ipc/client.ts';
import type { EngineClient } from '../../shared/ipc/contract.ts';
import { createPortPair } from '../../shared/ipc/port.ts';
import { serve } from '../../shared/ipc/server.ts';
import { complain } from './output.ts';
import { SAMPLE, settingsFile } from './user-folder.ts';
import { VERSION } from './version.ts';

/** The project a command works on where none is named. */
export const DEFAULT_PROJECT = 'segwright.segw';

/** Opens the engine on a project file, which is made where it does not exist. */
export function openEngine(projectPath: string): Promise<Engine> {
  return createEngine({
    projectPath,
    settingsPath: settingsFile(),
    version: VERSION,
    samplePath: SAMPLE,
  });
}

/** A client in the engine's own process. */
export function connect(engine: Pick<Engine, 'handlers'>): EngineClient {
  const [near, far] = createPortPair();
  serve(far, engine.handlers);
  return createClient(near);
}

/**
 * Does some work with a client of the project's engine and closes both. What was mended while opening
 * is told on standard error first.
 *
 * @throws Failure `project-missing` where there is no such file, unless it may be made
 */
export async function withProject<T>(
  projectPath: string,
  work: (client: EngineClient) => Promise<T>,
  { make = false } = {},
): Promise<T> {
  if (!make && !existsSync(projectPath)) {
    throw new Failure('project-missing', { path: projectPath });
  }
  const engine = await openEngine(projectPath);
  try {
    const client = connect(engine);
    const { notices } = await client.call('project.read', {});
    for (const notice of notices) complain(notice);
    const done = await work(client);
    client.close();
    return done;
  } finally {
    await engine.close();
  }
}
