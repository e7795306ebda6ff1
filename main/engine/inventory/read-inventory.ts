import type {
  ColumnChoice,
  OutsideContent,
  InventoryPreview,
  InventoryFormat,
} from '../../../shared/domain/outside.ts';
import { Failure } from '../../../shared/failure/failure.ts';
import { ContentBuilder } from './content.ts';
import { readNsxtGroups } from './nsx-t-groups.ts';
import { readNsxvXml } from './nsx-v-xml.ts';
import { findColumns, isRvtools, readCsv, readTable, type Table } from './table.ts';
import { decodeText } from './text.ts';
import { readXlsx } from './xlsx.ts';

/** A file of more bytes than this is refused: it is read into memory as a whole. */
export const MAX_INVENTORY_BYTES = 64 * 1024 * 1024;

const ROWS_SHOWN = 8;
const NAMES_SHOWN = 8;

/** What a file says, and how it was read. */
export interface ReadInventory {
  readonly format: InventoryFormat;
  readonly content: OutsideContent;
  readonly notices: readonly string[];
  /** The table that was read, where the format is one. */
  readonly table: Table | null;
  readonly columns: ColumnChoice | null;
}

function finish(
  builder: ContentBuilder,
  format: InventoryFormat,
  more: readonly string[],
): ReadInventory {
  const { content, notices } = builder.finish();
  return { format, content, notices: [...notices, ...more], table: null, columns: null };
}

function readTables(
  tables: readonly Table[],
  format: InventoryFormat,
  given: ColumnChoice | undefined,
  file: string,
): ReadInventory {
  const builder = new ContentBuilder();
  const [first] = tables;
  if (first === undefined) {
    throw new Failure('inventory-unreadable', { path: file, problem: 'it is empty' });
  }
  const columns = tables.map((table) => given ?? findColumns(table));
  tables.forEach((table, at) => {
    const own = columns[at];
    if (own !== undefined) readTable(table, own, file, builder);
  });
  const read = finish(builder, format, []);
  return { ...read, table: first, columns: columns[0] ?? null };
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

/**
 * Reads an inventory from outside: groups of NSX-T as JSON, security groups and IP sets of NSX-v as
 * XML, RVTools as CSV or Excel workbook, or any CSV. The format is told by the content.
 *
 * @param file what the user calls the file
 * @param given columns of a table; without them they are found
 * @throws Failure `inventory-unreadable` or `inventory-columns`
 */
export async function readInventory(
  bytes: Uint8Array,
  file: string,
  given?: ColumnChoice,
): Promise<ReadInventory> {
  if (bytes.length > MAX_INVENTORY_BYTES) {
    throw new Failure('inventory-unreadable', { path: file, problem: 'it is larger than 64 MB' });
  }
  if (isZip(bytes)) {
    return readTables(await readXlsx(bytes, file), 'rvtools-xlsx', given, file);
  }
  const text = decodeText(bytes);
  const start = text.trimStart().replace(/^\uFEFF/, '');
  if (start === '') {
    throw new Failure('inventory-unreadable', { path: file, problem: 'it is empty' });
  }
  if (start.startsWith('{') || start.startsWith('[')) {
    const builder = readNsxtGroups(start, file);
    const paged =
      builder.isPaged === true
        ? ['The answer has a next page ("cursor"), which is not in this file.']
        : [];
    return finish(builder, 'nsx-t-groups', paged);
  }
  if (start.startsWith('<')) {
    const { builder, hasGroups, dynamic } = readNsxvXml(start, file);
    const more =
      dynamic === 0
        ? []
        : [`${dynamic} groups have dynamic members, which the file does not list.`];
    return finish(builder, hasGroups ? 'nsx-v-groups' : 'nsx-v-ipsets', more);
  }
  if (start.slice(0, 4096).includes('\0')) {
    throw new Failure('inventory-unreadable', { path: file, problem: 'it is no text' });
  }
  const table = readCsv(start, file);
  return readTables([table], isRvtools(table.headers) ? 'rvtools-csv' : 'csv', given, file);
}

/** What the user sees of a file before it is imported. */
export function previewOf(read: ReadInventory, file: string): InventoryPreview {
  const { format, content, notices, table, columns } = read;
  return {
    file,
    format,
    headers: table?.headers ?? [],
    rows: table?.rows.slice(0, ROWS_SHOWN) ?? [],
    columns,
    names: Object.keys(content.names).length,
    groups: content.sets.filter(({ kind }) => kind === 'group').length,
    ipSets: content.sets.filter(({ kind }) => kind === 'ip-set').length,
    sample: Object.entries(content.names)
      .slice(0, NAMES_SHOWN)
      .map(([address, name]) => ({ address, name })),
    notices,
  };
}

/**
 * Refuses a file that says nothing.
 *
 * @throws Failure `inventory-columns` or `inventory-unreadable`
 */
export function checkSays({ content, columns }: ReadInventory, file: string): void {
  if (Object.keys(content.names).length > 0 || content.sets.length > 0) return;
  if (columns === null) {
    throw new Failure('inventory-unreadable', { path: file, problem: 'it names no address' });
  }
  const problem =
    columns.address.length === 0
      ? 'no column holds addresses'
      : columns.name === null && columns.group === null
        ? 'no column holds names'
        : `no row has both an address and a name`;
  throw new Failure('inventory-columns', { path: file, problem });
}
