import { parse } from 'csv-parse/sync';
import type { ColumnChoice } from '../../../shared/domain/outside.ts';
import { Failure, textOf } from '../../../shared/failure/failure.ts';
import { parseAddress } from '../../../shared/net/address.ts';
import type { ContentBuilder } from './content.ts';

/** A table of a file: its headers and its rows, all cells as text. */
export interface Table {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
const MAX_RECORD = 1_000_000;
const ROWS_LOOKED_AT = 200;

function records(text: string, delimiter: string, to?: number): readonly (readonly string[])[] {
  return parse(text, {
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
    ...(to === undefined ? {} : { to }),
  });
}

/** The separator that gives the first records the most columns; the first line may name it, as Excel does. */
function delimiterOf(text: string): { readonly delimiter: string; readonly body: string } {
  const named = /^\uFEFF?sep=(.)\r?\n/i.exec(text);
  if (named?.[1] !== undefined) return { delimiter: named[1], body: text.slice(named[0].length) };
  const widths = DELIMITERS.map((delimiter) => {
    try {
      return records(text, delimiter, 5).reduce((most, row) => Math.max(most, row.length), 0);
    } catch {
      return 0;
    }
  });
  const best = widths.indexOf(Math.max(...widths));
  return { delimiter: DELIMITERS[best] ?? ',', body: text };
}

/**
 * Reads a CSV text, whose first record holds the headers.
 *
 * @throws Failure `inventory-unreadable`
 */
export function readCsv(text: string, file: string): Table {
  const { delimiter, body } = delimiterOf(text);
  let all: readonly (readonly string[])[];
  try {
    all = records(body, delimiter);
  } catch (thrown) {
    throw new Failure('inventory-unreadable', { path: file, problem: textOf(thrown) }, thrown);
  }
  return tableOf(all, file);
}

/** Makes a table of records, the first of which holds the headers. Headers that repeat get a number. */
export function tableOf(all: readonly (readonly string[])[], file: string): Table {
  const [first, ...rows] = all;
  if (first === undefined) {
    throw new Failure('inventory-unreadable', { path: file, problem: 'it is empty' });
  }
  const seen = new Map<string, number>();
  const headers = first.map((header, at) => {
    const clean = header.trim() === '' ? `column ${at + 1}` : header.trim();
    const times = (seen.get(clean) ?? 0) + 1;
    seen.set(clean, times);
    return times === 1 ? clean : `${clean} (${times})`;
  });
  return { headers, rows };
}

/** A header without what differs between versions: case, blanks, and RVTools' names of its tabs. */
function plain(header: string): string {
  return header
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/^(?:vinfo|vnetwork)(?=.)/, '');
}

/**
 * Headers of addresses, as RVTools writes them in vInfo and vNetwork (`Primary IP Address`, before
 * version 4 `IP Address`, since then `IPv4 Address` and `IPv6 Address`; its CSV files have inner names
 * such as `vInfoPrimaryIPAddress` and `vNetworkIP4Address`), and as other lists do.
 */
const ADDRESS_HEADERS = new Set([
  'primaryipaddress',
  'primaryip',
  'ipaddress',
  'ipaddresses',
  'ipv4address',
  'ip4address',
  'ipv6address',
  'ip6address',
  'ipv4',
  'ipv6',
  'ip',
  'ips',
  'address',
  'addresses',
  'guestipaddress',
]);

const NAME_HEADERS = [
  'vm',
  'vmname',
  'virtualmachine',
  'name',
  'computername',
  'hostname',
  'dnsname',
  'fqdn',
  'host',
];

const GROUP_HEADERS = ['securitygroup', 'securitygroups', 'group', 'groups', 'nsgroup'];

/** Whether the headers are those of RVTools' vInfo or vNetwork. */
export function isRvtools(headers: readonly string[]): boolean {
  if (headers.some((header) => /^v(?:Info|Network)[A-Z]/.test(header))) return true;
  const names = new Set(headers.map(plain));
  return names.has('vm') && names.has('powerstate');
}

/** The columns that hold addresses, names and groups, by their headers, or else by what is in them. */
export function findColumns({ headers, rows }: Table): ColumnChoice {
  const byHeader = headers.filter((header) => ADDRESS_HEADERS.has(plain(header)));
  const looked = rows.slice(0, ROWS_LOOKED_AT);
  const holdsAddresses = headers.filter((_, at) => {
    const cells = looked.map((row) => row[at]?.trim() ?? '').filter((cell) => cell !== '');
    const good = cells.filter(
      (cell) => parseAddress(cell.split(/[\s,;|]+/)[0] ?? '') !== undefined,
    );
    return cells.length > 0 && good.length > cells.length / 2;
  });
  const address = byHeader.length > 0 ? byHeader : holdsAddresses.slice(0, 1);
  const pick = (wanted: readonly string[]) => {
    const found = wanted.flatMap((name) => headers.filter((header) => plain(header) === name));
    return found.find((header) => !address.includes(header)) ?? null;
  };
  return { address, name: pick(NAME_HEADERS), group: pick(GROUP_HEADERS) };
}

/**
 * Takes names, and groups where a column has them, from a table.
 *
 * @throws Failure `inventory-columns` where a column does not exist
 */
export function readTable(
  table: Table,
  columns: ColumnChoice,
  file: string,
  into: ContentBuilder,
): void {
  const at = (header: string) => {
    const found = table.headers.indexOf(header);
    if (found >= 0) return found;
    const problem = `it has no column "${header}"; its columns are ${table.headers.join(', ')}`;
    throw new Failure('inventory-columns', { path: file, problem });
  };
  const addressColumns = columns.address.map(at);
  const nameColumn = columns.name === null ? null : at(columns.name);
  const groupColumn = columns.group === null ? null : at(columns.group);
  for (const row of table.rows) {
    const name = nameColumn === null ? '' : (row[nameColumn]?.trim() ?? '');
    const addresses = addressColumns.flatMap((column) => into.addresses(row[column] ?? ''));
    for (const address of addresses) into.name(address, name);
    if (groupColumn === null) continue;
    for (const group of (row[groupColumn] ?? '').split(/[;,|]/).map((each) => each.trim())) {
      if (group === '') continue;
      const set = into.set('group', group);
      for (const address of addresses) set.members.add(address);
      if (addresses.length === 0 && name !== '') set.machines.add(name);
    }
  }
}
