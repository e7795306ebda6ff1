import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aFolder, anEngine } from '../support/engine.ts';
import { NEVER } from '../../shared/ipc/cancel.ts';
import type { WorldOptions } from './options.ts';
import { randomOptions, SMALL } from './options.ts';
import type { World } from './world.ts';
import { makeWorld, writeWorld } from './world.ts';

const SEEDS = Array.from({ length: 12 }, (_, i) => 100 + i);

function linesOf(world: World): readonly string[] {
  const texts = new Map<string, string>();
  for (const { host, text } of world.chunks()) texts.set(host, (texts.get(host) ?? '') + text);
  return [...texts.values()].flatMap((text) => text.split('\n').slice(0, -1));
}

function hashOf(world: World): string {
  const hash = createHash('sha256');
  for (const { host, text } of world.chunks()) hash.update(host).update(text);
  return hash.digest('hex');
}

interface Read {
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly port: number;
  readonly vantage: string;
  readonly tag: string;
  readonly isStart: boolean;
  readonly at: number;
  readonly isTerm: boolean;
}

/** Reads a line by a way of its own, far from the parser's. */
function read(line: string): Read {
  const words = line.split(' ');
  const arrow = words.findIndex((word) => word.includes('->'));
  const [from = '', to = ''] = (words[arrow] ?? '').split('->');
  const [client = '', sourcePort = '0'] = from.split('/');
  const [server = '', port = '0'] = to.split('/');
  const source = client.replace(/:0:0:0:/, '::');
  const destination = server.replace(/:0:0:0:/, '::');
  const isTerm = words.includes('TERM');
  const rest = words.slice(arrow + 1).filter((word) => !/^(\d+\/\d+|[SAPFREWU]+)$/.test(word));
  return {
    source,
    sourcePort: Number(sourcePort),
    destination,
    port: Number(port),
    vantage: words.includes('OUT') ? source : destination,
    tag: rest.join(' '),
    isStart: !isTerm && words[arrow + 1] === 'S',
    isTerm,
    at: Date.parse(words[0] ?? ''),
  };
}

const mixed = (seed: number, fixed: Partial<WorldOptions> = {}) =>
  makeWorld(seed, randomOptions(seed, SMALL, fixed));

