import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensurePackages, root } from './setup.mjs';

ensurePackages();
const { buildMain } = await import('./build.mjs');
await buildMain();
const { createServer } = await import('vite');
const vite = await createServer({ configFile: path.join(root, 'renderer/vite.config.ts') });
await vite.listen();
const pageAddress = vite.resolvedUrls?.local[0] ?? '';
const ui = spawn(
  process.execPath,
  [
    path.join(root, 'dist/main/cli.js'),
    'ui',
    '--browser',
    '--page',
    pageAddress,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
ui.on('exit', (code) => {
  void vite.close();
  process.exitCode = code ?? 1;
});
