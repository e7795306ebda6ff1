import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatService, parseService } from '../../../shared/net/service.ts';
import { AddressSet } from '../../../shared/policy/address-set.ts';
import { ServiceSet } from '../../../shared/policy/service-set.ts';
import { addressOf } from '../../support/rulesets.ts';

/** Few addresses at both ends of both families, so that all of them can be tried. */
const LAST_6 = (1n << 128n) - 1n;
const points = [
  ...Array.from({ length: 12 }, (_, at) => ({ family: 4 as const, value: BigInt(at) })),
  ...Array.from({ length: 4 }, (_, at) => ({
    family: 4 as const,
    value: 0xffff_ffffn - BigInt(at),
  })),
  ...Array.from({ length: 6 }, (_, at) => ({ family: 6 as const, value: BigInt(at) })),
  ...Array.from({ length: 4 }, (_, at) => ({ family: 6 as const, value: LAST_6 - BigInt(at) })),
];
const range = fc
  .tuple(fc.constantFrom(...points), fc.constantFrom(...points))
  .filter(([a, b]) => a.family === b.family && a.value <= b.value)
  .map(([a, b]) => ({ family: a.family, first: a.value, last: b.value }));
const ranges = fc.array(range, { maxLength: 5 });

describe('a set of addresses', () => {
  it('holds what its ranges hold, and the algebra is that of their members', () => {
    fc.assert(
      fc.property(ranges, ranges, (first, second) => {
        const [a, b] = [AddressSet.ofRanges(first), AddressSet.ofRanges(second)];
        const isIn = (list: typeof first, at: (typeof points)[number]) =>
          list.some((r) => r.family === at.family && r.first <= at.value && at.value <= r.last);
        for (const at of points) {
          const [inA, inB] = [isIn(first, at), isIn(second, at)];
          expect(a.has(at)).toBe(inA);
          expect(a.union(b).has(at)).toBe(inA || inB);
          expect(a.intersect(b).has(at)).toBe(inA && inB);
          expect(a.subtract(b).has(at)).toBe(inA && !inB);
          expect(a.complement().has(at)).toBe(!inA);
        }
      }),
    );
  });

  it('is normalised: the same addresses are the same set however they were written', () => {
    fc.assert(
      fc.property(ranges, ranges, (first, second) => {
        const [a, b] = [AddressSet.ofRanges(first), AddressSet.ofRanges(second)];
        const both = AddressSet.ofRanges([...second, ...first]);
        expect(a.union(b).key).toBe(both.key);
        expect(a.union(b).equals(both)).toBe(true);
        expect(a.complement().complement().key).toBe(a.key);
        expect(AddressSet.ofRanges(a.ranges()).key).toBe(a.key);
        expect(AddressSet.read(a.texts()).set.key).toBe(a.key);
        expect(a.contains(b)).toBe(a.union(b).equals(a));
        expect(a.overlaps(b)).toBe(!a.intersect(b).isEmpty);
        expect(a.union(b).size + a.intersect(b).size).toBe(a.size + b.size);
        expect(a.size + a.complement().size).toBe(AddressSet.ALL.size);
      }),
    );
  });

  it('tells the texts that are no address', () => {
    const { set, unreadable } = AddressSet.read(['192.0.2.0/30', 'web01', '192.0.2.9-192.0.2.1']);
    expect(unreadable).toEqual(['web01', '192.0.2.9-192.0.2.1']);
    expect(set.size).toBe(4n);
    expect(set.has(addressOf('192.0.2.3'))).toBe(true);
  });
});

const serviceText = fc.constantFrom(
  ...['TCP/443', 'TCP/80-90', 'TCP', 'UDP/0-53', 'UDP/65535', 'ICMP', 'ICMP/8', 'ICMP/3:4,3:5'],
  ...['ICMPv6/128', 'PROTO 47', 'TCP/85 from 1000-2000', 'UDP from 1500-1600,65535', 'PROTO 255'],
);
const seen = fc.constantFrom(
  ...[0, 53, 79, 80, 85, 90, 443, 65_535].flatMap((port) =>
    [6, 17].flatMap((protocol) =>
      [null, 0, 999, 1000, 1550, 2000, 65_535].map((sourcePort) => ({
        ...{ protocol, port, sourcePort, icmp: null },
      })),
    ),
  ),
  ...[8 * 256, 8 * 256 + 1, 3 * 256 + 4, 3 * 256 + 6, null].flatMap((icmp) =>
    [1, 58].map((protocol) => ({ protocol, port: 0, sourcePort: null, icmp })),
  ),
  ...[47, 255, 0].map((protocol) => ({ protocol, port: 0, sourcePort: null, icmp: null })),
);

function setOf(texts: readonly string[]): ServiceSet {
  return ServiceSet.of(texts.flatMap((text) => parseService(text) ?? []));
}

/** What the text says, read again without any set. */
function textHas(
  text: string,
  at: { protocol: number; port: number; sourcePort: number | null; icmp: number | null },
) {
  const service = parseService(text);
  if (service?.protocol !== at.protocol) return false;
  const sourcePort = at.sourcePort ?? 50_000;
  const { sources, icmp, ports } = service;
  if (sources?.some((r) => r.first <= sourcePort && sourcePort <= r.last) === false) return false;
  if (icmp !== undefined) {
    const asked = at.icmp ?? (at.protocol === 58 ? 128 : 8) * 256;
    return icmp.some(({ type, code }) =>
      code === null ? type === asked >> 8 : type * 256 + code === asked,
    );
  }
  return ports.length === 0 || ports.some((r) => r.first <= at.port && at.port <= r.last);
}

describe('a set of services', () => {
  it('holds what its texts say, and the algebra is that of their members', () => {
    const texts = fc.array(serviceText, { maxLength: 4 });
    fc.assert(
      fc.property(texts, texts, fc.array(seen, { minLength: 20, maxLength: 20 }), (x, y, all) => {
        const [a, b] = [setOf(x), setOf(y)];
        for (const at of all) {
          const inA = x.some((text) => textHas(text, at));
          const inB = y.some((text) => textHas(text, at));
          expect(a.has(at)).toBe(inA);
          expect(a.union(b).has(at)).toBe(inA || inB);
          expect(a.intersect(b).has(at)).toBe(inA && inB);
          expect(a.subtract(b).has(at)).toBe(inA && !inB);
          expect(a.complement().has(at)).toBe(!inA);
        }
        expect(a.contains(b)).toBe(a.union(b).equals(a));
        expect(a.overlaps(b)).toBe(!a.intersect(b).isEmpty);
        expect(a.complement().complement().key).toBe(a.key);
        expect(a.union(b).key).toBe(setOf([...y, ...x]).key);
      }),
    );
  });

  it('is written as services that read back to the same set', () => {
    fc.assert(
      fc.property(fc.array(serviceText, { maxLength: 5 }), (texts) => {
        const set = setOf(texts);
        expect(setOf(set.services().map(formatService)).key).toBe(set.key);
      }),
    );
  });

  it('counts ports, types with their codes, and protocols without either', () => {
    expect(setOf(['TCP/80,443', 'UDP/53', 'PROTO 47']).size).toBe(4);
    expect(setOf(['ICMP/8']).size).toBe(256);
    expect(setOf(['TCP', 'TCP/80']).size).toBe(65_536);
    expect(setOf(['TCP/80 from 1-2', 'TCP/80 from 5']).size).toBe(1);
  });
});
