import { describe, expect, it } from 'vitest';
import { discoverWorld } from '../../worlds/discover-world.ts';
import { randomOptions, SMALL, type WorldOptions } from '../../worlds/options.ts';

/** Three applications, so that there is something to tell apart; about 12,000 lines. */
const SIZE: WorldOptions = { ...SMALL, lines: 12_000, applications: 3, desktops: 10 };
const TAGGINGS = ['tier', 'tier-and-parent', 'application'] as const;
const SEEDS = [501, 502, 503, 504];

const mean = (figures: readonly number[]) =>
  figures.reduce((sum, figure) => sum + figure, 0) / figures.length;

async function scoresOf(options: (seed: number) => WorldOptions) {
  const scores = [];
  for (const seed of SEEDS) scores.push((await discoverWorld(seed, options(seed))).score);
  return scores;
}

const tagged = (loss: number) => (seed: number) =>
  randomOptions(seed, SIZE, { tagging: TAGGINGS[seed % TAGGINGS.length] ?? 'tier', loss });

describe('in estates nobody tuned for', { timeout: 120_000 }, () => {
  it('finds members, VIPs and pools of tagged groups without a fault', async () => {
    for (const score of await scoresOf(tagged(0))) {
      expect(score.members?.f1).toBe(1);
      expect(score.vips.f1).toBe(1);
      expect(score.pools.f1).toBe(1);
      expect(score.snat.f1).toBe(1);
    }
  });

  it('finds the order of the tiers and the applications', async () => {
    const scores = await scoresOf(tagged(0));
    expect(mean(scores.flatMap(({ tiers }) => tiers?.f1 ?? []))).toBeGreaterThanOrEqual(0.97);
    expect(mean(scores.map(({ applications }) => applications.f1))).toBeGreaterThanOrEqual(0.97);
  });

  it('loses next to nothing where one line in twenty is lost', async () => {
    for (const score of await scoresOf(tagged(0.05))) {
      expect(score.members?.f1).toBeGreaterThanOrEqual(0.98);
      expect(score.vips.f1).toBeGreaterThanOrEqual(0.98);
      expect(score.pools.f1).toBeGreaterThanOrEqual(0.98);
    }
  });

  it('finds roles and VIPs without any tag', async () => {
    const scores = await scoresOf((seed) =>
      randomOptions(seed, SIZE, { tagging: 'none', loss: 0 }),
    );
    expect(mean(scores.map(({ ari }) => ari ?? 0))).toBeGreaterThanOrEqual(0.9);
    expect(mean(scores.map(({ vips }) => vips.f1))).toBeGreaterThanOrEqual(0.95);
  });
});
