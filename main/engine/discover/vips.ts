import type { VipMode } from '../../../shared/domain/inventory.ts';
import { add, entry, type Facts, serviceKey } from './facts.ts';
import type { Followed, Follower } from './followers.ts';
import { poolOf } from './vip-pool.ts';

/** A port of a VIP with what stands behind it; addresses are codes. */
export interface FoundPort {
  readonly protocol: number;
  readonly port: number;
  readonly poolPort: number;
  readonly pool: readonly number[];
  /** Addresses that open the sessions to the pool; none where the client's is kept. */
  readonly snat: readonly number[];
  readonly mode: VipMode;
  readonly evidence: VipEvidence;
}

/** How well sessions to a port are followed. */
export interface VipEvidence {
  /** Sessions looked at. */
  readonly probes: number;
  /** Those followed by a session to the pool. */
  readonly hits: number;
  /** As many would be by chance. */
  readonly chance: number;
  /** Usual time between them, milliseconds. */
  readonly lag: number;
}

/** An address of a load balancer. */
export interface FoundVip {
  readonly address: number;
  readonly ports: readonly FoundPort[];
}

/** Of the sessions to a VIP at least this share is followed; a busy server's follow by chance. */
const LEAST_SHARE = 0.25;

/** As unlikely as this may the followers be by chance. */
const CHANCE_LIMIT = 0.004;

/** Chance of at least `hits` where `mean` are expected, by Poisson's law. */
export function poissonTail(hits: number, mean: number): number {
  if (hits <= 0) return 1;
  let term = Math.exp(-mean);
  let below = 0;
  for (let k = 0; k < hits; k++) {
    below += term;
    term *= mean / (k + 1);
  }
  return Math.max(0, 1 - below);
}

interface Pick {
  readonly isInline: boolean;
  readonly poolPort: number;
  readonly followers: readonly Follower[];
  readonly hits: number;
  readonly chance: number;
}

function picksOf(followed: Followed): readonly Pick[] {
  const byPort = new Map<string, Follower[]>();
  for (const each of followed.followers) {
    entry(byPort, `${each.isInline} ${each.poolPort}`, () => []).push(each);
  }
  return [...byPort.values()]
    .map((followers): Pick => ({
      isInline: followers[0]?.isInline ?? false,
      poolPort: followers[0]?.poolPort ?? 0,
      followers,
      hits: followers.reduce((sum, { hits }) => sum + hits, 0),
      chance: followers.reduce((sum, { chance }) => sum + chance, 0),
    }))
    .sort((a, b) => b.hits - b.chance - (a.hits - a.chance));
}

/** Openers with more than chance and more than a stray: the balancer's own addresses. */
function snatOf(pick: Pick): readonly number[] {
  if (pick.isInline) return [];
  const hits = new Map<number, number>();
  const chance = new Map<number, number>();
  for (const each of pick.followers) {
    add(hits, each.opener, each.hits);
    add(chance, each.opener, each.chance);
  }
  const most = Math.max(...hits.values());
  return [...hits]
    .filter(([opener, count]) => count > 2 * (chance.get(opener) ?? 0) && count >= 0.08 * most)
    .map(([opener]) => opener);
}

function portOf(
  followed: Followed,
  facts: Facts,
  leafOf: ReadonlyMap<number, string>,
): FoundPort | null {
  const [best] = picksOf(followed);
  if (best === undefined) return null;
  const { probes, protocol, port } = followed;
  const expected = best.chance + 0.01 * probes + 0.05;
  const share = (best.hits - best.chance) / probes;
  if (share < LEAST_SHARE || poissonTail(best.hits, expected) > CHANCE_LIMIT) return null;
  const snat = snatOf(best);
  if (!best.isInline && snat.length === 0) return null;
  const kept = best.isInline
    ? best.followers
    : best.followers.filter(({ opener }) => snat.includes(opener));
  const pool = poolOf(kept, { protocol, poolPort: best.poolPort, snat }, facts, leafOf);
  if (pool.length === 0) return null;
  const lags = kept.flatMap(({ lag, hits }) => (hits > 0 ? [{ lag, hits }] : []));
  const total = lags.reduce((sum, { hits }) => sum + hits, 0);
  return {
    protocol,
    port,
    poolPort: best.poolPort,
    pool,
    snat,
    mode: best.isInline ? 'inline' : 'one-arm',
    evidence: {
      probes,
      hits: best.hits,
      chance: best.chance,
      lag: lags.reduce((sum, { lag, hits }) => sum + lag * hits, 0) / Math.max(1, total),
    },
  };
}

/**
 * Tells VIPs from busy servers by what follows the sessions to them: behind a VIP, a session to a
 * member of one pool begins within milliseconds, from few addresses or from the client itself.
 */
export function findVips(
  followed: readonly Followed[],
  facts: Facts,
  leafOf: ReadonlyMap<number, string>,
): readonly FoundVip[] {
  const vips = new Map<number, FoundPort[]>();
  for (const each of followed) {
    const port = portOf(each, facts, leafOf);
    if (port !== null) entry(vips, each.address, () => []).push(port);
  }
  return [...vips].map(([address, ports]) => ({
    address,
    ports: ports.sort((a, b) => serviceKey(a.protocol, a.port) - serviceKey(b.protocol, b.port)),
  }));
}
