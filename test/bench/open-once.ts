import { rmSync, statSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { createEngine } from '../../main/engine/engine.ts';
import { NEVER } from '../../shared/ipc/cancel.ts';

// Opens one archive in a new project and says what it took: `open-once.js PROJECT ARCHIVE [--keep flows]`.
const { values, positionals } = parseArgs({
  options: { keep: { type: 'string', default: 'events' } },
  allowPositionals: true,
});
const [projectPath = '', archive = ''] = positionals;
for (const suffix of ['', '.wal']) rmSync(`${projectPath}${suffix}`, { force: true });

const engine = await createEngine({
  projectPath,
  settingsPath: `${projectPath}.json`,
  version: 'bench',
});
const stall = monitorEventLoopDelay({ resolution: 1 });
stall.enable();
const startedAt = performance.now();
const cpuBefore = process.cpuUsage();
let reports = 0;
const { totals } = await engine.handlers['archive.open'](
  { paths: [archive], keep: values.keep === 'flows' ? 'flows' : 'events' },
  { signal: NEVER, report: () => reports++ },
);
const wallSeconds = (performance.now() - startedAt) / 1000;
const cpu = process.cpuUsage(cpuBefore);
stall.disable();
await engine.close();
process.stdout.write(
  JSON.stringify({
    lines: totals.lines,
    events: totals.events,
    wallSeconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    projectBytes: statSync(projectPath).size,
    stallMilliseconds: stall.max / 1e6,
    reports,
  }),
);
