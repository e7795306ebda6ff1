import { describe, expect, it } from 'vitest';
import {
  chooseReader,
  READER_KINDS,
  readerByName,
} from '../../../../main/engine/ingest/readers/registry.ts';
import { bytesOf, contextOf, logFixtures, readWith } from './read-log.ts';

/** Which reader is the file's own, by the beginning of its name. */
const OWN: readonly (readonly [RegExp, string])[] = [
  [/^vmc-|^log-insight-.*\.json$/, 'nsx-dfw-json'],
  [/^log-insight-.*\.csv$/, 'nsx-dfw-csv'],
  [/^log-insight-raw|^windows-export/, 'nsx-dfw'],
  [/^mixed-syslog/, 'mixed-syslog'],
  [/^site-csv/, 'nsx-dfw-site-csv'],
  [/^cisco-asa/, 'cisco-asa'],
  [/^aws-vpc/, 'aws-vpc'],
  [/^zeek-conn/, 'zeek-conn'],
  [/^nfdump/, 'nfdump'],
];

const files = [
  ...logFixtures('logs').map((name) => ({
    folder: 'logs',
    name,
    own: OWN.find(([pattern]) => pattern.test(name))?.[1],
  })),
  ...logFixtures('dfw/valid').map((name) => ({ folder: 'dfw/valid', name, own: 'nsx-dfw' })),
];

describe('a log among all readers', () => {
  it.each(files)('$folder/$name is claimed most by its own reader', ({ folder, name, own }) => {
    const context = contextOf(bytesOf(folder, name), name);
    const claims = READER_KINDS.map((kind) => ({
      reader: kind.name,
      claim: kind.recognise(context),
    }));
    const mine = claims.find(({ reader }) => reader === own)?.claim ?? 0;
    expect(mine).toBeGreaterThan(0.5);
    expect(mine).toBeLessThanOrEqual(1);
    const rivals = claims.filter(({ reader, claim }) => reader !== own && claim >= mine);
    expect(rivals).toEqual([]);
  });

  it.each(files)('$folder/$name gives no other reader an event', async ({ folder, name, own }) => {
    const bytes = bytesOf(folder, name);
    const foreign = READER_KINDS.filter(
      (kind) => kind.name !== own && !isKin(kind.name, own ?? ''),
    );
    for (const kind of foreign) {
      const { events } = await readWith(kind, bytes, contextOf(bytes, name));
      expect([kind.name, events]).toEqual([kind.name, []]);
    }
  });
});

/** Readers that read the same lines, in another wrapping or among others. */
function isKin(a: string, b: string): boolean {
  const isMixture = a === 'mixed-syslog' || b === 'mixed-syslog';
  return isMixture || (a.startsWith('nsx-dfw') && b.startsWith('nsx-dfw'));
}

describe('what is no firewall log', () => {
  it.each(logFixtures('logs/refused'))('%s is refused or gives no event', async (name) => {
    const bytes = bytesOf('logs/refused', name);
    const context = contextOf(bytes, name);
    expect(chooseReader(context)).toBeUndefined();
    for (const kind of READER_KINDS) {
      expect((await readWith(kind, bytes, context)).events).toEqual([]);
    }
  });

  it.each(['monitor-drop.log', 'rule-id-equals.log', 'vmk-in-pass.log', 'blank-lines.log'])(
    'look-alike %s is refused by every reader',
    (name) => {
      const context = contextOf(bytesOf('dfw/invalid', name), name);
      expect(READER_KINDS.filter((kind) => kind.recognise(context) > 0)).toEqual([]);
    },
  );

  it.each(['bad-address.log', 'bad-port.log', 'cut-in-address.log', 'missing-arrow.log'])(
    'damaged lines in %s are still known as DFW lines',
    (name) => {
      const context = contextOf(bytesOf('dfw/invalid', name), name);
      expect(chooseReader(context)?.name).toBe('nsx-dfw');
    },
  );

  it('is not mistaken for a log because of a name', () => {
    const text = new TextEncoder().encode('nothing of note\n');
    expect(chooseReader(contextOf(text, 'dfwpktlogs.log'))).toBeUndefined();
  });
});

describe('a head that ends in the middle of a line', () => {
  it('is recognised by its whole lines', () => {
    const line = `2 123456789010 eni-0a000000000000001 192.0.2.139 192.0.2.21 20641 22 6 20 4249 1772438400 1772438460 ACCEPT OK\n`;
    const bytes = new TextEncoder().encode(line.repeat(1_000));
    expect(bytes.length).toBeGreaterThan(65_536);
    expect(chooseReader(contextOf(bytes))?.name).toBe('aws-vpc');
  });

  it('is recognised in one long JSON object', async () => {
    const message = JSON.stringify({
      text: '8b4a1980 INET match PASS 5096 OUT 60 TCP 192.0.2.11/60517->192.0.2.20/443 S',
      timestamp: 1_772_438_400_123,
    });
    const bytes = new TextEncoder().encode(
      `{"messages":[${Array<string>(1_000).fill(message).join(',')}]}`,
    );
    expect(chooseReader(contextOf(bytes))?.name).toBe('nsx-dfw-json');
    const { counts } = await readWith(readerByName('nsx-dfw-json'), bytes);
    expect(counts).toEqual({ lines: 1_000, event: 1_000 });
  });
});
