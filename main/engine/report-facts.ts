import type { DecidedFlowRow, DecisionSummary } from '../../shared/domain/decision.ts';
import { rulesOf } from '../../shared/domain/ruleset-change.ts';
import type { CallContext } from '../../shared/ipc/contract.ts';
import type { decisionHandlers } from './decision-handlers.ts';
import type { ReportedFlow, ReportFacts } from './exchange/report/facts.ts';
import type { OpenProject } from './project.ts';
import { contentIds } from './store/sources.ts';

/** Flows of a kind that the report lists. */
const FLOWS = 100;

/** Findings that the report lists. */
const FINDINGS = 200;

/** A report is written to its end: nobody cancels it. */
const context: CallContext = {
  signal: {
    aborted: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  },
  report: () => undefined,
};

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function hitsOf({ rules }: DecisionSummary): ReadonlyMap<string, number> {
  return new Map(
    rules.map(({ rule, source, destination }) => [rule, source.events + destination.events]),
  );
}

function flowsOf(rows: readonly DecidedFlowRow[]): readonly ReportedFlow[] {
  return rows.slice(0, FLOWS).map((row) => {
    const { source, destination, service, events, sourceRule, destinationRule } = row;
    const decidedBy = [...new Set([sourceRule, destinationRule])].filter((id) => id !== null);
    return { source, destination, service, events, decidedBy: decidedBy.join(', ') };
  });
}

/** Gathers what only the report shows: the sources, and what the rules do with all that was logged. */
export async function reportFacts(
  project: OpenProject,
  decisions: ReturnType<typeof decisionHandlers>,
): Promise<ReportFacts> {
  const { sources } = await project.describe();
  const contents = await contentIds(project.database);
  const summary = await decisions['decision.summary']({ window: null }, context);
  const report = await decisions['check.run']({}, context);
  const { ruleset } = await project.rulesets.read();
  const names = new Map(rulesOf(ruleset).map(({ id, name }) => [id, name]));
  const { covered, total, needed, closing } = report;
  return {
    sources,
    contents,
    coverage: {
      flows: share(covered.flows, total.flows),
      events: share(covered.events, total.events),
      needed: share(needed.covered.flows, needed.total.flows),
    },
    hits: hitsOf(summary),
    denied: flowsOf(report.newlyBlocked),
    score: report.score,
    findings: report.findings.slice(0, FINDINGS).map(({ severity, kind, rule, detail }) => {
      return { severity, kind, rule: rule === null ? null : (names.get(rule) ?? rule), detail };
    }),
    findingCount: report.findings.length,
    closing: {
      isClosed: closing.isClosed,
      passed: closing.passed,
      needed: closing.needed,
      flows: flowsOf(closing.rows),
    },
  };
}
