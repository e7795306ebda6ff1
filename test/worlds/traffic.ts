import type { Prng } from '../sample/prng.ts';
import { TCP } from '../sample/topology.ts';
import type { Application, Edge, Estate, Member, Tier, Vip } from './estate.ts';
import type { EventSink } from './event-sink.ts';
import { plainSession } from './event-sink.ts';
import type { Tally } from './tally.ts';

/** Something that happens again and again over the window. */
export interface Activity {
  readonly name: string;
  /** Its part of all lines, beside the other activities. */
  readonly weight: number;
  /** About as many lines come of each time, ends included. */
  readonly linesEach: number;
  /** It happens at least as often. */
  readonly least: number;
  /** Whether nights are as busy as days. */
  readonly isSteady: boolean;
  /** Does it for the `index`th time. */
  run(at: number, index: number, prng: Prng): void;
}

/** Where traffic goes, and where it is counted. */
export interface Stage {
  readonly estate: Estate;
  readonly sink: EventSink;
  readonly tally: Tally;
}

/** One of the items, the first far more often than the last as Zipf's law has it; one draw in three takes any. */
export function zipf<T>(items: readonly T[], prng: Prng): T {
  if (prng.chance(1 / 3)) return prng.pick(items);
  const index = Math.floor(items.length ** prng.next()) - 1;
  const item = items[Math.min(items.length - 1, Math.max(0, index))];
  if (item === undefined) throw new Error('There is nothing to pick from.');
  return item;
}

/** Everybody in turn first, so that no one who takes part is missed; then anybody. */
export function inTurn<T>(items: readonly T[], index: number, prng: Prng): T {
  const item = items[index];
  return item === undefined ? prng.pick(items) : item;
}

export function awake(tier: Tier): readonly Member[] {
  return tier.members.filter(({ isSilent }) => !isSilent);
}

/** Requests, from whoever asks through all tiers they pass. */
export class Requests {
  readonly #stage: Stage;
  readonly #turns = new Map<unknown, number>();
  readonly #edges: ReadonlyMap<Tier, readonly Edge[]>;

  constructor(stage: Stage) {
    this.#stage = stage;
    const edges = new Map<Tier, Edge[]>();
    for (const edge of stage.estate.applications.flatMap((application) => application.edges)) {
      edges.set(edge.from, [...(edges.get(edge.from) ?? []), edge]);
    }
    this.#edges = edges;
  }

  #turn<T>(key: unknown, items: readonly T[], prng: Prng): T {
    const index = this.#turns.get(key) ?? 0;
    this.#turns.set(key, index + 1);
    return inTurn(items, index, prng);
  }

  /** A client asks a VIP; returns the member that got it, and when. */
  balanced(
    at: number,
    client: string,
    vip: Vip,
    prng: Prng,
  ): { readonly member: Member; readonly at: number; readonly isStitched: boolean } | null {
    const { sink, tally, estate } = this.#stage;
    const { unfollowedShare, lagMs } = estate.options;
    const { port, poolPort } = this.#turn(vip.ports, vip.ports, prng);
    const ends = { at, client, server: vip.address, protocol: TCP, serverPort: port };
    const front = plainSession(ends, prng);
    const { client: seen } = sink.log(front);
    if (seen.isSeen) tally.vip(vip).sessions++;
    this.#lateReply(client, front.clientPort, vip.address, port, at, prng);
    if (prng.chance(unfollowedShare)) return null;
    const member = this.#turn(`${vip.address} ${port}`, vip.chosen, prng);
    const isInline = vip.balancer.mode === 'inline';
    const from = isInline ? client : this.#turn(vip, vip.balancer.snat, prng);
    const leg = {
      at: at + lagMs[0] + prng.next() ** 2 * (lagMs[1] - lagMs[0]),
      client: from,
      server: member.address,
      protocol: TCP,
      serverPort: poolPort,
    };
    const back = sink.log(
      isInline
        ? { ...plainSession(leg, prng), clientPort: front.clientPort }
        : plainSession(leg, prng),
      'rewritten',
    );
    const isStitched = seen.hasStart && back.server.hasStart;
    if (isStitched) tally.stitched(vip, port, member.address, from);
    return { member, at: leg.at, isStitched };
  }

  #lateReply(
    client: string,
    clientPort: number | null,
    server: string,
    serverPort: number,
    at: number,
    prng: Prng,
  ): void {
    const { sink, estate } = this.#stage;
    const member = estate.byAddress.get(client);
    if (member === undefined || !prng.chance(estate.options.lateReplyShare)) return;
    const back = { at: at + 2_400, client: server, server: client, protocol: TCP };
    const session = { ...plainSession({ ...back, serverPort: clientPort }, prng) };
    sink.logPacket(member, 'IN', { ...session, clientPort: serverPort }, 'SA');
  }

  /** A client asks a member of a tier, through its VIP where it has one. */
  ask(at: number, client: Member | string, to: Tier, prng: Prng, edge: Edge | null): void {
    const { sink, tally } = this.#stage;
    const address = typeof client === 'string' ? client : client.address;
    if (to.vip !== null) {
      const got = this.balanced(at, address, to.vip, prng);
      if (got === null) return;
      if (edge !== null && got.isStitched) tally.edge(edge);
      this.#onward(got.member, to, got.at, prng);
      return;
    }
    const member = this.#turn(to, awake(to), prng);
    const own = typeof client === 'string' ? null : client.second;
    const isSix = own !== null && member.second !== null && prng.chance(0.4);
    const source = isSix ? own.address : address;
    const target = isSix && member.second !== null ? member.second.address : member.address;
    const ends = { at, client: source, server: target, protocol: TCP, serverPort: to.port };
    const isLong = edge?.isLongLived === true;
    const session = plainSession(ends, prng);
    const longMs = prng.chance(0.5) ? null : prng.int(3_600_000, 36_000_000);
    const { client: left, server: right } = sink.log(
      isLong ? { ...session, durationMs: longMs } : session,
    );
    if (edge !== null && (left.isSeen || right.isSeen)) tally.edge(edge);
    if (!isLong) this.#onward(member, to, at + 1, prng);
  }

  /** What a member asks of the tiers behind it for a request it got. */
  #onward(member: Member, tier: Tier, at: number, prng: Prng): void {
    for (const edge of this.#edges.get(tier) ?? []) {
      if (edge.isLongLived || !prng.chance(edge.chance)) continue;
      this.ask(at + prng.int(4, 150), member, edge.to, prng, edge);
    }
  }
}

