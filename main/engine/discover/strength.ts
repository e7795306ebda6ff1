import type { ApplicationEvidence } from './applications.ts';
import type { Role } from './roles.ts';
import type { FoundShared } from './shared-services.ts';
import type { FoundSpurious } from './spurious.ts';
import type { FoundVip } from './vips.ts';

/** Near 1 for large counts, half of the way at `half`. */
function saturating(count: number, half: number): number {
  return count / (count + half);
}

/** How strongly a VIP is shown: how many sessions are followed, of how many. */
export function vipStrength({ ports }: FoundVip): number {
  return Math.min(
    ...ports.map(({ evidence: { probes, hits, chance }, pool }) => {
      const share = (hits - chance) / Math.max(1, probes);
      const enough = saturating(hits - chance, 1.5 * Math.max(1, pool.length / 2));
      return Math.min(1, 0.35 + 0.75 * share) * enough;
    }),
  );
}

/** How strongly a role is shown: how alike its members are, and on how much they were seen. */
export function roleStrength({ likeness, members, events, isClient }: Role): number {
  const enough = saturating(events / Math.max(1, members.length), 3);
  return isClient ? 0.9 * enough : (0.3 + 0.65 * likeness) * enough;
}

/** How strongly an application is shown: by the names of its groups, or by who calls whom. */
export function applicationStrength(evidence: ApplicationEvidence): number {
  const { named, units, inside, across } = evidence;
  const byName = named / Math.max(1, units);
  const calls = inside + across;
  const closed = calls === 0 ? 0.6 : inside / calls;
  return Math.min(0.97, 0.35 + 0.4 * byName + 0.25 * closed);
}

/** How strongly a shared service is shown: how many use it, and whether for what all need. */
export function sharedStrength({ breadth, isWellKnown, isServer }: FoundShared): number {
  return Math.min(0.98, (isWellKnown ? 0.75 : 0.4) + (isServer ? 0.3 : 0.2) * breadth);
}

/** How strongly a spurious source is shown: how many doors it tried, and how few opened. */
export function spuriousStrength(found: FoundSpurious): number {
  const silence = 1 - found.answeredShare;
  if (found.kind === 'wrong-address') return 0.6 * silence;
  return Math.min(0.98, 0.3 + 0.45 * saturating(found.doors, 6) + 0.25 * silence);
}
