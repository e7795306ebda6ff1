import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { BUNDLED, shippedPackages } from '../../../main/tools/licences.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

/** Packages that the sources of a folder import. */
function imported(folder: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const file of readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:ts|svelte)$/.test(file) || file.endsWith('vite.config.ts')) continue;
    const text = readFileSync(path.join(root, folder, file), 'utf8');
    for (const [, name = ''] of text.matchAll(
      /(?:from|import)\s*\(?\s*'((?:@[\w-]+\/)?[\w-][\w.-]*)(?:\/[\w./-]+)?'/g,
    ))
      if (!name.startsWith('.')) names.add(name);
  }
  return names;
}

const shipped = shippedPackages(root);

it('every package the page imports is among those bundled into it', () => {
  const names = new Set([...imported('renderer'), ...imported('shared')]);
  expect([...names].filter((name) => !/^(?:node|virtual)$/.test(name)).sort()).toEqual(
    [...BUNDLED].sort(),
  );
});

it('every production package is named, with its version and licence', () => {
  const names = shipped.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies)));
  expect(names).toEqual(names.toSorted());
  for (const { name, version, licence } of shipped) {
    expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+/)]);
    expect([name, licence]).not.toEqual([name, 'not stated']);
  }
});

it('no licence asks for more than to be named', () => {
  const odd = shipped.filter(
    ({ licence }) =>
      !/^\(?(?:MIT|MIT-0|ISC|BSD-[23]-Clause|Apache-2\.0|0BSD|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|Python-2\.0|Zlib| OR | AND |[()])+$/.test(
        licence,
      ),
  );
  expect(odd.map(({ name, licence }) => `${name}: ${licence}`)).toEqual([]);
});
