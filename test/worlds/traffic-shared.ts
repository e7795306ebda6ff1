import { serviceText } from '../../shared/net/service.ts';
import { TCP, UDP } from '../sample/topology.ts';
import type { Member, SharedServer, Vip } from './estate.ts';
import { plainSession } from './event-sink.ts';
import type { Activity, Stage } from './traffic.ts';
import { awake, inTurn } from './traffic.ts';

function serving(server: SharedServer, clients: readonly Member[], stage: Stage): Activity {
  const { sink, tally, estate } = stage;
  const total = estate.shared.reduce((sum, { weight }) => sum + weight, 0);
  const isNtp = server.serves.some(([, port]) => port === 123);
  return {
    name: `serving ${server.name}`,
    weight: (22 * server.weight) / total,
    linesEach: 2,
    least: clients.length * Math.min(2, server.serves.length),
    isSteady: isNtp,
    run(at, index, prng) {
      const turn = Math.floor(index / clients.length);
      const client = clients[index % clients.length];
      const [protocol, serverPort] = server.serves[turn] ?? prng.pick(server.serves);
      if (client === undefined || client === server.member) return;
      const ends = { at, client: client.address, server: server.address, protocol, serverPort };
      const plain = plainSession(ends, prng);
      const session = {
        ...plain,
        clientPort: isNtp ? 123 : plain.clientPort,
        isAnswered: serverPort !== 514,
        durationMs: protocol === UDP ? prng.int(30_000, 61_000) : plain.durationMs,
        under: 'parent',
      } as const;
      const { client: left, server: right } = sink.log(session);
      if (left.isSeen || right.isSeen) {
        tally.use(server.address, client, 'serves', serviceText(protocol, serverPort));
      }
    },
  };
}

function visiting(server: SharedServer, visited: readonly Member[], stage: Stage): Activity {
  const { sink, tally, estate } = stage;
  const total = estate.shared.reduce((sum, { weight }) => sum + weight, 0);
  return {
    name: `visiting ${server.name}`,
    weight: (22 * server.weight) / total,
    linesEach: 2,
    least: visited.length * server.polls.length,
    isSteady: true,
    run(at, index, prng) {
      const turn = Math.floor(index / visited.length);
      const target = visited[index % visited.length];
      const [protocol, serverPort] = server.polls[turn] ?? prng.pick(server.polls);
      if (target === undefined || target === server.member) return;
      const ends = { at, client: server.address, server: target.address, protocol, serverPort };
      const { client, server: seen } = sink.log({ ...plainSession(ends, prng), under: 'parent' });
      if (client.isSeen || seen.isSeen) {
        tally.use(server.address, target, 'polls', serviceText(protocol, serverPort ?? 0));
      }
    },
  };
}

function healthCheck(vip: Vip, { sink, estate }: Stage): Activity {
  const { healthChecks } = estate.options;
  const { snat, self } = vip.balancer;
  const [first] = snat;
  const client = healthChecks === 'snat' && first !== undefined ? first : self;
  return {
    name: `health ${vip.name}`,
    weight: 8 / estate.vips.length,
    linesEach: 2,
    least: vip.chosen.length * 4,
    isSteady: true,
    run(at, index, prng) {
      const member = inTurn(vip.chosen, index, prng);
      const serverPort = prng.pick(vip.ports).poolPort;
      sink.log(
        plainSession({ at, client, server: member.address, protocol: TCP, serverPort }, prng),
      );
    },
  };
}

/** What everybody does: shared services used and visiting, balancers' questions, busy servers outside. */
export function sharedTraffic(stage: Stage): readonly Activity[] {
  const { estate, sink } = stage;
  const everybody = estate.members.filter((member) => !member.isSilent && !member.isSecond);
  const inside = everybody.filter(
    ({ address }) =>
      !estate.desktops.some((desktop) => desktop.address === address) &&
      !estate.shared.some((server) => server.address === address),
  );
  return [
    ...estate.shared.flatMap((server) => [
      ...(server.serves.length > 0 ? [serving(server, everybody, stage)] : []),
      ...(server.polls.length > 0 ? [visiting(server, inside, stage)] : []),
    ]),
    ...(estate.options.healthChecks === 'none'
      ? []
      : estate.vips.map((vip) => healthCheck(vip, stage))),
    ...estate.outsiders.map((outsider): Activity => {
      const callers = awake(outsider.tier);
      return {
        name: outsider.name,
        weight: 3,
        linesEach: 2,
        least: callers.length * 6,
        isSteady: false,
        run(at, index, prng) {
          const client = inTurn(callers, index, prng).address;
          const ends = { at, client, server: outsider.address, protocol: TCP };
          sink.log(plainSession({ ...ends, serverPort: outsider.port }, prng));
        },
      };
    }),
  ];
}
