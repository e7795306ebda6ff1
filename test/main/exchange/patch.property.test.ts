import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importRuleset } from '../../../main/engine/exchange/import.ts';
import type { ImportedRuleset } from '../../../shared/domain/imported.ts';
import type { Inventory } from '../../../shared/domain/inventory.ts';
import { RULE_ACTIONS, type Rule, type Ruleset } from '../../../shared/domain/ruleset.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import { parseAddress } from '../../../shared/net/address.ts';
import { compileRuleset } from '../../../shared/policy/compile.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { resolverOf } from '../../../shared/policy/members.ts';
import { exported } from '../../support/export.ts';
import { Manager } from '../../support/manager.ts';
import { inventory, packet, ruleset, SAYABLE, type Packet } from './arbitraries.ts';

function imported(manager: Manager): ImportedRuleset {
  return importRuleset([{ name: 'now.json', text: JSON.stringify(manager.answer()) }]);
}

function load(
  manager: Manager,
  files: readonly { readonly name: string; readonly text: string }[],
) {
  for (const { text } of files) manager.patch(JSON.parse(text));
}

/** The current ruleset with rules edited, moved, gone and new, and a policy gone or new. */
function edited(base: Ruleset, other: Ruleset, dice: readonly number[]): Ruleset {
  let at = 0;
  const roll = () => dice[at++ % dice.length] ?? 0;
  const strangers = other.policies.flatMap(({ rules }) => rules);
  let number = 0;
  const fresh = (): readonly Rule[] => {
    const rule = strangers[roll() % Math.max(1, strangers.length)];
    return rule === undefined ? [] : [{ ...rule, id: `new ${number++}` }];
  };
  const policies = base.policies.flatMap((policy) => {
    if (roll() === 0) return [];
    const rules = policy.rules.flatMap((rule) => {
      const turn = roll();
      if (turn === 0) return [];
      if (turn === 1) return [{ ...rule, action: RULE_ACTIONS[roll() % 3] ?? 'ALLOW' }];
      if (turn === 2) return [...fresh(), rule];
      if (turn === 3) return [{ ...rule, notes: 'other' }, ...fresh()];
      return [rule];
    });
    return [{ ...policy, rules: roll() < 2 ? rules.toReversed() : rules }];
  });
  const more = fresh();
  const category = policies.at(-1)?.category ?? 'Application';
  const added = { id: 'added', name: 'added', category, rules: more };
  return { policies: roll() < 3 && more.length > 0 ? [...policies, added] : policies };
}

function decisions(
  rules: Ruleset,
  groups: Inventory,
  own: ImportedRuleset,
  packets: readonly Packet[],
) {
  const compiled = compileRuleset(rules, resolverOf(groups, own.groups));
  return packets.map(({ source, destination, protocol, port }) => {
    const [from, to] = [parseAddress(source), parseAddress(destination)];
    if (from === undefined || to === undefined) throw new Error('no address');
    const flow = { source: from, destination: to, protocol, port, sourcePort: null, icmp: null };
    const { source: first, destination: second } = decide(compiled, flow);
    return [first, second].map(({ isEnforced, action, rule }) =>
      isEnforced ? [action, rule?.rule.tag ?? null] : null,
    );
  });
}

const UNTAGGED = ruleset(SAYABLE);

describe('a patch', () => {
  it('makes the manager decide as the draft, touches nothing else, and can be taken back', () => {
    const seen = { patched: 0, touched: 0, untouched: 0 };
    fc.assert(
      fc.property(
        UNTAGGED,
        UNTAGGED,
        inventory,
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 40, maxLength: 40 }),
        fc.array(packet, { minLength: 15, maxLength: 25 }),
        (first, other, groups, dice, packets) => {
          const manager = new Manager();
          const complete = exported({ format: 'nsx-t' }, { ruleset: first, inventory: groups });
          load(
            manager,
            complete.files.filter(({ name }) => /nsx-t(-\d+)?\.json$/.test(name)),
          );
          const base = imported(manager);
          const draft = edited(base.ruleset, other, dice);
          const ids = new Set(base.ruleset.policies.map(({ id }) => id));
          if (!draft.policies.some(({ id }) => ids.has(id))) return;
          const before = structuredClone(manager.state());
          manager.touched.clear();
          const input = { ruleset: draft, inventory: groups, definitions: base.groups, base };
          let patch;
          try {
            patch = exported({ format: 'nsx-t', variant: 'patch' }, input);
          } catch (thrown) {
            if (thrown instanceof Failure && /^export-/.test(thrown.code)) return;
            throw thrown;
          }
          load(
            manager,
            patch.files.filter(({ name }) => /patch(-\d+)?\.json$/.test(name)),
          );
          seen.patched++;
          seen.touched += manager.touched.size;
          const after = imported(manager);
          expect(decisions(after.ruleset, groups, after, packets)).toEqual(
            decisions(draft, groups, { ...base, groups: base.groups }, packets),
          );
          for (const { id, rules } of draft.policies) {
            const was = base.ruleset.policies.find((policy) => policy.id === id)?.rules;
            if (rules.length !== was?.length || rules.some((rule, at) => rule !== was[at]))
              continue;
            const own = [...manager.touched].filter((path) => path.includes(`/${id}/rules/`));
            expect(own).toEqual([]);
            seen.untouched++;
          }
          load(
            manager,
            patch.files.filter(({ name }) => /rollback(-\d+)?\.json$/.test(name)),
          );
          expect(manager.state()).toEqual(before);
        },
      ),
      { numRuns: 200 },
    );
    expect(seen.patched).toBeGreaterThan(60);
    expect(seen.touched).toBeGreaterThan(60);
    expect(seen.untouched).toBeGreaterThan(10);
  });
});
