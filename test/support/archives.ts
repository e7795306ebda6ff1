import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** A member of a test archive: a name and its bytes, or a link. */
export interface TarMember {
  readonly name: string;
  readonly bytes?: Uint8Array | string;
  readonly linkTo?: string;
  /** Another type of entry, which has no bytes. */
  readonly type?: 'link' | 'character-device' | 'block-device' | 'fifo' | 'directory';
}

/** A tar archive of the members, in order. */
export async function aTar(members: readonly TarMember[]): Promise<Buffer> {
  const packer = pack();
  const parts: Buffer[] = [];
  const collected = (async () => {
    for await (const part of packer as AsyncIterable<Buffer>) parts.push(part);
  })();
  for (const { name, bytes, linkTo, type } of members) {
    if (type !== undefined) packer.entry({ name, type, linkname: linkTo ?? '' });
    else if (linkTo === undefined) packer.entry({ name }, Buffer.from(bytes ?? ''));
    else packer.entry({ name, type: 'symlink', linkname: linkTo });
  }
  packer.finalize();
  await collected;
  return Buffer.concat(parts);
}

/** A gzipped tar archive of the members. */
export async function aTgz(members: readonly TarMember[]): Promise<Buffer> {
  return gzipSync(await aTar(members));
}

/** A DFW line of NSX-T with the given minute, source host part and tag. */
export function aLine(minute: number, host = 11, tag = 'SGTSWEB'): string {
  const time = `2026-03-02T08:${String(minute % 60).padStart(2, '0')}:00.000Z`;
  return `${time} No(13) FIREWALL-PKTLOG[7]: 8b4a1980 INET match PASS 5096 OUT 60 TCP 192.0.2.${host}/${40_000 + minute}->192.0.2.101/80 S ${tag}`;
}

/** Lines, each ended by a line feed. */
export function aLog(count: number, host = 11, tag = 'SGTSWEB'): string {
  return Array.from({ length: count }, (_, minute) => `${aLine(minute, host, tag)}\n`).join('');
}
