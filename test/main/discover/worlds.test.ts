import { describe, expect, it } from 'vitest';
import { discoverWorld } from '../../worlds/discover-world.ts';
import type { Measure } from '../../worlds/measure.ts';
import { SMALL } from '../../worlds/options.ts';
import type { Score } from '../../worlds/score.ts';
import { SETTINGS } from '../../worlds/settings.ts';

const SEEDS = [1, 2, 3, 4];

type Kind = Exclude<keyof Score, 'ari' | 'findings'>;

/** The least F1 of each kind in each family of worlds. */
const TARGETS: Readonly<Record<string, Readonly<Partial<Record<Kind, number>>>>> = {
  tagged: { members: 1, nesting: 1 },
  'loss-5': { members: 0.98 },
};

describe.each(Object.entries(TARGETS))('in %s worlds discovery', (name, targets) => {
  const setting = SETTINGS.find((each) => each.name === name);
  if (setting === undefined) throw new Error(`${name} is no setting.`);

  it.each(SEEDS)('reaches its targets at seed %i', async (seed) => {
    const { score } = await discoverWorld(seed, setting.options(seed, SMALL));
    for (const [kind, least] of Object.entries(targets)) {
      const measure: Measure | null = score[kind as Kind];
      if (measure !== null) {
        const { f1, missed, wrong } = measure;
        expect({ kind, missed, wrong, isReached: f1 >= least }).toMatchObject({ isReached: true });
      }
    }
  });
});