describe('a world', () => {
  it('is the same for the same seed, and another for another', () => {
    const [first, second, other] = [mixed(7), mixed(7), mixed(8)];
    expect(hashOf(first)).toBe(hashOf(first));
    expect(hashOf(second)).toBe(hashOf(first));
    expect(second.truth).toEqual(first.truth);
    expect(hashOf(other)).not.toBe(hashOf(first));
  });

  it.each(SEEDS)('%i has as many lines as its truth says, near the number asked for', (seed) => {
    const { truth, ...world } = mixed(seed, { loss: 0.05 });
    expect(linesOf({ truth, ...world })).toHaveLength(truth.lines);
    expect(truth.lines).toBeGreaterThan(1_500);
    expect(truth.lines).toBeLessThan(30_000);
    expect(truth.lost / (truth.lines + truth.lost)).toBeGreaterThan(0.02);
    expect(truth.lost / (truth.lines + truth.lost)).toBeLessThan(0.1);
  });

  it.each(SEEDS)('%i proves exactly the members its lines show', (seed) => {
    const world = mixed(seed, { loss: 0.2 });
    const seen = new Set(linesOf(world).map((line) => `${read(line).tag} ${read(line).vantage}`));
    for (const { name, members, proven } of world.truth.groups) {
      expect(members.filter((member) => seen.has(`${name} ${member}`))).toEqual(proven);
    }
    for (const { address, lines } of world.truth.workloads) {
      const own = [...seen].some((each) => each.endsWith(` ${address}`));
      expect(own).toBe(lines > 0);
    }
  });

  it('shows every member that is not silent when no line is lost', () => {
    for (const seed of SEEDS) {
      const { truth } = mixed(seed, { silentShare: 0, tagging: 'tier', ipv6Share: 0 });
      for (const { members, proven } of truth.groups) expect(proven).toEqual(members);
    }
  });

  it('keeps silent members silent', () => {
    const { truth } = mixed(3, { silentShare: 1, members: [4, 6] });
    const silent = truth.workloads.filter(({ lines }) => lines === 0);
    expect(silent.length).toBeGreaterThan(0);
    for (const { address } of silent) {
      expect(
        truth.vips.flatMap(({ ports }) => ports.map((port) => port.stitched[address] ?? 0)),
      ).not.toContain(1);
    }
  });

  it.each(SEEDS)('%i has sessions behind its VIPs as often as its truth says', (seed) => {
    const world = mixed(seed, { skewMs: 0, loss: 0.05, unfollowedShare: 0 });
    const starts = linesOf(world)
      .map(read)
      .filter(({ isStart }) => isStart);
    const addresses = new Set(world.truth.vips.map(({ address }) => address));
    expect(starts.some(({ vantage }) => addresses.has(vantage))).toBe(false);
    const { lagMs } = world.truth.options;
    for (const { address, ports, mode, snat } of world.truth.vips) {
      for (const { port, poolPort, stitched } of ports) {
        const fronts = starts.filter((each) => each.destination === address && each.port === port);
        for (const [member, count] of Object.entries(stitched)) {
          const legs = starts.filter(
            (leg) =>
              leg.vantage === member &&
              leg.port === poolPort &&
              fronts.some(
                (front) =>
                  leg.at - front.at <= lagMs[1] + 1 &&
                  leg.at >= front.at &&
                  (mode === 'snat'
                    ? snat.includes(leg.source)
                    : leg.source === front.source && leg.sourcePort === front.sourcePort),
              ),
          );
          expect(legs.length).toBeGreaterThanOrEqual(count);
        }
      }
    }
  });

  it('changes nothing but the lines that are left when lines are lost', () => {
    const whole = mixed(5, { loss: 0 });
    const part = mixed(5, { loss: 0.2 });
    const all = new Set(linesOf(whole));
    expect(linesOf(part).every((line) => all.has(line))).toBe(true);
    expect(part.truth.lines + part.truth.lost).toBe(whole.truth.lines);
  });

  it('loses lines in bursts where it is told to', () => {
    const steady = mixed(6, { loss: 0.2, lossBursts: false, desktops: 0 });
    const bursts = mixed(6, { loss: 0.2, lossBursts: true, desktops: 0 });
    const share = ({ truth }: World) => truth.lost / (truth.lines + truth.lost);
    expect(share(steady)).toBeCloseTo(0.2, 1);
    expect(share(bursts)).toBeGreaterThan(0.08);
  });

  it('names no group and no tag where nothing is tagged', () => {
    const { truth } = mixed(9, { tagging: 'none' });
    expect(truth.groups).toEqual([]);
    expect(new Set(truth.workloads.map(({ role }) => role)).size).toBeGreaterThan(2);
  });

  it('nests groups under their application and lets both tags show', () => {
    const { truth } = mixed(10, { tagging: 'tier-and-parent', tiers: [3, 4], naming: 'dash' });
    const parents = truth.groups.filter(({ children }) => children.length > 0);
    expect(parents.length).toBe(truth.applications.length);
    for (const parent of parents) {
      const inner = truth.groups.filter(({ parents: [name] }) => name === parent.name);
      expect(inner.flatMap(({ members }) => members).sort()).toEqual([...parent.members].sort());
      expect(inner.map(({ name }) => name).sort()).toEqual([...parent.children].sort());
      expect(parent.proven.length).toBeGreaterThan(0);
    }
  });

  it('has flows that belong there behind every session an application opens', () => {
    const world = mixed(11, {
      scanners: 0,
      noiseShare: 0,
      outsiders: 2,
      lateReplyShare: 0,
      midstreamShare: 0,
    });
    const allowed = new Set<string>();
    for (const { sources, destinations, service } of world.truth.intended) {
      for (const source of sources) {
        for (const destination of destinations) allowed.add(`${source} ${destination} ${service}`);
      }
    }
    const wrong = linesOf(world)
      .filter((line) => line.includes(' TCP '))
      .map(read)
      .filter(({ isStart, destination }) => isStart && destination !== '10.250.0.9')
      .filter(({ source }) => !source.startsWith('198.51.100.'))
      .filter((each) => !allowed.has(`${each.source} ${each.destination} TCP/${each.port}`));
    expect(wrong).toEqual([]);
  });

  it('is read by the engine to the last line', async () => {
    await using folder = await aFolder();
    await using test = await anEngine();
    const world = mixed(12, { ipv6Share: 0.5, dialects: 'both', loss: 0.01 });
    const paths = await writeWorld(world, folder.path);
    const { totals } = await test.engine.handlers['archive.open'](
      { paths: [...paths] },
      { signal: NEVER, report: () => undefined },
    );
    expect(totals).toMatchObject({
      lines: world.truth.lines,
      events: world.truth.lines,
      rejects: 0,
    });
  });
});
