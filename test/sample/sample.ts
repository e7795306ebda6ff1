import { countKinds, countLines, sourceOf, spanOf } from './account.ts';
import {
  TRUE_INTENDED,
  TRUE_NOT_WORKLOADS,
  TRUE_PARTIES,
  TRUE_SHARED,
  TRUE_VIPS,
  trueGroups,
  trueWorkloads,
} from './answers.ts';
import type { BundleFile } from './bundle.ts';
import { logFiles, otherFiles, packArchive } from './bundle.ts';
import { hostLines } from './log-lines.ts';
import { createPrng } from './prng.ts';
import { createEventLog } from './sessions.ts';
import { CATCH_ALL_TAG, HOSTS, SCANNERS } from './topology.ts';
import { logBooks } from './traffic-books.ts';
import { logNoise } from './traffic-noise.ts';
import { logSharedServices } from './traffic-shared.ts';
import type { SampleTruth } from './truth.ts';

/** What a sample is drawn from. */
export interface SampleOptions {
  /** A whole number; the same seed and scale make the same bytes. */
  readonly seed: number;
  /** 1 makes about 200,000 lines. */
  readonly scale: number;
}

/** An archive and what it truly holds. */
export interface Sample {
  /** A `.tgz` of four hosts' support bundles. */
  readonly archive: Buffer;
  readonly truth: SampleTruth;
}

/** The size of a sample for work at the bench. */
export const FULL_SAMPLE: SampleOptions = { seed: 20260302, scale: 1 };

/** The size of the sample that is kept beside the tests: about 12,000 lines. */
export const SMALL_SAMPLE: SampleOptions = { seed: 20260302, scale: 0.06 };

/** Makes two days of DFW logs of the application BOOKS, as four hosts' support bundles in one archive. */
export async function generateSample({ seed, scale }: SampleOptions): Promise<Sample> {
  const prng = createPrng(seed);
  const log = createEventLog();
  logBooks(log, prng.fork('books'), scale);
  logSharedServices(log, prng.fork('shared'), scale);
  logNoise(log, prng.fork('noise'), scale);

  const filesPerHost = Math.max(3, Math.round(5 * scale));
  const hosts = HOSTS.map((host) => {
    const lines = hostLines(host, log.events, prng.fork(`lines of ${host.name}`));
    return {
      host,
      logs: logFiles(host, lines, filesPerHost),
      others: otherFiles(host, prng.fork(`files of ${host.name}`)),
    };
  });
  const lines = hosts.flatMap(({ logs }) => logs.flatMap((file) => file.lines));
  const workloads = trueWorkloads(log.events);
  const truth: SampleTruth = {
    seed,
    scale,
    groups: trueGroups(log.events),
    catchAllTag: CATCH_ALL_TAG,
    workloads,
    ungrouped: workloads.filter(({ group }) => group === null).map(({ address }) => address),
    notWorkloads: TRUE_NOT_WORKLOADS,
    vips: TRUE_VIPS,
    shared: TRUE_SHARED,
    scanners: SCANNERS,
    parties: TRUE_PARTIES,
    intended: TRUE_INTENDED,
    sources: hosts.flatMap(({ host, logs }) => logs.map((file) => sourceOf(host, file))),
    totals: countLines(lines),
    otherFiles: hosts.flatMap(({ others }) =>
      others.map(({ path, content }) => ({
        path,
        lines: content.toString('utf8').split('\n').length - 1,
      })),
    ),
    ...spanOf(log.events),
    kinds: {
      ...countKinds(lines),
      'end-without-beginning': log.endsOnly,
      'beginning-without-end': log.stillOpen,
    },
  };
  const files = hosts.flatMap(({ logs, others }): readonly BundleFile[] => [...others, ...logs]);
  return { archive: await packArchive(files), truth };
}
