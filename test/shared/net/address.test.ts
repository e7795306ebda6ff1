import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareAddresses,
  compareAddressTexts,
  formatAddress,
  parseAddress,
  parseAddressRange,
  rangeHas,
  type Address,
} from '../../../shared/net/address.ts';

const BITS = { 4: 32n, 6: 128n } as const;

function addressOf(family: 4 | 6): fc.Arbitrary<Address> {
  const zeroes = fc
    .bigInt({ min: 0n, max: 255n })
    .map((mask) =>
      Array.from({ length: 8 }, (_, at) =>
        (mask >> BigInt(at)) & 1n ? 0xffffn : 0n,
      ).reduce<bigint>((value, group) => (value << 16n) | group, 0n),
    );
  return fc
    .tuple(fc.bigInt({ min: 0n, max: (1n << BITS[family]) - 1n }), zeroes, fc.boolean())
    .map(([value, mask, thin]) => ({
      family,
      value: family === 6 && thin ? value & mask : value,
    }));
}

const address = fc.oneof(addressOf(4), addressOf(6));

/** Eight groups in full, four digits each: the spelling nobody can get wrong. */
function inFull(value: bigint): string {
  return (value.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':');
}

describe('parseAddress and formatAddress', () => {
  it('read back what they wrote', () => {
    fc.assert(
      fc.property(address, (each) => {
        expect(parseAddress(formatAddress(each))).toEqual(each);
      }),
    );
  });

  it('write one spelling for every way an IPv6 address is spelt', () => {
    fc.assert(
      fc.property(addressOf(6), ({ value }) => {
        const short = formatAddress({ family: 6, value });
        const full = inFull(value);
        const ipv4 = formatAddress({ family: 4, value: value & 0xffffffffn });
        const spellings = [full, full.toUpperCase(), `${full.slice(0, 29)}:${ipv4}`, short];
        for (const spelling of spellings)
          expect(formatAddress(parseAddress(spelling) ?? { family: 4, value: 0n })).toBe(short);
      }),
    );
  });

  it('write IPv6 as RFC 5952 says', () => {
    fc.assert(
      fc.property(addressOf(6), ({ value }) => {
        const text = formatAddress({ family: 6, value });
        expect(text).toBe(text.toLowerCase());
        expect(text).not.toMatch(/(^|:)0[0-9a-f]/);
        const groups = inFull(value).split(':');
        const runs = groups.map((_, at) => {
          const end = groups.findIndex((group, after) => after >= at && group !== '0000');
          return (end < 0 ? 8 : end) - at;
        });
        const longest = Math.max(...runs);
        const halves = text.split('::');
        if (longest < 2) {
          expect(halves).toHaveLength(1);
          return;
        }
        expect(halves).toHaveLength(2);
        const before = halves[0] === '' ? 0 : (halves[0] ?? '').split(':').length;
        expect(before).toBe(runs.indexOf(longest));
      }),
    );
  });

  it.each([
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0DB8::0001', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['255.255.255.255', '255.255.255.255'],
  ])('read %s as %s', (text, canonical) => {
    const parsed = parseAddress(text);
    expect(parsed && formatAddress(parsed)).toBe(canonical);
  });

  it.each([
    '',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::',
    '::1%eth0',
    '192.0.2.1::',
    '192.0.2.1::1',
    '::192.0.2.1:1',
    '::192.0.2.256',
    '192.0.2',
    '192.0.2.1.1',
    '192.0.2.256',
    '192.0.2.01',
    '192.0.2.-1',
    ' 192.0.2.1',
    '192.0.2.1 ',
    '0x7f.0.0.1',
  ])('refuse "%s"', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('parseAddressRange', () => {
  it('gives a block the size its prefix says, with the address in it and no host bits', () => {
    const block = address.chain((each) =>
      fc.record({ each: fc.constant(each), prefix: fc.nat(Number(BITS[each.family])) }),
    );
    fc.assert(
      fc.property(block, ({ each, prefix }) => {
        const range = parseAddressRange(`${formatAddress(each)}/${prefix}`);
        if (range === undefined) throw new Error('the block was refused');
        const size = 1n << (BITS[each.family] - BigInt(prefix));
        expect(range.last - range.first + 1n).toBe(size);
        expect(range.first % size).toBe(0n);
        expect(rangeHas(range, each)).toBe(true);
      }),
    );
  });

  it('of two blocks makes one hold the other, or neither touch the other', () => {
    const prefix = fc.nat(32);
    fc.assert(
      fc.property(addressOf(4), prefix, addressOf(4), prefix, (a, prefixA, b, prefixB) => {
        const one = parseAddressRange(`${formatAddress(a)}/${prefixA}`);
        const two = parseAddressRange(`${formatAddress(b)}/${prefixB}`);
        if (one === undefined || two === undefined) throw new Error('a block was refused');
        const apart = one.last < two.first || two.last < one.first;
        const [wide, narrow] = prefixA <= prefixB ? [one, two] : [two, one];
        expect(apart || (wide.first <= narrow.first && narrow.last <= wide.last)).toBe(true);
      }),
    );
  });

  it('reads a range in its order, and refuses it the other way round', () => {
    fc.assert(
      fc.property(addressOf(6), addressOf(6), (a, b) => {
        const [low, high] = a.value <= b.value ? [a, b] : [b, a];
        const range = parseAddressRange(`${formatAddress(low)} - ${formatAddress(high)}`);
        expect(range).toEqual({ family: 6, first: low.value, last: high.value });
        if (low.value < high.value)
          expect(parseAddressRange(`${formatAddress(high)}-${formatAddress(low)}`)).toBeUndefined();
      }),
    );
  });

  it('reads one address as a range of one', () => {
    fc.assert(
      fc.property(address, (each) => {
        const { family, value } = each;
        expect(parseAddressRange(formatAddress(each))).toEqual({
          family,
          first: value,
          last: value,
        });
      }),
    );
  });

  it.each([
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2.0/-1',
    '192.0.2.0/24/24',
    '2001:db8::/129',
    '192.0.2.1-2001:db8::1',
    '192.0.2.1-',
    '-192.0.2.1',
    '192.0.2.1-192.0.2.2-192.0.2.3',
    '192.0.2.0/24-192.0.3.0/24',
    'SGTSWEB',
  ])('refuses "%s"', (text) => {
    expect(parseAddressRange(text)).toBeUndefined();
  });

  it('never mixes families', () => {
    const everyIpv6 = parseAddressRange('::/0');
    expect(everyIpv6 && rangeHas(everyIpv6, { family: 4, value: 1n })).toBe(false);
  });
});

describe('the order of addresses', () => {
  it('is total: IPv4 first, then by number', () => {
    fc.assert(
      fc.property(fc.array(address, { maxLength: 20 }), (addresses) => {
        const sorted = addresses.toSorted(compareAddresses);
        sorted.forEach((each, at) => {
          const before = sorted[at - 1];
          if (before === undefined) return;
          expect(before.family).toBeLessThanOrEqual(each.family);
          if (before.family === each.family) expect(before.value <= each.value).toBe(true);
        });
      }),
    );
  });

  it('puts texts that are no addresses last, by letters', () => {
    const texts = ['web', '2001:db8::1', '192.0.2.10', 'app', '192.0.2.9', 'app'];
    expect(texts.toSorted(compareAddressTexts)).toEqual([
      '192.0.2.9',
      '192.0.2.10',
      '2001:db8::1',
      'app',
      'app',
      'web',
    ]);
  });
});
