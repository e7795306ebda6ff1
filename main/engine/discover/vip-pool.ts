import { add, type Facts } from './facts.ts';
import type { Follower } from './followers.ts';

/** What opens sessions to a pool, and where to. */
interface Behind {
  readonly protocol: number;
  readonly poolPort: number;
  readonly snat: readonly number[];
}

/** Log odds that a member of a group is in a pool, where others of the group are; and where none is. */
const SAME_GROUP = 3;
const OTHER_GROUP = -2;

/** Hits of somebody who is not in the pool, as a share of all hits. */
const STRAY_SHARE = 0.006;

function sessionsTo(facts: Facts, { protocol, poolPort, snat }: Behind): Map<number, number> {
  const sums = new Map<number, number>();
  for (const source of snat) {
    for (const talk of facts.bySource.get(source) ?? []) {
      if (talk.protocol !== protocol || talk.port !== poolPort || talk.passed === 0) continue;
      add(sums, talk.destination, talk.passed);
    }
  }
  return sums;
}

/**
 * Members of a pool: those whose share of the following sessions fits what the balancer opens to
 * them. A member nobody was seen to be sent to still belongs where its group does and few
 * sessions were followed.
 */
export function poolOf(
  followers: readonly Follower[],
  behind: Behind,
  facts: Facts,
  leafOf: ReadonlyMap<number, string>,
): readonly number[] {
  const hits = new Map<number, number>();
  const chance = new Map<number, number>();
  for (const each of followers) {
    add(hits, each.member, each.hits);
    add(chance, each.member, each.chance);
  }
  const total = [...hits.values()].reduce((sum, count) => sum + count, 0);
  const sure = [...hits].filter(
    ([member, count]) => count > 1.5 * (chance.get(member) ?? 0) && count >= 0.04 * total,
  );
  if (sure.length === 0) return [];
  const groups = new Set(sure.flatMap(([member]) => leafOf.get(member) ?? []));
  const sent = sessionsTo(facts, behind);
  const sureSent = sure.reduce((sum, [member]) => sum + (sent.get(member) ?? 0), 0);
  const sureHits = sure.reduce((sum, [, count]) => sum + count, 0);
  const isKnown = new Set(sure.map(([member]) => member));
  const prior = (member: number) => {
    const group = leafOf.get(member);
    if (groups.size === 0 || group === undefined) return 0;
    return groups.has(group) ? SAME_GROUP : OTHER_GROUP;
  };
  const fits = (member: number): boolean => {
    const count = hits.get(member) ?? 0;
    const own = sent.get(member) ?? 0;
    const reference = isKnown.has(member) ? sureSent : sureSent + own;
    const weight = sureSent === 0 ? 1 / sure.length : own / Math.max(1, reference);
    const stray = (chance.get(member) ?? 0) + STRAY_SHARE * total + 0.02;
    const expected = sureHits * weight;
    const odds = count * Math.log((expected + stray) / stray) - expected;
    return odds + prior(member) > 0;
  };
  return [...new Set([...hits.keys(), ...sent.keys()])].filter((member) => fits(member));
}
