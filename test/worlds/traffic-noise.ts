import { ICMP, TCP, UDP } from '../sample/topology.ts';
import type { Prng } from '../sample/prng.ts';
import type { Member } from './estate.ts';
import { plainSession } from './event-sink.ts';
import type { WorldSpurious } from './truth.ts';
import type { Activity, Stage } from './traffic.ts';

const SCANNED: readonly number[] = [
  21, 22, 23, 25, 80, 81, 110, 111, 135, 139, 143, 443, 445, 993, 1080, 1433, 1521, 2049, 2375,
  3306, 3389, 5432, 5900, 5985, 6379, 8000, 8080, 8443, 9200, 27_017,
];

interface Attempt {
  readonly at: number;
  readonly source: string;
  readonly target: Member;
  readonly port: number;
  readonly kind: WorldSpurious['kind'];
}

function tryDoor({ sink, tally, estate }: Stage, attempt: Attempt, prng: Prng): void {
  const { at, source, target, port, kind } = attempt;
  const isDrop = estate.options.scanVerdict === 'drop';
  const ends = { at, client: source, server: target.address, protocol: TCP, serverPort: port };
  const { server } = sink.log({
    ...plainSession(ends, prng),
    action: isDrop ? 'DROP' : 'PASS',
    isAnswered: !isDrop && prng.chance(0.08),
    durationMs: prng.int(1_000, 20_000),
    under: 'parent',
  });
  if (server.isSeen) tally.attempt(source, kind, target.address, `TCP/${port}`);
}

function scanning(stage: Stage, targets: readonly Member[]): readonly Activity[] {
  const { scanners } = stage.estate;
  return scanners.map((source, i): Activity => {
    const kind = (['scanner', 'sweeper', 'port-scan'] as const)[i % 3] ?? 'scanner';
    const swept = SCANNED[(i * 7) % SCANNED.length] ?? 445;
    return {
      name: `${kind} ${source}`,
      weight: (stage.estate.options.noiseShare * 70) / scanners.length,
      linesEach: 1,
      least: kind === 'sweeper' ? Math.min(targets.length, 60) : 30,
      isSteady: true,
      run(at, index, prng) {
        const all = { at, source, kind };
        if (kind === 'scanner') {
          const port = prng.pick(SCANNED);
          tryDoor(stage, { ...all, target: prng.pick(targets), port }, prng);
        } else if (kind === 'sweeper') {
          const target = targets[index % targets.length];
          if (target !== undefined) tryDoor(stage, { ...all, target, port: swept }, prng);
        } else {
          const target = targets[(i * 5) % targets.length];
          const port = 1 + ((index * 37) % 9_973);
          if (target !== undefined) tryDoor(stage, { ...all, target, port }, prng);
        }
      },
    };
  });
}

/** Somebody outside takes a wrong address, tries again a few times, and gives up. */
function wrongAddresses(stage: Stage, targets: readonly Member[]): Activity {
  return {
    name: 'wrong addresses',
    weight: stage.estate.options.noiseShare * 10,
    linesEach: 4,
    least: 2,
    isSteady: false,
    run(at, index, prng) {
      const source = `198.51.100.${1 + (index % 200)}`;
      const target = prng.pick(targets);
      const port = prng.pick(SCANNED);
      for (const delay of [0, 1_000, 3_000, 7_000]) {
        tryDoor(stage, { at: at + delay, source, target, port, kind: 'wrong-address' }, prng);
      }
    },
  };
}

/** A member keeps asking a machine that is no more; nobody answers, and nobody follows. */
function deadServers({ sink, tally, estate }: Stage, targets: readonly Member[]): Activity {
  const source = targets[0];
  return {
    name: 'dead server',
    weight: estate.options.noiseShare * 10,
    linesEach: 2,
    least: 6,
    isSteady: true,
    run(at, _index, prng) {
      if (source === undefined) return;
      const ends = { at, client: source.address, server: '10.250.0.9', protocol: TCP };
      const session = plainSession({ ...ends, serverPort: 1433 }, prng);
      const { client } = sink.log({ ...session, isAnswered: false, durationMs: 20_000 });
      if (client.isSeen) tally.attempt(source.address, 'wrong-address', ends.server, 'TCP/1433');
    },
  };
}

function shouting({ sink, estate }: Stage, members: readonly Member[]): Activity {
  const networkOf = (address: string) => address.slice(0, address.lastIndexOf('.'));
  return {
    name: 'broadcasts',
    weight: estate.options.noiseShare * 10,
    linesEach: 4,
    least: 4,
    isSteady: true,
    run(at, _index, prng) {
      const speaker = prng.pick(members);
      const network = networkOf(speaker.address);
      const [server, port] = prng.pick([
        [`${network}.255`, 137],
        ['224.0.0.251', 5353],
        ['255.255.255.255', 67],
      ] as const);
      const ends = { at, client: speaker.address, server, protocol: UDP, serverPort: port };
      const session = { ...plainSession(ends, prng), clientPort: port, under: 'parent' } as const;
      sink.logPacket(speaker, 'OUT', session, '');
      const near = members.filter((other) => networkOf(other.address) === network);
      for (const other of near.filter((each) => each !== speaker).slice(0, 6)) {
        sink.logPacket(other, 'IN', { ...session, at: at + 1 }, '');
      }
    },
  };
}

function pinging({ sink, estate }: Stage, members: readonly Member[]): Activity {
  return {
    name: 'pings to the router',
    weight: estate.options.noiseShare * 5,
    linesEach: 2,
    least: 2,
    isSteady: true,
    run(at, _index, prng) {
      const { address } = prng.pick(members);
      const server = `${address.slice(0, address.lastIndexOf('.'))}.1`;
      sink.log(
        plainSession({ at, client: address, server, protocol: ICMP, serverPort: null }, prng),
      );
    },
  };
}

/** What does not belong there, and what means nothing. */
export function noiseTraffic(stage: Stage): readonly Activity[] {
  const members = stage.estate.members.filter(
    ({ isSilent, isSecond, role }) => !isSilent && !isSecond && role !== 'desktop',
  );
  return [
    ...scanning(stage, members),
    wrongAddresses(stage, members),
    deadServers(stage, members),
    shouting(stage, members),
    pinging(stage, members),
  ];
}
