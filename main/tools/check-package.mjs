import { existsSync } from 'node:fs';
import path from 'node:path';
import { Arch } from 'electron-builder';

/**
 * Refuses a package that lacks the DuckDB library of its system. npm installs only the library of the
 * system it runs on, and electron-builder packs whichever is there.
 *
 * @param {import('electron-builder').AfterPackContext} context
 */
export async function afterPack({ appOutDir, arch, electronPlatformName, packager }) {
  const target = `${electronPlatformName}-${Arch[arch]}`;
  const library = path.join(
    packager.getResourcesDir(appOutDir),
    'app.asar.unpacked/node_modules/@duckdb',
    `node-bindings-${target}`,
  );
  if (!existsSync(library)) {
    throw new Error(
      `The package would lack DuckDB for ${target}. Install the packages of that system first: ` +
        `npm ci --os=${electronPlatformName} --cpu=${Arch[arch]}`,
    );
  }
}
