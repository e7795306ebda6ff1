import type { Prng } from '../sample/prng.ts';
import { createPrng } from '../sample/prng.ts';

/** How tags are named; `mixed` draws a style for each application. */
export type NamingStyle =
  'dash' | 'concat' | 'nested' | 'underscore' | 'guid' | 'short' | 'words' | 'mixed';

/** Which rules carry a tag: one a tier, also one for the application around them, one an application, some tiers, none. */
export type Tagging = 'tier' | 'tier-and-parent' | 'application' | 'partly' | 'none';

/** What a world is drawn from; shares and chances are 0 to 1, pairs are the least and the most. */
export interface WorldOptions {
  /** About as many lines are written before any is lost. */
  readonly lines: number;
  readonly windowHours: number;
  readonly hosts: number;
  readonly dialects: 'nsx-t' | 'nsx-v' | 'both';
  readonly applications: number;
  readonly tiers: readonly [number, number];
  /** Members of a tier. */
  readonly members: readonly [number, number];
  readonly naming: NamingStyle;
  readonly tagging: Tagging;
  readonly balancers: number;
  /** Balancers that keep the client's address. */
  readonly inlineShare: number;
  readonly snatAddresses: readonly [number, number];
  /** Tiers that stand behind a VIP, of those that can. */
  readonly vipShare: number;
  /** VIP ports with another port behind. */
  readonly translationShare: number;
  /** VIPs with a second port. */
  readonly secondPortShare: number;
  /** VIPs with a pool member the balancer never chooses. */
  readonly silentPoolShare: number;
  /** Tiers behind a VIP that are two groups. */
  readonly splitPoolShare: number;
  /** Sessions to a VIP that no session to a member follows: refused, or sent on over an old connection. */
  readonly unfollowedShare: number;
  /** Where the balancer asks its members whether they live, if it does. */
  readonly healthChecks: 'none' | 'snat' | 'self';
  /** Time from a session to a VIP to the one to a member, in milliseconds. */
  readonly lagMs: readonly [number, number];
  /** The most a host's clock is off, in milliseconds, either way. */
  readonly skewMs: number;
  /** Lines of a host stand out of order by up to this, in milliseconds. */
  readonly disorderMs: number;
  /** Applications that keep their data in the common database tier. */
  readonly sharedDatabaseShare: number;
  /** Applications that also call the entry of another. */
  readonly crossShare: number;
  /** Where shared services stand: beyond every vNIC, at a vNIC with no tag, in a tagged group. */
  readonly infrastructure: 'outside' | 'ungrouped' | 'tagged';
  /** Clients at a vNIC without a tag. */
  readonly desktops: number;
  /** Clients beyond every vNIC. */
  readonly users: number;
  /** Busy servers beyond every vNIC that only one tier uses. */
  readonly outsiders: number;
  readonly scanners: number;
  /** What the firewall does with scans; where it passes them, most stay unanswered. */
  readonly scanVerdict: 'drop' | 'pass';
  /** Share of lines that scans, broadcasts and wrong addresses make. */
  readonly noiseShare: number;
  /** Members with an IPv6 address too. */
  readonly ipv6Share: number;
  /** Sessions whose end is logged. */
  readonly endShare: number;
  /** Members that no traffic ever reaches. */
  readonly silentShare: number;
  /** Sessions whose late answer is logged as a session of its own. */
  readonly lateReplyShare: number;
  /** Long-lived connections that already stood when logging began and show up in the middle. */
  readonly midstreamShare: number;
  /** Lines that are lost. */
  readonly loss: number;
  /** Half of the lost lines go in bursts of one host. */
  readonly lossBursts: boolean;
}

/** A tagged estate of moderate size and no hardship, about 5,000 lines. */
export const SMALL: WorldOptions = {
  lines: 5_000,
  windowHours: 24,
  hosts: 4,
  dialects: 'both',
  applications: 2,
  tiers: [2, 4],
  members: [2, 4],
  naming: 'mixed',
  tagging: 'tier',
  balancers: 1,
  inlineShare: 0,
  snatAddresses: [1, 2],
  vipShare: 0.9,
  translationShare: 0.5,
  secondPortShare: 0,
  silentPoolShare: 0,
  splitPoolShare: 0,
  unfollowedShare: 0.01,
  healthChecks: 'none',
  lagMs: [0.2, 8],
  skewMs: 2,
  disorderMs: 0,
  sharedDatabaseShare: 0,
  crossShare: 0,
  infrastructure: 'outside',
  desktops: 8,
  users: 60,
  outsiders: 1,
  scanners: 2,
  scanVerdict: 'drop',
  noiseShare: 0.06,
  ipv6Share: 0,
  endShare: 0.95,
  silentShare: 0,
  lateReplyShare: 0.002,
  midstreamShare: 0,
  loss: 0,
  lossBursts: false,
};

