import { hasPorts } from '../../../../shared/net/service.ts';
import type { EventBatch } from '../event-batch.ts';
import type { LineOutcome, RejectReason } from '../outcome.ts';
import type { Envelope } from './dfw-text.ts';
import { counter, type EventRow, wholeNumber } from './event-row.ts';
import { loggedProtocol } from './protocol-names.ts';

const MAX_U32 = 0xffff_ffff;

/** Its ports are often left out, as for protocols without. */
const SCTP = 132;

/** The packs' prefixes of the fields they extract from DFW and gateway firewall lines. */
const PACK_PREFIX = /^vmw_nsxt?_(?:edge_)?(?:firewall_)?/;

/** The values a collector extracted from a line, by {@link fieldName}. */
export type DfwFields = ReadonlyMap<string, string>;

/**
 * The plain name of a collector's field: without the pack in brackets or before a colon, in lower
 * case. Fields of the NSX packs become `nsx.src`, `nsx.dst_port` and so on.
 */
export function fieldName(name: string): string {
  const plain = name
    .replace(/^\uFEFF/, '')
    .replace(/\s*\([^)]*\)\s*$/, '')
    .trim()
    .toLowerCase();
  const bare = plain.slice(plain.lastIndexOf(':') + 1);
  const short = bare.replace(PACK_PREFIX, '');
  return short === bare ? bare : `nsx.${short}`;
}

/** Whether the names hold both ends of a connection as the packs extract them. */
export function hasEnds(names: ReadonlySet<string>): boolean {
  return (
    (names.has('nsx.src') || names.has('nsx.src_ip_port')) &&
    (names.has('nsx.dst') || names.has('nsx.dst_ip_port'))
  );
}

/** One end as extracted: address and port in fields of their own or together. */
function endOf(fields: DfwFields, side: 'src' | 'dst'): readonly [string, string] {
  const pair = fields.get(`nsx.${side}_ip_port`) ?? '';
  const slash = pair.indexOf('/');
  const address = fields.get(`nsx.${side}`) ?? '';
  const port = fields.get(`nsx.${side}_port`) ?? '';
  return [
    address !== '' ? address : slash < 0 ? pair : pair.slice(0, slash),
    port !== '' ? port : slash < 0 ? '' : pair.slice(slash + 1),
  ];
}

/**
 * Makes an event of extracted values, where the text of the line is missing or cannot be read.
 *
 * @returns `other` where the values say nothing of a connection
 */
export function readFields(
  fields: DfwFields,
  { time, host }: Envelope,
  row: EventRow,
  batch: EventBatch,
): LineOutcome {
  const [source, sourcePort] = endOf(fields, 'src');
  const [destination, destinationPort] = endOf(fields, 'dst');
  if (source === '' && destination === '') return 'other';
  if (Number.isNaN(time)) return 'no time';
  const protocol = loggedProtocol(fields.get('nsx.protocol') ?? '');
  if (protocol === undefined) return 'no protocol';
  const src = row.address(source);
  const dst = row.address(destination);
  if (typeof src === 'string') return src;
  if (typeof dst === 'string') return dst;
  const srcPort = portOf(sourcePort, protocol, false);
  const dstPort = portOf(destinationPort, protocol, true);
  if (typeof srcPort === 'string') return srcPort;
  if (typeof dstPort === 'string') return dstPort;
  const action = actionOf(fields);
  if (action === undefined) return 'no action';
  const count = fields.get('count');
  const bytesForward = counter(fields.get('nsx.client_to_server_bytes'));
  const bytesBack = counter(fields.get('nsx.server_to_client_bytes'));
  const reason = fields.get('nsx.reason') ?? '';
  const way = (fields.get('nsx.traffic_direction') ?? '').toUpperCase();
  row.write(batch, {
    seenAt: time,
    host,
    kind: reason === 'TERM' || bytesForward + bytesBack > 0 ? 1 : 0,
    reason,
    action,
    rule: wholeNumber(/\d+$/.exec(fields.get('nsx.ruleid') ?? '')?.[0], MAX_U32) ?? 0,
    direction: way === 'IN' ? 0 : way === 'OUT' ? 1 : 2,
    protocol,
    src,
    srcPort,
    dst,
    dstPort,
    bytesForward,
    bytesBack,
    weight: count === undefined ? 1 : counter(count),
    seen: 0,
  });
  return 'event';
}

/** A port; a service's port must be there, the client's often is not extracted. */
function portOf(text: string, protocol: number, isNeeded: boolean): number | RejectReason {
  if (!hasPorts(protocol)) return 0;
  if (text === '') return isNeeded && protocol !== SCTP ? 'no port' : 0;
  return wholeNumber(text, 65_535) ?? 'bad port';
}

/** The action; a chart that was not grouped by it is taken to show what passed. */
function actionOf(fields: DfwFields): string | undefined {
  const action = (fields.get('nsx.action') ?? '').toUpperCase();
  if (/^[A-Z_]+$/.test(action)) return action;
  return action === '' && fields.has('count') && !fields.has('nsx.action') ? 'PASS' : undefined;
}
