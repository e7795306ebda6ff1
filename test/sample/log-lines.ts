import type { DfwEvent } from './dfw-event.ts';
import { nsxtLine } from './lines-nsxt.ts';
import { nsxvLine } from './lines-nsxv.ts';
import type { Prng } from './prng.ts';
import type { Host } from './topology.ts';

/** What a line of a log file is, and how it came to be so. */
export type LineKind =
  | 'event'
  | 'cut-address'
  | 'cut-header'
  | 'missing-arrow'
  | 'bytes-in-address'
  | 'garbage'
  | 'other-program'
  | 'blank';

/** A line without its line feed. */
export interface LogLine {
  readonly kind: LineKind;
  readonly bytes: Buffer;
  /** What the line says, where it is an event. */
  readonly event?: DfwEvent;
}

function spell(event: DfwEvent): string {
  return event.host.dialect === 'nsx-v' ? nsxvLine(event) : nsxtLine(event);
}

const KERNEL_TEXTS: readonly string[] = [
  'NetPort: 1881: disabled port 0x4000021',
  'ScsiDeviceIO: 4124: Cmd 0x2a to dev "naa.sample0001" completed with sense data 0x6 0x29 0x0',
  'Net: 2525: connected books-web eth0 to vDS, portID 0x4000024',
  'World: 12458: VC opID sample-5f1 maps to vmkernel opID 7c3d9e21',
];

function otherProgram(host: Host, time: string, prng: Prng): string {
  const cpu = prng.int(0, 31);
  const text = prng.pick(KERNEL_TEXTS);
  if (host.dialect === 'nsx-v') return `${time} cpu${cpu}:66174)${text}`;
  return `${time} In(182) vmkernel: cpu${cpu}:2097511)${text}`;
}

/** Bytes that are no UTF-8: lone continuation bytes, a cut sequence, values UTF-8 never uses. */
function strayBytes(prng: Prng, count: number): Buffer {
  return Buffer.from(
    Array.from({ length: count }, () => prng.pick([0x80, 0xbf, 0xc3, 0xe2, 0xf8, 0xfe, 0xff])),
  );
}

function spoil(kind: LineKind, event: DfwEvent, prng: Prng): Buffer {
  const text = spell(event);
  const arrow = text.indexOf('->');
  const time = new Date(event.at).toISOString();
  switch (kind) {
    case 'cut-address': {
      const separator = event.destination.includes(':') ? ':' : '.';
      return Buffer.from(text.slice(0, text.indexOf(separator, arrow) + 1));
    }
    case 'cut-header':
      return Buffer.from(text.slice(0, text.indexOf(event.workload.filter) + 8));
    case 'missing-arrow':
      return Buffer.from(text.replace('->', ' '));
    case 'bytes-in-address':
      return Buffer.concat([
        Buffer.from(text.slice(0, arrow + 4)),
        strayBytes(prng, 5),
        Buffer.from(text.slice(arrow + 6)),
      ]);
    case 'garbage':
      return Buffer.concat([strayBytes(prng, 9), Buffer.from('x7#q '), strayBytes(prng, 14)]);
    case 'other-program':
      return Buffer.from(otherProgram(event.host, time, prng));
    case 'blank':
      return Buffer.from(prng.pick(['', '   ', '\t']));
    case 'event':
      return Buffer.from(text);
  }
}

/** How many such lines come on 1,000 events; a host has at least two of each. */
const PER_THOUSAND: readonly (readonly [LineKind, number])[] = [
  ['cut-address', 0.25],
  ['cut-header', 0.1],
  ['missing-arrow', 0.2],
  ['bytes-in-address', 0.15],
  ['garbage', 0.2],
  ['other-program', 4],
  ['blank', 0.5],
];

/** A cut right after the VIF leaves a DFW line only where the program's name stands before it. */
function occursOn(kind: LineKind, host: Host): boolean {
  return kind !== 'cut-header' || host.dialect === 'nsx-t';
}

/** The lines of one host in order of time: its events, and between them what else stands in such a log. */
export function hostLines(host: Host, events: readonly DfwEvent[], prng: Prng): readonly LogLine[] {
  const own = events.filter((event) => event.host === host).sort((a, b) => a.at - b.at);
  const extras = new Map<number, LogLine[]>();
  for (const [kind, perThousand] of PER_THOUSAND) {
    if (!occursOn(kind, host)) continue;
    const count = Math.max(2, Math.round((own.length * perThousand) / 1000));
    for (let i = 0; i < count; i++) {
      const index = prng.int(0, own.length - 2);
      const event = own[index];
      if (event === undefined) continue;
      const list = extras.get(index) ?? [];
      list.push({ kind, bytes: spoil(kind, event, prng) });
      extras.set(index, list);
    }
  }
  return own.flatMap((event, i) => [
    { kind: 'event' as const, bytes: Buffer.from(spell(event)), event },
    ...(extras.get(i) ?? []),
  ]);
}
