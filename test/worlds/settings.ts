import type { Tagging, WorldOptions } from './options.ts';
import { LARGE, MEDIUM, randomOptions } from './options.ts';

/** A family of worlds that discovery is measured on; every one is drawn from its seed. */
export interface Setting {
  readonly name: string;
  options(seed: number, size?: WorldOptions): WorldOptions;
}

const TAGGED: readonly Tagging[] = ['tier', 'tier-and-parent', 'application'];

function tagged(name: string, loss: number): Setting {
  return {
    name,
    options: (seed, size = MEDIUM) =>
      randomOptions(seed, size, { tagging: TAGGED[seed % TAGGED.length] ?? 'tier', loss }),
  };
}

const MIXED: readonly Tagging[] = ['partly', 'none', 'tier', 'tier-and-parent', 'partly'];
const LOSSES: readonly number[] = [0, 0.01, 0.05, 0.2];

/** Tagged worlds with less and less of their lines, untagged ones, and everything together. */
export const SETTINGS: readonly Setting[] = [
  tagged('tagged', 0),
  tagged('loss-1', 0.01),
  tagged('loss-5', 0.05),
  tagged('loss-20', 0.2),
  {
    name: 'untagged',
    options: (seed, size = MEDIUM) => randomOptions(seed, size, { tagging: 'none', loss: 0 }),
  },
  {
    name: 'mixed',
    options: (seed, size = MEDIUM) =>
      randomOptions(seed, size, {
        tagging: MIXED[seed % MIXED.length] ?? 'partly',
        loss: LOSSES[seed % LOSSES.length] ?? 0,
      }),
  },
];

/** One estate with the flows of an archive of 10 million lines, for the time discovery takes. */
export const ARCHIVE: Setting = { name: 'archive', options: () => LARGE };
