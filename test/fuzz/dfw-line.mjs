import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { buildWasm } from '../../main/tools/build-wasm.mjs';
import { ensurePackages, root } from '../../main/tools/setup.mjs';

ensurePackages();
const folder = path.join(root, 'dist/fuzz');
const module = await buildWasm(path.join(folder, 'dfw-parser.wasm'));
await build({
  entryPoints: [path.join(root, 'test/fuzz/fuzz-dfw-line.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  outfile: path.join(folder, 'fuzz-dfw-line.js'),
  logLevel: 'warning',
});
const done = spawnSync(
  process.execPath,
  [path.join(folder, 'fuzz-dfw-line.js'), module, ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exit(done.status ?? 1);
