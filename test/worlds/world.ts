import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import type { DfwEvent } from '../sample/dfw-event.ts';
import { nsxtLine } from '../sample/lines-nsxt.ts';
import { nsxvLine } from '../sample/lines-nsxv.ts';
import type { Prng } from '../sample/prng.ts';
import { createPrng } from '../sample/prng.ts';
import { answersOf } from './answers.ts';
import { buildEstate } from './build-estate.ts';
import type { Estate } from './estate.ts';
import { EventSink } from './event-sink.ts';
import type { WorldOptions } from './options.ts';
import { SMALL } from './options.ts';
import { Tally } from './tally.ts';
import type { Activity } from './traffic.ts';
import { applicationTraffic } from './traffic.ts';
import { noiseTraffic } from './traffic-noise.ts';
import { sharedTraffic } from './traffic-shared.ts';
import type { WorldTruth } from './truth.ts';

/** Lines of one host, in the order of its file, each with its line feed. */
export interface WorldChunk {
  readonly host: string;
  readonly text: string;
}

/** Logs of an estate, and what they truly hold. */
export interface World {
  readonly truth: WorldTruth;
  /** All lines, a host's in order, up to about a megabyte at a time; made anew at each call. */
  chunks(): Iterable<WorldChunk>;
}

/** How busy each hour of the day is, UTC. */
const HOURS: readonly number[] = [
  2, 2, 1, 1, 2, 3, 6, 11, 18, 24, 26, 25, 20, 22, 26, 25, 21, 16, 11, 8, 6, 5, 4, 3,
];

const CHUNK_CHARACTERS = 1_000_000;

function shares(slices: number, isSteady: boolean): readonly number[] {
  const weights = Array.from({ length: slices }, (_, slice) =>
    isSteady ? 1 : (HOURS[Math.floor(slice / 4) % 24] ?? 1),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let reached = 0;
  return weights.map((weight) => (reached += weight) / total);
}

interface Planned {
  readonly activity: Activity;
  readonly prng: Prng;
  readonly count: number;
  done: number;
}

/** Lets everything happen slice by slice, and gives the lines of each slice once no more can come. */
function* happen(
  estate: Estate,
  sink: EventSink,
  tally: Tally,
  prng: Prng,
): Generator<readonly DfwEvent[]> {
  const stage = { estate, sink, tally };
  const activities = [
    ...applicationTraffic(stage),
    ...sharedTraffic(stage),
    ...noiseTraffic(stage),
  ];
  const total = activities.reduce((sum, { weight }) => sum + weight, 0);
  const planned = activities.map((activity): Planned => {
    const { name, weight, linesEach, least } = activity;
    const lines = (linesEach * (1 + estate.options.endShare)) / 2;
    const wanted = Math.round((estate.options.lines * weight) / total / lines);
    return { activity, prng: prng.fork(name), count: Math.max(least, wanted), done: 0 };
  });
  const steady = shares(sink.slices, true);
  const working = shares(sink.slices, false);
  const sliceMs = sink.startOf(1) - sink.startOf(0);
  for (let slice = 0; slice < sink.slices; slice++) {
    for (const plan of planned) {
      const due = Math.round(
        plan.count * ((plan.activity.isSteady ? steady : working)[slice] ?? 1),
      );
      for (; plan.done < due; plan.done++) {
        const at = sink.startOf(slice) + plan.prng.next() * sliceMs;
        plan.activity.run(at, plan.done, plan.prng);
      }
    }
    if (slice > 0) yield sink.take(slice - 1);
  }
  yield sink.take(sink.slices - 1);
}

/** An address as the DFW spells it: with all its groups of zeros. */
function spelled(address: string): string {
  const [head = '', tail] = address.split('::');
  if (tail === undefined) return address;
  const known = [...head.split(':'), ...tail.split(':')].length;
  return [head, ...Array<string>(8 - known).fill('0'), tail].join(':');
}

function lineOf(given: DfwEvent): string {
  const { source, destination } = given;
  const event = { ...given, source: spelled(source), destination: spelled(destination) };
  const line = event.host.dialect === 'nsx-v' ? nsxvLine(event) : nsxtLine(event);
  return event.tag === '' ? line.trimEnd() : line;
}

function* spell(estate: Estate, seed: number): Generator<WorldChunk> {
  const prng = createPrng(seed).fork('world');
  const texts = new Map<string, string[]>();
  const sizes = new Map<string, number>();
  for (const events of happen(estate, new EventSink(estate, prng), new Tally(estate), prng)) {
    for (const event of events) {
      const { name } = event.host;
      const lines = texts.get(name) ?? [];
      texts.set(name, lines);
      const line = `${lineOf(event)}\n`;
      lines.push(line);
      const size = (sizes.get(name) ?? 0) + line.length;
      sizes.set(name, size);
      if (size < CHUNK_CHARACTERS) continue;
      yield { host: name, text: lines.join('') };
      texts.delete(name);
      sizes.delete(name);
    }
  }
  for (const [host, lines] of texts) yield { host, text: lines.join('') };
}

/**
 * Makes the logs of an estate that is drawn from `seed`, and the truth about it. The same seed and
 * options make the same bytes. The estate and its traffic do not change with {@link WorldOptions.loss};
 * only the lines that are left do.
 */
export function makeWorld(seed: number, options: WorldOptions = SMALL): World {
  const estate = buildEstate(options, createPrng(seed).fork('estate'));
  const prng = createPrng(seed).fork('world');
  const sink = new EventSink(estate, prng);
  const tally = new Tally(estate);
  sink.onLine = (event) => tally.line(event);
  const lines = happen(estate, sink, tally, prng);
  while (lines.next().done !== true);
  return {
    truth: answersOf(seed, estate, tally, sink.lost),
    chunks: () => spell(estate, seed),
  };
}

/** Writes a world's logs below a folder, a file a host, and returns their paths. */
export async function writeWorld(world: World, folder: string): Promise<readonly string[]> {
  const files = new Map<string, ReturnType<typeof createWriteStream>>();
  for (const { host, text } of world.chunks()) {
    let file = files.get(host);
    if (file === undefined) {
      const under = path.join(folder, `esx-${host}-2026-03-04--00.05`, 'var/run/log');
      await mkdir(under, { recursive: true });
      file = createWriteStream(path.join(under, 'dfwpktlogs.log'));
      files.set(host, file);
    }
    if (!file.write(text)) await once(file, 'drain');
  }
  for (const file of files.values()) {
    file.end();
    await finished(file);
  }
  return [...files.values()].map((file) => String(file.path));
}
