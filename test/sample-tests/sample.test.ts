import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../shared/net/address.ts';
import type { Sample } from '../sample/sample.ts';
import { FULL_SAMPLE, SMALL_SAMPLE, generateSample } from '../sample/sample.ts';
import type { SeenLine } from './read-archive.ts';
import { linesOf, readArchive, readLine } from './read-archive.ts';

const KEPT = new URL('../fixtures/sample/', import.meta.url);

function canonical(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? text : formatAddress(address);
}

let sample: Sample;
let files: ReadonlyMap<string, Buffer>;
let seen: readonly SeenLine[];

function dfwLines(path: string): readonly string[] {
  const content = files.get(path);
  if (content === undefined) throw new Error(`${path} is not in the archive.`);
  return linesOf(content);
}

beforeAll(async () => {
  sample = await generateSample(SMALL_SAMPLE);
  files = await readArchive(sample.archive);
  seen = sample.truth.sources.flatMap(({ path }) =>
    dfwLines(path).flatMap((line) => readLine(line) ?? []),
  );
});

describe('the generator', () => {
  it('makes the same bytes from the same seed and scale', async () => {
    const again = await generateSample(SMALL_SAMPLE);
    expect(again.archive.equals(sample.archive)).toBe(true);
    expect(again.truth).toEqual(sample.truth);
  });

  it('makes another archive from another seed', async () => {
    const other = await generateSample({ ...SMALL_SAMPLE, seed: SMALL_SAMPLE.seed + 1 });
    expect(other.archive.equals(sample.archive)).toBe(false);
  });

  it('writes no time and no system into the archive', () => {
    expect(sample.archive.subarray(4, 8)).toEqual(Buffer.alloc(4));
    expect(sample.archive[9]).toBe(255);
  });

  it('makes the small archive that is kept beside the tests', async () => {
    const kept = await readArchive(readFileSync(new URL('books-small.tgz', KEPT)));
    expect([...files.keys()]).toEqual([...kept.keys()]);
    for (const [path, content] of kept) {
      expect(files.get(path)?.equals(content), path).toBe(true);
    }
    const truth: unknown = JSON.parse(
      readFileSync(new URL('books-small.truth.json', KEPT), 'utf8'),
    );
    expect(sample.truth).toEqual(truth);
  });

  it('makes about 200,000 lines at full scale', async () => {
    const { truth } = await generateSample(FULL_SAMPLE);
    expect(truth.totals.lines).toBeGreaterThan(190_000);
    expect(truth.totals.lines).toBeLessThan(210_000);
  });
});

describe('the account of the sample', () => {
  it('adds up in every source and in total', () => {
    const { sources, totals } = sample.truth;
    for (const each of [...sources, totals]) {
      expect(each.events + each.rejects + each.other + each.blank).toBe(each.lines);
    }
    for (const key of ['lines', 'events', 'rejects', 'other', 'blank'] as const) {
      expect(sources.reduce((sum, source) => sum + source[key], 0)).toBe(totals[key]);
    }
  });

  it('agrees with the lines in the files', () => {
    for (const source of sample.truth.sources) {
      const lines = dfwLines(source.path);
      const counts = { events: 0, rejects: 0, other: 0, blank: 0 };
      for (const line of lines) {
        if (line.trim() === '') counts.blank++;
        else if (readLine(line) !== undefined) counts.events++;
        else if (/\bINET6?\b|FIREWALL-PKTLOG/.test(line)) counts.rejects++;
        else counts.other++;
      }
      expect({ path: source.path, lines: lines.length, ...counts }).toEqual({
        path: source.path,
        lines: source.lines,
        events: source.events,
        rejects: source.rejects,
        other: source.other,
        blank: source.blank,
      });
    }
  });

  it('names the first and the last event of every source, which stand in order of time', () => {
    for (const { path, first, last } of sample.truth.sources) {
      const times = dfwLines(path).flatMap((line) => readLine(line)?.at ?? []);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect([times.at(0), times.at(-1)]).toEqual([Date.parse(first), Date.parse(last)]);
    }
  });

  it('rotates so that a higher number is older', () => {
    const { sources } = sample.truth;
    for (const host of new Set(sources.map((source) => source.host))) {
      const own = sources.filter((source) => source.host === host);
      for (const [i, older] of own.entries()) {
        const newer = own[i - 1];
        if (newer !== undefined) expect(older.last <= newer.first).toBe(true);
      }
    }
  });

  it('has every kind of line', () => {
    for (const [kind, count] of Object.entries(sample.truth.kinds)) {
      expect(count, kind).toBeGreaterThan(0);
    }
    expect(Object.keys(sample.truth.kinds)).toEqual(
      expect.arrayContaining(['cut-address', 'cut-header', 'missing-arrow', 'garbage', 'blank']),
    );
  });

  it('has no DFW line in the other files', () => {
    const names = sample.truth.otherFiles.map(({ path }) => path);
    expect(names.length + sample.truth.sources.length).toBe(files.size);
    for (const { path, lines } of sample.truth.otherFiles) {
      expect(dfwLines(path)).toHaveLength(lines);
      expect(files.get(path)?.toString()).not.toMatch(/INET|pktlog/i);
    }
  });

  it('has bytes that are no UTF-8 and a last line without a line feed', () => {
    const logs = sample.truth.sources.map(({ path }) => files.get(path) ?? Buffer.alloc(0));
    expect(logs.some((log) => log.toString('utf8').includes('\ufffd'))).toBe(true);
    expect(logs.some((log) => log.at(-1) !== 0x0a)).toBe(true);
  });

  it('has twin lines, which are separate packets', () => {
    const broadcasts = sample.truth.sources
      .flatMap(({ path }) => dfwLines(path))
      .filter((line) => line.includes('->198.51.100.255/137'));
    expect(new Set(broadcasts).size).toBeLessThan(broadcasts.length);
  });
});

