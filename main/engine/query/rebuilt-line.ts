import type { LinePlace } from '../../../shared/domain/flow.ts';
import type { CancelSignal } from '../../../shared/ipc/cancel.ts';
import { formatAddress, parseAddress } from '../../../shared/net/address.ts';
import { hasPorts } from '../../../shared/net/service.ts';
import type { Database } from '../store/database.ts';
import { numberOf, type Row } from '../store/rows.ts';
import { sql, u32s } from '../store/sql.ts';
import type { EvidenceTexts } from './evidence.ts';

/** Texts that only whole lines show. */
export interface LineTexts extends EvidenceTexts {
  filterText(code: number): string;
  rulesetText(code: number): string;
  closeText(code: number): string;
}

/** A line written from what is stored of it. */
export interface RebuiltLine {
  readonly text: string;
  /** The addresses at both ends, as they are stored. */
  readonly ends: readonly string[];
}

const TERM = 1;
const FLAG_LETTERS = ['S', 'A', 'P', 'F', 'R', 'U', 'E', 'W'];

/** Protocols that the DFW spells by name, for either family. */
const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, 'ICMP'],
  [2, 'IGMP'],
  [6, 'TCP'],
  [17, 'UDP'],
  [58, 'ICMP6'],
  [132, 'SCTP'],
]);

/** What tells a line apart in a batch of them. */
export function placeKey({ sourceId, line }: LinePlace): string {
  return `${sourceId} ${line}`;
}

/**
 * Lines as the DFW of NSX writes them, from the stored fields, by {@link placeKey}. A line that no
 * event is stored of is left out.
 */
export async function rebuildLines(
  database: Database,
  texts: LineTexts,
  places: readonly LinePlace[],
  signal: CancelSignal,
): Promise<ReadonlyMap<string, RebuiltLine>> {
  const rows = await database.query(
    sql`
    with wanted as (
      select unnest(${u32s(places.map(({ sourceId }) => sourceId))}) as source,
        unnest(${u32s(places.map(({ line }) => line))}) as line
    )
    select event.*, epoch_ms(seen_at) as seen_ms
    from event semi join wanted using (source, line)`,
    signal,
  );
  return new Map(
    rows.map((row) => {
      const place = { sourceId: numberOf(row, 'source'), line: numberOf(row, 'line') };
      return [placeKey(place), rebuild(row, texts)];
    }),
  );
}

/** Whether a text names the addresses of a line, however it spells them. */
export function namesEnds(text: string, { ends }: RebuiltLine): boolean {
  return ends.every(
    (end) =>
      text.includes(end) ||
      text.split(/[^0-9a-f:.]+/i).some((word) => {
        const address = word.includes(':') ? parseAddress(word) : undefined;
        return address !== undefined && formatAddress(address) === end;
      }),
  );
}

function rebuild(row: Row, texts: LineTexts): RebuiltLine {
  const number = (column: string) => numberOf(row, column);
  const protocol = number('protocol');
  const ends = [texts.addressText(number('src')), texts.addressText(number('dst'))] as const;
  const ported = hasPorts(protocol);
  const source = ported ? `${ends[0]}/${number('src_port')}` : ends[0];
  const destination = ported ? `${ends[1]}/${number('dst_port')}` : ends[1];
  const isTerm = number('kind') === TERM;
  const host = texts.hostText(number('host'));
  const ruleset = texts.rulesetText(number('ruleset'));
  const parts = [
    new Date(number('seen_ms')).toISOString(),
    host === '' ? '' : `${host} dfwpktlogs:`,
    texts.filterText(number('filter')),
    ends.some((end) => end.includes(':')) ? 'INET6' : 'INET',
    texts.reasonText(number('reason')),
    texts.actionText(number('action')),
    ruleset === '' ? String(number('rule')) : `${ruleset}/${number('rule')}`,
    number('direction') === 0 ? 'IN' : 'OUT',
    isTerm ? '' : String(number('length')),
    PROTOCOLS.get(protocol) ?? `PROTO ${protocol}`,
    isTerm ? ending(row, protocol, texts) : '',
    `${source}->${destination}`,
    isTerm ? counters(row) : flags(number('flags')),
    texts.tagText(number('tag')),
  ];
  return { text: parts.filter((part) => part !== '').join(' '), ends };
}

/** Why a session ended, or type and code of an ICMP session. */
function ending(row: Row, protocol: number, texts: LineTexts): string {
  if (protocol !== 1 && protocol !== 58) return texts.closeText(numberOf(row, 'close'));
  const icmp = numberOf(row, 'icmp');
  return `${icmp >> 8} ${icmp & 255}`;
}

function counters(row: Row): string {
  const pair = (what: string) =>
    `${numberOf(row, `${what}_forward`)}/${numberOf(row, `${what}_back`)}`;
  return `${pair('packets')} ${pair('bytes')}`;
}

function flags(bits: number): string {
  return FLAG_LETTERS.filter((_, bit) => (bits & (1 << bit)) !== 0).join('');
}
