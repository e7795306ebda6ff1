import type { Agreement } from '../../../../shared/domain/agreement.ts';
import {
  FINDING_KINDS,
  SEVERITIES,
  type CheckReport,
  type FindingKind,
  type RuleFinding,
  type ScorePart,
} from '../../../../shared/domain/finding.ts';
import type { Inventory } from '../../../../shared/domain/inventory.ts';
import type { Ruleset } from '../../../../shared/domain/ruleset.ts';
import { openClosings } from '../../../../shared/domain/closing.ts';
import { AddressSet } from '../../../../shared/policy/address-set.ts';
import type { MemberResolver } from '../../../../shared/policy/members.ts';
import { findInRules } from '../../../../shared/policy/findings/rule-findings.ts';
import type { Decided } from '../decisions/decided.ts';
import { isCovered, pageOfFlows, summarise } from '../decisions/views.ts';
import { closingOf, driftOf, MAX_ROWS, newFlowsSince, reasonsToPass } from './differences.ts';
import { notesOf } from './notes.ts';
import { coverageOf, coverageOfApplication, neededFlows } from './needed.ts';
import { allowedPairs, findInUsage, usageOf, type RuleUsage } from './usage-findings.ts';

/** Findings told of each kind. */
const MAX_OF_KIND = 1_000;

/** What a check looks at. */
export interface CheckParts {
  readonly ruleset: Ruleset;
  readonly revision: number;
  readonly decided: Decided;
  readonly inventory: Inventory;
  readonly resolver: MemberResolver;
  readonly agreement: Agreement | null;
  /** The same flows decided by another ruleset. */
  readonly against: Decided | null;
  /** The same flows decided by the draft with all closed; the same as `decided` where it is so. */
  readonly closed: Decided;
  /** The time from which flows are new, in milliseconds since 1970 UTC; `null` where none is asked about. */
  readonly since: number | null;
  readonly addressText: (code: number) => string;
}

/** Mean share of the pairs allow rules permit that was not seen, by rule; any sides count as 1. */
function overPermission(decided: Decided, usages: readonly RuleUsage[]): number {
  const shares = decided.ruleset.rules.flatMap((rule, place) => {
    if (rule.rule.action !== 'ALLOW') return [];
    const allowed = allowedPairs(rule);
    const used = usages[place]?.pairs.size ?? 0;
    if (!Number.isFinite(allowed)) return [1];
    return allowed === 0 ? [] : [1 - Math.min(1, used / allowed)];
  });
  return shares.length === 0 ? 1 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** The parts of the score; their weights are the program's opinion, and are shown with it. */
function scoreParts(
  { decided, resolver }: CheckParts,
  findings: readonly RuleFinding[],
  usages: readonly RuleUsage[],
): readonly ScorePart[] {
  const { combinations, combined } = decided;
  let passed = 0;
  let passedCovered = 0;
  for (let at = 0; at < combinations.count; at++) {
    passed += combined.passed[at] ?? 0;
    if (isCovered(decided, at)) passedCovered += combined.passed[at] ?? 0;
  }
  const open = findings.filter(({ kind }) => kind === 'any-any');
  const serious = findings.filter(({ severity, kind }) => severity !== 'low' && kind !== 'any-any');
  const rules = Math.max(1, decided.ruleset.rules.length);
  const isClosed = decided.ruleset.defaultRule.action !== 'ALLOW';
  const closing = decided.ruleset.rules
    .filter(
      ({ rule, destinations }) =>
        rule.action !== 'ALLOW' &&
        rule.services.length === 0 &&
        destinations.contains(AddressSet.ALL_IPV4),
    )
    .reduce((sum, { table }) => sum.union(table ?? resolver.workloads), AddressSet.NONE);
  const workloads = Number(resolver.workloads.size);
  const closed = Number(closing.intersect(resolver.workloads).size);
  return [
    { name: 'Traffic that explicit rules allow', weight: 40, value: share(passedCovered, passed) },
    {
      name: 'Workloads closed by a deny',
      weight: 25,
      value: isClosed ? 1 : share(closed, workloads),
    },
    {
      name: 'No rule from anywhere to anywhere',
      weight: 10,
      value: open.some(({ rule }) => rule !== 'default') ? 0 : 1,
    },
    {
      name: 'Rules no wider than what was seen',
      weight: 15,
      value: 1 - overPermission(decided, usages),
    },
    {
      name: 'Rules without a serious finding',
      weight: 10,
      value: Math.max(0, 1 - serious.length / rules),
    },
  ];
}

function inOrder(findings: readonly RuleFinding[]): readonly RuleFinding[] {
  return findings.toSorted(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      FINDING_KINDS.indexOf(a.kind) - FINDING_KINDS.indexOf(b.kind),
  );
}

function countsOf(findings: readonly RuleFinding[]): Partial<Record<FindingKind, number>> {
  const counts: Partial<Record<FindingKind, number>> = {};
  for (const { kind } of findings) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function limited(findings: readonly RuleFinding[]): readonly RuleFinding[] {
  const taken = new Map<FindingKind, number>();
  return findings.filter(({ kind }) => {
    const count = (taken.get(kind) ?? 0) + 1;
    taken.set(kind, count);
    return count <= MAX_OF_KIND;
  });
}

/** Everything that can be said of a ruleset: coverage, what it changes, findings, score, agreement. */
export function check(parts: CheckParts): CheckReport {
  const { ruleset, revision, decided, inventory, resolver, agreement, against, addressText } =
    parts;
  const { closed, since } = parts;
  const summary = summarise(decided, revision);
  const needed = neededFlows(decided, inventory);
  const usages = usageOf(decided);
  const findings = inOrder([
    ...findInRules(ruleset, decided.ruleset, resolver),
    ...findInUsage(decided, summary, usages, needed),
  ]);
  const rows = (outcome: 'newly-blocked' | 'newly-allowed') => {
    const page = { offset: 0, limit: MAX_ROWS };
    return pageOfFlows(decided, { outcomes: [outcome] }, page, addressText).rows;
  };
  const parted = scoreParts(parts, findings, usages);
  const reasons = reasonsToPass(decided);
  const disabled = openClosings(ruleset);
  const isClosed = disabled.length === 0 && decided.ruleset.defaultRule.action !== 'ALLOW';
  const closing = {
    ...{ isClosed, disabled },
    ...closingOf(decided, closed, needed, addressText),
  };
  return {
    revision,
    ...coverageOf(decided, needed),
    applications: inventory.applications.map((each) => {
      return { name: each.name, ...coverageOfApplication(each, decided, inventory, needed) };
    }),
    outcomes: summary.outcomes,
    newlyBlocked: rows('newly-blocked'),
    newlyAllowed: rows('newly-allowed'),
    reasonsToPass: reasons,
    closing,
    newFlows: since === null ? null : newFlowsSince(since, decided, needed, addressText),
    notes: notesOf(reasons, closing, decided.ruleset),
    findings: limited(findings),
    counts: countsOf(findings),
    score: Math.round(parted.reduce((sum, { weight, value }) => sum + weight * value, 0)),
    scoreParts: parted,
    agreement,
    drift: against === null ? null : driftOf(decided, against, addressText),
  };
}
