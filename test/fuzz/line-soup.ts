import type { Prng } from '../sample/prng.ts';

/** Words of DFW lines, sound and spoilt. */
export const WORDS: readonly string[] = [
  ...['INET', 'INET6', 'INET7', 'INETx', 'inet', 'IN', 'OUT', 'In', 'OUTX'],
  ...['match', 'reason-match', 'TERM', 'term', 'short', 'ip-option', 'PASS', 'DROP', 'REJECT'],
  ...['RD_RED', 'pass', 'domain-c8/1006', 'domain-/1', 'domain/2', 'mainrs/1024', '/7', 'a/b/3'],
  ...['1005', '4294967295', '4294967296', '9007199254740991', '9007199254740992', '0', '007'],
  ...['9999999999999999', '10000000000000000', '60', '255', '256', '-1', '1.5', '１２'],
  ...['TCP', 'UDP', 'ICMP', 'TCP6', 'UDP6', 'ICMP6', 'ICMPv6', 'IGMP', 'PROTO', 'PROTO6', 'SCTP'],
  ...['S', 'SA', 'SEW', 'SAPFRUEW', 'SS', 'R', 'x', 'FIN', 'RST', 'TIMEOUT', '8', '3'],
  ...['192.0.2.1/80->192.0.2.2/90', '192.0.2.1->192.0.2.2', '192.0.2.1/80->192.0.2.2', '->', 'a->'],
  ...[
    '192.0.2.1/80',
    '192.0.2.2/90',
    '192.0.2.1',
    '2001:db8::7/3',
    '192.0.2.1/80->',
    '->192.0.2.2/90',
  ],
  ...[
    '-5/10',
    '-1/-2',
    '-/3',
    '4/-',
    '--1/2',
    '-0',
    '-60',
    '-1005',
    'domain-c8/-3',
    '-2147483648',
    '-2147483649',
  ],
  ...[
    '2026-03-02',
    '<13>2026-03-02',
    '2026-13-02',
    '2026-03-0',
    '08:00:00,5',
    '08:00:00.25Z',
    '08:00:00,5+02:00',
    '08:00:00:',
  ],
  ...[
    '2026',
    '1969',
    '2024',
    '20266',
    '202',
    '2026-03-02T08:00:00,123Z',
    'Feb',
    '29',
    'q',
    'Z',
    '{',
  ],
  ...['->->', '-->->b', '->1.2.3.4', '1.2.3.4->', '1.2.3.4/->1.2.3.4/', '1.2.3.4/1/2->1.2.3.4/5'],
  ...['255.255.255.255/67->240.0.0.1/68', '239.255.255.255->0.0.0.0', '01.2.3.4->1.2.3.4'],
  ...[
    '256.1.1.1->1.1.1.1',
    '1.2.3->1.2.3.4',
    '1.2.3.4.5->1.2.3.4',
    '1..3.4->1.2.3.4',
    '1.2.3.999->1.2.3.4',
  ],
  ...[
    '192.0.2.1/70000->192.0.2.2/1',
    '192.0.2.1/1->192.0.2.2/x',
    '192.0.2.1/65535->192.0.2.2/65536',
    '192.0.2.1/65535->192.0.2.2/65535',
  ],
  ...['2001:db8:0:0:0:0:0:1/1->2001:db8::2/2', '2001:DB8::1->2001:db8::1', '::->::', ':->:'],
  ...['::1/5->1.2.3.4/6', '2001:db8::g/1->::/2', '::ffff:192.0.2.1/1->::2/2', '\ufeff::1->::1'],
  ...[
    '255.255.255.255->::3',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa->b',
    '1/2',
    '3/4',
    '5/x',
    '6/7/8',
    '/',
  ],
  ...['9007199254740991/9007199254740992', '4294967295/4294967296', '9007199254740991/1'],
  ...[
    'dfwpktlogs:',
    'dfwpktlogs',
    'DFWPKTLOGS[12]:',
    'dfwpktlogsx',
    'FIREWALL-PKTLOG[7]:',
    'No(13)',
  ],
  ...[
    'firewall_pktlog',
    'FireWall-PktLog:',
    'firewallxpktlog',
    'dfw',
    'firewall-pktlo',
    'dfwpktlogs(',
  ],
  ...[
    '2026-03-02T08:00:00.123Z',
    '2026-03-02T08:00:00Z',
    '2026-03-02T08:00:00',
    '2026-03-02T08:00:60.9Z',
  ],
  ...[
    '2026-03-02T08:00:00.1234567z',
    '2026-03-02T08:00:00.Z',
    '2026-03-02T08:00:00+01:30',
    '2026-03-02T08:00:61Z',
  ],
  ...[
    '2026-03-02T08:00:00-0130',
    '2026-03-02T08:00:00.5+99:99',
    '2026-02-31T23:59:59.999Z',
    '1970-01-01T00:00:00+23:00',
  ],
  ...[
    '1969-12-31T23:59:59Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2028-02-29T00:00:00Z',
  ],
  ...[
    '2026-03-02T24:00:00Z',
    '2026-03-02T23:60:00Z',
    '2026x03x02T08x00x00Z',
    '2026-03x02T08x00x00Z',
    '9999-12-31T23:59:59.999Z',
  ],
  ...[
    '<13>2026-03-02T08:00:01Z',
    '<13>1',
    '<13',
    '<>',
    '<1>Mar',
    '<13>2026-03-02T08:00:00.123Z:',
    '2100-03-01T00:00:00Z',
  ],
  ...[
    '2026-03-02T08:00:00Z:',
    '2026-03-02T08:00:00.Z:',
    '2026-03-02T08:00:00:',
    '2026-03-02T08:00:00+01:0',
  ],
  ...[
    'Mar',
    'Dec',
    'Jan',
    'Feb',
    'Apr',
    'May',
    'Jun',
    'Jul',
    'Aug',
    'Sep',
    'Oct',
    'Nov',
    'mar',
    'Max',
  ],
  ...['2', '31', '32', '08:00:00', '08:00:00.123', '23:59:60', '24:00:00', '08x00x00', '8:00:00'],
  ...[
    '-',
    '[a',
    'b]',
    '[x@1',
    'esx-1.example.com',
    'host(1)',
    'h',
    '4e100000',
    '4E10ffFF',
    '4b84####',
    '12345678901',
  ],
  ...[
    '<1',
    'x:y>',
    '>',
    '<vrf',
    'eth0>',
    '7295',
    'abcdefg',
    'SG-WEB',
    'SG-\u00e4\u00f6',
    'tag with',
    '\ufeff',
  ],
];

