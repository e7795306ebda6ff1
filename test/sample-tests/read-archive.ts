import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The files of a `.tgz` by path, in their order, with `.gz` files unpacked as well. */
export async function readArchive(archive: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const tar = extract();
  Readable.from([gunzipSync(archive)]).pipe(tar);
  for await (const entry of tar) {
    const content = await bytesOf(entry);
    const { name } = entry.header;
    files.set(name, name.endsWith('.gz') ? gunzipSync(content) : content);
  }
  return files;
}

/** The lines of a file; a last line without a line feed counts. */
export function linesOf(content: Buffer): readonly string[] {
  const lines = content.toString('latin1').split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** What the tests need of a DFW line, read without the generator and without the engine. */
export interface SeenLine {
  readonly vantage: string;
  readonly source: string;
  readonly destination: string;
  readonly service: string;
  readonly direction: string;
  readonly action: string;
  readonly tag: string;
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
}

const ADDRESS = String.raw`(\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7})`;
const SHAPE = new RegExp(
  String.raw`^(\S+) (?:No\(13\) FIREWALL-PKTLOG\[\d+\]: )?\w+ INET6? ` +
    String.raw`(match|TERM)(?: (PASS|DROP))? (?:domain-c8/)?\d+ (IN|OUT) (?:\d+ )?` +
    String.raw`(TCP|UDP|ICMP|PROTO \d+) (?:FIN |RST |TIMEOUT |8 0 )?` +
    String.raw`${ADDRESS}(?:/\d+)?->${ADDRESS}(?:/(\d+))? .*?(\S+)$`,
);

/** Reads one line of the sample; nothing where it is no readable DFW line. */
export function readLine(text: string): SeenLine | undefined {
  const match = SHAPE.exec(text);
  if (match === null) return undefined;
  const [, time = '', , action = 'PASS', direction = '', protocol = ''] = match;
  const [source = '', destination = '', port, tag = ''] = match.slice(6);
  return {
    vantage: direction === 'IN' ? destination : source,
    source,
    destination,
    service: port === undefined ? protocol : `${protocol}/${port}`,
    direction,
    action,
    tag,
    at: Date.parse(time),
  };
}
