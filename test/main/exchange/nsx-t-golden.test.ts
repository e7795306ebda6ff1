import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { EMPTY_INVENTORY, type Inventory } from '../../../shared/domain/inventory.ts';
import { rulesetSchema } from '../../../shared/ipc/ruleset-schema.ts';
import { toNsxT } from '../../support/export.ts';
import { nsxProblems } from '../../support/nsx-validate.ts';

const cases = new URL('../../golden/nsx-t/', import.meta.url);

function readJson(url: URL): unknown {
  return JSON.parse(readFileSync(url, 'utf8'));
}

/** The expectation; a missing one is written from `actual`, except in CI, where that is an error. */
function expectation(url: URL, actual: string): string {
  const accept = process.env['SEGWRIGHT_ACCEPT_GOLDEN'] === '1';
  if (accept || !existsSync(url)) {
    if (process.env['CI'] !== undefined && process.env['CI'] !== '')
      throw new Error(`${url.pathname} is missing; CI writes no expectation`);
    writeFileSync(url, actual);
  }
  return readFileSync(url, 'utf8');
}

describe('the NSX-T export', () => {
  it.each(readdirSync(cases))('of case %s is what was accepted, and valid', (name) => {
    const folder = new URL(`${name}/`, cases);
    const ruleset = v.parse(rulesetSchema, readJson(new URL('ruleset.json', folder)));
    const found = readJson(new URL('inventory.json', folder)) as Partial<Inventory>;
    const inventory: Inventory = { ...EMPTY_INVENTORY, ...found };
    const { text } = toNsxT(ruleset, inventory);
    expect(nsxProblems(text)).toEqual([]);
    expect(text).toBe(expectation(new URL('expected.json', folder), text));
  });
});
