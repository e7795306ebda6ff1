import fc from 'fast-check';
import { formatAddress } from '../../shared/net/address.ts';
import { type ParsedLine, sortedFlags } from './parsed-line.ts';

/** The forms of DFW lines as each release of NSX writes them. */
export const FORMS = [
  'v1',
  'v2',
  'v3',
  'v3-term',
  't1',
  't2',
  't2-term-a',
  't2-term-b',
  't3',
  't3-term',
  't4',
  't4-term',
  'gateway',
  'gateway-term',
] as const;

/** One of the forms. */
export type Form = (typeof FORMS)[number];

/** A line and what is to be read from it. */
export interface WrittenLine {
  readonly line: string;
  readonly want: ParsedLine;
}

const ipv4 = fc
  .bigInt({ min: 0n, max: 2n ** 32n - 1n })
  .map((value) => formatAddress({ family: 4, value }));
const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });
const port = fc.integer({ min: 0, max: 65_535 });
const byte = fc.integer({ min: 0, max: 255 });
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });

const FACTS = fc.record({
  at: fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
  host: fc.stringMatching(/^[a-z][a-z0-9-]{0,12}(?:\.example\.com)?$/),
  family: fc.constantFrom(4 as const, 6 as const),
  ends4: fc.tuple(ipv4, ipv4),
  ends6: fc.tuple(groups, groups),
  ports: fc.tuple(port, port),
  protocol: fc.oneof(fc.constantFrom(6, 17, 1), byte),
  direction: fc.constantFrom('IN' as const, 'OUT' as const),
  action: fc.constantFrom('PASS', 'DROP', 'REJECT', 'PUNT', 'GOTO_FILTER'),
  reason: fc.constantFrom('match', 'state-mismatch', 'L7 Rule pending', 'fragment'),
  rule: u32,
  cluster: fc.nat(2 ** 20),
  length: u32,
  flags: fc.uniqueArray(fc.constantFrom(...'SAPFRUEW'.split('')), { minLength: 1, maxLength: 8 }),
  close: fc.constantFrom('', 'RST', 'FIN', 'TIMEOUT'),
  icmp: fc.tuple(fc.integer({ min: 1, max: 255 }), byte),
  packets: fc.tuple(u32, u32),
  bytes: fc.tuple(fc.maxSafeNat(), fc.maxSafeNat()),
  hash: fc.nat(99_999),
  vif: u32,
  label: fc.oneof(
    fc.constantFrom('', 'S', 'PA', 'A', '10/20', '1/2 3/4', 'TERM PASS', 'IN 60 TCP', 'a -> b'),
    fc.stringMatching(/^[!-~][ -~äß€]{0,30}$/),
  ),
});

type Facts = typeof FACTS extends fc.Arbitrary<infer T> ? T : never;

/** How a protocol is spelled, with what an ended session says behind it. */
function protocolWords(facts: Facts, isTerm: boolean, isGateway: boolean): string {
  switch (facts.protocol) {
    case 6:
      return isTerm && facts.close !== '' && !isGateway ? `TCP ${facts.close}` : 'TCP';
    case 17:
      return 'UDP';
    case 1:
      if (isGateway) return 'PROTO 1';
      return isTerm ? `ICMP ${facts.icmp.join(' ')}` : 'ICMP';
    default:
      return `PROTO ${facts.protocol}`;
  }
}

/** Zero groups as NSX writes them: neither compressed nor padded. */
const spelled6 = (words: readonly number[]) => words.map((word) => word.toString(16)).join(':');

const canonical6 = (words: readonly number[]) =>
  formatAddress({
    family: 6,
    value: words.reduce((sum, word) => sum * 65_536n + BigInt(word), 0n),
  });

function header(form: Form, facts: Facts): { readonly text: string; readonly hasHost: boolean } {
  const time = facts.at.toISOString();
  if (form.startsWith('t3')) {
    return { text: `${time} No(13) FIREWALL-PKTLOG[${facts.hash}]: `, hasHost: false };
  }
  if (form.startsWith('t4')) {
    return { text: `<13>1 ${time} ${facts.host} FIREWALL-PKTLOG - - - `, hasHost: true };
  }
  if (form.startsWith('gateway')) {
    const element =
      '[nsx@6876 comp="nsx-edge" subcomp="datapathd" s2comp="firewallpkt" level="INFO"]';
    const text = `<181>1 ${time} ${facts.host} NSX ${facts.hash} FIREWALL ${element} `;
    return { text, hasHost: true };
  }
  return facts.hash % 2 === 0
    ? { text: `${time} `, hasHost: false }
    : { text: `${time} ${facts.host} dfwpktlogs: `, hasHost: true };
}

