import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readerByName } from '../../../../main/engine/ingest/readers/registry.ts';
import { formatAddress } from '../../../../shared/net/address.ts';
import { contextOf, readWith } from './read-log.ts';

const ipv4 = fc
  .bigInt({ min: 0n, max: 2n ** 32n - 1n })
  .map((value) => formatAddress({ family: 4, value }));
const ipv6 = fc
  .bigInt({ min: 0n, max: 2n ** 128n - 1n })
  .map((value) => formatAddress({ family: 6, value }));
const ends = fc.oneof(fc.tuple(ipv4, ipv4), fc.tuple(ipv6, ipv6));
const port = fc.integer({ min: 0, max: 65_535 });
const count = fc.integer({ min: 1, max: 2 ** 32 - 1 });
const size = fc.integer({ min: 1, max: 2 ** 53 - 1 });
/** Whole seconds from 2001 to 2099, so that every log can write them. */
const seconds = fc.integer({ min: 978_307_200, max: 4_070_908_800 });
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,12}$/);
const transport = fc.constantFrom(['TCP', 6] as const, ['UDP', 17] as const);

const iso = (at: number) => new Date(at * 1000).toISOString();

async function eventsOf(reader: string, text: string): Promise<readonly string[]> {
  const bytes = new TextEncoder().encode(text);
  const { events, counts } = await readWith(readerByName(reader), bytes, contextOf(bytes));
  expect(counts['event']).toBe(events.length);
  return events;
}

