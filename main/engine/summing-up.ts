import { setTimeout } from 'node:timers/promises';
import type { Inventory } from '../../shared/domain/inventory.ts';
import { Cancelled, textOf } from '../../shared/failure/failure.ts';
import type { CancelSignal } from '../../shared/ipc/cancel.ts';
import { type Codes, discover } from './discover/discover.ts';
import type { Names } from './ingest/names.ts';
import rollup from './ingest/rollup.sql';
import talks from './ingest/talks.sql';
import vnicHits from './ingest/vnic-hits.sql';
import type { Database } from './store/database.ts';
import { MARKS, setMark } from './store/marks.ts';
import { saveNames } from './store/saved-names.ts';
import * as sources from './store/sources.ts';
import { fixed } from './store/sql.ts';

/** Said while the flows are behind the sources. */
export const BEHIND =
  'Summing up did not come to its end: flows, groups and the map do not hold what was loaded last. They will when you open an archive next, or this project again.';

/**
 * Sums all events up into flows and finds the inventory in them, as one transaction: flows and
 * inventory are always of the same events. What is stored on the map is left to the caller.
 *
 * @throws Cancelled when the signal fired: flows and inventory are then those of before
 */
export async function sumUp(
  database: Database,
  names: Names,
  codes: Codes,
  signal: CancelSignal,
): Promise<Inventory> {
  await sources.markUnfinished(database);
  const found = await database.transaction(async () => {
    await database.write(fixed(rollup), signal);
    await database.write(fixed(talks), signal);
    await database.write(fixed(vnicHits), signal);
    const runner = {
      write: (statement: Parameters<Database['write']>[0]) => database.write(statement, signal),
    };
    const inventory = await discover(runner, codes);
    if (signal.aborted) throw new Cancelled();
    await saveNames(database, names);
    await setMark(database, MARKS.rolledUp, true);
    await setMark(database, MARKS.mapped, false);
    return inventory;
  });
  await checkpoint(database);
  return found;
}

/** How often a checkpoint is tried, and how long is waited in between, in milliseconds. */
const TRIES = { most: 10, pause: 50 };

/**
 * Writes what is in the log into the project file. DuckDB refuses while somebody else writes; then
 * it is tried again, and at last left to the next checkpoint: what was committed is safe in the log.
 */
async function checkpoint(database: Database): Promise<void> {
  for (let tried = 0; tried < TRIES.most; tried++) {
    try {
      await database.write(fixed('checkpoint'));
      return;
    } catch (thrown) {
      if (!/cannot checkpoint: there are other/i.test(textOf(thrown))) throw thrown;
      await setTimeout(TRIES.pause);
    }
  }
}