function filterOf(form: Form, facts: Facts): { readonly text: string; readonly filter: string } {
  if (form === 'v1' || form.startsWith('t4')) return { text: '', filter: '' };
  if (form.startsWith('v')) return { text: `${facts.hash} `, filter: String(facts.hash) };
  const vif = facts.vif.toString(16).padStart(8, '0');
  if (!form.startsWith('gateway')) return { text: `${vif} `, filter: vif };
  const ids = `${vif}${vif}:${vif}${vif}`;
  return { text: `<${facts.hash} ${ids}> `, filter: ids };
}

/** Writes a line of the form and says what is to be read from it. */
function write(form: Form, facts: Facts): WrittenLine {
  const isTerm = form.includes('term');
  const isNsxv = form.startsWith('v');
  const isGateway = form.startsWith('gateway');
  const { text: head, hasHost } = header(form, facts);
  const { text: filterText, filter } = filterOf(form, facts);
  const rulesetName = isNsxv ? `domain-c${facts.cluster}` : form === 't1' ? 'mainrs' : '';
  const rule = rulesetName === '' ? String(facts.rule) : `${rulesetName}/${facts.rule}`;
  const hasAction = !isTerm || !(isNsxv || form === 't2-term-a');
  const action = hasAction ? facts.action : 'PASS';
  const reason = isTerm ? 'TERM' : isGateway ? 'reason-match' : facts.reason;
  const hasPorts = facts.protocol === 6 || facts.protocol === 17;
  const needsPorts = hasPorts || facts.protocol === 132;
  const [from, to] = facts.family === 4 ? facts.ends4 : facts.ends6.map(spelled6);
  const tail = (which: 0 | 1) => (needsPorts ? `/${facts.ports[which]}` : '');
  const flags = !isTerm && facts.protocol === 6 ? facts.flags.join('') : '';
  const hasCounters = isTerm && !isGateway;
  const hasLabel = form !== 'v1' && form !== 'v2' && !isGateway;
  const tag = hasLabel ? facts.label.trim() : '';
  const words = [
    `${head}${filterText}${facts.family === 4 ? 'INET' : 'INET6'}`,
    reason,
    ...(hasAction ? [action] : []),
    rule,
    facts.direction,
    ...(isTerm ? [] : [facts.length]),
    protocolWords(facts, isTerm, isGateway),
    `${from}${tail(0)}->${to}${tail(1)}`,
    ...(flags === '' ? [] : [flags]),
    ...(hasCounters ? [facts.packets.join('/'), facts.bytes.join('/')] : []),
    ...(tag === '' ? [] : [tag]),
  ];
  const [source = '', destination = ''] =
    facts.family === 4 ? facts.ends4 : facts.ends6.map(canonical6);
  const counted = hasCounters && [...facts.packets, ...facts.bytes].some((count) => count > 0);
  const isReply =
    flags !== '' && reason !== 'TERM' && (!flags.includes('S') || flags.includes('A'));
  const isMatch = reason === 'match' || reason === 'reason-match';
  return {
    line: words.join(' '),
    want: {
      at: facts.at.toISOString(),
      host: hasHost ? facts.host : null,
      family: facts.family,
      kind: isTerm ? 'TERM' : isMatch ? 'match' : 'other',
      reason,
      action,
      rulesetName,
      rule: facts.rule,
      direction: facts.direction,
      length: isTerm ? null : facts.length,
      protocol: facts.protocol,
      source,
      sourcePort: needsPorts ? facts.ports[0] : null,
      destination,
      destinationPort: needsPorts ? facts.ports[1] : null,
      flags: sortedFlags(flags),
      tag,
      packets: counted ? facts.packets : null,
      bytes: counted ? facts.bytes : null,
      filter,
      reply: isReply && isMatch,
      closeReason: isTerm && !isGateway && facts.protocol === 6 ? facts.close : '',
      icmp: isTerm && !isGateway && facts.protocol === 1 ? facts.icmp : null,
      dialect: isNsxv ? 'nsx-v' : 'nsx-t',
    },
  };
}

/** Lines of a form with any values, each with what is to be read from it. */
export function linesOf(form: Form): fc.Arbitrary<WrittenLine> {
  return FACTS.map((facts) => write(form, facts));
}