const BREAKS: readonly string[] = [
  ' ',
  ' ',
  ' ',
  ' ',
  ' ',
  ' ',
  '  ',
  '\t',
  '\r',
  ' \t\r ',
  '\v',
  '\0',
];

const SKELETONS: readonly (readonly string[])[] = [
  [
    '2026-03-02T08:00:00.123Z',
    '7295',
    'INET',
    'match',
    'PASS',
    'domain-c8/1006',
    'OUT',
    '60',
    'TCP',
  ],
  [
    '2026-03-02T08:00:00.123Z',
    'No(13)',
    'FIREWALL-PKTLOG[7]:',
    '0b7f00aa',
    'INET',
    'TERM',
    'PASS',
    '1005',
    'IN',
    'TCP',
    'FIN',
  ],
  [
    '<13>1',
    '2026-03-02T08:00:00Z',
    'esx-1.example.com',
    'dfwpktlogs:',
    '-',
    '4e100000',
    'INET6',
    'match',
    'DROP',
    '9',
    'IN',
    '99',
    'UDP',
  ],
  [
    '<13>Mar',
    '2',
    '08:00:00',
    'esx-2',
    'dfwpktlogs:',
    '7',
    'INET',
    'reason-match',
    'REJECT',
    'mainrs/2',
    'OUT',
    '52',
    'ICMP',
    '8',
    '0',
  ],
  [
    '2026-03-02T08:00:09Z',
    'esx-3',
    '2026-03-02T08:00:00.5Z',
    '<vrf',
    'eth0>',
    'INET',
    'TERM',
    '12',
    'OUT',
    'UDP',
  ],
  [
    '<13>Mar',
    '02',
    '2026',
    '08:00:00',
    'h',
    'dfwpktlogs:',
    '7',
    'INET',
    'match',
    'PASS',
    '-2',
    'IN',
    '-60',
    'SCTP',
  ],
  [
    '2026-03-02',
    '08:00:00,123',
    'esx-4',
    'dfwpktlogs:',
    '8',
    'INET',
    'TERM',
    '12',
    'OUT',
    'TCP',
    'RST',
  ],
];
const ENDS: readonly string[] = [
  '192.0.2.1/80->192.0.2.2/90',
  '2001:db8::1/5->2001:db8:0::2/6',
  '192.0.2.1->192.0.2.255',
  '192.0.2.1/80 -> 192.0.2.2/90',
  '192.0.2.1/80 ->192.0.2.2/90',
  '2001:db8::1/5-> 2001:db8:0::2/6',
];
const TAILS: readonly string[] = [
  'S SG-WEB',
  '1/2 3/4 SG-APP',
  '22/14 7684/1070',
  'SA',
  '',
  'SG-DB and more',
  '1/1 -5/10 SG-APP',
];

