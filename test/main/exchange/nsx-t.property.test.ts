import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rulesOf } from '../../../shared/domain/ruleset-change.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import { readBody } from '../../support/nsx-body.ts';
import { toNsxT } from '../../support/export.ts';
import { nsxProblems } from '../../support/nsx-validate.ts';
import { inventory, packet, ruleset, SAYABLE, type RulesetParts } from './arbitraries.ts';
import { decideByBody, decideByRuleset } from './matchers.ts';

const ANYTHING: RulesetParts = {
  service: fc.oneof(
    { weight: 6, arbitrary: SAYABLE.service },
    { weight: 1, arbitrary: fc.constantFrom('SCTP/9', 'ICMP/8', 'nonsense', '', 'TCP/70000') },
  ),
  object: fc.oneof(
    { weight: 6, arbitrary: SAYABLE.object },
    { weight: 1, arbitrary: fc.constant({ kind: 'group' as const, name: 'NOWHERE' }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        { kind: 'ip-set' as const, name: 'bad', addresses: ['192.0.2.300'] },
        { kind: 'ip-set' as const, name: 'none', addresses: [] },
      ),
    },
  ),
};

describe('toNsxT for any ruleset', () => {
  it('writes a document that both schemas and all further checks accept', () => {
    fc.assert(
      fc.property(ruleset(SAYABLE), inventory, (rules, groups) => {
        expect(nsxProblems(toNsxT(rules, groups).text)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('fails with a Failure, or writes a valid document, never anything else', () => {
    fc.assert(
      fc.property(ruleset(ANYTHING), inventory, (rules, groups) => {
        try {
          expect(nsxProblems(toNsxT(rules, groups).text)).toEqual([]);
        } catch (thrown) {
          if (!(thrown instanceof Failure)) throw thrown;
          expect(thrown.code).toBe('export-impossible');
          expect(rulesOf(rules).map(({ id }) => id)).toContain(thrown.details['rule']);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('writes as many rules as it was given, in the same order', () => {
    fc.assert(
      fc.property(ruleset(SAYABLE), inventory, (rules, groups) => {
        const { text, counts } = toNsxT(rules, groups);
        const body = readBody(JSON.parse(text));
        const written = body.policies.flatMap((policy) => policy.rules);
        expect(written.map(({ tag }) => tag)).toEqual(rulesOf(rules).map(({ tag }) => tag));
        expect(counts).toEqual({
          groups: body.groups.size,
          services: body.services.size,
          policies: body.policies.length,
          rules: written.length,
        });
      }),
      { numRuns: 100 },
    );
  });

  it('decides every packet as the ruleset does', () => {
    let decided = 0;
    fc.assert(
      fc.property(
        ruleset(SAYABLE),
        inventory,
        fc.array(packet, { minLength: 10, maxLength: 30 }),
        (rules, groups, packets) => {
          const body = readBody(JSON.parse(toNsxT(rules, groups).text));
          for (const each of packets) {
            const decision = decideByBody(body, each);
            if (decision !== null) decided++;
            expect(decision).toEqual(decideByRuleset(rules, groups, each));
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(decided).toBeGreaterThan(100);
  });

  it('gives the same text again, whatever the order of the inventory', () => {
    fc.assert(
      fc.property(ruleset(SAYABLE), inventory, fc.integer(), (rules, groups, seed) => {
        const shuffled = {
          ...groups,
          groups: groups.groups
            .map((group) => ({
              ...group,
              members: group.members.toReversed(),
              children: group.children.toReversed(),
            }))
            .toSorted((a, b) => ((a.name.length * 7 + seed) % 5) - ((b.name.length * 7 + seed) % 5))
            .toReversed(),
        };
        const { files, problems } = toNsxT(rules, groups);
        expect(toNsxT(rules, shuffled)).toMatchObject({ files, problems });
      }),
      { numRuns: 100 },
    );
  });
});
