import type { Category, Policy } from '../../../../shared/domain/ruleset.ts';
import { ID_PREFIX, type ExportModel, type ModelRule } from '../model/export-model.ts';
import { quote, type ExportReport } from '../model/report.ts';
import type { GroupPlan } from './groups.ts';
import { NSX_LIMITS } from './limits.ts';
import type { NsxPolicy, NsxRule } from './objects.ts';
import type { ServicePlan } from './services.ts';

const TAG = /^[A-Za-z0-9_-]{0,32}$/;

/** What rules are written with. */
export interface RuleParts {
  readonly groups: GroupPlan;
  readonly services: ServicePlan;
  readonly report: ExportReport;
}

/** The step between sequence numbers: 10, as the manager's own, unless that leads too far. */
export function stepFor(count: number): number {
  return count * 10 > NSX_LIMITS.sequenceNumber ? 1 : 10;
}

/** Writes a rule, every field said. */
export function writeRule(
  model: ModelRule,
  id: string,
  sequence: number,
  { groups, services, report }: RuleParts,
): NsxRule {
  const { rule } = model;
  if (!TAG.test(rule.tag))
    report.refuse(rule, 'tag', `its tag "${rule.tag}" is not at most 32 letters, digits, _ or -`);
  const what = `rule ${quote(rule.name)}`;
  return {
    resource_type: 'Rule',
    id,
    display_name: report.cut(rule.name, NSX_LIMITS.displayName, `The name of ${what}`, rule),
    sequence_number: sequence,
    source_groups: groups.list(rule.name, 'sources', model.sources),
    destination_groups: groups.list(rule.name, 'destinations', model.destinations),
    sources_excluded: rule.sourcesNegated === true,
    destinations_excluded: rule.destinationsNegated === true,
    services: services.of(model),
    profiles: ['ANY'],
    scope: groups.list(rule.name, 'applied-to', model.appliedTo),
    action: rule.action,
    direction: rule.direction,
    ip_protocol: rule.ipVersion,
    logged: rule.logged,
    tag: rule.tag,
    notes: report.cut(rule.notes, NSX_LIMITS.notes, `The note of ${what}`, rule),
    disabled: rule.disabled,
  };
}

/** A policy around rules that are written already. */
export function writePolicy(
  {
    policy,
    id,
    sequence,
  }: { readonly policy: Policy; readonly id: string; readonly sequence: number },
  rules: readonly NsxRule[],
  report: ExportReport,
): NsxPolicy {
  const what = `The name of policy ${quote(policy.name)}`;
  return {
    resource_type: 'SecurityPolicy',
    id,
    display_name: report.cut(policy.name, NSX_LIMITS.displayName, what),
    category: policy.category,
    sequence_number: sequence,
    stateful: true,
    tcp_strict: true,
    scope: ['ANY'],
    rules,
  };
}

/** Writes all policies, numbered within their category in the order of the ruleset. */
export function writePolicies(model: ExportModel, parts: RuleParts): readonly NsxPolicy[] {
  const lastOf = new Map<Category, number>();
  return model.policies.map(({ policy, id, rules }) => {
    const sequence = (lastOf.get(policy.category) ?? 0) + stepFor(model.policies.length);
    lastOf.set(policy.category, sequence);
    const step = stepFor(rules.length);
    const written = rules.map((rule, at) => writeRule(rule, rule.id, (at + 1) * step, parts));
    return writePolicy({ policy, id: ID_PREFIX + id, sequence }, written, parts.report);
  });
}