function askers({ desktops, users }: Estate, prng: Prng): Member | string {
  if (desktops.length > 0 && (users.length === 0 || prng.chance(0.4))) return zipf(desktops, prng);
  return zipf(users, prng);
}

function requestsOf(application: Application, requests: Requests, stage: Stage): Activity {
  return {
    name: `requests ${application.name}`,
    weight: 60 / stage.estate.applications.length,
    linesEach: 2 + 4 * application.edges.length,
    least: 12 * application.entry.members.length,
    isSteady: false,
    run(at, _index, prng) {
      requests.ask(at, askers(stage.estate, prng), application.entry, prng, null);
    },
  };
}

function openings(edge: Edge, requests: Requests): Activity {
  const callers = awake(edge.from);
  return {
    name: `openings ${edge.from.role} ${edge.to.role}`,
    weight: 0,
    linesEach: 3,
    least: 4 * Math.max(callers.length, edge.to.members.length),
    isSteady: true,
    run(at, index, prng) {
      requests.ask(at, inTurn(callers, index, prng), edge.to, prng, edge);
    },
  };
}

/** A connection that stood before logging began: its first line is a packet from the middle, from either end. */
function midstream(edge: Edge, { sink, estate }: Stage): Activity | null {
  const callers = awake(edge.from);
  const servers = awake(edge.to);
  if (!edge.isLongLived || edge.to.vip !== null || estate.options.midstreamShare === 0) return null;
  return {
    name: `midstream ${edge.from.role} ${edge.to.role}`,
    weight: 0,
    linesEach: 1,
    least: Math.ceil(callers.length * 10 * estate.options.midstreamShare),
    isSteady: true,
    run(at, index, prng) {
      const caller = inTurn(callers, index, prng);
      const server = prng.pick(servers);
      const common = { at, protocol: TCP };
      const isBack = prng.chance(0.5);
      const [client, target] = isBack ? [server, caller] : [caller, server];
      const ends = { ...common, client: client.address, server: target.address };
      const port = prng.int(32_768, 60_999);
      const session = plainSession({ ...ends, serverPort: isBack ? port : edge.to.port }, prng);
      const clientPort = isBack ? edge.to.port : session.clientPort;
      const [member, direction] = prng.chance(0.5)
        ? ([client, 'OUT'] as const)
        : ([target, 'IN'] as const);
      sink.logPacket(member, direction, { ...session, clientPort }, prng.pick(['PA', 'A']));
    },
  };
}

/** What the applications do: requests, connections that stay open, jobs, calls to one another. */
export function applicationTraffic(stage: Stage): readonly Activity[] {
  const { estate } = stage;
  const requests = new Requests(stage);
  const edges = estate.applications.flatMap((application) => application.edges);
  const started = edges.filter(
    ({ from, isLongLived }) =>
      isLongLived || !edges.some((other) => other.to === from) || from.kind === 'batch',
  );
  const entries = new Set(estate.applications.map(({ entry }) => entry));
  return [
    ...estate.applications.map((application) => requestsOf(application, requests, stage)),
    ...started
      .filter(({ from, isLongLived }) => isLongLived || !entries.has(from))
      .map((edge) => openings(edge, requests)),
    ...edges.map((edge) => midstream(edge, stage)).filter((activity) => activity !== null),
    ...estate.crossings.map(({ from, to }): Activity => {
      const callers = awake(from);
      return {
        name: `calls ${from.role} ${to.name}`,
        weight: 2,
        linesEach: 6,
        least: 12,
        isSteady: false,
        run: (at, index, prng) =>
          requests.ask(at, inTurn(callers, index, prng), to.entry, prng, null),
      };
    }),
  ];
}
