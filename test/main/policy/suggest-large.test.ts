import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Need } from '../../../main/engine/policy/suggest/needs.ts';
import { STRANGER } from '../../../main/engine/policy/suggest/parties.ts';
import { fittingClusters, MAX_LISTED } from '../../../main/engine/policy/suggest/split.ts';
import { acceptanceOf } from '../../../shared/domain/acceptance.ts';
import { DEFAULT_LEVEL } from '../../../shared/domain/suggestion.ts';
import { anEngine } from '../../support/engine.ts';

function need(source: number, destination: number, port: number): Need {
  const party = (name: string) => ({ ...STRANGER, key: name, enforcedBy: name });
  return {
    policy: 'p',
    source: party(`from-${source}`),
    destination: party(`to-${destination}`),
    service: `TCP/${port}`,
    sources: new Set(),
    destinations: new Set(),
    enforcedBy: new Set([`from-${source}`, `to-${destination}`]),
    isWide: false,
    flows: [],
  };
}

const services = ({ needs }: { readonly needs: readonly Need[] }) => [
  ...new Set(needs.map(({ service }) => service)),
];

describe('a rule that would hold too much', () => {
  it('is split so that each need stands in one rule, and each rule can be said', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.nat(400), fc.nat(200), fc.nat(300)), {
          minLength: 1,
          maxLength: 600,
          selector: (triple) => triple.join(),
        }),
        (triples) => {
          const needs = triples.map(([from, to, port]) => need(from, to, port));
          const parts = fittingClusters({ policy: 'p', needs }, services);
          expect(new Set(parts.flatMap((part) => part.needs))).toEqual(new Set(needs));
          expect(parts.flatMap((part) => part.needs)).toHaveLength(needs.length);
          for (const part of parts) {
            const keys = (end: 'source' | 'destination') =>
              new Set(part.needs.map((each) => each[end].key)).size;
            expect(keys('source')).toBeLessThan(MAX_LISTED);
            expect(keys('destination')).toBeLessThan(MAX_LISTED);
            expect(services(part).length).toBeLessThanOrEqual(MAX_LISTED);
            const scope = new Set(part.needs.flatMap(({ enforcedBy }) => [...enforcedBy]));
            expect(scope.size).toBeLessThanOrEqual(MAX_LISTED);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('stays one rule where one can say it all', () => {
    const needs = Array.from({ length: 60 }, (_, at) => need(at, 0, 443));
    expect(fittingClusters({ policy: 'p', needs }, services)).toEqual([{ policy: 'p', needs }]);
  });
});

describe('suggestions for two hundred groups that use one database', () => {
  it('permit every group, in rules that can be accepted', async () => {
    await using opened = await anEngine();
    const { client, folder } = opened;
    const groups = Array.from({ length: 200 }, (_, at) => at + 1);
    const lines = groups.flatMap((group) =>
      [1, 2].flatMap((turn) => {
        const at = `2026-03-03T11:${String(turn * 10)}:${String(group % 60).padStart(2, '0')}.${String(group).padStart(3, '0')}Z`;
        const flow = `60 TCP 10.1.${group}.1/${40_000 + group}->10.200.0.1/1433 S`;
        const tag = `SG-TEAM${String(group).padStart(3, '0')}`;
        return [
          `${at} 20411 INET match PASS domain-c8/${1_000 + group} OUT ${flow} ${tag}`,
          `${at} 20411 INET match PASS domain-c8/5000 IN ${flow} SG-DB`,
        ];
      }),
    );
    const log = folder.file('dfwpktlogs.log');
    await writeFile(log, `${lines.join('\n')}\n`);
    await client.call('archive.open', { paths: [log] });
    const { suggestions, legitimate } = await client.call('ruleset.suggest', {
      applications: null,
      level: DEFAULT_LEVEL,
      isClosed: true,
    });
    expect(legitimate.flows).toBe(200);
    expect(legitimate.permitted).toBe(200);
    const named = new Set(
      suggestions
        .filter(({ isClosing }) => !isClosing)
        .flatMap(({ rule }) => rule.sources.map(({ name }) => name)),
    );
    expect(named.size).toBe(200);
    for (const { rule } of suggestions)
      for (const list of [rule.sources, rule.destinations, rule.services, rule.appliedTo])
        expect(list.length).toBeLessThanOrEqual(MAX_LISTED);
    await client.call('ruleset.change', { change: acceptanceOf(suggestions) });
    const report = await client.call('check.run', {});
    expect(report.needed.covered).toEqual(report.needed.total);
    expect(report.outcomes['newly-blocked'].flows).toBe(0);
  }, 60_000);
});