/** An estate of several applications, about 60,000 lines. */
export const MEDIUM: WorldOptions = {
  ...SMALL,
  lines: 60_000,
  windowHours: 48,
  hosts: 8,
  applications: 7,
  tiers: [1, 5],
  members: [2, 7],
  balancers: 2,
  desktops: 20,
  users: 600,
  outsiders: 4,
  scanners: 4,
};

/** An estate with about as many flows as an archive of 10 million lines has, 500,000, in fewer repeats and with few ends. */
export const LARGE: WorldOptions = {
  ...MEDIUM,
  lines: 2_700_000,
  windowHours: 168,
  hosts: 24,
  applications: 90,
  tiers: [2, 5],
  members: [4, 16],
  balancers: 6,
  inlineShare: 0.35,
  snatAddresses: [2, 4],
  vipShare: 0.75,
  secondPortShare: 0.2,
  desktops: 2_500,
  users: 60_000,
  outsiders: 40,
  scanners: 20,
  noiseShare: 0.3,
  endShare: 0.1,
};

const NAMINGS: readonly NamingStyle[] = [
  'dash',
  'concat',
  'nested',
  'underscore',
  'guid',
  'short',
  'words',
  'mixed',
];

function rare(prng: Prng, chance: number, most: number): number {
  return prng.chance(chance) ? prng.next() * most : 0;
}

/**
 * Draws what an estate is like from everything that occurs: balancers, names, tags, clocks, noise.
 * Its size is that of `size`; `fixed` settles what is not to be drawn. Lines are lost only where
 * `fixed` says so or draws `loss` itself.
 */
export function randomOptions(
  seed: number,
  size: WorldOptions = MEDIUM,
  fixed: Partial<WorldOptions> = {},
): WorldOptions {
  const prng = createPrng(seed).fork('options');
  const applications = prng.int(
    Math.max(1, Math.floor(size.applications / 2)),
    Math.ceil(size.applications * 1.3),
  );
  const least = prng.int(1, 2);
  const tiers = [least, prng.int(Math.max(3, least), 5)] as const;
  const fewest = prng.int(1, 3);
  return {
    ...size,
    applications,
    tiers,
    members: [fewest, fewest + prng.int(1, Math.max(2, size.members[1] - fewest))],
    dialects: prng.pick(['nsx-t', 'nsx-v', 'both']),
    naming: prng.pick(NAMINGS),
    tagging: prng.pick(['tier', 'tier', 'tier-and-parent', 'application', 'partly']),
    balancers: prng.int(1, Math.max(2, size.balancers)),
    inlineShare: prng.pick([0, 0, 0.3, 1]),
    snatAddresses: [1, prng.int(1, 4)],
    vipShare: prng.pick([0.5, 0.8, 1]),
    translationShare: prng.pick([0, 0.5, 1]),
    secondPortShare: prng.pick([0, 0.3]),
    silentPoolShare: prng.pick([0, 0.3]),
    splitPoolShare: prng.pick([0, 0, 0.3]),
    unfollowedShare: prng.pick([0, 0.02, 0.2]),
    healthChecks: prng.pick(['none', 'snat', 'self']),
    lagMs: [0.2, prng.pick([2, 8, 30])],
    skewMs: prng.pick([0, 2, 10, 50]),
    disorderMs: prng.pick([0, 0, 5]),
    sharedDatabaseShare: prng.pick([0, 0, 0.4]),
    crossShare: prng.pick([0, 0, 0.3]),
    infrastructure: prng.pick(['outside', 'outside', 'ungrouped', 'tagged']),
    desktops: prng.pick([0, size.desktops, size.desktops]),
    outsiders: prng.int(0, size.outsiders),
    scanners: prng.int(0, size.scanners),
    scanVerdict: prng.pick(['drop', 'pass']),
    noiseShare: prng.pick([0.02, 0.06, 0.15]),
    ipv6Share: prng.pick([0, 0, 0.3]),
    endShare: prng.pick([1, 0.95, 0]),
    silentShare: rare(prng, 0.4, 0.15),
    lateReplyShare: prng.pick([0, 0.003]),
    midstreamShare: prng.pick([0, 0, 0.2]),
    lossBursts: prng.chance(0.3),
    ...fixed,
  };
}
