import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../support/engine.ts';
import { parseLine, type ParsedLine, sortedFlags } from '../../support/parsed-line.ts';

const dialects = readdirSync(fixture('dfw/valid'))
  .filter((name) => name.endsWith('.log'))
  .map((name) => name.replace('.log', ''));

function linesOf(file: string): readonly string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

function expectedOf(dialect: string): readonly ParsedLine[] {
  return JSON.parse(readFileSync(fixture('dfw/valid', `${dialect}.json`), 'utf8')) as ParsedLine[];
}

describe.each(dialects)('lines of the form %s', (dialect) => {
  const expected = expectedOf(dialect);
  const cases = linesOf(fixture('dfw/valid', `${dialect}.log`)).map((line, index) => ({
    line,
    want: expected[index],
  }));

  it('has an expectation for every line', () => {
    expect(cases.length).toBe(expected.length);
    expect(cases.length).toBeGreaterThan(0);
  });

  it.each(cases)('reads every field of: $line', ({ line, want }) => {
    const got = parseLine(line);
    if (typeof got === 'string' || want === undefined) throw new Error(`not read: ${line}`);
    const year = want.at === null ? { at: got.at } : {};
    expect(got).toEqual({ ...want, ...year, flags: sortedFlags(want.flags) });
  });
});

describe('what is no event', () => {
  it.each([
    ['[MONITOR DROP] src=192.0.2.1 dst=192.0.2.2', 'other'],
    ['2026-03-02T08:00:00Z vmkernel: cpu3:12345) something happened', 'other'],
    ['vmk0 IN PASS 1001 6 192.0.2.1 192.0.2.2', 'other'],
    ['   \t ', 'blank'],
    ['', 'blank'],
    ['2026-03-02T08:00:00Z host dfwpktlogs: nothing useful', 'no address family'],
    ['2026-03-02T08:00:00Z 1 INET match PASS 2 TCP 192.0.2.1/1->192.0.2.2/2 S', 'no direction'],
    ['1 INET match PASS 2 OUT 60 TCP 192.0.2.1/1->192.0.2.2/2 S', 'no time'],
    ['2026-03-02T08:00:00Z 1 INET match PASS x OUT 60 TCP 192.0.2.1/1->192.0.2.2/2 S', 'no rule'],
    ['2026-03-02T08:00:00Z 1 INET match pass 2 OUT 60 TCP 192.0.2.1/1->192.0.2.2/2 S', 'no action'],
    ['2026-03-02T08:00:00Z 1 INET match PASS 2 OUT 60 QQ 192.0.2.1/1->192.0.2.2/2', 'no protocol'],
    ['2026-03-02T08:00:00Z 1 INET match PASS 2 OUT 60 TCP 192.0.2.1/1', 'no addresses'],
    [
      '2026-03-02T08:00:00Z 1 INET match PASS 2 OUT 60 TCP 192.0.2.256/1->192.0.2.2/2',
      'bad address',
    ],
    [
      '2026-03-02T08:00:00Z 1 INET match PASS 2 OUT 60 TCP 192.0.2.1/1->192.0.2.2/70000',
      'bad port',
    ],
    ['2026-03-02T08:00:00Z 1 INET match PASS 2 OUT 60 TCP 192.0.2.1->192.0.2.2 S', 'no port'],
  ])('"%s" is %s', (line, outcome) => {
    expect(parseLine(line)).toBe(outcome);
  });
});

describe('any line', () => {
  const tokens = fc.constantFrom(
    'INET',
    'INET6',
    'IN',
    'OUT',
    'TERM',
    'match',
    'PASS',
    'DROP',
    'domain-c8/1006',
    '1005',
    '60',
    'TCP',
    'UDP',
    'ICMP',
    'PROTO',
    '112',
    '8',
    '0',
    'S',
    'SA',
    'RST',
    '192.0.2.1/80->192.0.2.2/90',
    '192.0.2.1->192.0.2.2',
    '->',
    '2001:db8:0:0:0:0:0:1/1->2001:db8::2/2',
    '1/2',
    '3/4',
    'dfwpktlogs:',
    '2026-03-02T08:00:00.123Z',
    '<13>1',
    'Mar',
    '2',
    '08:00:00',
    '-',
    '[a',
    'b]',
    '4e100000',
    '<1',
    'x:y>',
  );
  const line = fc.oneof(
    fc.array(tokens, { maxLength: 20 }).map((words) => words.join(' ')),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );

  it('is read without throwing, and to the same outcome every time', () => {
    fc.assert(
      fc.property(line, (text) => {
        expect(parseLine(text)).toEqual(parseLine(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('keeps its event when blanks or a carriage return follow', () => {
    fc.assert(
      fc.property(line, fc.constantFrom('\r', ' ', '  \r'), (text, tail) => {
        expect(parseLine(text + tail)).toEqual(parseLine(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads arbitrary bytes without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const got = parseLine(bytes);
        expect(['string', 'object']).toContain(typeof got);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('a written event', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const ipv4 = fc.tuple(octet, octet, octet).map(([b, c, d]) => `10.${b}.${c}.${d}`);
  const port = fc.integer({ min: 0, max: 65_535 });
  const event = fc.record({
    source: ipv4,
    destination: ipv4,
    sourcePort: port,
    destinationPort: port,
    rule: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    direction: fc.constantFrom('IN', 'OUT'),
    action: fc.constantFrom('PASS', 'DROP', 'REJECT'),
    packets: fc.tuple(fc.nat(), fc.nat()),
    bytes: fc.tuple(fc.maxSafeNat(), fc.maxSafeNat()),
    tag: fc.stringMatching(/^[A-Za-z_.=-][A-Za-z0-9_.=/-]{0,30}$/),
    at: fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
  });

  it('is read back with every number, at any time, for NSX-v and NSX-T', () => {
    fc.assert(
      fc.property(event, (e) => {
        const ends = `${e.source}/${e.sourcePort}->${e.destination}/${e.destinationPort}`;
        const counters = `${e.packets.join('/')} ${e.bytes.join('/')}`;
        const time = e.at.toISOString();
        const nsxv = `${time} 7295 INET TERM domain-c8/${e.rule} ${e.direction} UDP ${ends} ${counters} ${e.tag}`;
        const nsxt = `${time} No(13) FIREWALL-PKTLOG[7]: 0b7f00aa INET TERM ${e.action} ${e.rule} ${e.direction} UDP ${ends} ${counters} ${e.tag}`;
        const hasCounters = [...e.packets, ...e.bytes].some((count) => count > 0);
        const common = {
          at: time,
          rule: e.rule,
          direction: e.direction,
          source: e.source,
          destination: e.destination,
          sourcePort: e.sourcePort,
          destinationPort: e.destinationPort,
          packets: hasCounters ? e.packets : null,
          bytes: hasCounters ? e.bytes : null,
          tag: e.tag,
        };
        expect(parseLine(nsxv)).toMatchObject({
          ...common,
          action: 'PASS',
          rulesetName: 'domain-c8',
          filter: '7295',
        });
        expect(parseLine(nsxt)).toMatchObject({
          ...common,
          action: e.action,
          rulesetName: '',
          filter: '0b7f00aa',
        });
      }),
      { numRuns: 500 },
    );
  });
});
