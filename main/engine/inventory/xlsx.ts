import readXlsxFile from 'read-excel-file/node';
import { Failure, textOf } from '../../../shared/failure/failure.ts';
import { tableOf, type Table } from './table.ts';

/** A workbook that unpacks to more than this is refused. */
const MAX_UNPACKED = 512 * 1024 * 1024;

const CENTRAL_ENTRY = 0x0201_4b50;

/** Bytes that a ZIP file says it unpacks to, from its central directory (APPNOTE 4.3.12). */
function unpackedSize(bytes: Buffer): number {
  let total = 0;
  const mark = Buffer.alloc(4);
  mark.writeUInt32LE(CENTRAL_ENTRY);
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 46)) {
    if (at + 46 <= bytes.length) total += bytes.readUInt32LE(at + 24);
  }
  return total;
}

/** Tabs of RVTools in which addresses stand. Old versions name them with `tab` before. */
const RVTOOLS_TAB = /^(?:tab)?v(?:info|network)$/i;

function textOfCell(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  return typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : '';
}

/**
 * The tables of an Excel workbook: those of RVTools' vInfo and vNetwork where it has them,
 * otherwise its first sheet.
 *
 * @throws Failure `inventory-unreadable`
 */
export async function readXlsx(bytes: Uint8Array, file: string): Promise<readonly Table[]> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (unpackedSize(buffer) > MAX_UNPACKED) {
    throw new Failure('inventory-unreadable', { path: file, problem: 'it unpacks to over 512 MB' });
  }
  try {
    const sheets = await readXlsxFile(buffer);
    const known = sheets.filter(({ sheet }) => RVTOOLS_TAB.test(sheet));
    const chosen = known.length > 0 ? known : sheets.slice(0, 1);
    return chosen.map(({ data }) =>
      tableOf(
        data.map((row) => row.map(textOfCell)),
        file,
      ),
    );
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    throw new Failure('inventory-unreadable', { path: file, problem: textOf(thrown) }, thrown);
  }
}
