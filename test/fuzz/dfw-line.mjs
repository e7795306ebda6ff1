import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { buildWasm } from '../../main/tools/build-wasm.mjs';
import { ensurePackages, root } from '../../main/tools/setup.mjs';

ensurePackages();
const folder = path.join(root, 'dist/fuzz');
const isGuided = process.argv.includes('--guided');
const module = await buildWasm(path.join(folder, 'dfw-parser.wasm'));
await build({
  entryPoints: [path.join(root, 'test/fuzz', isGuided ? 'fuzz-guided.ts' : 'fuzz-dfw-line.ts')],
  bundle: true,
  // The parsers become a file of their own, which guided fuzzing loads after counting has begun.
  splitting: isGuided,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  outdir: folder,
  logLevel: 'warning',
});
const done = spawnSync(
  process.execPath,
  isGuided
    ? [
        path.join(folder, 'fuzz-guided.js'),
        module,
        path.join(root, 'test/fixtures/dfw'),
        ...process.argv.slice(2),
      ]
    : [path.join(folder, 'fuzz-dfw-line.js'), module, ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exit(done.status ?? 1);
