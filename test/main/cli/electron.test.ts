import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findElectron } from '../../../main/cli/electron.ts';
import { userFolder } from '../../../main/cli/user-folder.ts';

let root: string;
const display = { DISPLAY: ':0' };

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'segwright-electron-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function install(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const program = path.join(folder, 'electron');
  await writeFile(program, '');
  return program;
}

describe('Electron is found', () => {
  test('where its package downloaded it', async () => {
    const folder = path.join(root, 'node_modules', 'electron');
    const program = await install(path.join(folder, 'dist'));
    await writeFile(path.join(folder, 'path.txt'), 'electron');
    expect(findElectron(root, display, 'linux', 1000)).toEqual({ ok: true, program });
    expect(findElectron(root, { WAYLAND_DISPLAY: 'w' }, 'linux', 1000).ok).toBe(true);
    expect(findElectron(root, {}, 'darwin', 0).ok).toBe(true);
  });

  test('where the environment names another folder', async () => {
    const program = await install(path.join(root, 'other'));
    const env = { ...display, ELECTRON_OVERRIDE_DIST_PATH: path.join(root, 'other') };
    expect(findElectron(root, env, 'linux', 1000)).toEqual({ ok: true, program });
  });
});

describe('Electron is not used', () => {
  test('where its program is missing, whatever the package says', async () => {
    const why = 'Electron is not installed here';
    expect(findElectron(root, display, 'linux', 1000)).toEqual({ ok: false, why });
    await mkdir(path.join(root, 'node_modules', 'electron'), { recursive: true });
    await writeFile(path.join(root, 'node_modules', 'electron', 'path.txt'), 'electron');
    expect(findElectron(root, display, 'linux', 1000)).toEqual({ ok: false, why });
  });

  test('without a display, nor as root on Linux', async () => {
    await install(path.join(root, 'other'));
    const env = { ELECTRON_OVERRIDE_DIST_PATH: path.join(root, 'other') };
    expect(findElectron(root, env, 'linux', 1000)).toEqual({
      ok: false,
      why: 'there is no display for a window',
    });
    expect(findElectron(root, { ...env, ...display }, 'linux', 0)).toEqual({
      ok: false,
      why: 'Electron does not run its sandbox as root',
    });
  });
});

test('settings lie where Electron keeps them on each platform', () => {
  expect(userFolder('linux', { XDG_CONFIG_HOME: '/c' })).toBe(path.join('/c', 'Segwright'));
  expect(userFolder('linux', {})).toMatch(/[/\\]\.config[/\\]Segwright$/);
  expect(userFolder('darwin', {})).toMatch(/Library[/\\]Application Support[/\\]Segwright$/);
  expect(userFolder('win32', { APPDATA: '/roaming' })).toBe(path.join('/roaming', 'Segwright'));
});
