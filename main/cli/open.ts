import type { Accounting, RejectReasons, Source, YearFrom } from '../../shared/domain/archive.ts';
import { createCancelSource } from '../../shared/ipc/cancel.ts';
import { complain, countOf, formatCount, print, printJson } from './output.ts';
import { createProgressLine } from './progress-line.ts';
import { DEFAULT_PROJECT, withProject } from './project.ts';
import { formatTable, type Column } from './table.ts';
import { BadUse, COMMON_OPTIONS, readArguments } from './usage.ts';

const YEAR_FROM: Readonly<Record<YearFrom, string>> = {
  line: 'its lines',
  'other-lines': 'other lines',
  name: 'its name',
  mtime: 'its time',
  given: 'given',
};

const count = (title: string, of: (source: Source) => number): Column<Source> => ({
  title,
  text: (source) => formatCount(of(source)),
  isNumber: true,
});

const COLUMNS: readonly Column<Source>[] = [
  { title: 'source', text: (source) => source.path },
  { title: 'host', text: (source) => source.host ?? '' },
  { title: 'format', text: (source) => source.format ?? '' },
  { title: 'first', text: (source) => source.first ?? '' },
  { title: 'last', text: (source) => source.last ?? '' },
  count('lines', (source) => source.lines),
  count('events', (source) => source.events),
  count('rejects', (source) => source.rejects),
  count('other', (source) => source.other),
  count('blank', (source) => source.blank),
  { title: 'state', text: (source) => source.state },
  {
    title: 'year from',
    text: (source) => (source.yearFrom === null ? '' : YEAR_FROM[source.yearFrom]),
  },
];

async function printAccounting(accounting: Accounting): Promise<void> {
  const { sources, totals, skippedCount, skipped } = accounting;
  await print(formatTable(sources, COLUMNS));
  await print(
    `\n${countOf(totals.lines, 'line')} = ${countOf(totals.events, 'event')} + ` +
      `${countOf(totals.rejects, 'reject')} + ${formatCount(totals.other)} of other programs + ` +
      `${formatCount(totals.blank)} blank, in ${totals.seconds.toFixed(1)} s\n`,
  );
  await printReasons(accounting.rejectReasons);
  const guessed = sources.filter((source) => source.yearFrom === 'mtime');
  if (guessed.length > 0) {
    await print(
      `\n${countOf(guessed.length, 'source')} with lines that name no year: it was guessed from when the ` +
        'file was last written. If it is wrong, open the file again with --year YEAR.\n',
    );
  }
  const summed = sources.filter((source) => source.holds === 'flows');
  if (summed.length > 0) {
    await print(
      `\n${countOf(summed.length, 'source')} kept as flows only: there are no logged lines behind them, and ` +
        'events that overlapping exports repeat are counted again.\n',
    );
  }
  if (skippedCount > 0) {
    await print(`\n${countOf(skippedCount, 'member')} skipped:\n`);
    const columns = [
      { title: 'member', text: (member: { path: string }) => member.path },
      { title: 'why', text: (member: { reason: string }) => member.reason },
    ];
    await print(formatTable(skipped, columns));
    if (skippedCount > skipped.length) {
      await print(`… and ${formatCount(skippedCount - skipped.length)} more\n`);
    }
  }
}

async function printReasons(reasons: RejectReasons): Promise<void> {
  const entries = Object.entries(reasons);
  if (entries.length === 0) return;
  await print('\nrejects by reason:\n');
  await print(
    formatTable(entries, [
      { title: 'reason', text: ([reason]) => reason },
      { title: 'lines', text: ([, count]) => formatCount(count), isNumber: true },
    ]),
  );
}

/** The JSON of `open --json`: keys are added at the end only, scripts rely on them. */
function accountingJson(accounting: Accounting, notices: readonly string[]) {
  const { lines, events, rejects, other, blank, seconds, duplicates } = accounting.totals;
  return {
    project: accounting.project,
    sources: accounting.sources.map((source) => ({
      path: source.path,
      host: source.host,
      format: source.format,
      first: source.first,
      last: source.last,
      lines: source.lines,
      events: source.events,
      rejects: source.rejects,
      other: source.other,
      blank: source.blank,
      error: source.error,
      state: source.state,
      duplicates: source.duplicates,
      rejectReasons: source.rejectReasons,
      yearFrom: source.yearFrom,
      holds: source.holds,
    })),
    totals: { lines, events, rejects, other, blank, seconds, duplicates },
    skipped: accounting.skipped,
    skippedCount: accounting.skippedCount,
    failures: accounting.failures.map(({ code, message }) => ({ code, message })),
    rejectReasons: accounting.rejectReasons,
    notices,
  };
}

function readYear(text: string): number {
  const year = Number(text);
  if (/^\d{4}$/.test(text) && year >= 1970) return year;
  throw new BadUse(`--year is a year such as 2025, not "${text}"`);
}

/**
 * `segwright open PATH...`: loads archives into the project.
 *
 * @returns the exit code
 */
export async function open(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {
    ...COMMON_OPTIONS,
    year: { type: 'string' },
    'flows-only': { type: 'boolean' },
  });
  const year = values.year === undefined ? {} : { year: readYear(values.year) };
  const keep = values['flows-only'] === true ? { keep: 'flows' as const } : {};
  if (positionals.length === 0)
    throw new BadUse('"open" needs the path of a log, a folder or an archive');
  const line = createProgressLine();
  const stop = createCancelSource();
  const interrupt = () => {
    stop.cancel();
  };
  // Once only: a second Ctrl-C ends the process at once.
  process.once('SIGINT', interrupt);
  try {
    const { accounting, notices } = await withProject(
      values.project ?? DEFAULT_PROJECT,
      async (client) => ({
        accounting: await client.call(
          'archive.open',
          { paths: positionals, ...year, ...keep },
          { signal: stop.signal, onProgress: (progress) => line.show(progress) },
        ),
        notices: (await client.call('project.read', {})).notices,
      }),
      { make: true },
    );
    line.clear();
    await (values.json === true
      ? printJson(accountingJson(accounting, notices))
      : printAccounting(accounting));
    for (const failure of accounting.failures) complain(failure.message);
    return accounting.failures.length > 0 ? 3 : 0;
  } finally {
    line.clear();
    process.off('SIGINT', interrupt);
  }
}
