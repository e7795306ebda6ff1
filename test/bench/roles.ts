import { parseArgs } from 'node:util';
import { discoverWorld } from '../worlds/discover-world.ts';
import { adjustedRandIndex } from '../worlds/measure.ts';
import { SETTINGS } from '../worlds/settings.ts';
import type { WorldTruth } from '../worlds/truth.ts';
import { withRoleFacts } from './role-facts.ts';
import {
  byCommunities,
  byConnectionPatterns,
  byProfiles,
  type RoleMethod,
} from './role-methods.ts';

const METHODS: readonly (readonly [string, RoleMethod])[] = [
  ['connection patterns (Tan et al. 2003)', byConnectionPatterns],
  ['communities (Louvain)', byCommunities],
  ['profiles refined to a fixed point', byProfiles],
];

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    seeds: { type: 'string', default: '20' },
    first: { type: 'string', default: '1' },
  },
});

const setting = SETTINGS.find(({ name }) => name === 'untagged');
if (setting === undefined) throw new Error('There is no untagged setting.');

/** The adjusted Rand index over workloads with traffic of an application; shared servers are no role here. */
function rate(
  truth: WorldTruth,
  roles: ReadonlyMap<number, number>,
  codeOf: (address: string) => number | undefined,
): number {
  const shared = new Set(truth.shared.map(({ address }) => address));
  return adjustedRandIndex(
    truth.workloads
      .filter(({ lines, isSecond, address }) => lines >= 5 && !isSecond && !shared.has(address))
      .map(({ address, role }) => [role, String(roles.get(codeOf(address) ?? -1) ?? '')] as const),
  );
}

const rates = new Map<string, number[]>();
for (let i = 0; i < Number(values.seeds); i++) {
  const seed = Number(values.first) + i;
  let found: readonly (readonly [string, (truth: WorldTruth) => number])[] = [];
  const { truth } = await discoverWorld(seed, setting.options(seed), async (project) => {
    found = await withRoleFacts(project, (facts, codeOf) =>
      METHODS.map(([name, method]) => {
        const roles = method(facts);
        return [name, (known: WorldTruth) => rate(known, roles, codeOf)] as const;
      }),
    );
  });
  for (const [name, score] of found) rates.set(name, [...(rates.get(name) ?? []), score(truth)]);
}
process.stdout.write(`ARI of roles without tags, ${values.seeds} seeds from ${values.first}\n`);
for (const [name, list] of rates) {
  const mean = list.reduce((sum, rating) => sum + rating, 0) / list.length;
  const worst = Math.min(...list);
  process.stdout.write(`  ${name.padEnd(40)} mean ${mean.toFixed(3)}  worst ${worst.toFixed(3)}\n`);
}
