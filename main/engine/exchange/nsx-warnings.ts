import { CATEGORIES, type Rule, type Ruleset } from '../../../shared/domain/ruleset.ts';
import { rulesOf } from '../../../shared/domain/ruleset-change.ts';
import type { Membership } from './membership.ts';
import { GROUP_TAG_SCOPE } from './nsx-groups.ts';
import { quote, type ExportReport } from './nsx-report.ts';

function listed(names: readonly string[]): string {
  return names.map(quote).join(', ');
}

/** Security groups a rule names whose vNICs have to get it, but do not. */
function unreached(rule: Rule, membership: Membership): readonly string[] {
  const sides = [
    ...(rule.direction === 'IN' ? [] : rule.sources),
    ...(rule.direction === 'OUT' ? [] : rule.destinations),
  ];
  const names = new Set(sides.filter(({ kind }) => kind === 'group').map(({ name }) => name));
  return [...names].filter(
    (name) => !rule.appliedTo.some((scope) => membership.within(scope).has(name)),
  );
}

function warnAboutScope(rule: Rule, membership: Membership, report: ExportReport): void {
  if (rule.action !== 'ALLOW' || rule.appliedTo.length === 0) return;
  const missing = unreached(rule, membership);
  if (missing.length === 0) return;
  const reached = listed(rule.appliedTo);
  report.warn(
    `Rule ${quote(rule.name)} is applied to ${reached} only: the workloads of ${listed(missing)} never get it, and other rules decide there. Apply it to both sides.`,
  );
}

function warnAboutDenyAll(rule: Rule, report: ExportReport): void {
  if (rule.action === 'ALLOW' || rule.sources.length + rule.destinations.length > 0) return;
  const what = rule.services.length === 0 ? 'everything' : `all ${rule.services.join(', ')}`;
  const where =
    rule.appliedTo.length === 0
      ? 'in the whole distributed firewall'
      : `at the workloads of ${listed(rule.appliedTo)}`;
  const verb = rule.action === 'DROP' ? 'drops' : 'rejects';
  report.warn(
    `Rule ${quote(rule.name)} ${verb} ${what} that no rule before it allowed, ${where}. Load it disabled first, and enable it when nothing is missing.`,
  );
}

function warnAboutTags(rules: readonly Rule[], report: ExportReport): void {
  const countOf = new Map<string, number>();
  for (const { tag } of rules) countOf.set(tag, (countOf.get(tag) ?? 0) + 1);
  for (const [tag, count] of countOf) {
    if (count > 1)
      report.warn(`${count} rules share the tag "${tag}", so the log will not tell them apart.`);
  }
}

function warnAboutOrder(ruleset: Ruleset, report: ExportReport): void {
  const ranks = ruleset.policies.map(({ category }) => CATEGORIES.indexOf(category));
  const late = ruleset.policies.find((_, at) => at > 0 && (ranks[at] ?? 0) < (ranks[at - 1] ?? 0));
  if (late === undefined) return;
  report.warn(
    `Policy ${quote(late.name)} is of category ${late.category}, which NSX-T evaluates before some policies that stand above it here.`,
  );
}

function warnAboutGroups(names: readonly string[], report: ExportReport): void {
  if (names.length === 0) return;
  const groups = names.length === 1 ? 'The security group' : 'Each security group';
  report.warn(
    `${groups} in this file matches the virtual machines tagged with its name (scope ${GROUP_TAG_SCOPE}) and the addresses seen in the log. Tag the machines so, or put the manager's own group in its place: Applied To ignores bare addresses.`,
  );
  const firstOf = new Map<string, string>();
  for (const name of names) {
    const first = firstOf.get(name.toLowerCase());
    if (first === undefined) firstOf.set(name.toLowerCase(), name);
    else
      report.warn(
        `Security groups ${quote(first)} and ${quote(name)} differ only in upper and lower case, which NSX-T tags do not tell apart.`,
      );
  }
}

/** Says what a person must know about the rules and groups before loading them. */
export function warnAbout(
  ruleset: Ruleset,
  securityGroups: readonly string[],
  membership: Membership,
  report: ExportReport,
): void {
  warnAboutGroups(securityGroups, report);
  warnAboutOrder(ruleset, report);
  const enabled = rulesOf(ruleset).filter(({ disabled }) => !disabled);
  for (const rule of enabled) {
    warnAboutScope(rule, membership, report);
    warnAboutDenyAll(rule, report);
  }
  warnAboutTags(rulesOf(ruleset), report);
}