const encoder = new TextEncoder();

function pickWord(prng: Prng): string {
  return prng.pick(WORDS);
}

function words(prng: Prng): string[] {
  if (prng.next() < 0.25) return Array.from({ length: prng.int(0, 20) }, () => pickWord(prng));
  const line = [
    ...prng.pick(SKELETONS),
    ...prng.pick(ENDS).split(' '),
    ...prng.pick(TAILS).split(' '),
  ];
  const changes = Math.max(0, prng.int(-3, 3));
  for (let i = 0; i < changes; i++) {
    const at = prng.int(0, line.length - 1);
    const removed = prng.next() < 0.6 ? 1 : 0;
    const added = prng.next() < 0.75 ? [pickWord(prng)] : [];
    line.splice(at, removed, ...added);
  }
  if (prng.next() < 0.15) {
    const at = prng.int(0, line.length - 1);
    line[at] = (line[at] ?? '') + prng.pick(['\0', '\0', '\0\0', '6', 'x', '0', '/', '>', ':']);
  }
  if (prng.next() < 0.01) {
    const at = prng.int(0, line.length);
    line.splice(at, 0, ...Array.from({ length: prng.int(60, 120) }, () => 'filler'));
  }
  return line;
}

/** Something like a DFW line, often spoilt, without a line feed in it. */
export function soupLine(prng: Prng): Uint8Array {
  const kind = prng.next();
  if (kind < 0.08) {
    return Uint8Array.from({ length: prng.int(0, 40) }, () => noFeed(prng.int(0, 255)));
  }
  const line = words(prng);
  const isOdd = prng.next() < 0.2;
  const text = line.reduce((all, word, i) => {
    const gap = i === 0 ? '' : isOdd ? prng.pick(BREAKS) : ' ';
    return all + gap + word;
  }, '');
  const bytes = encoder.encode(text);
  if (kind < 0.7 || bytes.length === 0) return bytes;
  const spoilt = prng.int(1, 2);
  for (let i = 0; i < spoilt; i++) {
    const at = prng.int(0, bytes.length - 1);
    bytes[at] = noFeed(
      prng.next() < 0.5 ? prng.int(0, 255) : (bytes[prng.int(0, bytes.length - 1)] ?? 0),
    );
  }
  return kind < 0.85 ? bytes : bytes.subarray(0, prng.int(0, bytes.length));
}

function noFeed(byte: number): number {
  return byte === 0x0a ? 0x0b : byte;
}

/** Lines of soup with their line feeds; the last one has none half of the time. */
export function soup(prng: Prng, lines: number): Uint8Array {
  const parts = Array.from({ length: lines }, () => soupLine(prng));
  const size = parts.reduce((total, part) => total + part.length + 1, 0);
  const bytes = new Uint8Array(size).fill(0x0a);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length + 1;
  }
  const isOpen = prng.next() < 0.5 && (parts.at(-1)?.length ?? 0) > 0;
  return isOpen ? bytes.subarray(0, size - 1) : bytes;
}
