import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../shared/domain/inventory.ts';
import { calibrate, calibrationError } from './judge.ts';
import type { Measure } from './measure.ts';
import { adjustedRandIndex, bCubed, compare } from './measure.ts';
import { randomOptions, SMALL } from './options.ts';
import { perfectInventory } from './perfect.ts';
import type { Score } from './score.ts';
import { scoreInventory } from './score.ts';
import { makeWorld } from './world.ts';

const SEEDS = Array.from({ length: 15 }, (_, i) => 300 + i);

const KINDS = [
  'members',
  'nesting',
  'vips',
  'snat',
  'pools',
  'tiers',
  'applications',
  'names',
  'shared',
  'sharedServices',
  'spurious',
] as const;

function figures(score: Score): Readonly<Record<string, readonly [number, number] | null>> {
  return Object.fromEntries(
    KINDS.map((kind) => {
      const measure: Measure | null = score[kind];
      return [kind, measure === null ? null : [measure.precision, measure.recall]];
    }),
  );
}

/** A tagged world whose truth has everything a planted error needs. */
const { truth } = makeWorld(41, {
  ...SMALL,
  applications: 3,
  tiers: [3, 4],
  naming: 'dash',
  tagging: 'tier-and-parent',
  vipShare: 1,
  secondPortShare: 1,
  snatAddresses: [2, 2],
});
const perfect = perfectInventory(truth);

/** The kinds of figures that an inventory lowers, and how. */
function lowered(inventory: Inventory): readonly string[] {
  const before = figures(scoreInventory(truth, perfect));
  const after = figures(scoreInventory(truth, inventory));
  return KINDS.flatMap((kind) => {
    const [was, is] = [before[kind], after[kind]];
    if (was === null || is === null || was === undefined || is === undefined) return [];
    return [
      ...(is[0] < was[0] ? [`${kind} precision`] : []),
      ...(is[1] < was[1] ? [`${kind} recall`] : []),
    ];
  });
}

function without<T>(list: readonly T[], index = 0): readonly T[] {
  return list.filter((_, i) => i !== index);
}

describe('a perfect inventory', () => {
  it.each(SEEDS)('scores 1 everywhere in the tagged world %i', (seed) => {
    const world = makeWorld(seed, randomOptions(seed, SMALL, { loss: seed % 2 === 0 ? 0 : 0.2 }));
    const score = scoreInventory(world.truth, perfectInventory(world.truth));
    for (const [kind, figure] of Object.entries(figures(score))) {
      if (figure !== null) expect([kind, ...figure]).toEqual([kind, 1, 1]);
    }
    expect(score.findings.filter(({ isRight }) => !isRight)).toEqual([]);
  });

  it.each(SEEDS)('scores 1 everywhere in the untagged world %i', (seed) => {
    const world = makeWorld(seed, randomOptions(seed, SMALL, { tagging: 'none', loss: 0.01 }));
    const score = scoreInventory(world.truth, perfectInventory(world.truth));
    for (const [kind, figure] of Object.entries(figures(score))) {
      if (figure !== null) expect([kind, ...figure]).toEqual([kind, 1, 1]);
    }
    expect(score.ari).toBe(1);
    expect(score.members).toBeNull();
    expect(score.findings.filter(({ isRight }) => !isRight)).toEqual([]);
  });

  it('has something of every kind to be measured on', () => {
    const score = scoreInventory(truth, perfect);
    for (const kind of KINDS) expect([kind, (score[kind]?.hits ?? 0) > 0]).toEqual([kind, true]);
  });
});

