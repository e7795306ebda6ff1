import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Development packages whose code is bundled into the page; a test holds them against what the page
 * imports.
 */
export const BUNDLED = ['@tanstack/virtual-core', 'cytoscape', 'svelte', 'valibot'];

/**
 * @typedef {object} ShippedPackage
 * @property {string} name
 * @property {string} version
 * @property {string} licence an SPDX expression
 * @property {string} text the licence's text, `''` where the package brings none
 */

/** @param {string} folder */
function licenceText(folder) {
  const name = readdirSync(folder).find((each) =>
    /^(?:licen[cs]e|copying)(?:[.-].*)?$/i.test(each),
  );
  return name === undefined ? '' : readFileSync(path.join(folder, name), 'utf8').trim();
}

/**
 * All packages whose code is in what is shipped, in order of name: production packages and those
 * bundled into the page, with everything they depend on.
 *
 * @param {string} root the folder of `package-lock.json`
 * @returns {readonly ShippedPackage[]}
 */
export function shippedPackages(root) {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const found = new Map();
  const open = [...Object.keys(manifest.dependencies), ...BUNDLED].map((name) => ({
    name,
    from: '',
  }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { name, from } = next;
    const place = placeOf(lock, from, name);
    // An optional package of another system is in the lock, and not on this disk.
    if (place === undefined || found.has(place) || !existsSync(path.join(root, place))) continue;
    const { version, license, dependencies = {}, optionalDependencies = {} } = lock[place];
    const text = licenceText(path.join(root, place));
    found.set(place, { name, version, licence: license ?? 'not stated', text });
    for (const inner of Object.keys({ ...dependencies, ...optionalDependencies }))
      open.push({ name: inner, from: place });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Where npm put a package that another one asks for: beside it, or further out.
 *
 * @param {Record<string, unknown>} lock
 * @param {string} from
 * @param {string} name
 */
function placeOf(lock, from, name) {
  for (let folder = from; ;) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (place in lock) return place;
    if (folder === '') return undefined;
    const outer = folder.lastIndexOf('/node_modules/');
    folder = outer < 0 ? '' : folder.slice(0, outer);
  }
}

/**
 * Gives the page `virtual:licences`: the licences of what is shipped.
 *
 * @param {string} root
 */
export function licencesModule(root) {
  return {
    name: 'licences',
    /** @param {string} id */
    resolveId: (id) => (id === 'virtual:licences' ? '\0virtual:licences' : undefined),
    /** @param {string} id */
    load: (id) =>
      id === '\0virtual:licences'
        ? `export default ${JSON.stringify(shippedPackages(root))};`
        : undefined,
  };
}
