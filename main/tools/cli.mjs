import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ensureBuilt, ensurePackages, root } from './setup.mjs';

ensurePackages();
await ensureBuilt();
const done = spawnSync(
  process.execPath,
  [path.join(root, 'dist/main/cli.js'), ...process.argv.slice(2)],
  { stdio: 'inherit', cwd: process.env['INIT_CWD'] ?? process.cwd() },
);
process.exit(done.status ?? 1);
