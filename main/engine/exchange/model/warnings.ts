import { CATEGORIES, type Rule } from '../../../../shared/domain/ruleset.ts';
import type { ExportModel, ModelRule } from './export-model.ts';
import type { Membership } from './membership.ts';
import { quote, type ExportReport } from './report.ts';

function listed(names: readonly string[]): string {
  return names.map(quote).join(', ');
}

/** Security groups a rule names whose vNICs have to get it, but do not. */
function unreached(
  rule: Rule,
  appliedTo: readonly string[],
  membership: Membership,
): readonly string[] {
  const sides = [
    ...(rule.direction === 'IN' || rule.sourcesNegated === true ? [] : rule.sources),
    ...(rule.direction === 'OUT' || rule.destinationsNegated === true ? [] : rule.destinations),
  ];
  const names = new Set(sides.filter(({ kind }) => kind === 'group').map(({ name }) => name));
  return [...names].filter(
    (name) => !appliedTo.some((scope) => membership.within(scope).has(name)),
  );
}

function warnAboutScope(model: ModelRule, membership: Membership, report: ExportReport): void {
  const { rule } = model;
  if (rule.action !== 'ALLOW' || model.appliedTo.length === 0) return;
  const appliedTo = model.appliedTo.map(({ name }) => name);
  const missing = unreached(rule, appliedTo, membership);
  if (missing.length === 0) return;
  report.warnOf(
    rule,
    'appliedTo',
    `Rule ${quote(rule.name)} is applied to ${listed(appliedTo)} only: the workloads of ${listed(missing)} never get it, and other rules decide there. Apply it to both sides.`,
  );
}

function isAddressOnly(model: ExportModel, name: string): boolean {
  return [...model.membership.within(name)].every(
    (each) => model.membership.group(each)?.definition?.kind === 'ip-set',
  );
}

function warnAboutAddressScope(model: ExportModel, own: ModelRule, report: ExportReport): void {
  const bad = own.appliedTo.filter(({ name }) => isAddressOnly(model, name));
  if (bad.length === 0) return;
  const names = listed(bad.map(({ name }) => name));
  report.add({
    severity: 'error',
    rule: own.rule.id,
    field: 'appliedTo',
    message: `Rule ${quote(own.rule.name)} is applied to ${names}, which holds only addresses: the firewall ignores addresses in Applied To, and the rule would be enforced nowhere.`,
  });
}

function warnAboutDenyAll({ rule, appliedTo }: ModelRule, report: ExportReport): void {
  if (rule.action === 'ALLOW' || rule.sources.length + rule.destinations.length > 0) return;
  const what = rule.services.length === 0 ? 'everything' : `all ${rule.services.join(', ')}`;
  const where =
    appliedTo.length === 0
      ? 'in the whole distributed firewall'
      : `at the workloads of ${listed(appliedTo.map(({ name }) => name))}`;
  const verb = rule.action === 'DROP' ? 'drops' : 'rejects';
  report.warnOf(
    rule,
    'disabled',
    `Rule ${quote(rule.name)} ${verb} ${what} that no rule before it allowed, ${where}. Load it disabled first, and enable it when nothing is missing.`,
  );
}

function warnAboutTags(rules: readonly Rule[], report: ExportReport): void {
  const sharing = new Map<string, Rule[]>();
  for (const rule of rules) {
    if (rule.tag === '') continue;
    const others = sharing.get(rule.tag);
    if (others === undefined) sharing.set(rule.tag, [rule]);
    else others.push(rule);
  }
  for (const [tag, [first, ...others]] of sharing) {
    if (first === undefined || others.length === 0) continue;
    const message = `${others.length + 1} rules share the tag "${tag}", so the log will not tell them apart.`;
    report.warnOf(first, 'tag', message);
  }
}

function warnAboutOrder(model: ExportModel, report: ExportReport): void {
  const ranks = model.policies.map(({ policy }) => CATEGORIES.indexOf(policy.category));
  const late = model.policies.find((_, at) => at > 0 && (ranks[at] ?? 0) < (ranks[at - 1] ?? 0));
  if (late === undefined) return;
  report.warn(
    `Policy ${quote(late.policy.name)} is of category ${late.policy.category}, which is evaluated before some policies that stand above it here.`,
  );
}

function warnAboutNegation({ rule }: ModelRule, report: ExportReport): void {
  if (rule.sourcesNegated === true && rule.sources.length === 0)
    report.refuse(rule, 'sources', 'it excludes every source, so it could match nothing');
  if (rule.destinationsNegated === true && rule.destinations.length === 0)
    report.refuse(rule, 'destinations', 'it excludes every destination, so it could match nothing');
}

/** Says what a person must know about the rules of any format before loading them. */
export function warnAboutRules(model: ExportModel, report: ExportReport): void {
  warnAboutOrder(model, report);
  const all = model.policies.flatMap(({ rules }) => rules);
  for (const each of all) {
    warnAboutNegation(each, report);
    warnAboutAddressScope(model, each, report);
    if (each.rule.disabled) continue;
    warnAboutScope(each, model.membership, report);
    warnAboutDenyAll(each, report);
  }
  warnAboutTags(
    all.map(({ rule }) => rule),
    report,
  );
}

/** Says what a person must know of groups that match by tag. */
export function warnAboutNsxT(model: ExportModel, tagScope: string, report: ExportReport): void {
  const names = model.groups
    .filter(({ kind, conditions, definition }) => {
      return kind === 'group' && definition?.kind !== 'ip-set' && conditions.length === 0;
    })
    .map(({ name }) => name);
  if (names.length === 0) return;
  const groups = names.length === 1 ? 'The security group' : 'Each security group';
  report.warn(
    `${groups} in this file matches the virtual machines tagged with its name (scope ${tagScope}) and the addresses seen in the log. Tag the machines so, or put the manager's own group in its place: Applied To ignores bare addresses.`,
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
