import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatService,
  hasPorts,
  parseService,
  protocolName,
  protocolNumber,
  serviceHas,
  serviceName,
  serviceText,
  type Service,
} from '../../../shared/net/service.ts';

const port = fc.integer({ min: 0, max: 65_535 });
const range = fc
  .tuple(port, port)
  .map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));
const protocol = fc.integer({ min: 0, max: 255 });

const service: fc.Arbitrary<Service> = fc
  .tuple(
    fc.oneof(protocol, fc.constantFrom(6, 17, 132)),
    fc.array(
      fc.oneof(
        range,
        port.map((each) => ({ first: each, last: each })),
      ),
      { maxLength: 6 },
    ),
  )
  .map(([number, ports]) => ({ protocol: number, ports: hasPorts(number) ? ports : [] }));

const octet = fc.integer({ min: 0, max: 255 });
const limitedService: fc.Arbitrary<Service> = fc.oneof(
  service,
  fc.record({
    protocol: fc.constantFrom(6, 17, 132),
    ports: fc.array(range, { maxLength: 3 }),
    sources: fc.array(range, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    protocol: fc.constantFrom(1, 58),
    ports: fc.constant([]),
    icmp: fc.array(fc.record({ type: octet, code: fc.option(octet) }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
);

describe('services', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(limitedService, (each) => {
        expect(parseService(formatService(each))).toEqual(each);
      }),
    );
  });

  it('hold the protocol and port their own text names, and no other protocol', () => {
    fc.assert(
      fc.property(protocol, port, protocol, (number, seen, other) => {
        const parsed = parseService(serviceText(number, seen));
        if (parsed === undefined) throw new Error('the text was refused');
        expect(serviceHas(parsed, number, seen)).toBe(true);
        if (other !== number) expect(serviceHas(parsed, other, seen)).toBe(false);
      }),
    );
  });

  it('hold exactly the ports of their ranges', () => {
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 4 }), port, (ports, seen) => {
        const inside = ports.some(({ first, last }) => first <= seen && seen <= last);
        expect(serviceHas({ protocol: 6, ports }, 6, seen)).toBe(inside);
      }),
    );
  });

  it.each([
    ['TCP/443', { protocol: 6, ports: [{ first: 443, last: 443 }] }],
    ['udp/53, 5353', { protocol: 17, ports: [53, 5353].map((n) => ({ first: n, last: n })) }],
    ['TCP/8000 - 8010', { protocol: 6, ports: [{ first: 8000, last: 8010 }] }],
    ['TCP', { protocol: 6, ports: [] }],
    ['TCP/*', { protocol: 6, ports: [] }],
    ['icmpv6', { protocol: 58, ports: [] }],
    ['PROTO 112', { protocol: 112, ports: [] }],
    ['proto-200', { protocol: 200, ports: [] }],
    [
      'TCP/22 FROM 1024-65535',
      {
        protocol: 6,
        ports: [{ first: 22, last: 22 }],
        sources: [{ first: 1024, last: 65_535 }],
      },
    ],
    ['UDP from 53', { protocol: 17, ports: [], sources: [{ first: 53, last: 53 }] }],
    [
      'ICMP/8, 3:4',
      {
        protocol: 1,
        ports: [],
        icmp: [
          { type: 8, code: null },
          { type: 3, code: 4 },
        ],
      },
    ],
    ['6/80', { protocol: 6, ports: [{ first: 80, last: 80 }] }],
  ])('are read from "%s"', (text, expected) => {
    expect(parseService(text)).toEqual(expected);
  });

  it.each([
    '',
    '/',
    'TCP/',
    'TCP/x',
    'TCP/65536',
    'TCP/90-80',
    'TCP/80,',
    'TCP/80/90',
    'TCP/-80',
    'ICMP/256',
    'ICMP/8:256',
    'ICMP/8 from 1',
    'IGMP/8',
    'TCP from',
    'TCP from 1 from 2',
    'from 53',
    'PROTO 256',
    'PROTO',
    'HTTP',
  ])('are not read from "%s"', (text) => {
    expect(parseService(text)).toBeUndefined();
  });
});

describe('protocols', () => {
  it('have a name that gives their number back, in any case', () => {
    fc.assert(
      fc.property(protocol, (number) => {
        expect(protocolNumber(protocolName(number))).toBe(number);
        expect(protocolNumber(protocolName(number).toLowerCase())).toBe(number);
        expect(protocolNumber(`${number}`)).toBe(number);
      }),
    );
  });

  it('show ports only where the DFW logs them', () => {
    expect([
      serviceText(6, 80),
      serviceText(17, 53),
      serviceText(132, 9),
      serviceText(1, 8),
    ]).toEqual(['TCP/80', 'UDP/53', 'SCTP/9', 'ICMP']);
  });
});

describe('serviceName', () => {
  it('knows common services by protocol and port, and says nothing of others', () => {
    expect(serviceName('TCP/443')).toBe('HTTPS');
    expect(serviceName('UDP/443')).toBeUndefined();
    expect(serviceName('TCP')).toBeUndefined();
  });
});
