import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Precedes the fuses in every Electron binary (https://github.com/electron/fuses). */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** The fuses of Electron 45 in the order of their bytes. */
const FUSES = [
  'runAsNode',
  'cookieEncryption',
  'nodeOptions',
  'nodeCliInspect',
  'asarIntegrity',
  'onlyLoadAppFromAsar',
  'browserProcessSnapshot',
  'fileProtocolPrivileges',
  'wasmTrapHandlers',
] as const;

/** One of the fuses. */
export type FuseName = (typeof FUSES)[number];

/** As Electron ships: what the packager has to change differs from what is demanded. */
const SHIPPED = '101100011';

const PROGRAM = Buffer.concat([
  Buffer.from('not a program\0'),
  Buffer.from(FUSE_SENTINEL),
  Buffer.from([1, FUSES.length]),
  Buffer.from(SHIPPED),
  Buffer.from('\0the end'),
]);

/** Writes what electron-builder needs of an Electron distribution for Linux; nothing of it runs. */
export function writeLinuxStub(folder: string, electronVersion: string): void {
  mkdirSync(path.join(folder, 'locales'), { recursive: true });
  mkdirSync(path.join(folder, 'resources'));
  writeFileSync(path.join(folder, 'electron'), PROGRAM);
  chmodSync(path.join(folder, 'electron'), 0o755);
  writeFileSync(path.join(folder, 'version'), electronVersion);
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'icudtl.dat'])
    writeFileSync(path.join(folder, name), name);
  for (const language of ['en-US', 'de'])
    writeFileSync(path.join(folder, 'locales', `${language}.pak`), language);
}

/** Writes what electron-builder needs of an Electron distribution for macOS; nothing of it runs. */
export function writeMacStub(folder: string): void {
  const contents = path.join(folder, 'Electron.app', 'Contents');
  const frameworks = path.join(contents, 'Frameworks');
  const framework = path.join(frameworks, 'Electron Framework.framework');
  mkdirSync(path.join(contents, 'Resources'), { recursive: true });
  const english = path.join(framework, 'Versions/A/Resources/en.lproj');
  mkdirSync(english, { recursive: true });
  writeFileSync(path.join(english, 'locale.pak'), 'en');
  writeFileSync(path.join(framework, 'Electron Framework'), PROGRAM);
  writeMacApp(contents, 'Electron');
  for (const kind of ['', ' (GPU)', ' (Plugin)', ' (Renderer)']) {
    const name = `Electron Helper${kind}`;
    writeMacApp(path.join(frameworks, `${name}.app`, 'Contents'), name);
  }
}

function writeMacApp(contents: string, name: string): void {
  mkdirSync(path.join(contents, 'MacOS'), { recursive: true });
  writeFileSync(path.join(contents, 'MacOS', name), name);
  const entries = ['CFBundleExecutable', 'CFBundleIdentifier', 'CFBundleName'].map(
    (key) => `<key>${key}</key><string>${name}</string>`,
  );
  writeFileSync(
    path.join(contents, 'Info.plist'),
    `<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>${entries.join('')}</dict></plist>`,
  );
}

/** Reads the fuses of a program: on, off, or left out of this build. */
export function readFuses(program: Buffer): Readonly<Record<FuseName, boolean | undefined>> {
  const start = program.indexOf(FUSE_SENTINEL);
  if (start === -1) throw new Error('The program has no fuses.');
  const states = program.subarray(start + FUSE_SENTINEL.length + 2);
  const stateOf = (index: number) => {
    const state = String.fromCharCode(states[index] ?? 0);
    return state === '1' ? true : state === '0' ? false : undefined;
  };
  return Object.fromEntries(FUSES.map((name, index) => [name, stateOf(index)])) as Record<
    FuseName,
    boolean | undefined
  >;
}
