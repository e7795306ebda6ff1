import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { InventoryStore } from '../../../main/engine/discover/inventory-store.ts';
import { History } from '../../../main/engine/store/history.ts';
import { Database } from '../../../main/engine/store/database.ts';
import { fixed } from '../../../main/engine/store/sql.ts';
import { NO_FILTER } from '../../../shared/domain/filter.ts';
import type { Correction } from '../../../shared/domain/correction.ts';
import type { Inventory } from '../../../shared/domain/inventory.ts';
import { aFolder, anEngine, SAMPLE, type TestEngine } from '../../support/engine.ts';
import { aLog } from '../../support/archives.ts';
import { correction, inventories } from '../../support/inventories.ts';

let test: TestEngine;
const WEB = 'group:SGTSWEB';

const inventory = () => test.client.call('inventory.read', {});
const groupOf = ({ groups }: Inventory, id: string) => groups.find((each) => each.id === id);

beforeAll(async () => {
  test = await anEngine();
  await test.client.call('archive.open', { paths: [SAMPLE] });
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

describe('a correction', () => {
  it('is in force wherever groups are named: inventory, map, filters, rules; undo takes it back everywhere', async () => {
    const { client } = test;
    const { policy, ...sides } = await client.call('rule.propose', {
      source: WEB,
      target: 'group:SGTSDB',
    });
    await client.call('ruleset.change', {
      change: {
        kind: 'add-rule',
        policy,
        rule: {
          ...sides,
          services: ['TCP/1433'],
          action: 'ALLOW',
          direction: 'IN_OUT',
          ipVersion: 'IPV4_IPV6',
          logged: true,
          notes: '',
          disabled: false,
        },
      },
    });
    const events = async (value: string) => {
      const terms = [{ field: 'source' as const, exclude: false, values: [value] }];
      const question = { by: [], order: 'events' as const, offset: 0, limit: 1 };
      return (await client.call('flow.list', { ...question, filter: { terms, window: null } }))
        .totalEvents;
    };
    const before = { inventory: await inventory(), events: await events('SGTSWEB') };
    const state = await client.call('inventory.change', {
      corrections: [{ kind: 'rename', id: WEB, name: 'Front end' }],
    });
    expect(state).toMatchObject({ undo: 'Rename "SGTSWEB" to "Front end"', redo: null });
    expect(groupOf(await inventory(), WEB)).toMatchObject({
      name: 'Front end',
      standing: 'edited',
    });
    const { nodes } = await client.call('graph.read', { filter: NO_FILTER });
    expect(nodes.some((node) => node.id === 'group:Front end')).toBe(true);
    expect(nodes.some((node) => node.id === WEB)).toBe(false);
    expect(await events('Front end')).toBe(before.events);
    const { ruleset } = await client.call('ruleset.read', {});
    expect(ruleset.policies[0]?.rules[0]).toMatchObject({
      sources: [{ kind: 'group', name: 'Front end' }],
      appliedTo: ['Front end', 'SGTSDB'],
    });
    await expect(events('SGTSWEB')).rejects.toMatchObject({ code: 'name-unknown' });

    const undone = await client.call('history.undo', {});
    expect(undone.redo).toBe('Rename "SGTSWEB" to "Front end"');
    expect(await inventory()).toEqual(before.inventory);
    expect(await events('SGTSWEB')).toBe(before.events);
    const { ruleset: back } = await client.call('ruleset.read', {});
    expect(back.policies[0]?.rules[0]?.appliedTo).toEqual(['SGTSWEB', 'SGTSDB']);
    await client.call('history.redo', {});
    expect(groupOf(await inventory(), WEB)?.name).toBe('Front end');
  });

  it('moves flows on the map with the member', async () => {
    const { client } = test;
    const member = groupOf(await inventory(), WEB)?.members[0] ?? '';
    const move = { kind: 'move-member', address: member, to: 'group:SGTSDB' } as const;
    await client.call('inventory.change', { corrections: [move] });
    const { nodes } = await client.call('graph.read', { filter: NO_FILTER });
    expect(nodes.find((node) => node.id === `workload:${member}`)?.parent).toBe('group:SGTSDB');
    await client.call('history.undo', {});
  });

  it('that is impossible is refused and changes nothing', async () => {
    const { client } = test;
    const before = await client.call('history.read', {});
    const change = (corrections: readonly Correction[]) =>
      client.call('inventory.change', { corrections });
    await expect(change([{ kind: 'rename', id: WEB, name: 'SGTSDB' }])).rejects.toMatchObject({
      code: 'correction-impossible',
    });
    await expect(change([{ kind: 'rename', id: WEB, name: '  ' }])).rejects.toMatchObject({
      code: 'bad-arguments',
    });
    expect(await client.call('history.read', {})).toEqual(before);
  });

  it('survives new loads and a reopening, and one about what is gone is told', async () => {
    await using other = await anEngine();
    const { client, folder } = other;
    writeFileSync(folder.file('a.log'), aLog(40));
    await client.call('archive.open', { paths: [folder.file('a.log')] });
    await client.call('inventory.change', {
      corrections: [
        { kind: 'reject', id: 'vip:192.0.2.250' },
        { kind: 'rename', id: 'address:192.0.2.1', name: 'a-host' },
        { kind: 'declare-spurious', address: '203.0.113.9' },
      ],
    });
    const before = await client.call('inventory.read', {});
    await client.call('archive.open', { paths: [SAMPLE] });
    const after = await client.call('inventory.read', {});
    expect(after.groups.length).toBeGreaterThan(before.groups.length);
    expect(after.names).toEqual({ '192.0.2.1': 'a-host' });
    expect(after.spurious.map(({ address }) => address)).toContain('203.0.113.9');
    await other.engine.close();
    await using reopened = await anEngine(other.projectPath);
    expect(await reopened.client.call('inventory.read', {})).toEqual(after);
    expect((await reopened.client.call('history.read', {})).undo).toBe('3 corrections');
  });

  it('a member moved by the analyst stays where it was put when more lines are loaded', async () => {
    await using other = await anEngine();
    const { client } = other;
    await client.call('archive.open', { paths: [SAMPLE] });
    const first = await client.call('inventory.read', {});
    const member = groupOf(first, WEB)?.members[0] ?? '';
    const move = { kind: 'move-member', address: member, to: 'group:SGTSDB' } as const;
    await client.call('inventory.change', { corrections: [move] });
    writeFileSync(other.folder.file('b.log'), aLog(40));
    await client.call('archive.open', { paths: [other.folder.file('b.log')] });
    const after = await client.call('inventory.read', {});
    expect(groupOf(after, 'group:SGTSDB')?.members).toContain(member);
    expect(groupOf(after, WEB)?.members).not.toContain(member);
  });
});

it('undo of any walk of corrections restores each state before', async () => {
  await using folder = await aFolder();
  const database = await Database.open(folder.file('p.segw'));
  const history = new History(database);
  await fc.assert(
    fc.asyncProperty(
      inventories,
      fc.array(correction, { minLength: 1, maxLength: 6 }),
      async (found, corrections) => {
        const store = new InventoryStore(history);
        await store.read();
        store.take(found);
        const states = [store.inventory];
        for (const each of corrections) {
          let plan;
          try {
            plan = store.planCorrections([each]);
          } catch {
            continue;
          }
          await history.commit(plan.label, plan.changes);
          await store.read();
          expect(store.inventory).toEqual(plan.after.inventory);
          states.push(store.inventory);
        }
        for (const state of states.slice(0, -1).reverse()) {
          await history.undo();
          await store.read();
          expect(store.inventory).toEqual(state);
        }
      },
    ),
    { numRuns: 25 },
  );
  database.close();
});

it('a renaming stores what it changes and not the rules beside it', async () => {
  await using other = await anEngine();
  const { client } = other;
  await client.call('archive.open', { paths: [SAMPLE] });
  const rule = (name: string, source: string) => ({
    id: name,
    name,
    sources: [{ kind: 'group' as const, name: source }],
    destinations: [],
    services: [],
    appliedTo: [],
    action: 'ALLOW' as const,
    direction: 'IN_OUT' as const,
    ipVersion: 'IPV4_IPV6' as const,
    logged: true,
    tag: 't',
    notes: '',
    disabled: false,
  });
  const rules = Array.from({ length: 10_000 }, (_, at) =>
    rule(`rule-${at}`, at === 4_711 ? 'SGTSWEB' : 'SGTSDB'),
  );
  const policies = [{ id: 'p', name: 'P', category: 'Application' as const, rules }];
  await client.call('ruleset.replace', { ruleset: { policies }, label: 'Many rules' });
  const { user: before } = process.cpuUsage();
  await client.call('inventory.change', {
    corrections: [{ kind: 'rename', id: WEB, name: 'Front end' }],
  });
  const cpuMs = (process.cpuUsage().user - before) / 1000;
  const moved = await client.call('ruleset.change', {
    change: { kind: 'move-rule', id: 'rule-9999', to: 10 },
  });
  expect(moved.ruleset.policies[0]?.rules[10]?.id).toBe('rule-9999');
  await client.call('history.undo', {});
  await client.call('history.undo', {});
  const back = await client.call('ruleset.read', {});
  expect(back.ruleset.policies).toEqual(policies);
  await client.call('history.redo', {});
  await client.call('history.redo', {});
  await other.engine.close();
  const database = await Database.open(other.projectPath);
  const steps = await database.query(
    fixed('select revision, count(*)::integer as steps from revision_step group by all order by 1'),
  );
  expect(steps.map((row) => row['steps'])).toEqual([10_001, 2, 1]);
  database.close();
  expect(cpuMs).toBeLessThan(1_500);
});
