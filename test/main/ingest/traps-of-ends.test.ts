import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { NO_FILTER } from '../../../shared/domain/filter.ts';
import type { FlowKey } from '../../../shared/domain/flow.ts';
import { anEngine, type TestEngine } from '../../support/engine.ts';

async function load(test: TestEngine, lines: readonly string[]) {
  const file = test.folder.file('dfw.log');
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  return test.client.call('archive.open', { paths: [file] });
}

async function flowsBy(test: TestEngine, by: readonly FlowKey[]) {
  const { rows } = await test.client.call('flow.list', {
    filter: NO_FILTER,
    by: [...by],
    order: 'events',
    limit: 100,
    offset: 0,
  });
  return rows;
}

const START = Date.parse('2026-03-02T08:00:00Z');

/** Lines of one vNIC of one host, one each ten seconds. */
function vnic(filter: number, tag: string, from: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => {
    const time = new Date(START + from * 1_000 + at * 10_000).toISOString();
    const ends = `198.51.100.7/${40_000 + filter + at}->192.0.2.50/443`;
    return `${time} esx-a dfwpktlogs: ${filter} INET match PASS domain-c8/1006 IN 60 TCP ${ends} S ${tag}`;
  });
}

describe('two machines of two tenants that have the same address', () => {
  const contradictions = async (test: TestEngine) => {
    const inventory = await test.client.call('inventory.read', {});
    return inventory.contradictions.filter(({ kind }) => kind === 'address');
  };

  it('are told apart by their filters: the address is said to be two machines’', async () => {
    await using test = await anEngine();
    await load(test, [...vnic(7_001, 'SG-RED', 0, 20), ...vnic(7_002, 'SG-BLUE', 5, 20)]);
    expect(await contradictions(test)).toEqual([
      { kind: 'address', address: '192.0.2.50', filters: ['7001', '7002'] },
    ]);
    const evidence = await test.client.call('flow.evidence', { filter: NO_FILTER, limit: 100 });
    expect(new Set(evidence.map(({ tag }) => tag))).toEqual(new Set(['SG-RED', 'SG-BLUE']));
  });

  it('are one machine where one filter follows the other, as after a move', async () => {
    await using test = await anEngine();
    await load(test, [...vnic(7_001, 'SG-RED', 0, 20), ...vnic(7_002, 'SG-RED', 200, 20)]);
    expect(await contradictions(test)).toEqual([]);
  });
});

describe('a flow that one vNIC drops and another passes', () => {
  it('is both: each end keeps its own verdict, the drop going out at the source', async () => {
    await using test = await anEngine();
    const ends = '192.0.2.11/50000->192.0.2.20/1433';
    await load(test, [
      `2026-03-02T08:00:00.000Z esx-a dfwpktlogs: 11 INET match DROP domain-c8/1001 OUT 60 TCP ${ends} S SG-APP`,
      `2026-03-02T09:00:00.000Z esx-b dfwpktlogs: 22 INET match PASS domain-c8/1002 IN 60 TCP ${ends} S SG-DB`,
    ]);
    const rows = await flowsBy(test, ['direction', 'action', 'rule', 'tag']);
    expect(rows.map((row) => [row.direction, row.action, row.rule, row.tag]).sort()).toEqual([
      ['IN', 'PASS', 1002, 'SG-DB'],
      ['OUT', 'DROP', 1001, 'SG-APP'],
    ]);
  });
});

describe('the noise of a broadcast', () => {
  it('is as many events as lines, even the same to a byte, and one flow', async () => {
    await using test = await anEngine();
    const line =
      '2026-03-02T08:00:00.000Z 11 INET match PASS domain-c8/1006 OUT 78 UDP 192.0.2.10/137->192.0.2.255/137 S';
    const { totals } = await load(test, Array<string>(500).fill(line));
    expect(totals).toMatchObject({ events: 500, duplicates: 0 });
    const rows = await flowsBy(test, ['source', 'destination', 'service', 'tag']);
    expect(rows.map(({ service, tag, events }) => [service, tag, events])).toEqual([
      ['UDP/137', 'S', 500],
    ]);
  });
});
