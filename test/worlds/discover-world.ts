import type { Inventory } from '../../shared/domain/inventory.ts';
import { NEVER } from '../../shared/ipc/cancel.ts';
import { aFolder, anEngine } from '../support/engine.ts';
import type { WorldOptions } from './options.ts';
import type { Score } from './score.ts';
import { scoreInventory } from './score.ts';
import type { WorldTruth } from './truth.ts';
import { makeWorld, writeWorld } from './world.ts';

/** What a world holds, what was found in its lines, and how well. */
export interface Discovered {
  readonly truth: WorldTruth;
  readonly inventory: Inventory;
  readonly score: Score;
}

/**
 * Makes a world, opens its logs with the engine as an analyst would, and scores what was found.
 *
 * @param visit called with the project file once the engine has left it and before it is deleted
 */
export async function discoverWorld(
  seed: number,
  options: WorldOptions,
  visit: (project: string) => Promise<void> = async () => undefined,
): Promise<Discovered> {
  const world = makeWorld(seed, options);
  await using logs = await aFolder();
  await using home = await aFolder();
  await writeWorld(world, logs.path);
  const project = home.file('world.segw');
  let inventory: Inventory;
  {
    await using test = await anEngine(project);
    const { handlers } = test.engine;
    const quiet = { signal: NEVER, report: () => undefined };
    const { totals } = await handlers['archive.open']({ paths: [logs.path] }, quiet);
    if (totals.events !== world.truth.lines) {
      throw new Error(`World ${seed}: ${totals.events} of ${world.truth.lines} lines were read.`);
    }
    inventory = await handlers['inventory.read']({}, quiet);
  }
  await visit(project);
  return { truth: world.truth, inventory, score: scoreInventory(world.truth, inventory) };
}
