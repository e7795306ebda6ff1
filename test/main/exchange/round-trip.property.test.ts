import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importRuleset, type ImportFile } from '../../../main/engine/exchange/import.ts';
import type { ExportRequest } from '../../../shared/domain/export.ts';
import type { ImportedRuleset } from '../../../shared/domain/imported.ts';
import type { Inventory } from '../../../shared/domain/inventory.ts';
import { RULE_ACTIONS, type Ruleset } from '../../../shared/domain/ruleset.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import { parseAddress } from '../../../shared/net/address.ts';
import { compileRuleset } from '../../../shared/policy/compile.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { resolverOf } from '../../../shared/policy/members.ts';
import { exported, type Exported } from '../../support/export.ts';
import { stateOf } from '../../support/hcl.ts';
import { planOf } from '../../support/plan.ts';
import {
  inventory,
  packet,
  ruleset,
  SAYABLE,
  type Packet,
  type RulesetParts,
} from './arbitraries.ts';

/** The files of a document that an import reads, as the system would hand them out again. */
const WAYS: readonly (readonly [ExportRequest, (document: Exported) => readonly ImportFile[]])[] = [
  [
    { format: 'nsx-t' },
    ({ files }) => files.filter(({ name }) => /nsx-t(-\d+|\.default-rule)?\.json$/.test(name)),
  ],
  [
    { format: 'nsx-t', variant: 'draft' },
    ({ files }) =>
      files.filter(({ name }) => /draft(\.objects|\.default-rule)?(-\d+)?\.json$/.test(name)),
  ],
  [{ format: 'nsx-v' }, ({ files }) => files.filter(({ name }) => name.endsWith('.xml'))],
  [
    { format: 'nsx-v', variant: 'draft' },
    ({ files }) => files.filter(({ name }) => name.endsWith('.xml')),
  ],
  [
    { format: 'nsx-v', variant: 'objects' },
    ({ files }) => files.filter(({ name }) => /\.xml$|\.[12]-/.test(name) && !/empty/.test(name)),
  ],
  [
    { format: 'terraform' },
    ({ files }) => files.map(({ name, text }) => ({ name, text: JSON.stringify(stateOf(text)) })),
  ],
  [
    { format: 'terraform' },
    ({ files }) => files.map(({ name, text }) => ({ name, text: JSON.stringify(planOf(text)) })),
  ],
  [{ format: 'segwright' }, ({ text }) => [{ name: 'own.json', text }]],
];

function decisions(
  rules: Ruleset,
  groups: Inventory,
  packets: readonly Packet[],
  imported?: ImportedRuleset,
) {
  const compiled = compileRuleset(rules, resolverOf(groups, imported?.groups));
  return packets.flatMap(({ source, destination, protocol, port }) => {
    const from = parseAddress(source);
    const to = parseAddress(destination);
    if (from === undefined || to === undefined) return [];
    const flow = { source: from, destination: to, protocol, port };
    const decision = decide(compiled, flow as Parameters<typeof decide>[1]);
    const endOf = ({ isEnforced, rule, action }: (typeof decision)['source']) => {
      return isEnforced ? [action, rule?.rule.tag ?? null] : null;
    };
    return [
      [source, destination, protocol, port, endOf(decision.source), endOf(decision.destination)],
    ];
  });
}

/** Services with client ports and ICMP types among the others. */
const PARTS: RulesetParts = {
  ...SAYABLE,
  service: fc.oneof(
    { weight: 4, arbitrary: SAYABLE.service },
    { weight: 1, arbitrary: fc.constantFrom('ICMP/8', 'ICMPv6/1,4', 'TCP/80 from 1024-65535') },
  ),
};

/** Rulesets with negated sides; tags are short, since NSX-v cuts long ones. */
const rulesets: fc.Arbitrary<Ruleset> = fc
  .tuple(
    ruleset(PARTS),
    fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
    fc.option(fc.record({ action: fc.constantFrom(...RULE_ACTIONS), logged: fc.boolean() })),
  )
  .map(([rules, coins, defaultRule]) => {
    let at = 0;
    const toss = () => coins[at++ % coins.length] === true && coins[at++ % coins.length] === true;
    return {
      ...(defaultRule === null ? {} : { defaultRule }),
      policies: rules.policies.map((policy) => ({
        ...policy,
        rules: policy.rules.map((rule) => ({
          ...rule,
          tag: rule.tag.slice(0, 30),
          ...(rule.sources.length > 0 && toss() ? { sourcesNegated: true } : {}),
          ...(rule.destinations.length > 0 && toss() ? { destinationsNegated: true } : {}),
        })),
      })),
    };
  });

describe.each(WAYS)('%j, exported and imported again', (request, readable) => {
  it('decides every flow the same', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        rulesets,
        inventory,
        fc.array(packet, { minLength: 10, maxLength: 30 }),
        (rules, groups, packets) => {
          let document: Exported;
          try {
            document = exported(request, { ruleset: rules, inventory: groups });
          } catch (thrown) {
            if (thrown instanceof Failure && thrown.code === 'export-impossible') return;
            throw thrown;
          }
          const files = readable(document).filter(({ text }) => text !== '');
          expect(files.length).toBeGreaterThan(0);
          const imported = importRuleset(files);
          expect(imported.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
          compared++;
          expect(imported.ruleset.defaultRule).toEqual(rules.defaultRule);
          expect(decisions(imported.ruleset, groups, packets, imported)).toEqual(
            decisions(rules, groups, packets),
          );
        },
      ),
      { numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(3);
  });
});
