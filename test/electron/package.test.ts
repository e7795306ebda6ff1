import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { extractAll, extractFile, listPackage, statFile } from '@electron/asar';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../main/tools/setup.mjs';
import { openDouble } from './double/driver.ts';
import { readFuses, writeLinuxStub, writeMacStub } from './stub-distribution.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = `linux-${process.arch}`;

const manifestSchema = v.object({
  version: v.string(),
  main: v.string(),
  dependencies: v.record(v.string(), v.string()),
  devDependencies: v.record(v.string(), v.string()),
});

const manifest = v.parse(
  manifestSchema,
  JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')),
);

/** Packs a folder, no installer: that would need downloads. Throws with electron-builder's words. */
function pack(system: '--linux' | '--mac', electronDist: string, output: string): void {
  const done = spawnSync(
    process.execPath,
    [
      path.join(root, 'node_modules/electron-builder/cli.js'),
      ...[system, 'dir', `--${process.arch}`, '--publish', 'never'],
      ...['--config', path.join(root, 'electron-builder.yml'), '-c.mac.identity=null'],
      `-c.electronDist=${electronDist}`,
      `-c.directories.output=${output}`,
    ],
    { cwd: root, encoding: 'utf8' },
  );
  if (done.status !== 0) throw new Error(done.stdout + done.stderr);
}

const onLinux = describe.skipIf(process.platform !== 'linux');

