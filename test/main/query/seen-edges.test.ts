import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NO_FILTER, type FlowFilter } from '../../../shared/domain/filter.ts';
import type { SeenSessions } from '../../../shared/domain/graph.ts';
import { anEngine, type TestEngine } from '../../support/engine.ts';
import { ASA_LINES, DFW_LINES } from '../../support/perimeter.ts';

let test: TestEngine;

beforeAll(async () => {
  test = await anEngine();
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

async function load(name: string, lines: string): Promise<void> {
  const file = test.folder.file(name);
  writeFileSync(file, lines);
  await test.client.call('archive.open', { paths: [file] });
}

async function seenByService(filter: FlowFilter): Promise<Readonly<Record<string, SeenSessions>>> {
  const { edges } = await test.client.call('graph.read', { filter });
  return Object.fromEntries(edges.map(({ services, seen }) => [services.join(), seen]));
}

it('the map tells which sessions vNICs, the perimeter, or both logged', async () => {
  await load('dfw.log', DFW_LINES);
  expect(await test.client.call('graph.read', { filter: NO_FILTER })).toMatchObject({
    hasPerimeter: false,
  });
  await load('asa.log', ASA_LINES);
  expect(await test.client.call('graph.read', { filter: NO_FILTER })).toMatchObject({
    hasPerimeter: true,
  });
  expect(await seenByService(NO_FILTER)).toMatchObject({
    'TCP/443': { vnic: 0, perimeter: 0, both: 2 },
    'TCP/1433': { vnic: 3, perimeter: 0, both: 0 },
    'TCP/25': { vnic: 0, perimeter: 1, both: 0 },
  });
});

it('a time window counts only what was logged inside it', async () => {
  const from = Date.parse('2026-03-02T08:00:02Z');
  const seen = await seenByService({ terms: [], window: { from, to: from + 2_000 } });
  expect(seen).toEqual({
    'TCP/443': { vnic: 0, perimeter: 0, both: 1 },
    'TCP/1433': { vnic: 1, perimeter: 0, both: 0 },
    'TCP/25': { vnic: 0, perimeter: 1, both: 0 },
  });
});
