import { build } from 'esbuild';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const artefacts = fileURLToPath(new URL('../../artefacts/', import.meta.url));

/** The double, bundled for Node and for pages. */
export interface BuiltDouble {
  readonly runner: string;
  remove(): void;
}

/** Bundles the double into a folder of its own, so that test files may run at the same time. */
export async function buildDouble(): Promise<BuiltDouble> {
  const folder = path.join(artefacts, `electron-double-${process.pid.toString()}`);
  mkdirSync(folder, { recursive: true });
  const common = { bundle: true, logLevel: 'warning', outdir: folder } as const;
  await Promise.all([
    build({
      ...common,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      splitting: true,
      entryPoints: ['runner.ts', 'electron.ts', 'utility-shim.ts'].map((name) =>
        path.join(here, name),
      ),
    }),
    build({
      ...common,
      platform: 'browser',
      format: 'iife',
      globalName: 'electronDoublePage',
      entryPoints: ['page-main.ts', 'page-isolated.ts'].map((name) => path.join(here, name)),
    }),
  ]);
  return {
    runner: path.join(folder, 'runner.js'),
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
