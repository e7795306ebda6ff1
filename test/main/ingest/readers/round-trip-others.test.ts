import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readerByName } from '../../../../main/engine/ingest/readers/registry.ts';
import { formatAddress } from '../../../../shared/net/address.ts';
import { protocolName } from '../../../../shared/net/service.ts';
import { contextOf, readWith } from './read-log.ts';

const ipv4 = fc
  .bigInt({ min: 0n, max: 2n ** 32n - 1n })
  .map((value) => formatAddress({ family: 4, value }));
const ipv6 = fc
  .bigInt({ min: 0n, max: 2n ** 128n - 1n })
  .map((value) => formatAddress({ family: 6, value }));
const ends = fc.oneof(fc.tuple(ipv4, ipv4), fc.tuple(ipv6, ipv6));
const port = fc.integer({ min: 0, max: 65_535 });
const octet = fc.integer({ min: 0, max: 255 });
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
/** Whole seconds from 2001 to 2099, so that every log can write them. */
const seconds = fc.integer({ min: 978_307_200, max: 4_070_908_800 });
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,12}$/);
const protocol = fc.oneof(fc.constantFrom(1, 6, 17, 58), octet);

const iso = (at: number) => new Date(at * 1000).toISOString();
const hasPorts = (number: number) => [6, 17, 132].includes(number);
const isIcmp = (number: number) => number === 1 || number === 58;

