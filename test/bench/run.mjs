import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { ensureBuilt, ensurePackages, root } from '../../main/tools/setup.mjs';

ensurePackages();
await ensureBuilt();
const out = path.join(root, 'dist/main');
const named = ['ingest', 'discovery', 'roles', 'map', 'decisions', 'queries', 'exchange'].find(
  (name) => name === process.argv[2],
);
await build({
  entryPoints: [
    { in: path.join(root, 'test/bench/ingest.ts'), out: 'bench-ingest' },
    ...['open-once', 'parse-once', 'sql-once', 'query-once'].map((name) => ({
      in: path.join(root, `test/bench/${name}.ts`),
      out: name,
    })),
    { in: path.join(root, 'test/bench/discovery.ts'), out: 'bench-discovery' },
    { in: path.join(root, 'test/bench/roles.ts'), out: 'bench-roles' },
    { in: path.join(root, 'test/bench/map.ts'), out: 'bench-map' },
    { in: path.join(root, 'test/bench/decisions.ts'), out: 'bench-decisions' },
    { in: path.join(root, 'test/bench/exchange.ts'), out: 'bench-exchange' },
    { in: path.join(root, 'test/bench/queries.ts'), out: 'bench-queries' },
  ],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  loader: { '.sql': 'text' },
  outdir: path.join(root, 'dist/bench'),
  logLevel: 'warning',
});
for (const name of ['parse-worker.js', 'dfw-parser.wasm']) {
  if (existsSync(path.join(out, name))) {
    copyFileSync(path.join(out, name), path.join(root, 'dist/bench', name));
  }
}
const done = spawnSync(
  process.execPath,
  named !== undefined
    ? [path.join(root, `dist/bench/bench-${named}.js`), ...process.argv.slice(3)]
    : [path.join(root, 'dist/bench/bench-ingest.js'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exit(done.status ?? 1);
