import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createGzip } from 'node:zlib';
import { createPrng, type Prng } from '../sample/prng.ts';

const START = Date.parse('2026-03-02T00:00:00Z');
const TIERS = ['WEB', 'APP', 'DB'] as const;

/** How a bench archive is made. */
export interface BenchLog {
  readonly lines: number;
  readonly seed: number;
  /** ESXi hosts that are named in the lines; none by default. */
  readonly hosts?: number;
}

function address(block: number, host: number): string {
  return `10.${block}.${host >> 8}.${host & 255}`;
}

interface Session {
  readonly app: number;
  readonly tier: number;
  readonly direction: 'IN' | 'OUT';
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly isScan: boolean;
  readonly isIpv6: boolean;
}

const SHARED = [
  { to: '10.200.0.53', port: 53 },
  { to: '10.200.0.54', port: 53 },
  { to: '10.200.0.123', port: 123 },
] as const;

const MEMBERS = 40;

/** A session as the estate's applications open them: who talks to whom repeats, ports do not. */
function aSession(prng: Prng): Session {
  const pick = (most: number) => Math.floor(prng.next() * most);
  const skewed = (most: number) => Math.floor(most * prng.next() ** 3);
  const member = (app: number, tier: number) => address(app, tier * 256 + pick(MEMBERS));
  const plain = { isScan: false, isIpv6: false };
  const kind = prng.next();
  const client = skewed(6_000);
  const app = kind < 0.4 ? client % 12 : pick(12);
  if (kind < 0.385) {
    const web = address(app, (client * 7 + pick(3)) % MEMBERS);
    return {
      ...plain,
      app,
      tier: 0,
      direction: 'IN',
      from: address(20, client),
      to: web,
      port: 443,
    };
  }
  if (kind < 0.4) {
    const from = `2001:db8:0:${app}:0:0:0:${(client % 900).toString(16)}`;
    const to = `2001:db8:0:ff:0:0:0:${pick(MEMBERS).toString(16)}`;
    return { ...plain, isIpv6: true, app, tier: 0, direction: 'IN', from, to, port: 443 };
  }
  if (kind < 0.63) {
    const to = address(100, app);
    return { ...plain, app, tier: 0, direction: 'OUT', from: member(app, 0), to, port: 8_443 };
  }
  if (kind < 0.85) {
    const direction = kind < 0.74 ? 'IN' : 'OUT';
    const tier = direction === 'IN' ? 2 : 1;
    return {
      ...plain,
      app,
      tier,
      direction,
      from: member(app, 1),
      to: member(app, 2),
      port: 1_433,
    };
  }
  const tier = pick(3);
  if (kind < 0.97) {
    const shared = SHARED[pick(3)] ?? SHARED[0];
    return { ...plain, app, tier, direction: 'OUT', from: member(app, tier), ...shared };
  }
  const from = `192.168.100.${1 + pick(3)}`;
  const port = 20 + pick(40);
  return {
    isScan: true,
    isIpv6: false,
    app,
    tier,
    direction: 'IN',
    from,
    to: member(app, tier),
    port,
  };
}

/**
 * Writes a log of NSX-T lines, plain and gzipped, as large estates write them: a dozen three-tier
 * applications, thousands of clients with skewed popularity, shared services, scanners, IPv6, and
 * an end with counters for most sessions. The same seed gives the same bytes.
 */
export async function writeBenchLog(
  { lines, seed, hosts = 0 }: BenchLog,
  plainPath: string,
  gzipPath?: string,
): Promise<void> {
  const prng = createPrng(seed);
  const random = () => prng.next();
  const pick = (most: number) => Math.floor(random() * most);
  const plain = createWriteStream(plainPath);
  const packed = gzipPath === undefined ? null : createGzip({ level: 6, chunkSize: 1 << 20 });
  const packedFile = gzipPath === undefined ? null : createWriteStream(gzipPath);
  if (packed !== null && packedFile !== null) packed.pipe(packedFile);
  const stepMs = (86_400_000 * 2) / lines;
  let text = '';
  for (let number = 0; number < lines; number++) {
    const time = new Date(START + Math.floor(number * stepMs)).toISOString();
    const { app, tier, direction, from, to, port, isScan, isIpv6 } = aSession(prng);
    const isTerm = random() < 0.44;
    const vif = (0x1000_0000 + app * 4096 + tier).toString(16);
    const protocol = port === 53 || port === 123 ? 'UDP' : 'TCP';
    const ends = `${from}/${1_024 + pick(64_000)}->${to}/${port}`;
    const tag = `SG-APP${app}-${TIERS[tier] ?? 'WEB'}`;
    const host = hosts === 0 ? '' : `esx${(app * 3 + tier) % hosts} `;
    const head = `${time} ${host}No(13) FIREWALL-PKTLOG[${2_000_000 + app}]: ${vif} ${isIpv6 ? 'INET6' : 'INET'}`;
    const rule = 5_000 + app * 3 + tier;
    if (isScan) text += `${head} match DROP ${rule} ${direction} 60 TCP ${ends} S ${tag}\n`;
    else if (isTerm) {
      const close = protocol === 'TCP' ? ' FIN' : '';
      const out = 1 + pick(60);
      text += `${head} TERM PASS ${rule} ${direction} ${protocol}${close} ${ends} ${out}/${out + pick(40)} ${out * 120}/${out * 900 + pick(90_000)} ${tag}\n`;
    } else {
      const flags = protocol === 'TCP' ? ' S' : '';
      text += `${head} match PASS ${rule} ${direction} 60 ${protocol} ${ends}${flags} ${tag}\n`;
    }
    if (text.length > 1 << 20) {
      const bytes = Buffer.from(text, 'latin1');
      text = '';
      if (!plain.write(bytes)) await once(plain, 'drain');
      if (packed?.write(bytes) === false) await once(packed, 'drain');
    }
  }
  plain.end(text);
  packed?.end(text);
  const files = packedFile === null ? [plain] : [plain, packedFile];
  await Promise.all(files.map((file) => once(file, 'finish')));
}
