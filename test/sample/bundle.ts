import { constants, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { LogLine } from './log-lines.ts';
import type { Prng } from './prng.ts';
import type { Host } from './topology.ts';
import { WORKLOADS } from './topology.ts';
import { WINDOW_END, WINDOW_START } from './window.ts';

/** A file of the archive. */
export interface BundleFile {
  /** The path inside the archive. */
  readonly path: string;
  readonly content: Buffer;
}

/** A DFW log of the archive and the lines it holds. */
export interface LogFile extends BundleFile {
  readonly lines: readonly LogLine[];
}

/** Where the header of a gzip file names the system that wrote it; 255 means unknown (RFC 1952 §2.3.1). */
const GZIP_SYSTEM_BYTE = 9;

function gzip(content: Buffer): Buffer {
  const packed = gzipSync(content, { level: constants.Z_BEST_COMPRESSION });
  packed[GZIP_SYSTEM_BYTE] = 255;
  return packed;
}

function folderOf(host: Host): string {
  return `esx-${host.name}-2026-03-04--00.05`;
}

const LINE_FEED = Buffer.from('\n');

function textOf(lines: readonly LogLine[], closed: boolean): Buffer {
  const parts = lines.flatMap(({ bytes }) => [bytes, LINE_FEED]);
  return Buffer.concat(closed ? parts : parts.slice(0, -1));
}

/**
 * Divides a host's lines into its log files as rotation leaves them: `dfwpktlogs.log` has the
 * newest lines, `dfwpktlogs.0.gz` those before, and so on. The newest file of an NSX-T host ends
 * in the middle of things, without a line feed.
 */
export function logFiles(host: Host, lines: readonly LogLine[], count: number): readonly LogFile[] {
  const perFile = Math.ceil(lines.length / count);
  return Array.from({ length: count }, (_, age) => {
    const end = lines.length - age * perFile;
    const own = lines.slice(Math.max(0, end - perFile), end);
    const newest = age === 0;
    const text = textOf(own, !newest || host.dialect === 'nsx-v');
    const name = newest ? 'dfwpktlogs.log' : `dfwpktlogs.${age - 1}.gz`;
    return {
      path: `${folderOf(host)}/var/run/log/${name}`,
      content: newest ? text : gzip(text),
      lines: own,
    };
  });
}

function kernelLog(host: Host, prng: Prng): string {
  let at = WINDOW_START;
  const lines: string[] = [];
  while (at < WINDOW_END) {
    const time = new Date(at).toISOString();
    const cpu = prng.int(0, 31);
    const tag =
      host.dialect === 'nsx-v' ? `cpu${cpu}:66174)` : `In(182) vmkernel: cpu${cpu}:2097511)`;
    lines.push(
      `${time} ${tag}NMP: nmp_ThrottleLogForDevice:3867: sample path vmhba${prng.int(0, 3)}\n`,
    );
    at += prng.int(30, 90) * 60_000;
  }
  return lines.join('');
}

function filterList(host: Host): string {
  const own = WORKLOADS.filter((workload) => workload.host === host);
  const blocks = own.map(
    ({ name, filter }, i) =>
      `world ${67_100 + i} vmm0:${name}\n port ${50_331_660 + i} ${name}.eth0\n  vNic slot 2\n` +
      `   name: nic-${67_100 + i}-eth0-vmware-sfw.2\n   agentName: vmware-sfw\n   state: IOChain Attached\n` +
      `   filter source: ${filter}\n`,
  );
  return blocks.join('');
}

/** The other things such a bundle holds; no line of them is a DFW line. */
export function otherFiles(host: Host, prng: Prng): readonly BundleFile[] {
  const version = host.dialect === 'nsx-v' ? '6.7.0' : '8.0.2';
  const texts: readonly (readonly [string, string])[] = [
    ['commands/summarize-dvfilter.txt', filterList(host)],
    ['commands/vmware_-vl.txt', `VMware ESXi ${version}\nsample build of ${host.name}\n`],
    [
      'json/host.json',
      `${JSON.stringify({ host: `esx-${host.name}.example.com`, version }, null, 2)}\n`,
    ],
    ['var/run/log/vmkernel.log', kernelLog(host, prng)],
  ];
  return texts.map(([name, text]) => ({
    path: `${folderOf(host)}/${name}`,
    content: Buffer.from(text),
  }));
}

/** Packs the files in the order given into a `.tgz` that is the same for the same files, whenever and wherever it is made. */
export async function packArchive(files: readonly BundleFile[]): Promise<Buffer> {
  const tar = pack();
  const chunks: Buffer[] = [];
  const done = new Promise<void>((resolve, reject) => {
    tar.on('data', (chunk) => {
      if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    });
    tar.on('end', resolve);
    tar.on('error', reject);
  });
  for (const { path, content } of files) {
    tar.entry({ name: path, mode: 0o644, mtime: new Date(WINDOW_END), uid: 0, gid: 0 }, content);
  }
  tar.finalize();
  await done;
  return gzip(Buffer.concat(chunks));
}
