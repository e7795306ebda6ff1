import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = (name: string) => path.join(root, 'node_modules', '.bin', name);

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
}

/** Violations of the import walls in a checkout. */
function violationsIn(folder: string): readonly Violation[] {
  const result = spawnSync(
    bin('depcruise'),
    ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'shared', 'main', 'renderer'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const report = JSON.parse(result.stdout) as { summary: { violations: Violation[] } };
  return report.summary.violations;
}

/** For every wall, a file that breaks it. */
const BREACHES: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['shared-is-pure', 'shared/net/planted.ts', `import '../../main/engine/settings.ts';`],
  ['engine-knows-no-host', 'main/engine/planted-a.ts', `import '../cli/cli.ts';`],
  [
    'electron-only-in-shell-and-preload',
    'main/host/planted.ts',
    `import { app } from 'electron'; app.quit();`,
  ],
  ['host-knows-the-engine-by-its-door', 'main/cli/planted.ts', `import '../engine/settings.ts';`],
  ['shell-knows-no-engine', 'main/shell/planted.ts', `import '../engine/engine.ts';`],
  ['page-knows-only-shared', 'renderer/ui/planted-a.ts', `import '../../main/engine/settings.ts';`],
  ['page-uses-no-node', 'renderer/ui/planted-b.ts', `import 'node:fs';`],
  ['features-are-strangers', 'renderer/rules/planted.ts', `import '../flows/planted-flows.ts';`],
  [
    'one-cytoscape',
    'renderer/rules/planted-b.ts',
    `import cytoscape from 'cytoscape'; cytoscape();`,
  ],
  ['one-duckdb', 'main/engine/query/planted.ts', `import '@duckdb/node-api';`],
  ['store-knows-no-stage', 'main/engine/store/planted.ts', `import '../ingest/names.ts';`],
  [
    'ingest-knows-no-later-stage',
    'main/engine/ingest/planted.ts',
    `import '../query/histogram.ts';`,
  ],
  [
    'discover-knows-no-later-stage',
    'main/engine/discover/planted.ts',
    `import '../policy/propose.ts';`,
  ],
  ['policy-knows-no-format', 'main/engine/policy/planted.ts', `import '../exchange/export.ts';`],
  ['exchange-is-pure', 'main/engine/exchange/planted.ts', `import '../store/sql.ts';`],
  ['inventory-is-pure', 'main/engine/inventory/planted.ts', `import '../discover/discover.ts';`],
  ['files-are-read-in-few-places', 'main/engine/ingest/planted-b.ts', `import 'node:fs';`],
  ['no-cycles', 'shared/net/planted-c.ts', `import './planted-d.ts';`],
  ['nothing-ships-tests', 'main/engine/planted-b.ts', `import '../../test/support/archives.ts';`],
  ['shipped-code-has-shipped-packages', 'main/engine/planted-c.ts', `import 'fast-check';`],
  ['imports-resolve', 'main/engine/planted-d.ts', `import './no-such-file.ts';`],
];

describe('the import walls', () => {
  let copy = '';

  beforeAll(() => {
    copy = mkdtempSync(path.join(os.tmpdir(), 'segwright-walls-'));
    for (const name of [
      'shared',
      'main',
      'renderer',
      'package.json',
      'tsconfig.json',
      '.dependency-cruiser.mjs',
    ]) {
      cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
    }
    mkdirSync(path.join(copy, 'test/support'), { recursive: true });
    cpSync(
      path.join(root, 'test/support/archives.ts'),
      path.join(copy, 'test/support/archives.ts'),
    );
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
    writeFileSync(path.join(copy, 'renderer/flows/planted-flows.ts'), 'export const x = 1;\n');
    writeFileSync(path.join(copy, 'shared/net/planted-d.ts'), `import './planted-c.ts';\n`);
    for (const [, file, text] of BREACHES) {
      mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
      writeFileSync(path.join(copy, file), `${text}\n`);
    }
  });

  afterAll(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  it('stand: this checkout breaks none', () => {
    expect(violationsIn(root)).toEqual([]);
  });

  it('each rings when it is broken', () => {
    const rung = violationsIn(copy).map(({ rule, from }) => `${rule.name} ${from}`);
    for (const [rule, file] of BREACHES) expect(rung).toContain(`${rule} ${file}`);
  });
});

/** For every process, a file that uses what the process has not. */
const STRANGERS: readonly (readonly [project: string, file: string, text: string])[] = [
  ['shared', 'shared/planted-node.ts', 'export const here = process.cwd();'],
  ['shared', 'shared/planted-dom.ts', 'export const page = document.title;'],
  ['main', 'main/planted-dom.ts', 'export const page = document.title;'],
  ['renderer', 'renderer/planted-node.ts', 'export const here = process.cwd();'],
];

describe('the compiler settings', () => {
  it.each(STRANGERS)('of %s refuse %s', (project, file, text) => {
    const planted = path.join(root, file);
    const config = path.join(root, project, `tsconfig.planted-${path.basename(file, '.ts')}.json`);
    writeFileSync(planted, `${text}\n`);
    writeFileSync(config, JSON.stringify({ extends: './tsconfig.json', include: [`../${file}`] }));
    try {
      const run = spawnSync(bin('tsc'), ['-p', config], { encoding: 'utf8' });
      expect(run.status).not.toBe(0);
      expect(run.stdout).toMatch(/Cannot find name '(?:process|document)'/);
    } finally {
      rmSync(planted);
      rmSync(config);
    }
  });
});

describe('the linter', () => {
  it('refuses a type import of Node in a component, which the import graph cannot see', () => {
    const planted = path.join(root, 'renderer/ui/PlantedWall.svelte');
    writeFileSync(
      planted,
      `<script lang="ts">\n  import type { Stats } from 'node:fs';\n  let { stats }: { stats: Stats } = $props();\n</script>\n\n{stats.size}\n`,
    );
    try {
      const run = spawnSync(bin('eslint'), [planted], { cwd: root, encoding: 'utf8' });
      expect(run.status).toBe(1);
      expect(run.stdout).toContain('no-restricted-imports');
    } finally {
      rmSync(planted);
    }
  });
});
