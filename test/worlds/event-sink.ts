import type { DfwEvent } from '../sample/dfw-event.ts';
import { vantageOf } from '../sample/dfw-event.ts';
import type { Prng } from '../sample/prng.ts';
import { ICMP, TCP, UDP } from '../sample/topology.ts';
import { WINDOW_START } from '../sample/window.ts';
import type { Estate, Member } from './estate.ts';

/** An exchange between two addresses as it truly happened. */
export interface Session {
  /** True time of the first packet, milliseconds since 1970 UTC. */
  readonly at: number;
  readonly client: string;
  readonly server: string;
  readonly protocol: number;
  /** `null` for protocols without ports. */
  readonly clientPort: number | null;
  readonly serverPort: number | null;
  /** Until the state is removed; `null` where that is never logged. */
  readonly durationMs: number | null;
  readonly isAnswered: boolean;
  readonly action: 'PASS' | 'DROP';
  /** Under which rule of a workload it is logged: its tier's, or that of the application around it. */
  readonly under: 'tier' | 'parent';
}

/** What a session left at one of its ends. */
export interface SeenAt {
  /** Any line. */
  readonly isSeen: boolean;
  /** The line of its first packet. */
  readonly hasStart: boolean;
}

/** What a session left at both of its ends. */
export interface Seen {
  readonly client: SeenAt;
  readonly server: SeenAt;
}

const UNSEEN: SeenAt = { isSeen: false, hasStart: false };

/** A session with everything usual about it. */
export function plainSession(
  ends: Pick<Session, 'at' | 'client' | 'server' | 'protocol' | 'serverPort'>,
  prng: Prng,
): Session {
  const clientPort = ends.serverPort === null ? null : prng.int(32_768, 60_999);
  const durationMs = prng.chance(0.1) ? prng.int(4_000, 240_000) : prng.int(20, 4_000);
  return { ...ends, clientPort, durationMs, isAnswered: true, action: 'PASS', under: 'tier' };
}

const FIRST_PACKET: ReadonlyMap<number, number> = new Map([
  [TCP, 60],
  [UDP, 76],
  [ICMP, 84],
]);

const SLICE_MS = 15 * 60_000;

type Counters = Pick<DfwEvent, 'packets' | 'bytes'>;

function countersOf({ protocol, isAnswered }: Session, prng: Prng): Counters {
  const sent = isAnswered ? prng.int(2, 12) : prng.int(1, 3);
  const answered = isAnswered ? prng.int(2, 16) : 0;
  const size = FIRST_PACKET.get(protocol) ?? 72;
  return {
    packets: [sent, answered],
    bytes: [sent * size, answered * prng.int(60, 900)],
  };
}

interface Burst {
  readonly from: number;
  readonly to: number;
}

/** Turns sessions into the lines of those who logged them, loses some, and keeps them until their time. */
export class EventSink {
  readonly estate: Estate;
  readonly end: number;
  readonly slices: number;
  /** Called with every line that is kept. */
  onLine: (event: DfwEvent) => void = () => undefined;
  lost = 0;
  readonly #buckets = new Map<number, DfwEvent[]>();
  readonly #prng: Prng;
  readonly #losses: Prng;
  readonly #bursts = new Map<string, readonly Burst[]>();

  constructor(estate: Estate, prng: Prng) {
    this.estate = estate;
    this.#prng = prng.fork('sessions');
    this.#losses = prng.fork('losses');
    const windowMs = estate.options.windowHours * 3_600_000;
    this.end = WINDOW_START + windowMs;
    this.slices = Math.ceil(windowMs / SLICE_MS);
    const { loss, lossBursts } = estate.options;
    const bursts = this.#losses.fork('bursts');
    for (const { name } of lossBursts && loss > 0 ? estate.hosts : []) {
      const length = (windowMs * loss) / 2 / 4;
      const list = Array.from({ length: 4 }, () => {
        const from = WINDOW_START + Math.floor(bursts.next() * (windowMs - length));
        return { from, to: from + length };
      });
      this.#bursts.set(name, list);
    }
  }

  /** True start of a slice, milliseconds since 1970 UTC. */
  startOf(slice: number): number {
    return WINDOW_START + slice * SLICE_MS;
  }

