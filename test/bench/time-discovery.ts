import { discover } from '../../main/engine/discover/discover.ts';
import { Names } from '../../main/engine/ingest/names.ts';
import { Database } from '../../main/engine/store/database.ts';
import { numberOf } from '../../main/engine/store/rows.ts';
import { loadNames } from '../../main/engine/store/saved-names.ts';
import { fixed } from '../../main/engine/store/sql.ts';
import { codesOf } from './role-facts.ts';

/** How long discovery took on the flows of one project. */
export interface DiscoveryTime {
  readonly flows: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

/** Discovers once more in a project file that no engine has open, and takes the time. */
export async function timeDiscovery(project: string): Promise<DiscoveryTime> {
  const database = await Database.open(project);
  try {
    const names = new Names();
    await loadNames(database, names);
    const [row] = await database.query(fixed('select count(*)::bigint as flows from flow'));
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    await database.transaction(() => discover(database, codesOf(names)));
    const cpu = process.cpuUsage(cpuBefore);
    return {
      flows: row === undefined ? 0 : numberOf(row, 'flows'),
      wallSeconds: (performance.now() - startedAt) / 1000,
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
    };
  } finally {
    database.close();
  }
}
