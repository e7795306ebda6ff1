import { build } from 'esbuild';
import { build as viteBuild } from 'vite';
import { fileURLToPath } from 'node:url';
import { buildWasm } from './build-wasm.mjs';
import path from 'node:path';

const root = fileURLToPath(new URL('../..', import.meta.url));
const at = (/** @type {string[]} */ ...parts) => path.join(root, ...parts);

/**
 * Bundles everything that runs under Node and the preload script into `dist/main`.
 *
 * The preload is one CommonJS file for the browser platform, so that an import of a Node module
 * fails the build: a sandboxed preload could not load it
 * (https://www.electronjs.org/docs/latest/tutorial/sandbox).
 */
export async function buildMain() {
  const wasm = buildWasm();
  const common = /** @type {const} */ ({
    bundle: true,
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'warning',
    absWorkingDir: root,
    loader: { '.sql': 'text' },
  });
  await Promise.all([
    wasm,
    build({
      ...common,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outdir: at('dist/main'),
      entryPoints: [
        { in: at('main/cli/cli.ts'), out: 'cli' },
        { in: at('main/host/engine-process.ts'), out: 'engine-process' },
        { in: at('main/engine/parse-worker.ts'), out: 'parse-worker' },
        { in: at('main/shell/main.ts'), out: 'shell' },
      ],
    }),
    build({
      ...common,
      platform: 'browser',
      target: 'chrome152',
      format: 'cjs',
      external: ['electron'],
      outfile: at('dist/main/preload.cjs'),
      entryPoints: [at('main/preload/preload.ts')],
    }),
    build({
      ...common,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outfile: at('dist/test/make-sample.js'),
      entryPoints: [at('test/sample/make-sample.ts')],
    }),
  ]);
}

/** Builds the Svelte application into `dist/renderer`. */
export async function buildRenderer() {
  await viteBuild({ configFile: at('renderer/vite.config.ts'), logLevel: 'warn' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await Promise.all([buildMain(), buildRenderer()]);
}