async function eventsOf(reader: string, text: string): Promise<readonly string[]> {
  const bytes = new TextEncoder().encode(text);
  const { events, counts } = await readWith(readerByName(reader), bytes, contextOf(bytes));
  expect(counts['event']).toBe(events.length);
  return events;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The headers a Cisco line may have; those without a host give none. */
const ASA_HEADERS: readonly ((at: Date, host: string) => readonly [string, string])[] = [
  (at, host) => [`<166>${at.toISOString()} ${host} : `, host],
  (at, host) => [`<164>${bsd(at, true)} ${host} : `, host],
  (at) => [`<164>${bsd(at, true)}: `, '-'],
  (at) => [`${bsd(at, true)} UTC: `, '-'],
];

function bsd(at: Date, hasYear: boolean): string {
  const day = String(at.getUTCDate()).padStart(2, '0');
  const year = hasYear ? ` ${at.getUTCFullYear()}` : '';
  return `${MONTHS[at.getUTCMonth()]} ${day}${year} ${at.toISOString().slice(11, 19)}`;
}

describe('what is written as a line is read from it', () => {
  it('in denials of a Cisco access group, of any protocol, under any header', async () => {
    const facts = fc.tuple(seconds, word, word, ends, port, port, protocol, octet, octet);
    const header = fc.constantFrom(...ASA_HEADERS);
    const looks = fc.tuple(fc.boolean(), fc.boolean());
    await fc.assert(
      fc.asyncProperty(facts, header, looks, async (each, head, [hasUser, hasHashes]) => {
        const [at, name, list, [a, b], p, q, number, type, code] = each;
        const [text, host] = head(new Date(at * 1000), name);
        const [from, to] = hasPorts(number) ? [`/${p}`, `/${q}`] : ['', ''];
        const spelled = number === 6 ? 'tcp' : number === 17 ? 'udp' : `protocol ${number}`;
        const user = hasUser ? '(LOCAL\\First dst Läst)' : '';
        const kind = isIcmp(number) ? ` (type ${type}, code ${code})` : '';
        const hashes = hasHashes ? ' [0x0, 0x8ed66b60]' : '';
        const line = `${text}%ASA-4-106023: Deny ${spelled} src outside:${a}${from}${user} dst inside:${b}${to}${kind} by access-group "${list}"${hashes}`;
        const icmp = isIcmp(number) && type + code > 0 ? ` icmp=${type}.${code}` : '';
        const way = hasPorts(number) ? `[${a}]:${p}>[${b}]:${q}` : `[${a}]:0>[${b}]:0`;
        expect(await eventsOf('cisco-asa', line)).toEqual([
          `${iso(at)} ${host} perimeter begin 106023 DROP ${list}/0 THROUGH ${protocolName(number)} ${way}${icmp}`,
        ]);
      }),
      { numRuns: 400 },
    );
  });

  it('in beginnings and ends of a Cisco firewall’s ICMP connections, whichever side opened it', async () => {
    const facts = fc.tuple(seconds, word, ends, port, octet, octet);
    const looks = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean());
    await fc.assert(
      fc.asyncProperty(facts, looks, async (each, [isOutbound, hasType, hasUser]) => {
        const [at, host, [foreign, local], sequence, type, code] = each;
        fc.pre(foreign !== local);
        const user = hasUser ? '(LOCAL\\some.one)' : '';
        const rest = `ICMP connection for faddr ${foreign}/${sequence}${user} gaddr 203.0.113.130/${sequence} laddr ${local}/${sequence}${hasType ? ` type ${type} code ${code}` : ''}`;
        const head = `${iso(at)} ${host} %ASA-6-`;
        const log = [
          `${head}302020: Built ${isOutbound ? 'outbound' : 'inbound'} ${rest}`,
          `${head}302021: Teardown ${rest}`,
        ].join('\n');
        const [client, server] = isOutbound ? [local, foreign] : [foreign, local];
        const name = foreign.includes(':') ? protocolName(58) : protocolName(1);
        const icmp = hasType && type + code > 0 ? ` icmp=${type}.${code}` : '';
        const common = `PASS -/0 THROUGH ${name} [${client}]:0>[${server}]:0${icmp}`;
        expect(await eventsOf('cisco-asa', log)).toEqual([
          `${iso(at)} ${host} perimeter begin 302020 ${common}`,
          `${iso(at)} ${host} perimeter end 302021 ${common}`,
        ]);
      }),
      { numRuns: 400 },
    );
  });

  it('in nfdump’s CSV of 1.6, with its sum at the end', async () => {
    const columns =
      'ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,smk,dmk,dtos,dir,nh,nhb,svln,dvln,ismc,odmc,idmc,osmc,mpls1,mpls2,mpls3,mpls4,mpls5,mpls6,mpls7,mpls8,mpls9,mpls10,cl,sl,al,ra,eng,exid,tr';
    const amount = fc.tuple(u32, fc.maxSafeNat());
    const facts = fc.tuple(
      seconds,
      ends,
      port,
      port,
      protocol,
      octet,
      amount,
      amount,
      octet,
      octet,
    );
    await fc.assert(
      fc.asyncProperty(facts, async (each) => {
        const [at, [a, b], p, q, number, forwarding, sent, got, type, code] = each;
        const local = iso(at).slice(0, 19).replace('T', ' ');
        const values: Readonly<Record<string, string | number>> = {
          ts: local,
          te: local,
          td: '0.000',
          sa: a,
          da: b,
          sp: isIcmp(number) ? 0 : p,
          dp: isIcmp(number) ? `${type}.${code}` : q,
          pr: protocolName(number).replace(/^IP (\d+)$/, '$1'),
          flg: '...AP.SF',
          fwd: forwarding,
          ipkt: sent[0],
          ibyt: sent[1],
          opkt: got[0],
          obyt: got[1],
        };
        const names = columns.split(',');
        const record = names.map((name) => values[name] ?? 0).join(',');
        const log = `${columns}\n${record}\nSummary\nflows,bytes,packets,avg_bps,avg_pps,avg_bpp\n1,2,3,4,5,6\n`;
        const isDropped = forwarding >> 6 === 2;
        const [from, to] = isIcmp(number) ? [0, 0] : [p, q];
        const pair = (name: string, forward: number, back: number) =>
          forward + back > 0 ? ` ${name}=${forward}/${back}` : '';
        const icmp = isIcmp(number) && type + code > 0 ? ` icmp=${type}.${code}` : '';
        const reply = from > 0 && from < to ? ' reply' : '';
        const counts = `${pair('packets', sent[0], got[0])}${pair('bytes', sent[1], got[1])}`;
        expect(await eventsOf('nfdump', log)).toEqual([
          `${iso(at)} - collector ${isDropped ? 'begin' : 'end'} - ${isDropped ? 'DROP' : 'PASS'} -/0 THROUGH ${protocolName(number)} [${a}]:${from}>[${b}]:${to}${reply}${counts}${icmp}`,
        ]);
      }),
      { numRuns: 400 },
    );
  });

  it('in charts of Log Insight, in any order of columns, of either pack', async () => {
    const facts = fc.tuple(ends, port, protocol, fc.integer({ min: 1, max: 2 ** 32 - 1 }), u32);
    const order = fc.shuffledSubarray(['src', 'dst', 'protocol', 'dst_port', 'action', 'ruleid'], {
      minLength: 6,
      maxLength: 6,
    });
    const looks = fc.tuple(fc.constantFrom('PASS', 'DROP', 'REJECT'), fc.boolean());
    await fc.assert(
      fc.asyncProperty(facts, order, looks, async (each, shown, [action, isNsxt]) => {
        const [[a, b], q, number, count, rule] = each;
        const [prefix, pack] = isNsxt
          ? ['vmw_nsxt_firewall_', 'VMware - NSX']
          : ['vmw_nsx_firewall_', 'VMware - NSX-vSphere'];
        const values: Readonly<Record<string, string | number>> = {
          src: a,
          dst: b,
          protocol: number === 6 ? 'tcp' : number === 17 ? 'udp' : `proto ${number}`,
          dst_port: hasPorts(number) ? q : '',
          action: action.toLowerCase(),
          ruleid: rule,
        };
        const header = [...shown.map((name) => `${prefix}${name} (${pack})`), 'Count'].join(',');
        const record = [...shown.map((name) => values[name]), count].join(',');
        const weight = count === 1 ? '' : ` weight=${count}`;
        const at = contextOf(new Uint8Array(0)).modifiedAt.toISOString();
        expect(await eventsOf('nsx-dfw-csv', `${header}\n${record}\n`)).toEqual([
          `${at} - vnic begin - ${action} -/${rule} THROUGH ${protocolName(number)} [${a}]:0>[${b}]:${hasPorts(number) ? q : 0}${weight}`,
        ]);
      }),
      { numRuns: 400 },
    );
  });
});
