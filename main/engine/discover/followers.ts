import type { StatementRunner } from '../store/marks.ts';
import { numberOf, numberOrNull, type Row } from '../store/rows.ts';
import { bool, doubles, i32, i32s, i64s, u32s } from '../store/sql.ts';
import type { Clock } from './clocks.ts';
import { entry, type Facts, MANY, serviceKey } from './facts.ts';
import followed from './followed.sql';
import { rowsOf, statementOf } from './statement.ts';

/** Sessions that begin at a member right after sessions to an address. */
export interface Follower {
  readonly isInline: boolean;
  /** Who opens them; 0 where it is the client itself. */
  readonly opener: number;
  readonly member: number;
  readonly poolPort: number;
  readonly hits: number;
  /** As many would be expected by chance. */
  readonly chance: number;
  /** Milliseconds, by clocks made equal as far as they could be. */
  readonly lag: number;
}

/** A service of an address that is no workload, and what follows the sessions to it. */
export interface Followed {
  readonly address: number;
  readonly protocol: number;
  readonly port: number;
  /** Sessions that were looked at. */
  readonly probes: number;
  readonly followers: readonly Follower[];
}

/** An address that may be a VIP, at one of its ports. */
interface Candidate {
  readonly address: number;
  readonly protocol: number;
  readonly port: number;
  readonly sessions: number;
}

/** A balancer serves few ports at one address; beyond this it is somebody else. */
const MOST_PORTS = 16;

const TCP = 6;
const UDP = 17;

/** Sessions looked at, for each candidate and in all. */
const PROBES = { each: 300, least: 40, all: 40_000 };

/** Addresses workloads open sessions to that have no vantage of their own. */
export function vipCandidates(
  facts: Facts,
  isNobody: (code: number) => boolean,
): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const [address, talks] of facts.byDestination) {
    if (address === MANY || facts.workloads.has(address) || isNobody(address)) continue;
    const services = new Map<number, Candidate>();
    for (const talk of talks) {
      const { protocol, port } = talk;
      if (talk.passed === 0 || talk.outSessions === 0) continue;
      if (protocol !== TCP && protocol !== UDP) continue;
      const key = serviceKey(protocol, port);
      const sessions = (services.get(key)?.sessions ?? 0) + talk.outSessions;
      services.set(key, { address, protocol, port, sessions });
    }
    if (services.size <= MOST_PORTS) found.push(...services.values());
  }
  return found.sort((a, b) => b.sessions - a.sessions || a.address - b.address || a.port - b.port);
}

function openers(facts: Facts): readonly number[] {
  const found = new Set<number>();
  for (const { source, destination, inSessions, passed } of facts.talks) {
    if (source === MANY || facts.workloads.has(source) || !facts.workloads.has(destination))
      continue;
    if (inSessions > 0 && passed > 0) found.add(source);
  }
  return [...found];
}

/** Pairs of workloads whose sessions only the server's vNIC logged: the client spoke to somebody else. */
export function oneSided(facts: Facts): readonly (readonly [client: number, server: number])[] {
  const pairs = new Map<string, readonly [number, number]>();
  for (const { source, destination, inSessions, outSessions, passed } of facts.talks) {
    if (inSessions === 0 || outSessions > 0 || passed === 0) continue;
    if (!facts.workloads.has(source) || !facts.workloads.has(destination)) continue;
    pairs.set(`${source} ${destination}`, [source, destination]);
  }
  return [...pairs.values()];
}

/** What followers are looked for with. */
interface Search {
  readonly facts: Facts;
  readonly clocks: readonly Clock[];
  readonly passing: readonly number[];
}

async function search(
  database: StatementRunner,
  candidates: readonly Candidate[],
  { facts, clocks, passing }: Search,
  round: { readonly probes: number; readonly isStrict: boolean },
): Promise<readonly Followed[]> {
  if (candidates.length === 0) return [];
  const share = Math.floor(PROBES.all / candidates.length);
  const each = Math.max(PROBES.least, Math.min(round.probes, share));
  const pairs = oneSided(facts);
  const mostAhead = Math.max(0, ...clocks.map(({ ahead }) => Math.abs(ahead)));
  const statement = statementOf(
    followed,
    u32s(candidates.map(({ address }) => address)),
    i32s(candidates.map(({ protocol }) => protocol)),
    i32s(candidates.map(({ port }) => port)),
    i32s(candidates.map(({ sessions }) => Math.max(1, Math.round(sessions / each)))),
    i64s(clocks.map(({ clock }) => clock)),
    doubles(clocks.map(({ ahead }) => ahead)),
    i32s(clocks.map(({ part }) => part)),
    u32s(openers(facts)),
    u32s(pairs.map(([client]) => client)),
    u32s(pairs.map(([, server]) => server)),
    u32s(passing),
    i32(Math.ceil(mostAhead / 1000)),
    bool(round.isStrict),
  );
  return followedOf(await rowsOf(database, statement));
}

function followedOf(rows: readonly Row[]): readonly Followed[] {
  const found = new Map<string, Followed & { readonly followers: Follower[] }>();
  for (const row of rows) {
    const address = numberOf(row, 'vip');
    const protocol = numberOf(row, 'protocol');
    const port = numberOf(row, 'port');
    const probes = numberOf(row, 'probes');
    entry(found, `${address} ${protocol} ${port}`, () => ({
      address,
      protocol,
      port,
      probes,
      followers: [],
    })).followers.push({
      isInline: row['is_inline'] === true,
      opener: numberOf(row, 'opener'),
      member: numberOf(row, 'member'),
      poolPort: numberOf(row, 'pool_port'),
      hits: numberOf(row, 'hits'),
      chance: numberOf(row, 'chance_hits'),
      lag: numberOrNull(row, 'lag_ms') ?? 0,
    });
  }
  return [...found.values()];
}

/** More sessions are followed than by chance, though perhaps not more than at a busy server. */
function isPlausible({ probes, followers }: Followed): boolean {
  const excess = followers.reduce((sum, { hits, chance }) => sum + hits - chance, 0);
  return excess >= 0.1 * probes;
}

/**
 * Looks what follows the sessions to each candidate, on a sample of them: first at all candidates,
 * then closely at those whose sessions are followed at all, where what follows one session is not
 * counted for another that is nearer.
 */
export async function readFollowed(
  database: StatementRunner,
  candidates: readonly Candidate[],
  from: Search,
): Promise<readonly Followed[]> {
  const first = await search(database, candidates, from, { probes: 80, isStrict: false });
  const key = (each: {
    readonly address: number;
    readonly protocol: number;
    readonly port: number;
  }) => `${each.address} ${each.protocol} ${each.port}`;
  const plausible = new Set(first.filter(isPlausible).map(key));
  const left = candidates.filter((candidate) => plausible.has(key(candidate)));
  return search(database, left, from, { probes: PROBES.each, isStrict: true });
}