  /** The lines of a slice in the order of the hosts' clocks; forgets them. */
  take(slice: number): readonly DfwEvent[] {
    const events = this.#buckets.get(slice) ?? [];
    this.#buckets.delete(slice);
    const { disorderMs } = this.estate.options;
    if (disorderMs === 0) return events.sort((a, b) => a.at - b.at);
    const late = new Map(events.map((event) => [event, this.#losses.next() * disorderMs]));
    return events.sort((a, b) => a.at + (late.get(a) ?? 0) - b.at - (late.get(b) ?? 0));
  }

  #isLost({ host, at }: DfwEvent): boolean {
    const { loss } = this.estate.options;
    if (loss === 0) return false;
    const bursts = this.#bursts.get(host.name);
    if (bursts?.some(({ from, to }) => at >= from && at < to) === true) return true;
    return this.#losses.chance(bursts === undefined ? loss : loss / 2);
  }

  #add(event: DfwEvent): boolean {
    if (event.at < WINDOW_START || event.at >= this.end) return false;
    if (this.#isLost(event)) {
      this.lost++;
      return false;
    }
    const slice = Math.floor((event.at - WINDOW_START) / SLICE_MS);
    const bucket = this.#buckets.get(slice);
    if (bucket === undefined) this.#buckets.set(slice, [event]);
    else bucket.push(event);
    this.onLine(event);
    return true;
  }

  #ruleOf(member: Member, session: Session): Pick<DfwEvent, 'rule' | 'tag'> {
    const isOuter = session.under === 'parent' || session.action === 'DROP';
    const tag = isOuter ? member.parent : member.group;
    const held = isOuter && tag === null && session.action === 'PASS' ? member.group : tag;
    const rule = held === null ? undefined : this.estate.rules.get(held);
    if (held !== null && rule !== undefined) return { rule, tag: held };
    const isNsxv = member.host.dialect === 'nsx-v';
    return { rule: isNsxv ? 1001 : 2, tag: this.estate.defaultTag };
  }

  #end(event: DfwEvent, session: Session): boolean {
    if (session.durationMs === null || session.action === 'DROP') return false;
    const isTcp = session.protocol === TCP;
    const reason = !isTcp ? '' : session.isAnswered ? 'FIN' : 'TIMEOUT';
    const closeReason = isTcp && session.isAnswered && this.#prng.chance(0.1) ? 'RST' : reason;
    const at = event.at + session.durationMs;
    return this.#add({ ...event, kind: 'TERM', at, flags: '', closeReason });
  }

  #line(member: Member, direction: 'IN' | 'OUT', session: Session): DfwEvent {
    const { protocol } = session;
    return {
      host: member.host,
      at: Math.floor(session.at + (direction === 'IN' ? 0.4 : 0)) + member.host.skewMs,
      workload: member,
      kind: 'match',
      action: session.action,
      ...this.#ruleOf(member, session),
      direction,
      length: FIRST_PACKET.get(protocol) ?? 72,
      protocol,
      source: session.client,
      sourcePort: session.clientPort,
      destination: session.server,
      destinationPort: session.serverPort,
      flags: protocol === TCP ? 'S' : '',
      closeReason: '',
      ...countersOf(session, this.#prng),
    };
  }

  /**
   * Logs a session at the vNIC of its client (OUT) and of its server (IN), where they have one. What
   * is dropped is dropped by the server's, or by the client's where the server has none. `rewritten`
   * is what a balancer between them made of a session that the client opened to somebody else: the
   * client's vNIC never sees it.
   */
  log(session: Session, way: 'whole' | 'rewritten' = 'whole'): Seen {
    const client = way === 'whole' ? this.estate.byAddress.get(session.client) : undefined;
    const server = this.estate.byAddress.get(session.server);
    const hasEnd = this.#prng.chance(this.estate.options.endShare);
    const put = (member: Member | undefined, direction: 'IN' | 'OUT'): SeenAt => {
      if (member === undefined) return UNSEEN;
      const isPassedOn = session.action === 'DROP' && direction === 'OUT' && server !== undefined;
      const own: Session = isPassedOn
        ? { ...session, action: 'PASS', isAnswered: false, durationMs: 20_000 }
        : session;
      const event = this.#line(member, direction, own);
      const began = this.#add(event);
      const ended = hasEnd && this.#end(event, own);
      return { isSeen: began || ended, hasStart: began };
    };
    return { client: put(client, 'OUT'), server: put(server, 'IN') };
  }

  /** Logs a packet at one vNIC only, as it is; for what goes to many, and for sessions seen from their middle. */
  logPacket(
    member: Member,
    direction: 'IN' | 'OUT',
    session: Session,
    flags: 'S' | 'SA' | 'PA' | 'A' | '',
  ): boolean {
    return this.#add({ ...this.#line(member, direction, session), flags });
  }
}

/** The address whose vNIC logged an event; for broadcasts heard, the member's own. */
export function workloadOf(event: DfwEvent): string {
  return event.workload.address === vantageOf(event) ? event.workload.address : '';
}
