import type { RejectReason } from '../outcome.ts';
import { wholeNumber } from './event-row.ts';
import { loggedProtocol } from './protocol-names.ts';

/** One end of a connection as a message names it. */
export interface AsaEnd {
  readonly address: string;
  readonly port: number;
}

/** What a message says of a connection, its ends in the order of the text. */
export interface AsaMessage {
  readonly kind: 'decision' | 'built' | 'teardown';
  readonly action: 'PASS' | 'DROP';
  readonly protocol: number;
  readonly first: AsaEnd;
  readonly second: AsaEnd;
  /** Which end opened the connection; nothing where the message does not tell. */
  readonly client: 'first' | 'second' | undefined;
  /** The connection's number on its device; of ICMP, which has none, its addresses. */
  readonly connection?: string;
  /** The access list or access group. */
  readonly list?: string;
  readonly hits?: number;
  readonly bytes?: number;
  readonly close?: string;
  /** Type * 256 + code. */
  readonly icmp?: number;
}

type Parsed = AsaMessage | RejectReason;

const MAX_U32 = 0xffff_ffff;

/** `outside:192.0.2.1/443` or `outside:192.0.2.1`; interface names have no colon, IPv6 addresses do. */
const END_AFTER_COLON = /^([^\s:]+):([^\s("]+)/;
/** `outside/192.0.2.1(443)`. */
const END_AFTER_SLASH = /^([^\s/]+)\/([^\s("]+)\((\d+)\)/;
/** The destination of a denial, past what a user's name may hold. */
const DESTINATION = / dst ([^\s:]+):([^\s("]+)/;
/** The second end of a connection, past what a user's name may hold. */
const TO_END = / to ([^\s:]+):([^\s("]+\/\d+)/;

function isIcmp(protocol: number): boolean {
  return protocol === 1 || protocol === 58;
}

function endOf(text: string, protocol: number): AsaEnd | RejectReason {
  const slash = text.lastIndexOf('/');
  const hasPorts = protocol === 6 || protocol === 17 || protocol === 132;
  if (!hasPorts) return { address: slash < 0 ? text : text.slice(0, slash), port: 0 };
  if (slash < 0) return 'no port';
  const port = wholeNumber(text.slice(slash + 1), 65_535);
  return port === undefined ? 'bad port' : { address: text.slice(0, slash), port };
}

function icmpOf(text: string): number {
  const match = /\btype (\d{1,3}),? code (\d{1,3})\b/.exec(text);
  return match === null ? 0 : (Number(match[1]) & 255) * 256 + (Number(match[2]) & 255);
}

/** 106100: `access-list NAME permitted tcp inside/a(p) -> outside/b(q) hit-cnt N …`. */
function accessList(text: string): Parsed {
  const head = /^access-list (\S+) (permitted|denied|est-allowed) (proto(?:col)? \d+|\S+) /.exec(
    text,
  );
  if (head === null) return 'no action';
  const [all, list = '', verdict = '', name = ''] = head;
  const protocol = loggedProtocol(name);
  if (protocol === undefined) return 'no protocol';
  const arrow = text.indexOf(' -> ', all.length - 1);
  if (arrow < 0) return 'no addresses';
  const first = END_AFTER_SLASH.exec(text.slice(all.length));
  const second = END_AFTER_SLASH.exec(text.slice(arrow + 4));
  if (first === null || second === null) return 'no addresses';
  const ports = [wholeNumber(first[3], 65_535), wholeNumber(second[3], 65_535)] as const;
  if (ports[0] === undefined || ports[1] === undefined) return 'bad port';
  const hits = / hit-cnt (\d+)/.exec(text.slice(arrow))?.[1];
  return {
    kind: 'decision',
    action: verdict === 'denied' ? 'DROP' : 'PASS',
    protocol,
    first: { address: first[2] ?? '', port: isIcmp(protocol) ? 0 : ports[0] },
    second: { address: second[2] ?? '', port: isIcmp(protocol) ? 0 : ports[1] },
    client: 'first',
    list,
    hits: Math.min(wholeNumber(hits, MAX_U32) ?? 1, MAX_U32),
    icmp: isIcmp(protocol) ? (ports[0] & 255) * 256 + (ports[1] & 255) : 0,
  };
}

/** 106023: `Deny tcp src outside:a/p dst inside:b/q [(type T, code C)] by access-group "NAME"`. */
function accessGroup(text: string): Parsed {
  const head = /^Deny (proto(?:col)? \d+|\S+) src /.exec(text);
  if (head === null) return 'no action';
  const protocol = loggedProtocol(head[1] ?? '');
  if (protocol === undefined) return 'no protocol';
  const rest = text.slice(head[0].length);
  const source = END_AFTER_COLON.exec(rest);
  const destination = DESTINATION.exec(rest);
  if (source === null || destination === null) return 'no addresses';
  const first = endOf(source[2] ?? '', protocol);
  const second = endOf(destination[2] ?? '', protocol);
  if (typeof first === 'string') return first;
  if (typeof second === 'string') return second;
  const tail = rest.slice(destination.index);
  const list = / by access-group (?:"([^"]*)"?|(\S+))/.exec(tail);
  const icmp = icmpOf(tail);
  return {
    kind: 'decision',
    action: 'DROP',
    protocol,
    first,
    second,
    client: 'first',
    list: list?.[1] ?? list?.[2] ?? '',
    icmp,
  };
}

/** 302013 to 302016: `Built inbound TCP connection ID for …` and `Teardown TCP connection ID for …`. */
function connection(text: string): Parsed {
  const head =
    /^(?:Built (inbound|outbound)|(Teardown)) (?:Probe )?(TCP|UDP) (?:connection )?(\d+) for /.exec(
      text,
    );
  if (head === null) return /^(?:Built|Teardown) /.test(text) ? 'no addresses' : 'no action';
  const [all, way, teardown, name = '', id = ''] = head;
  const protocol = name === 'TCP' ? 6 : 17;
  const rest = text.slice(all.length);
  const forEnd = END_AFTER_COLON.exec(rest);
  const toEnd = TO_END.exec(rest);
  if (forEnd === null || toEnd === null) return 'no addresses';
  const first = endOf(forEnd[2] ?? '', protocol);
  const second = endOf(toEnd[2] ?? '', protocol);
  if (typeof first === 'string') return first;
  if (typeof second === 'string') return second;
  const ends = { action: 'PASS', protocol, first, second, connection: id } as const;
  if (teardown === undefined) {
    return { ...ends, kind: 'built', client: way === 'outbound' ? 'second' : 'first' };
  }
  const tail = rest.slice(toEnd.index + toEnd[0].length);
  const counted = /\bbytes (\d+)(?: ([^("]*))?/.exec(tail);
  const close = (counted?.[2] ?? '').replace(/ from \S.*$/, '').trim();
  const bytes = Math.min(Number(counted?.[1] ?? 0), Number.MAX_SAFE_INTEGER);
  return { ...ends, kind: 'teardown', client: undefined, bytes, close };
}

/** 302020 and 302021: `Built inbound ICMP connection for faddr a/n gaddr g/n laddr b/n [type T code C]`. */
function icmpConnection(text: string): Parsed {
  const head =
    /^(Built|Teardown) (?:(inbound|outbound) )?(ICMP(?:v6)?) connection (?:\d+ )?for /i.exec(text);
  if (head === null) return /^(?:Built|Teardown) /.test(text) ? 'no addresses' : 'no action';
  const [all, verb = '', way, name = ''] = head;
  const rest = text.slice(all.length);
  const foreign = /^faddr ([^\s(/"]+)/.exec(rest)?.[1];
  const local = /\bladdr ([^\s(/"]+)/.exec(rest)?.[1];
  if (foreign === undefined || local === undefined) return 'no addresses';
  const isBuilt = verb === 'Built';
  const isSix = name.toUpperCase() === 'ICMPV6' || foreign.includes(':');
  return {
    kind: isBuilt ? 'built' : 'teardown',
    action: 'PASS',
    protocol: isSix ? 58 : 1,
    first: { address: foreign, port: 0 },
    second: { address: local, port: 0 },
    client: way === undefined ? undefined : way === 'outbound' ? 'second' : 'first',
    connection: `${foreign} ${local}`,
    icmp: icmpOf(rest),
  };
}

const MESSAGES: ReadonlyMap<string, (text: string) => Parsed> = new Map([
  ['106100', accessList],
  ['106023', accessGroup],
  ['302013', connection],
  ['302014', connection],
  ['302015', connection],
  ['302016', connection],
  ['302020', icmpConnection],
  ['302021', icmpConnection],
]);

/**
 * Reads the text of the message with the given number.
 *
 * Source of the grammar: Cisco's "ASA Series Syslog Messages", checked against published lines.
 *
 * @returns nothing where messages of that number are not read
 */
export function readAsaMessage(id: string, text: string): Parsed | undefined {
  return MESSAGES.get(id)?.(text);
}
