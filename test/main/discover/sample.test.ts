import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Inventory, Proof } from '../../../shared/domain/inventory.ts';
import { anEngine, fixture, SAMPLE, type TestEngine } from '../../support/engine.ts';
import type { SampleTruth } from '../../sample/truth.ts';

const truth = JSON.parse(
  readFileSync(fixture('sample', 'books-small.truth.json'), 'utf8'),
) as SampleTruth;

let test: TestEngine;
let found: Inventory;

beforeAll(async () => {
  test = await anEngine();
  await test.client.call('archive.open', { paths: [SAMPLE] });
  found = await test.client.call('inventory.read', {});
});

afterAll(async () => {
  await test[Symbol.asyncDispose]();
});

describe('in the sample archive discovery finds exactly', () => {
  it('the groups, their members and their nesting', () => {
    const shape = (
      groups: readonly { name: string; members: readonly string[]; parents: readonly string[] }[],
    ) =>
      groups
        .map(({ name, members, parents }) => ({ name, members, parents }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(shape(found.groups)).toEqual(shape(truth.groups));
    expect(found.ungrouped).toEqual(truth.ungrouped);
    expect(found.contradictions).toEqual([]);
  });

  it('the VIPs with their ports, pools and SNAT addresses', () => {
    const shape = found.vips.map(({ address, ports, snat, group }) => ({
      address,
      ports,
      snat,
      group,
    }));
    expect(shape).toEqual(
      truth.vips.map(({ address, ports, snat, group }) => ({ address, ports, snat, group })),
    );
    expect(found.vips.every(({ mode }) => mode === 'one-arm')).toBe(true);
  });

  it('the application with its tiers in order', () => {
    expect(found.applications).toMatchObject([
      {
        name: 'BOOKS',
        groups: ['SGTSAPP', 'SGTSBOOKS', 'SGTSDB', 'SGTSWEB'],
        tiers: [
          { name: 'web', groups: ['SGTSWEB'] },
          { name: 'app', groups: ['SGTSAPP'] },
          { name: 'db', groups: ['SGTSDB'] },
        ],
        vips: ['192.0.2.101', '192.0.2.102'],
      },
    ]);
  });

  it('the shared servers with their services, and the jump host', () => {
    const servers = found.sharedServices.filter(({ isServer }) => isServer);
    const shape = (list: readonly { address: string; services: readonly string[] }[]) =>
      list.map(({ address, services }) => [address, [...services].sort()]);
    expect(shape(servers)).toEqual(shape(truth.shared));
    const visitors = found.sharedServices.filter(({ isServer }) => !isServer);
    expect(visitors).toMatchObject([
      { address: '203.0.113.10', name: 'Jump host', services: ['TCP/22'] },
    ]);
  });

  it('the scanners, and not the printer that only broadcasts', () => {
    expect(found.spurious.map(({ address }) => address).sort()).toEqual([...truth.scanners].sort());
    expect(found.spurious.every(({ answered }) => answered === 0)).toBe(true);
  });
});

it('every reason of a finding can be opened to its lines', async () => {
  const { groups, vips, applications, sharedServices, spurious } = found;
  const findings = [...groups, ...vips, ...applications, ...sharedServices, ...spurious];
  const proofs: readonly Proof[] = findings.flatMap((finding) => finding.proofs);
  expect(proofs.length).toBeGreaterThan(20);
  for (const { terms, reason } of proofs) {
    const filter = { terms, window: null };
    const lines = await test.client.call('flow.evidence', { filter, limit: 1 });
    expect(lines, reason).toHaveLength(1);
  }
});
