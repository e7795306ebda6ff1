import { crc32, deflateRawSync } from 'node:zlib';

/** A member of a test zip, and the lies its directory tells. */
export interface ZipMember {
  readonly name: string;
  readonly bytes?: Uint8Array | string;
  readonly isStored?: boolean;
  readonly isZip64?: boolean;
  /** Unix mode with the type of file. */
  readonly mode?: number;
  /** Size told instead of the real one. */
  readonly size?: number;
  /** Checksum told instead of the real one. */
  readonly checksum?: number;
  /** Place of an earlier member whose packed bytes are this one's as well. */
  readonly sharesWith?: number;
}

const DOS_DATE = ((2026 - 1980) << 9) | (3 << 5) | 2;

/** A zip archive of the members, in order (https://support.pkware.com/pkzip/appnote). */
export function aZip(members: readonly ZipMember[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  const places: { offset: number; packed: Buffer; name: Buffer; bytes: Buffer }[] = [];
  let offset = 0;
  for (const member of members) {
    const shared = member.sharesWith === undefined ? undefined : places[member.sharesWith];
    const bytes = shared?.bytes ?? Buffer.from(member.bytes ?? '');
    const packed = shared?.packed ?? (member.isStored === true ? bytes : deflateRawSync(bytes));
    const name = Buffer.from(member.name);
    const place = shared ?? { offset, packed, name, bytes };
    if (shared === undefined) {
      const local = Buffer.concat([fields(member, packed, bytes, 'local'), name, packed]);
      parts.push(local);
      offset += local.length;
    }
    places.push(place);
    const extra = member.isZip64 === true ? zip64Extra(bytes.length, packed.length) : Buffer.of();
    const entry = fields(member, packed, bytes, 'central');
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt32LE(place.offset, 42);
    directory.push(entry, name, extra);
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

/** The header of a member, in front of it or in the directory. */
function fields(
  member: ZipMember,
  packed: Buffer,
  bytes: Buffer,
  place: 'local' | 'central',
): Buffer {
  const shift = place === 'central' ? 2 : 0;
  const header = Buffer.alloc(place === 'central' ? 46 : 30);
  const isZip64 = member.isZip64 === true && place === 'central';
  header.writeUInt32LE(place === 'central' ? 0x02014b50 : 0x04034b50, 0);
  if (place === 'central') header.writeUInt16LE((3 << 8) | 45, 4);
  header.writeUInt16LE(45, 4 + shift);
  header.writeUInt16LE(0x0800, 6 + shift);
  header.writeUInt16LE(member.isStored === true ? 0 : 8, 8 + shift);
  header.writeUInt16LE(DOS_DATE, 12 + shift);
  header.writeUInt32LE(member.checksum ?? crc32(bytes), 14 + shift);
  header.writeUInt32LE(isZip64 ? 0xffffffff : packed.length, 18 + shift);
  header.writeUInt32LE(isZip64 ? 0xffffffff : (member.size ?? bytes.length), 22 + shift);
  header.writeUInt16LE(Buffer.byteLength(member.name), 26 + shift);
  if (place === 'central') header.writeUInt32LE(((member.mode ?? 0) << 16) >>> 0, 38);
  return header;
}

function zip64Extra(size: number, packedSize: number): Buffer {
  const extra = Buffer.alloc(20);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(16, 2);
  extra.writeBigUInt64LE(BigInt(size), 4);
  extra.writeBigUInt64LE(BigInt(packedSize), 12);
  return extra;
}
