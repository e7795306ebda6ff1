import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { readXml } from '../../../main/engine/exchange/read/xml.ts';
import {
  EXPORT_CHOICES,
  EXPORT_FORMATS,
  type ExportRequest,
} from '../../../shared/domain/export.ts';
import { EMPTY_INVENTORY, type Inventory } from '../../../shared/domain/inventory.ts';
import { rulesetSchema } from '../../../shared/ipc/ruleset-schema.ts';
import { exported } from '../../support/export.ts';
import { expectation, readJson } from '../../support/golden.ts';
import { readHcl } from '../../support/hcl.ts';

const folder = new URL('../../golden/formats/closed-shop/', import.meta.url);
const ruleset = v.parse(rulesetSchema, readJson(new URL('ruleset.json', folder)));
const inventory: Inventory = {
  ...EMPTY_INVENTORY,
  ...(readJson(new URL('inventory.json', folder)) as Partial<Inventory>),
};

const FACTS = {
  sources: [],
  coverage: { flows: 0.75, events: 0.999, needed: 1 },
  score: 87,
  findings: [
    {
      severity: 'high',
      kind: 'any-any',
      rule: 'Close SHOP',
      detail: 'It is for <everything> & more.',
    },
  ],
  findingCount: 3,
  closing: {
    isClosed: false,
    passed: { flows: 2, events: 40 },
    needed: { flows: 1, events: 30 },
    flows: [
      {
        source: '192.0.2.11',
        destination: '198.51.100.9',
        service: 'TCP/25',
        decidedBy: 'close',
        events: 30,
      },
    ],
  },
  hits: new Map([['dns', 1_234]]),
  denied: [],
};

const REQUESTS: readonly ExportRequest[] = EXPORT_FORMATS.flatMap((format) =>
  EXPORT_CHOICES[format].variants
    .filter(({ id }) => id !== 'patch')
    .map(({ id }) => ({ format, variant: id })),
);

/** A file of a kind that has a grammar is read by another reader than wrote it. */
function checkGrammar(name: string, text: string): void {
  if (name.endsWith('.json')) JSON.parse(text);
  else if (name.endsWith('.xml')) expect(readXml(text)).toHaveLength(1);
  else if (name.endsWith('.tf')) readHcl(text);
}

describe('a closed shop', () => {
  it.each(REQUESTS)('as %j is, to the byte, what was accepted', (request) => {
    const { format, variant = '' } = request;
    const { files, problems } = exported(request, { ruleset, inventory, facts: FACTS });
    const place = new URL(`${format}-${variant}/`, folder);
    for (const { name, text } of files) {
      checkGrammar(name, text);
      expect(text).toBe(expectation(new URL(name, place), text));
    }
    const told = `${problems.map(({ message }) => message).join('\n')}\n`;
    expect(told).toBe(expectation(new URL('problems.txt', place), told));
  });
});
