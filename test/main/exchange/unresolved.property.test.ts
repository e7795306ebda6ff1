import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importRuleset } from '../../../main/engine/exchange/import.ts';
import type { ExportRequest } from '../../../shared/domain/export.ts';
import { rulesOf } from '../../../shared/domain/ruleset-change.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import { exported, type Exported } from '../../support/export.ts';
import { stateOf } from '../../support/hcl.ts';
import { inventory, ruleset, SAYABLE } from './arbitraries.ts';

/** Whether the coins say that an object is lost. */
type Lost = () => boolean;

/** A JSON document without some of its groups and services, or with their content gone. */
function pruned(value: unknown, lost: Lost): unknown {
  if (Array.isArray(value))
    return (value as unknown[]).flatMap((each) => (isLost(each, lost) ? [] : [pruned(each, lost)]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const isContent = ['service_entries', 'l4_port_set_entry', 'icmp_entry'].includes(key);
      return [key, isContent && lost() ? [] : pruned(each, lost)];
    }),
  );
}

function isLost(value: unknown, lost: Lost): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { resource_type, type } = value as { resource_type?: unknown; type?: unknown };
  const kind = [resource_type, type].find((each) => typeof each === 'string') ?? '';
  return /^(?:Child)?(?:Group|Service)$|^nsxt_policy_(?:group|service)$/.test(kind) && lost();
}

const WAYS: readonly (readonly [ExportRequest, (document: Exported, lost: Lost) => string])[] = [
  [
    { format: 'nsx-t' },
    ({ text }, lost) => JSON.stringify(pruned(JSON.parse(text) as unknown, lost)),
  ],
  [{ format: 'terraform' }, ({ text }, lost) => JSON.stringify(pruned(stateOf(text), lost))],
  [
    { format: 'nsx-v', variant: 'objects' },
    ({ files }, lost) => {
      const parts = files.filter(
        ({ name, text }) => /\.xml$/.test(name) && !/empty/.test(name) && text !== '',
      );
      const rules = parts.find(({ text }) => text.includes('<rule'))?.text ?? '';
      return lost() ? rules : rules.replaceAll(/<value>[^<]*<\/value>/g, '<value>gone-1</value>');
    },
  ],
];

describe.each(WAYS)('%j that lost groups, services or their content', (request, damage) => {
  it('never reads a side that named something as any', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        ruleset(SAYABLE),
        inventory,
        fc.array(fc.boolean(), { minLength: 50, maxLength: 50 }),
        (rules, groups, coins) => {
          let at = 0;
          const lost: Lost = () => coins[at++ % coins.length] === true;
          let text: string;
          try {
            text = damage(exported(request, { ruleset: rules, inventory: groups }), lost);
          } catch (thrown) {
            if (thrown instanceof Failure && thrown.code === 'export-impossible') return;
            throw thrown;
          }
          if (text === '') return;
          const read = rulesOf(importRuleset([{ name: 'damaged', text }]).ruleset);
          const wanted = rulesOf(rules);
          for (const rule of read) {
            const [original, ...others] = wanted.filter(({ tag }) => tag === rule.tag);
            if (original === undefined || others.length > 0) continue;
            compared++;
            for (const side of ['sources', 'destinations', 'services', 'appliedTo'] as const)
              if (original[side].length > 0)
                expect([side, rule[side].length]).not.toEqual([side, 0]);
          }
        },
      ),
      { numRuns: 100 },
    );
    expect(compared).toBeGreaterThan(20);
  });
});