onLinux('the package for Linux, on a stub of Electron', () => {
  let folder: string;
  let app: string;
  let archive: string;
  let files: readonly string[];

  beforeAll(async () => {
    await ensureBuilt();
    folder = mkdtempSync(path.join(os.tmpdir(), 'segwright-package-'));
    const stub = path.join(folder, 'electron');
    writeLinuxStub(stub, manifest.devDependencies['electron'] ?? '');
    pack('--linux', stub, path.join(folder, 'out'));
    const [unpacked] = readdirSync(path.join(folder, 'out')).filter((name) =>
      name.endsWith('unpacked'),
    );
    app = path.join(folder, 'out', unpacked ?? '');
    archive = path.join(app, 'resources', 'app.asar');
    files = listPackage(archive, { isPack: false }).map((name) => name.replaceAll('\\', '/'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds the shell, the engine process, the preload script and the page', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        '/package.json',
        '/dist/main/shell.js',
        '/dist/main/engine-process.js',
        '/dist/main/parse-worker.js',
        '/dist/main/dfw-parser.wasm',
        '/dist/main/preload.cjs',
        '/dist/renderer/index.html',
      ]),
    );
    const packed: unknown = JSON.parse(extractFile(archive, 'package.json').toString());
    expect(packed).toMatchObject({ main: manifest.main, version: manifest.version });
    expect(files).toContain(`/${manifest.main}`);
  });

  it('holds nothing else of ours: no sources, no tests, no maps, no command line', () => {
    const ours = files.filter((name) => !name.startsWith('/node_modules'));
    const expected =
      /^\/(dist|package\.json|dist\/main|dist\/main\/(shell\.js|engine-process\.js|parse-worker\.js|dfw-parser\.wasm|preload\.cjs)|dist\/renderer(\/.*)?)$/;
    expect(ours.filter((name) => !expected.test(name))).toEqual([]);
    expect(files.filter((name) => /\.(map|ts|mts|cts|svelte|sql|segw)$/.test(name))).toEqual([]);
    expect(files.filter((name) => /\/(test|tests|__tests__)\//.test(name))).toEqual([]);
  });

  it('holds every production package and not one development package', () => {
    const packages = new Set(
      files.flatMap((name) => /^\/node_modules\/((?:@[^/]+\/)?[^/@]+)$/.exec(name)?.[1] ?? []),
    );
    expect([...packages]).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies)));
    const development = Object.keys(manifest.devDependencies);
    expect(development.filter((name) => packages.has(name))).toEqual([]);
  });

  it('keeps the DuckDB library of the target outside the archive, and no other', () => {
    const name = `node_modules/@duckdb/node-bindings-${target}`;
    const outside = path.join(app, 'resources', 'app.asar.unpacked', name);
    expect(readdirSync(outside)).toEqual(expect.arrayContaining(['duckdb.node', 'libduckdb.so']));
    expect(statFile(archive, `${name}/duckdb.node`)).toMatchObject({ unpacked: true });
    const bindings = readdirSync(path.dirname(outside)).filter((each) =>
      each.includes('bindings-'),
    );
    expect(bindings).toEqual([path.basename(outside)]);
  });

  it('has the fuses set', () => {
    expect(readFuses(readFileSync(path.join(app, 'segwright')))).toEqual({
      runAsNode: false,
      cookieEncryption: false,
      nodeOptions: false,
      nodeCliInspect: false,
      asarIntegrity: true,
      onlyLoadAppFromAsar: true,
      browserProcessSnapshot: false,
      fileProtocolPrivileges: false,
      wasmTrapHandlers: true,
    });
  });

  it('brings the sample archive as a file of its own, and one language', () => {
    const sample = path.join(app, 'resources', 'sample', 'books-small.tgz');
    const original = path.join(root, 'test/fixtures/sample/books-small.tgz');
    expect(readFileSync(sample).equals(readFileSync(original))).toBe(true);
    expect(readdirSync(path.join(app, 'locales'))).toEqual(['en-US.pak']);
    expect(existsSync(path.join(app, 'resources', 'default_app.asar'))).toBe(false);
  });

  it('is complete: unpacked elsewhere, it runs on the double and its engine answers', async () => {
    const unpacked = path.join(folder, 'unpacked');
    extractAll(archive, unpacked);
    const host = await openDouble();
    try {
      const run = host.start({
        entry: path.join(unpacked, 'dist/main/shell.js'),
        appPath: unpacked,
        packaged: true,
        resourcesPath: path.join(app, 'resources'),
      });
      await run.shown();
      const answers = await run.evaluate(
        () =>
          new Promise<{ id: number; value: unknown }[]>((resolve) => {
            addEventListener('message', ({ ports: [port] }) => {
              if (port === undefined) return;
              const replies: { id: number; value: unknown }[] = [];
              port.onmessage = ({ data }: MessageEvent<{ id: number; value: unknown }>) => {
                replies.push(data);
                if (replies.length === 2) resolve(replies);
              };
              port.postMessage({ kind: 'call', id: 1, name: 'engine.about', args: {} });
              port.postMessage({ kind: 'call', id: 2, name: 'sample.find', args: {} });
            });
            window.segwright.connectEngine();
          }),
      );
      const sample = path.join(app, 'resources', 'sample', 'books-small.tgz');
      expect(answers.find((reply) => reply.id === 1)?.value).toMatchObject({ segwright: '9.8.7' });
      expect(answers.find((reply) => reply.id === 2)?.value).toMatchObject({ archive: sample });
      const { violations, cspReports, pageErrors } = await run.report();
      expect({ violations, cspReports, pageErrors }).toEqual({
        violations: [],
        cspReports: [],
        pageErrors: [],
      });
    } finally {
      await host.close();
    }
  });

  it('of another system is refused without its DuckDB, but knows its kinds of files', () => {
    const stub = path.join(folder, 'electron-mac');
    const out = path.join(folder, 'out-mac');
    writeMacStub(stub);
    expect(() => {
      pack('--mac', stub, out);
    }).toThrow(`The package would lack DuckDB for darwin-${process.arch}.`);
    const [mac] = readdirSync(out).filter((name) => name.startsWith('mac'));
    const list = path.join(out, mac ?? '', 'Segwright.app/Contents/Info.plist');
    const text = readFileSync(list, 'utf8').replace(/\s+/g, '');
    const kinds = [...text.matchAll(/<dict><key>CFBundleTypeExtensions<.*?<\/dict>/g)].map(
      ([kind]) => [...kind.matchAll(/<string>(.*?)<\/string>/g)].map(([, word]) => word),
    );
    expect(kinds).toEqual([
      ['segw', 'icon.icns', 'Segwrightproject', 'Editor', 'Owner'],
      ['tgz', 'icon.icns', 'Logarchive', 'Viewer', 'Alternate'],
      ['gz', 'icon.icns', 'Compressedlog', 'Viewer', 'Alternate'],
      ['log', 'icon.icns', 'Log', 'Viewer', 'Alternate'],
      ['zip', 'icon.icns', 'Ziparchive', 'Viewer', 'Alternate'],
    ]);
    expect(text).toContain('<key>ElectronAsarIntegrity</key>');
  });
});
