import type { DecidedFlowRow, Tally } from '../../shared/domain/decision.ts';
import type { CheckReport, Coverage, RuleFinding } from '../../shared/domain/finding.ts';
import type { Args } from '../../shared/ipc/contract.ts';
import { printDifference } from './difference.ts';
import { countOf, formatCount, formatTime, print, printJson } from './output.ts';
import { DEFAULT_PROJECT, withProject } from './project.ts';
import { formatTable, type Column } from './table.ts';
import { COMMON_OPTIONS, readArguments, readTime, refusePositionals } from './usage.ts';

const OPTIONS = {
  ...COMMON_OPTIONS,
  against: { type: 'string' },
  since: { type: 'string' },
} as const;

/** Rows of each list printed for people; JSON has them all. */
const PRINTED = 20;

const FINDINGS: readonly Column<RuleFinding>[] = [
  { title: 'severity', text: ({ severity }) => severity },
  { title: 'finding', text: ({ kind }) => kind },
  { title: 'rule', text: ({ rule }) => rule ?? '' },
  { title: 'detail', text: ({ detail }) => detail },
];

const FLOWS: readonly Column<DecidedFlowRow>[] = [
  { title: 'source', text: ({ source }) => source },
  { title: 'destination', text: ({ destination }) => destination },
  { title: 'service', text: ({ service }) => service },
  { title: 'events', text: ({ events }) => formatCount(events), isNumber: true },
  { title: 'at source', text: ({ sourceRule }) => sourceRule ?? '-' },
  { title: 'at destination', text: ({ destinationRule }) => destinationRule ?? '-' },
];

/** The ruleset of another project, or of files that can be imported. */
async function readOther(file: string): Promise<Args<'check.run'>> {
  if (!/\.segw$/i.test(file)) return { against: { kind: 'files', paths: [file] } };
  const { ruleset } = await withProject(file, (client) => client.call('ruleset.read', {}));
  return { against: { kind: 'ruleset', ruleset } };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function shares(covered: Tally, total: Tally) {
  return {
    flows: share(covered.flows, total.flows),
    events: share(covered.events, total.events),
  };
}

function sharesOf({ covered, total, needed }: Coverage) {
  return { ...shares(covered, total), needed: shares(needed.covered, needed.total) };
}

function agreementOf({ agreement }: CheckReport) {
  if (agreement === null) return null;
  const causes = Object.entries(agreement.causes).map(([cause, { events }]) => [cause, events]);
  return {
    events: agreement.total.events,
    agree: agreement.agree.events,
    causes: Object.fromEntries(causes) as Readonly<Record<string, number>>,
    examples: agreement.examples,
  };
}

/** The stable JSON of `check --json`. */
function jsonOf(report: CheckReport) {
  return {
    coverage: sharesOf(report),
    applications: report.applications.map((each) => ({ name: each.name, ...sharesOf(each) })),
    outcomes: report.outcomes,
    newlyBlocked: report.newlyBlocked,
    newlyAllowed: report.newlyAllowed,
    reasonsToPass: report.reasonsToPass,
    closing: report.closing,
    newFlows: report.newFlows,
    notes: report.notes,
    findings: report.findings,
    score: { points: report.score, parts: report.scoreParts },
    agreement: agreementOf(report),
    drift: report.drift,
  };
}

const percent = (part: number) => `${(100 * part).toFixed(1)} %`;

async function printRows<Row>(
  title: string,
  rows: readonly Row[],
  total: number,
  columns: readonly Column<Row>[],
): Promise<void> {
  if (total === 0) return;
  await print(`\n${title}\n${formatTable(rows.slice(0, PRINTED), columns)}`);
  if (total > PRINTED) await print(`… ${formatCount(total - PRINTED)} more, with --json\n`);
}

async function printReport(report: CheckReport): Promise<void> {
  const { outcomes, agreement, drift } = report;
  const { flows, events, needed } = sharesOf(report);
  await print(
    `Coverage: ${percent(needed.flows)} of the flows that are needed are permitted by a rule; ` +
      `of all that were logged ${percent(flows)} of flows, ${percent(events)} of lines\n`,
  );
  for (const each of report.applications) {
    const own = sharesOf(each);
    await print(
      `  ${each.name}: ${percent(own.needed.flows)} of needed flows, ${percent(own.flows)} of all\n`,
    );
  }
  await print(`Score: ${report.score} of 100\n`);
  for (const { name, weight, value } of report.scoreParts) {
    await print(`  ${(weight * value).toFixed(1)} of ${weight}: ${name}\n`);
  }
  if (agreement !== null) {
    const same = share(agreement.agree.events, agreement.total.events);
    await print(`Agreement with the log: ${percent(same)} of lines\n`);
    for (const [cause, { events }] of Object.entries(agreement.causes)) {
      if (events > 0) await print(`  ${cause}: ${countOf(events, 'line')}\n`);
    }
  }
  for (const note of report.notes) await print(`${note}\n`);
  await printRows('Findings', report.findings, report.findings.length, FINDINGS);
  const blocked = outcomes['newly-blocked'].flows;
  await printRows('Newly blocked', report.newlyBlocked, blocked, FLOWS);
  const allowed = outcomes['newly-allowed'].flows;
  await printRows('Newly allowed', report.newlyAllowed, allowed, FLOWS);
  const { closing, newFlows } = report;
  const closed = 'Blocked besides, once all is closed';
  await printRows(closed, closing.rows, closing.passed.flows, FLOWS);
  if (newFlows !== null) {
    const { total, uncovered, rows } = newFlows;
    await print(
      `\nFirst seen since ${formatTime(newFlows.since)}: ${countOf(total.flows, 'flow')}, ` +
        `${formatCount(uncovered.flows)} of them passed and no rule permits them\n`,
    );
    await printRows('New and permitted by no rule', rows, uncovered.flows, FLOWS);
  }
  if (drift !== null) {
    await printRows('Decided otherwise by the other ruleset', drift.rows, drift.total.flows, FLOWS);
  }
}

/** Whether something was found that a person should look at. */
function hasFound({ findings, outcomes, drift, newFlows }: CheckReport): boolean {
  return (
    findings.some(({ severity }) => severity !== 'low') ||
    outcomes['newly-blocked'].flows > 0 ||
    (drift?.total.flows ?? 0) > 0 ||
    (newFlows?.needed.flows ?? 0) > 0
  );
}

/**
 * `segwright check`: coverage, what the ruleset changes, findings, and how it agrees with the log.
 *
 * @returns the exit code: 1 where something was found that is more than a hint
 */
export async function check(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  refusePositionals('check', positionals);
  const question = {
    ...(values.against === undefined ? {} : await readOther(values.against)),
    ...(values.since === undefined ? {} : { since: readTime('--since', values.since) }),
  };
  const before = 'against' in question ? question.against : undefined;
  const { report, difference } = await withProject(
    values.project ?? DEFAULT_PROJECT,
    async (client) => ({
      report: await client.call('check.run', question),
      difference: before === undefined ? null : await client.call('ruleset.compare', { before }),
    }),
  );
  if (values.json === true) await printJson({ ...jsonOf(report), difference });
  else {
    await printReport(report);
    if (difference !== null) await printDifference(difference);
  }
  return hasFound(report) || difference?.isEqual === false ? 1 : 0;
}
