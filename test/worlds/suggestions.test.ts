import { describe, expect, it } from 'vitest';
import { randomOptions, SMALL, type Tagging } from './options.ts';
import { intendedBy, suggestForWorld } from './suggest-world.ts';

const SEEDS = Array.from({ length: 20 }, (_, at) => 1100 + at);
const TAGGINGS: readonly Tagging[] = ['tier', 'tier-and-parent', 'application'];

/** Everything drawn, with ends of sessions in the log, as they tell what was answered. */
function optionsOf(seed: number) {
  const tagging = TAGGINGS[seed % TAGGINGS.length] ?? 'tier';
  return randomOptions(seed, SMALL, { tagging, loss: 0, endShare: seed % 2 === 0 ? 1 : 0.95 });
}

describe('all that is suggested for the tagged world', () => {
  it.each(SEEDS)('%i permits what belongs there and nothing else that was logged', async (seed) => {
    const { truth, list, flows } = await suggestForWorld(seed, optionsOf(seed));
    const belongs = intendedBy(truth);
    const wanted = flows.filter(belongs);
    expect(wanted.length).toBeGreaterThan(50);
    expect(wanted.filter(({ outcome }) => outcome !== 'still-allowed')).toEqual([]);

    const others = flows.filter((flow) => !belongs(flow));
    const isAllowed = others.filter(({ outcome }) => outcome.endsWith('allowed'));
    // Members that ping their router are answered; only a person can tell that nobody needs it.
    const isPing = ({ service, destination }: (typeof flows)[number]) =>
      service === 'ICMP' && destination.endsWith('.1');
    expect(isAllowed.filter((flow) => !isPing(flow))).toEqual([]);
    const spurious = new Set(truth.spurious.map(({ address }) => address));
    expect(isAllowed.filter((flow) => spurious.has(flow.source) && !isPing(flow))).toEqual([]);
    expect(others.length).toBeGreaterThan(isAllowed.length);

    const served = new Set(truth.intended.map(({ to, service }) => `${to} ${service}`));
    const permits = list.suggestions.filter(({ isClosing }) => !isClosing);
    expect(permits.length).toBeLessThanOrEqual(served.size);
    expect(list.legitimate.permitted).toBe(list.legitimate.flows);
  });
});
