import type { Need } from './needs.ts';
import { SHARED_POLICY } from './needs.ts';
import type { Party } from './parties.ts';

/** Needs that one rule is for. */
export interface Cluster {
  readonly policy: string;
  readonly needs: readonly Need[];
}

function gather(
  clusters: readonly Cluster[],
  keyOf: (cluster: Cluster) => string,
): readonly Cluster[] {
  const gathered = new Map<string, Cluster>();
  for (const cluster of clusters) {
    const key = JSON.stringify([cluster.policy, keyOf(cluster)]);
    const before = gathered.get(key)?.needs ?? [];
    gathered.set(key, { policy: cluster.policy, needs: [...before, ...cluster.needs] });
  }
  return [...gathered.values()];
}

const sourceOf = ({ needs }: Cluster) => needs[0]?.source;
const destinationOf = ({ needs }: Cluster) => needs[0]?.destination;

/** The services of a cluster, sorted. */
export function servicesOf({ needs }: Cluster): readonly string[] {
  return [...new Set(needs.map(({ service }) => service))].sort();
}

function tierOf(party: Party | undefined): string {
  return party === undefined || party.application === null
    ? (party?.key ?? '')
    : JSON.stringify([party.application, party.tier]);
}

/** One rule a shared service and way: who uses it, or whom it visits. */
function sharedKey(cluster: Cluster): string | null {
  if (cluster.policy !== SHARED_POLICY) return null;
  const destination = destinationOf(cluster);
  return destination?.kind === 'shared' ? `>${destination.key}` : `<${sourceOf(cluster)?.key}`;
}

/**
 * Draws needs together into as few rules as a level asks for. What is drawn together allows no pair
 * of groups a service it was not seen with, up to the level `cover`; shared services, where
 * everybody may use all of one server's services, and the level `tier` do.
 *
 * @param level place in `SUGGESTION_LEVELS`, from 1
 */
export function coverNeeds(needs: readonly Need[], level: number): readonly Cluster[] {
  const single = needs.map((need): Cluster => ({ policy: need.policy, needs: [need] }));
  if (level <= 1) return single;
  const pairs = gather(single, (each) => `${sourceOf(each)?.key} ${destinationOf(each)?.key}`);
  if (level === 2) return pairs;
  const covered = gather(
    pairs,
    (each) => sharedKey(each) ?? JSON.stringify([destinationOf(each)?.key, servicesOf(each)]),
  );
  if (level === 3) return covered;
  return gather(
    pairs,
    (each) => sharedKey(each) ?? `${tierOf(sourceOf(each))} ${tierOf(destinationOf(each))}`,
  );
}
