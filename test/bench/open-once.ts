import { rmSync, statSync } from 'node:fs';
import { createEngine } from '../../main/engine/engine.ts';
import { NEVER } from '../../shared/ipc/cancel.ts';

const [projectPath = '', archive = ''] = process.argv.slice(2);
for (const suffix of ['', '.wal']) rmSync(`${projectPath}${suffix}`, { force: true });

const engine = await createEngine({
  projectPath,
  settingsPath: `${projectPath}.json`,
  version: 'bench',
});
const startedAt = performance.now();
const cpuBefore = process.cpuUsage();
let reports = 0;
const { totals } = await engine.handlers['archive.open'](
  { paths: [archive] },
  { signal: NEVER, report: () => reports++ },
);
const wallSeconds = (performance.now() - startedAt) / 1000;
const cpu = process.cpuUsage(cpuBefore);
await engine.close();
process.stdout.write(
  JSON.stringify({
    lines: totals.lines,
    events: totals.events,
    wallSeconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    projectBytes: statSync(projectPath).size,
    reports,
  }),
);