describe('a planted error', () => {
  const [group] = perfect.groups;
  const [vip] = perfect.vips;
  const [first] = perfect.applications;
  const second = perfect.applications[1];
  if (group === undefined || vip === undefined || first === undefined || second === undefined) {
    throw new Error('The world is too small.');
  }
  const vips = perfect.vips.slice(1);
  const groups = perfect.groups.slice(1);

  it('in the members lowers theirs', () => {
    const fewer = { ...group, members: without(group.members) };
    expect(lowered({ ...perfect, groups: [fewer, ...groups] })).toEqual(['members recall']);
    const more = { ...group, members: [...group.members, '10.9.9.9'] };
    expect(lowered({ ...perfect, groups: [more, ...groups] })).toEqual(['members precision']);
    const { findings } = scoreInventory(truth, { ...perfect, groups: [more, ...groups] });
    expect(findings.filter(({ isRight }) => !isRight).map(({ id }) => id)).toContain(group.id);
  });

  it('in the nesting lowers its own', () => {
    const flat = perfect.groups.map((each) => ({ ...each, parents: [] }));
    expect(lowered({ ...perfect, groups: flat })).toEqual(['nesting recall']);
  });

  it('in the VIPs lowers theirs', () => {
    expect(lowered({ ...perfect, vips: without(perfect.vips) })).toEqual([
      'vips recall',
      'snat recall',
      'pools recall',
    ]);
    const busy = { ...vip, address: '203.0.113.250', ports: [], snat: [] };
    expect(lowered({ ...perfect, vips: [...perfect.vips, busy] })).toEqual(['vips precision']);
  });

  it('in the SNAT addresses lowers theirs', () => {
    const extra = { ...vip, snat: [...vip.snat, '10.9.9.9'] };
    expect(lowered({ ...perfect, vips: [extra, ...vips] })).toEqual(['snat precision']);
    const fewer = { ...vip, snat: without(vip.snat) };
    expect(lowered({ ...perfect, vips: [fewer, ...vips] })).toEqual(['snat recall']);
  });

  it('in a pool lowers the pools', () => {
    const [port, ...others] = vip.ports;
    if (port === undefined) throw new Error('The VIP has no port.');
    const with_ = (pool: readonly string[], poolPort = port.poolPort) => ({
      ...perfect,
      vips: [{ ...vip, ports: [{ ...port, pool, poolPort }, ...others] }, ...vips],
    });
    expect(lowered(with_(without(port.pool)))).toEqual(['pools recall']);
    expect(lowered(with_([...port.pool, '10.9.9.9']))).toEqual(['pools precision']);
    expect(lowered(with_(port.pool, 9))).toEqual(['pools precision', 'pools recall']);
  });

  it('in the order of tiers lowers theirs', () => {
    const turned = { ...first, tiers: first.tiers.toReversed() };
    const applications = [turned, ...perfect.applications.slice(1)];
    expect(lowered({ ...perfect, applications })).toEqual(['tiers precision', 'tiers recall']);
    const merged = {
      ...first,
      tiers: [{ name: 'all', groups: first.tiers.flatMap((tier) => tier.groups) }],
    };
    const flat = [merged, ...perfect.applications.slice(1)];
    expect(lowered({ ...perfect, applications: flat })).toEqual(['tiers recall']);
  });

  it('in the applications lowers theirs', () => {
    const renamed = perfect.groups.map((each) =>
      first.groups.concat(second.groups).includes(each.name)
        ? { ...each, application: 'ONE' }
        : each,
    );
    expect(lowered({ ...perfect, groups: renamed })).toEqual(['applications precision']);
    const split = perfect.groups.map((each) => ({ ...each, application: `of ${each.name}` }));
    expect(lowered({ ...perfect, groups: split })).toEqual(['applications recall']);
    const other = [{ ...first, name: 'X' }, ...perfect.applications.slice(1)];
    expect(lowered({ ...perfect, applications: other })).toEqual([
      'names precision',
      'names recall',
    ]);
  });

  it('in the shared services lowers theirs', () => {
    const { sharedServices } = perfect;
    const [dns] = sharedServices;
    if (dns === undefined) throw new Error('The world has no shared service.');
    expect(lowered({ ...perfect, sharedServices: without(sharedServices) })).toEqual([
      'shared recall',
    ]);
    const saas = { ...dns, address: '203.0.113.1' };
    expect(lowered({ ...perfect, sharedServices: [...sharedServices, saas] })).toEqual([
      'shared precision',
    ]);
    const odd = { ...dns, services: [...dns.services, 'TCP/4444'] };
    expect(lowered({ ...perfect, sharedServices: [odd, ...sharedServices.slice(1)] })).toEqual([
      'sharedServices precision',
    ]);
  });

  it('in the spurious sources lowers theirs', () => {
    const { spurious } = perfect;
    expect(lowered({ ...perfect, spurious: without(spurious) })).toEqual(['spurious recall']);
    const user = spurious.map((each) => ({ ...each, address: '172.16.0.1' }));
    expect(lowered({ ...perfect, spurious: [...spurious, ...user] })).toEqual([
      'spurious precision',
    ]);
  });
});

describe('the figures', () => {
  it('leave out of account what is true and not proven', () => {
    const measure = compare(['a', 'b', 'x', 'x'], new Set(['a', 'c']), new Set(['b']));
    expect(measure).toMatchObject({ precision: 0.5, recall: 0.5, f1: 0.5, hits: 1 });
    expect(measure).toMatchObject({ missed: ['c'], wrong: ['x'] });
    expect(compare([], new Set(), new Set())).toMatchObject({ precision: 1, recall: 1, f1: 1 });
    expect(compare([], new Set(['a']), new Set())).toMatchObject({ recall: 0, f1: 0 });
  });

  it('hold the adjusted Rand index of a worked example', () => {
    // Truth {a,b,c}{d,e,f}, found {a,b}{c,d}{e,f}: 2 pairs together in both, 6 in truth, 3 found, of 15.
    const labels = ['1 1', '1 1', '1 2', '2 2', '2 3', '2 3'].map((text): [string, string] => {
      const [left = '', right = ''] = text.split(' ');
      return [left, right];
    });
    expect(adjustedRandIndex(labels)).toBeCloseTo((2 - 18 / 15) / (4.5 - 18 / 15), 12);
    expect(adjustedRandIndex(labels.map(([left]) => [left, `of ${left}`]))).toBe(1);
    expect(adjustedRandIndex(labels.map(([left], i) => [left, String(i)]))).toBe(0);
    expect(adjustedRandIndex(labels.map(([left]) => [left, 'all']))).toBe(0);
  });

  it('hold B-cubed of a worked example', () => {
    const measure = bCubed([
      ['a', '1', 'x'],
      ['b', '1', 'x'],
      ['c', '1', 'y'],
      ['d', '2', 'y'],
    ]);
    expect(measure.precision).toBeCloseTo((1 + 1 + 0.5 + 0.5) / 4, 12);
    expect(measure.recall).toBeCloseTo((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4, 12);
  });

  it('say how far confidence is from the truth', () => {
    const findings = Array.from({ length: 10 }, (_, i) => ({
      kind: 'vip' as const,
      id: `vip:${i}`,
      confidence: 0.92,
      isRight: i < 6,
    }));
    const filled = calibrate(findings).filter(({ count }) => count > 0);
    expect(filled).toHaveLength(1);
    expect(filled[0]).toMatchObject({ from: 0.9, count: 10, right: 0.6 });
    expect(filled[0]?.said).toBeCloseTo(0.92, 12);
    expect(calibrationError(findings)).toBeCloseTo(0.32, 12);
    expect(calibrationError([])).toBe(0);
  });
});
