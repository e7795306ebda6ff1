import { readdirSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { EMPTY_INVENTORY, type Inventory } from '../../../shared/domain/inventory.ts';
import { rulesetSchema } from '../../../shared/ipc/ruleset-schema.ts';
import { toNsxT } from '../../support/export.ts';
import { expectation, readJson } from '../../support/golden.ts';
import { nsxProblems } from '../../support/nsx-validate.ts';

const cases = new URL('../../golden/nsx-t/', import.meta.url);

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