describe('the truth of the sample', () => {
  it('proves every member of every group by at least three events under its tag', () => {
    for (const { name, members, events } of sample.truth.groups) {
      const own = seen.filter(({ tag }) => tag === name);
      expect(own).toHaveLength(events);
      expect(new Set(own.map(({ vantage }) => vantage))).toEqual(new Set(members));
      for (const member of members) {
        expect(own.filter(({ vantage }) => vantage === member).length).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it('proves every workload, and beyond them only a broadcast and a multicast address', () => {
    const { workloads, notWorkloads } = sample.truth;
    const vantages = new Set(seen.map(({ vantage }) => canonical(vantage)));
    expect(vantages).toEqual(
      new Set([...workloads.map(({ address }) => address), ...notWorkloads]),
    );
  });

  it('only ever drops the scanners, and drops them at every member', () => {
    const { scanners, groups } = sample.truth;
    const scans = seen.filter(({ source }) => scanners.includes(source));
    expect(new Set(scans.map(({ action, tag }) => `${action} ${tag}`))).toEqual(
      new Set(['DROP SGTSBOOKS']),
    );
    const outer = groups.find(({ name }) => name === 'SGTSBOOKS');
    for (const scanner of scanners) {
      const hit = scans.filter(({ source }) => source === scanner);
      expect(new Set(hit.map(({ destination }) => destination))).toEqual(new Set(outer?.members));
    }
    expect(seen.some(({ destination }) => scanners.includes(destination))).toBe(false);
  });

  it('never has a VIP, a load balancer or a shared service as a vantage', () => {
    const { vips, shared } = sample.truth;
    const silent = [
      ...vips.flatMap(({ address, snat }) => [address, ...snat]),
      ...shared.map(({ address }) => address),
    ];
    expect(seen.filter(({ vantage }) => silent.includes(vantage))).toEqual([]);
  });

  it('follows every session to a VIP by one from the load balancer within 1 to 8 milliseconds', () => {
    for (const { address, ports, snat } of sample.truth.vips) {
      const port = ports[0];
      const opened = seen.filter(
        ({ destination, direction, service }) =>
          destination === address && direction === 'OUT' && service === `TCP/${port?.port ?? 0}`,
      );
      expect(opened.length).toBeGreaterThan(100);
      const behind = seen.filter(
        ({ source, destination, service }) =>
          snat.includes(source) &&
          port?.pool.includes(destination) === true &&
          service === `TCP/${port.poolPort}`,
      );
      for (const { at } of opened) {
        expect(behind.some((next) => next.at - at >= 1 && next.at - at <= 8)).toBe(true);
      }
    }
  });

  it('keeps the catch-all tag to workloads of no group', () => {
    const { catchAllTag, ungrouped, notWorkloads } = sample.truth;
    const vantages = seen
      .filter(({ tag }) => tag === catchAllTag)
      .map(({ vantage }) => canonical(vantage));
    expect(new Set(vantages)).toEqual(new Set([...ungrouped, ...notWorkloads]));
  });

  it('shows the intended flows between groups, VIPs and shared services', () => {
    const { groups, vips, shared, intended, parties } = sample.truth;
    const addresses = new Map<string, readonly string[]>([
      ...groups.map(({ name, members }) => [name, members] as const),
      ...vips.map(({ name, address }) => [name, [address]] as const),
      ...shared.map(({ name, address }) => [name, [address]] as const),
      ...parties.map(({ name, addresses: own }) => [name, own] as const),
    ]);
    const spelled = new Set(
      seen.map(
        (line) => `${canonical(line.source)} ${canonical(line.destination)} ${line.service}`,
      ),
    );
    for (const { from, to, service } of intended) {
      if (from === 'customers') continue;
      const word = service === 'ICMPv6' ? 'PROTO 58' : service;
      const shown = (addresses.get(from) ?? []).some((source) =>
        (addresses.get(to) ?? []).some((target) => spelled.has(`${source} ${target} ${word}`)),
      );
      expect(shown, `${from} to ${to} ${service}`).toBe(true);
    }
  });

  it('passes nothing that is not intended, except late replies', () => {
    const { truth } = sample;
    const nameOf = new Map<string, string>([
      ...truth.groups
        .filter(({ children }) => children.length === 0)
        .flatMap(({ name, members }) => members.map((member) => [member, name] as const)),
      ...[...truth.vips, ...truth.shared].map(({ name, address }) => [address, name] as const),
      ...truth.parties.flatMap(({ name, addresses }) =>
        addresses.map((address) => [address, name] as const),
      ),
    ]);
    const intended = new Set(
      truth.intended.map(({ from, to, service }) => `${from} ${to} ${service}`),
    );
    const strays = seen.filter((line) => {
      if (line.action !== 'PASS' || truth.notWorkloads.includes(line.destination)) return false;
      const from = nameOf.get(canonical(line.source)) ?? line.source;
      const to = nameOf.get(canonical(line.destination)) ?? line.destination;
      const service = line.service === 'PROTO 58' ? 'ICMPv6' : line.service;
      return !intended.has(`${from} ${to} ${service}`);
    });
    expect(strays).toHaveLength(truth.kinds['reply'] ?? 0);
  });
});
