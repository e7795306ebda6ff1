import fc from 'fast-check';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { RulesetStore } from '../../../main/engine/policy/ruleset-store.ts';
import { proposeRule } from '../../../main/engine/policy/propose.ts';
import { Database } from '../../../main/engine/store/database.ts';
import { History } from '../../../main/engine/store/history.ts';
import { rulesetSchema } from '../../../shared/ipc/ruleset-schema.ts';
import type { RuleDraft, Ruleset } from '../../../shared/domain/ruleset.ts';
import { EMPTY_INVENTORY, type Group, type Inventory } from '../../../shared/domain/inventory.ts';
import { aFolder } from '../../support/engine.ts';

function aDraft(name: string): RuleDraft {
  return {
    name,
    sources: [{ kind: 'group', name: 'WEB' }],
    destinations: [],
    services: ['TCP/80'],
    appliedTo: ['WEB'],
    action: 'ALLOW',
    direction: 'IN_OUT',
    ipVersion: 'IPV4_IPV6',
    logged: true,
    tag: 'web',
    notes: '',
    disabled: false,
  };
}

const names = (ruleset: Ruleset) =>
  ruleset.policies.flatMap((policy) => policy.rules.map((rule) => rule.name));

it('any walk through changes, undo and redo is what an editor in memory would do', async () => {
  const step = fc.oneof(
    fc
      .string({ minLength: 1, maxLength: 5 })
      .filter((name) => name.trim() !== '')
      .map((name) => ({ kind: 'add' as const, name })),
    fc.constant({ kind: 'undo' as const, name: '' }),
    fc.constant({ kind: 'redo' as const, name: '' }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      await using folder = await aFolder();
      const database = await Database.open(folder.file('p.segw'));
      const history = new History(database);
      const store = new RulesetStore(history);
      let past: string[][] = [[]];
      let at = 0;
      for (const { kind, name } of steps) {
        if (kind === 'add') {
          past = [...past.slice(0, at + 1), [...(past[at] ?? []), name]];
          at++;
          await store.change({ kind: 'add-rule', policy: 'P', rule: aDraft(name) });
        } else {
          const to = at + (kind === 'undo' ? -1 : 1);
          const work = kind === 'undo' ? history.undo() : history.redo();
          if (past[to] === undefined) await expect(work).rejects.toThrow();
          else {
            await work;
            store.forget();
            at = to;
          }
        }
        const state = await store.read();
        expect(names(state.ruleset)).toEqual(past[at]);
        expect(state.undo === null).toBe(at === 0);
        expect(state.redo === null).toBe(past[at + 1] === undefined);
      }
      database.close();
    }),
    { numRuns: 10 },
  );
});

it('changes asked for at once are made one after the other, none lost', async () => {
  await using folder = await aFolder();
  const database = await Database.open(folder.file('p.segw'));
  const store = new RulesetStore(new History(database));
  const wanted = Array.from({ length: 8 }, (_, index) => `rule ${index}`);
  await Promise.all(
    wanted.map((name) => store.change({ kind: 'add-rule', policy: 'P', rule: aDraft(name) })),
  );
  const { ruleset, revision } = await store.read();
  expect(names(ruleset)).toEqual(wanted);
  expect(revision).toBe(8);
  database.close();
});

it('a change that fails leaves the ruleset and the next change alone', async () => {
  await using folder = await aFolder();
  const database = await Database.open(folder.file('p.segw'));
  const store = new RulesetStore(new History(database));
  await expect(store.change({ kind: 'remove-rule', id: 'none' })).rejects.toMatchObject({
    code: 'rule-unknown',
  });
  const state = await store.change({ kind: 'add-rule', policy: 'P', rule: aDraft('a') });
  expect(names(state.ruleset)).toEqual(['a']);
  database.close();
});

function aGroup(name: string, members: readonly string[], parents: readonly string[] = []): Group {
  return {
    name,
    members,
    parents,
    children: [],
    tier: null,
    application: null,
    confidence: 1,
    id: 'group:' + name,
    basis: 'tag',
    standing: 'inferred',
    proofs: [],
    events: 1,
  };
}

const inventory: Inventory = {
  ...EMPTY_INVENTORY,
  groups: [
    aGroup('WEB', ['192.0.2.1'], ['BOOKS']),
    aGroup('DB', ['192.0.2.9'], ['BOOKS']),
    aGroup('BOOKS', ['192.0.2.1', '192.0.2.9']),
  ],
  workloads: 2,
};

const propose = (source: string, target: string, gathered: readonly string[] = []) =>
  proposeRule({ source, target }, inventory, async () => gathered);

it('a rule between two groups is enforced at both and joins their application', async () => {
  expect(await propose('group:WEB', 'group:DB')).toMatchObject({
    appliedTo: ['WEB', 'DB'],
    policy: 'BOOKS',
  });
});

it('a rule to an address that is no workload is enforced at the group alone', async () => {
  expect(await propose('group:WEB', 'address:198.51.100.7')).toMatchObject({
    appliedTo: ['WEB'],
    destinations: [{ kind: 'ip-set', addresses: ['198.51.100.7'] }],
  });
});

it('a rule about one workload is enforced at its innermost group', async () => {
  expect(await propose('workload:192.0.2.1', 'address:198.51.100.7')).toMatchObject({
    appliedTo: ['WEB'],
  });
});

it('what lies outside is any; gathered addresses become an IP set', async () => {
  expect(await propose('outside', 'group:WEB')).toMatchObject({ sources: [], name: 'any to WEB' });
  expect(await propose('blocked', 'group:WEB', ['192.0.2.77'])).toMatchObject({
    sources: [{ kind: 'ip-set', addresses: ['192.0.2.77'] }],
  });
});

it.each(['group:NONE', 'address:nonsense', 'nowhere'])('%s names nothing', async (node) => {
  await expect(propose('group:WEB', node)).rejects.toMatchObject({ code: 'name-unknown' });
});

it('a ruleset stored before negation, policy scope and log ids is read as it was', async () => {
  const old: Ruleset = {
    policies: [
      {
        id: 'P',
        name: 'P',
        category: 'Application',
        rules: [{ ...aDraft('web'), id: 'web' }],
      },
    ],
  };
  expect(v.parse(rulesetSchema, structuredClone(old))).toEqual(old);
  const today: Ruleset = {
    policies: old.policies.map((policy) => ({
      ...policy,
      appliedTo: ['WEB'],
      locked: true,
      rules: policy.rules.map((rule) => ({
        ...rule,
        sourcesNegated: true,
        destinationsNegated: false,
        locked: true,
        logId: 4_294_967_295,
      })),
    })),
    defaultRule: { action: 'DROP', logged: true, logId: 2 },
  };
  await using folder = await aFolder();
  const database = await Database.open(folder.file('p.segw'));
  const store = new RulesetStore(new History(database));
  await store.replace(today, 'Import');
  expect((await store.read()).ruleset).toEqual(today);
  database.close();
});
