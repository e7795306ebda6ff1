import type { DecisionSummary } from '../../shared/domain/decision.ts';
import type { CallContext } from '../../shared/ipc/contract.ts';
import type { decisionHandlers } from './decision-handlers.ts';
import type { ReportFacts } from './exchange/report/facts.ts';
import type { OpenProject } from './project.ts';
import { contentIds } from './store/sources.ts';

/** Flows the report lists of those the rules would deny. */
const DENIED = 200;

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

/** Gathers what only the report shows: the sources, and what the rules do with all that was logged. */
export async function reportFacts(
  project: OpenProject,
  decisions: ReturnType<typeof decisionHandlers>,
): Promise<ReportFacts> {
  const { sources } = await project.describe();
  const contents = await contentIds(project.database);
  const summary = await decisions['decision.summary']({ window: null }, context);
  const page = await decisions['decision.flows'](
    { window: null, outcomes: ['newly-blocked'], offset: 0, limit: DENIED },
    context,
  );
  const { covered, total } = summary;
  return {
    sources,
    contents,
    coverage: {
      flows: share(covered.flows, total.flows),
      events: share(covered.events, total.events),
    },
    hits: hitsOf(summary),
    denied: page.rows.map(
      ({ source, destination, service, events, sourceRule, destinationRule }) => {
        const decidedBy = [...new Set([sourceRule, destinationRule])].filter((id) => id !== null);
        return { source, destination, service, events, decidedBy: decidedBy.join(', ') };
      },
    ),
  };
}