describe('what is written as a line is read from it', () => {
  it('in access list messages of a Cisco firewall', async () => {
    const facts = fc.tuple(seconds, word, word, ends, port, port, transport, count);
    await fc.assert(
      fc.asyncProperty(facts, fc.boolean(), async (each, isDenied) => {
        const [at, host, list, [a, b], p, q, [name], hits] = each;
        const verdict = isDenied ? 'denied' : 'permitted';
        const line = `<166>${iso(at)} ${host} : %ASA-6-106100: access-list ${list} ${verdict} ${name.toLowerCase()} inside/${a}(${p})(LOCAL\\some one) -> outside/${b}(${q}) hit-cnt ${hits} 300-second interval [0x1, 0x0]`;
        const weight = hits === 1 ? '' : ` weight=${hits}`;
        expect(await eventsOf('cisco-asa', line)).toEqual([
          `${iso(at)} ${host} perimeter begin 106100 ${isDenied ? 'DROP' : 'PASS'} ${list}/0 THROUGH ${name} [${a}]:${p}>[${b}]:${q}${weight}`,
        ]);
      }),
      { numRuns: 300 },
    );
  });

  it('in messages of a connection’s beginning and end, whichever side opened it', async () => {
    const facts = fc.tuple(seconds, word, ends, port, port, transport, size, fc.nat(2 ** 31));
    await fc.assert(
      fc.asyncProperty(facts, fc.boolean(), async (each, isOutbound) => {
        const [at, host, [a, b], p, q, [name], bytes, id] = each;
        fc.pre(a !== b || p !== q);
        const [begin, end] = name === 'TCP' ? ['302013', '302014'] : ['302015', '302016'];
        const head = `${iso(at)} ${host} %ASA-6-`;
        const log = [
          `${head}${begin}: Built ${isOutbound ? 'outbound' : 'inbound'} ${name} connection ${id} for outside:${a}/${p} (${a}/${p}) to inside:${b}/${q} (203.0.113.1/1)`,
          `${head}${end}: Teardown ${name} connection ${id} for outside:${a}/${p} to inside:${b}/${q} duration 0:00:01 bytes ${bytes}`,
        ];
        const way = isOutbound ? `[${b}]:${q}>[${a}]:${p}` : `[${a}]:${p}>[${b}]:${q}`;
        const common = `PASS -/0 THROUGH ${name} ${way}`;
        expect(await eventsOf('cisco-asa', log.join('\n'))).toEqual([
          `${iso(at)} ${host} perimeter begin ${begin} ${common}`,
          `${iso(at)} ${host} perimeter end ${end} ${common} bytes=${bytes}/0`,
        ]);
      }),
      { numRuns: 300 },
    );
  });

  it('in VPC flow logs, in any order of fields', async () => {
    const names = [
      'srcaddr',
      'dstaddr',
      'srcport',
      'dstport',
      'protocol',
      'packets',
      'bytes',
      'start',
      'action',
      'log-status',
    ];
    const order = fc.shuffledSubarray(names, { minLength: names.length, maxLength: names.length });
    const facts = fc.tuple(seconds, ends, port, port, transport, count, size);
    await fc.assert(
      fc.asyncProperty(facts, order, fc.boolean(), async (each, fields, isPassed) => {
        const [at, [a, b], p, q, [name, number], packets, bytes] = each;
        const values: Readonly<Record<string, string | number>> = {
          srcaddr: a,
          dstaddr: b,
          srcport: p,
          dstport: q,
          protocol: number,
          packets,
          bytes,
          start: at,
          action: isPassed ? 'ACCEPT' : 'REJECT',
          'log-status': 'OK',
        };
        const log = `${fields.join(' ')}\n${fields.map((field) => values[field]).join(' ')}\n`;
        const reply = p > 0 && p < q ? ' reply' : '';
        expect(await eventsOf('aws-vpc', log)).toEqual([
          `${iso(at)} - collector ${isPassed ? 'end' : 'begin'} - ${isPassed ? 'PASS' : 'DROP'} -/0 THROUGH ${name} [${a}]:${p}>[${b}]:${q}${reply} packets=${packets}/0 bytes=${bytes}/0`,
        ]);
      }),
      { numRuns: 300 },
    );
  });

  it('in Zeek’s JSON and TSV alike', async () => {
    const facts = fc.tuple(seconds, ends, port, port, transport, count, count, size, size);
    await fc.assert(
      fc.asyncProperty(facts, async (each) => {
        const [at, [a, b], p, q, [name], sent, got, bytesSent, bytesGot] = each;
        const record = {
          ts: `${at}.000000`,
          'id.orig_h': a,
          'id.orig_p': p,
          'id.resp_h': b,
          'id.resp_p': q,
          proto: name.toLowerCase(),
          conn_state: 'SF',
          orig_pkts: sent,
          resp_pkts: got,
          orig_ip_bytes: bytesSent,
          resp_ip_bytes: bytesGot,
        };
        const want = [
          `${iso(at)} - collector end - PASS -/0 THROUGH ${name} [${a}]:${p}>[${b}]:${q} packets=${sent}/${got} bytes=${bytesSent}/${bytesGot} close=SF`,
        ];
        const json = JSON.stringify({ ...record, ts: at });
        const tsv = `#separator \\x09\n#fields\t${Object.keys(record).join('\t')}\n${Object.values(record).join('\t')}\n`;
        expect(await eventsOf('zeek-conn', json)).toEqual(want);
        expect(await eventsOf('zeek-conn', tsv)).toEqual(want);
      }),
      { numRuns: 300 },
    );
  });

  it('in nfdump’s CSV of 1.7 and csv-fast', async () => {
    const facts = fc.tuple(seconds, ends, port, port, transport, count, size);
    await fc.assert(
      fc.asyncProperty(facts, async (each) => {
        const [at, [a, b], p, q, [name, number], packets, bytes] = each;
        const local = iso(at).slice(0, 19).replace('T', ' ');
        const reply = p > 0 && p < q ? ' reply' : '';
        const want = [
          `${iso(at)} - collector end - PASS -/0 THROUGH ${name} [${a}]:${p}>[${b}]:${q}${reply} packets=${packets}/0 bytes=${bytes}/0`,
        ];
        const plain = `firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows\n${local}.000,0.1,${name},${a},${p},${b},${q},${packets},${bytes},1\n`;
        const fast = `cnt,af,firstSeen,lastSeen,proto,srcAddr,srcPort,dstAddr,dstPort,srcAS,dstAS,input,output,flags,srcTos,packets,bytes\n1,2,${at}000,${at}000,${number},${a},${p},${b},${q},0,0,0,0,......S.,0,${packets},${bytes}\n`;
        expect(await eventsOf('nfdump', plain)).toEqual(want);
        expect(await eventsOf('nfdump', fast)).toEqual(want);
      }),
      { numRuns: 300 },
    );
  });

  it('in a DFW line wrapped in JSON and in CSV', async () => {
    const facts = fc.tuple(
      seconds,
      ends,
      port,
      port,
      transport,
      count,
      fc.stringMatching(/^[ -~äß€]{0,20}$/),
    );
    await fc.assert(
      fc.asyncProperty(facts, async ([at, [a, b], p, q, [name], rule, label]) => {
        fc.pre(label.trim() === label);
        // Flags are no part of a UDP line, and a label of such letters may follow TCP.
        const flags = name === 'TCP' ? ' S' : '';
        const family = a.includes(':') ? 'INET6' : 'INET';
        const line = `8b4a1980 ${family} match PASS ${rule} OUT 60 ${name} ${a}/${p}->${b}/${q}${flags} ${label}`;
        const tag = label === '' ? '' : ` tag=${label}`;
        const want = [
          `${iso(at)} fw vnic begin match PASS -/${rule} OUT ${name} [${a}]:${p}>[${b}]:${q} filter=8b4a1980${tag}`,
        ];
        const json = JSON.stringify({ text: line, timestamp: at * 1000, hostname: 'fw' });
        const escaped = json.replaceAll('/', '\\/');
        expect(await eventsOf('nsx-dfw-json', escaped)).toEqual(want);
        const csv = `timestamp,text,hostname\n${iso(at)},"${line.replaceAll('"', '""')}",fw\n`;
        expect(await eventsOf('nsx-dfw-csv', csv)).toEqual(want);
      }),
      { numRuns: 300 },
    );
  });
});
