import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { NO_FILTER } from '../../../shared/domain/filter.ts';
import { anEngine, type TestEngine } from '../../support/engine.ts';
import { parseLine } from '../../support/parsed-line.ts';

const TIME = '2026-03-02T08:00:00.123Z';

async function load(test: TestEngine, files: Readonly<Record<string, readonly string[]>>) {
  const paths: string[] = [];
  for (const [name, lines] of Object.entries(files)) {
    const file = test.folder.file(name);
    await writeFile(file, lines.map((line) => `${line}\n`).join(''));
    paths.push(file);
  }
  return test.client.call('archive.open', { paths });
}

describe('the id of a filter', () => {
  it.each(['028cd586', '00000000', '40718263', '4e100000', '7295', '0012', '4b84####'])(
    'stays the text %s',
    (filter) => {
      const line = `${TIME} ${filter} INET match PASS 2 OUT 84 ICMP 192.0.2.1->192.0.2.2`;
      expect(parseLine(line)).toMatchObject({ filter, host: null });
    },
  );
});

describe('the name of a rule set', () => {
  it.each(['domain-c46', 'domain-c##', 'domain-c100488'])('is kept: %s', (name) => {
    const line = `${TIME} 7295 INET match PASS ${name}/1005 OUT 84 ICMP 192.0.2.1->192.0.2.2`;
    expect(parseLine(line)).toMatchObject({ rulesetName: name, rule: 1005, dialect: 'nsx-v' });
  });
});

describe('a line of the firewall that has no address family', () => {
  it.each(['dfwpktlogs', 'FIREWALL_PKTLOG', 'FIREWALL-PKTLOG', 'firewall-pktlog', 'DfwPktLogs'])(
    'is a reject under the name %s, with a colon, a process or nothing behind it',
    (name) => {
      for (const tail of [':', '[7]:', '']) {
        expect(parseLine(`${TIME} esx-birch ${name}${tail} cut`)).toBe('no address family');
      }
    },
  );

  it.each(['dfwpktlogsx:', 'firewall-pktlogger', 'firewall.pktlog'])(
    'is a line of another program under the name %s',
    (name) => {
      expect(parseLine(`${TIME} esx-birch ${name} text`)).toBe('other');
    },
  );
});

describe('the end of a session', () => {
  it('is no drop, whatever release wrote it', () => {
    const ends = 'OUT TCP RST 192.0.2.1/1->192.0.2.2/2 1/1 2/2';
    for (const decision of ['domain-c8/1006', '5096', 'PASS 5096']) {
      expect(parseLine(`${TIME} 7 INET TERM ${decision} ${ends}`)).toMatchObject({
        action: 'PASS',
        closeReason: 'RST',
        flags: '',
      });
    }
  });

  it('counts a session of which no beginning is in the archive, and the reverse', async () => {
    await using test = await anEngine();
    await load(test, {
      'dfw.log': [
        `${TIME} 7 INET TERM domain-c8/1006 OUT TCP FIN 192.0.2.1/1001->192.0.2.9/80 9/8 100/50 T`,
        `${TIME} 7 INET match PASS domain-c8/1006 OUT 60 TCP 192.0.2.1/1002->192.0.2.9/443 S T`,
      ],
    });
    const { rows } = await test.client.call('flow.list', {
      filter: NO_FILTER,
      by: ['service'],
      order: 'sessions',
      limit: 10,
      offset: 0,
    });
    expect(rows.map(({ service, sessions, bytes }) => [service, sessions, bytes])).toEqual(
      expect.arrayContaining([
        ['TCP/80', 1, 150],
        ['TCP/443', 1, 0],
      ]),
    );
  });
});

describe('one flow that two vNICs logged', () => {
  it('is one session of the map, and its bytes are counted at one end', async () => {
    await using test = await anEngine();
    const ends = '192.0.2.1/1001->192.0.2.9/80';
    const both = (rest: string) => [
      `2026-03-02T08:00:00.123Z 11 INET ${rest.replace('WAY', 'OUT')} SGTSWEB`,
      `2026-03-02T08:00:00.125Z 22 INET ${rest.replace('WAY', 'IN')} SGTSDB`,
    ];
    await load(test, {
      'dfw.log': [
        ...both(`match PASS domain-c8/1006 WAY 60 TCP ${ends} S`),
        ...both(`TERM domain-c8/1006 WAY TCP FIN ${ends} 9/8 100/50`),
      ],
    });
    const graph = await test.client.call('graph.read', { filter: NO_FILTER });
    expect(graph.edges.map(({ sessions }) => sessions)).toEqual([1]);
    const { rows } = await test.client.call('flow.list', {
      filter: NO_FILTER,
      by: ['source', 'destination', 'service'],
      order: 'sessions',
      limit: 10,
      offset: 0,
    });
    expect(rows.map(({ sessions, bytes, events }) => [sessions, bytes, events])).toEqual([
      [1, 150, 4],
    ]);
  });
});

describe('two hosts with two clocks', () => {
  const line = (time: string, host: string, port: number) =>
    `${time} ${host} dfwpktlogs: 7 INET match PASS domain-c8/1006 OUT 60 TCP 192.0.2.1/1001->192.0.2.9/${port} S T`;
  const files = {
    'a.log': [line('2026-03-02T08:00:09Z', 'esx-a', 81), line('2026-03-02T08:00:01Z', 'esx-a', 82)],
    'b.log': [line('2026-03-02T10:00:05+02:00', 'esx-b', 83)],
  };

  it('keep their own hosts and times, and files in any order say the same', async () => {
    const seen: unknown[] = [];
    for (const order of [files, Object.fromEntries(Object.entries(files).reverse())]) {
      await using test = await anEngine();
      await load(test, order);
      const events = await test.client.call('flow.evidence', { filter: NO_FILTER, limit: 10 });
      seen.push(
        events.map(({ host, at, toPort }) => [host, new Date(at).toISOString().slice(11), toPort]),
      );
    }
    expect(seen[0]).toEqual([
      ['esx-a', '08:00:09.000Z', 81],
      ['esx-b', '08:00:05.000Z', 83],
      ['esx-a', '08:00:01.000Z', 82],
    ]);
    expect(seen[1]).toEqual(seen[0]);
  });
});
