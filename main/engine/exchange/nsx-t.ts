import type { ExportDocument } from '../../../shared/domain/export.ts';
import type { Inventory } from '../../../shared/domain/inventory.ts';
import type { Category, Policy, Rule, Ruleset } from '../../../shared/domain/ruleset.ts';
import { rulesOf } from '../../../shared/domain/ruleset-change.ts';
import { bug, Failure } from '../../../shared/failure/failure.ts';
import { membershipOf } from './membership.ts';
import { ID_PREFIX, planGroups, type GroupPlan } from './nsx-groups.ts';
import { IdRegister } from './nsx-ids.ts';
import { NSX_LIMITS } from './nsx-limits.ts';
import type { NsxGroup, NsxPolicy, NsxRule, NsxService } from './nsx-objects.ts';
import { ExportReport, impossible, quote } from './nsx-report.ts';
import { planService, serviceIdText } from './nsx-services.ts';
import { warnAbout } from './nsx-warnings.ts';

const TAG = /^[A-Za-z0-9_-]{1,32}$/;

/** Where in the manager's tree the groups and policies go. */
export interface NsxTOptions {
  /** The id of the domain, `default` where none is given. */
  readonly domain?: string;
}

interface ServicePaths {
  readonly services: readonly NsxService[];
  of(rule: Rule): readonly string[];
}

function planServices(rules: readonly Rule[], report: ExportReport): ServicePaths {
  const nameOf = new Map<string, string>();
  const byName = new Map<string, Pick<NsxService, 'display_name' | 'service_entries'>>();
  for (const rule of rules) {
    for (const text of rule.services) {
      const plan = planService(text);
      if (!plan.ok) throw impossible(rule.name, plan.problem);
      nameOf.set(text, plan.name);
      if (byName.has(plan.name)) continue;
      const what = `The name of service ${quote(plan.name)}`;
      byName.set(plan.name, {
        display_name: report.cut(plan.name, NSX_LIMITS.displayName, what),
        service_entries: plan.entries,
      });
    }
  }
  const planned = [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const ids = new IdRegister().takeAll(
    ID_PREFIX,
    planned.map(([name]) => ({ name: serviceIdText(name), identity: name })),
  );
  const services = planned.map(([, service], at): NsxService => ({
    resource_type: 'Service',
    id: ids[at] ?? '',
    ...service,
  }));
  const pathOf = new Map(planned.map(([name], at) => [name, `/infra/services/${ids[at] ?? ''}`]));
  return {
    services,
    of(rule) {
      if (rule.services.length === 0) return ['ANY'];
      const names = rule.services.map((text) => nameOf.get(text) ?? '');
      return [...new Set(names)].map((name) => pathOf.get(name) ?? '');
    },
  };
}

function checked(rule: Rule, field: string, paths: readonly string[]): readonly string[] {
  if (paths.length <= NSX_LIMITS.listItems) return paths;
  const problem = `it has ${paths.length} ${field}, and a rule takes ${NSX_LIMITS.listItems}`;
  throw impossible(rule.name, problem);
}

/** The step between sequence numbers: 10, as the manager's own, unless that leads too far. */
function stepFor(count: number): number {
  return count * 10 > NSX_LIMITS.sequenceNumber ? 1 : 10;
}

interface Parts {
  readonly groups: GroupPlan;
  readonly services: ServicePaths;
  readonly report: ExportReport;
}

function writeRule(rule: Rule, id: string, sequence: number, parts: Parts): NsxRule {
  const { groups, services, report } = parts;
  if (!TAG.test(rule.tag))
    throw impossible(rule.name, `its tag "${rule.tag}" is not 1 to 32 letters, digits, _ or -`);
  const what = `rule ${quote(rule.name)}`;
  const scope = rule.appliedTo.map((name) => groups.pathOf({ kind: 'group', name }));
  return {
    resource_type: 'Rule',
    id,
    display_name: report.cut(rule.name, NSX_LIMITS.displayName, `The name of ${what}`),
    sequence_number: sequence,
    source_groups: groups.side(rule.name, 'sources', rule.sources),
    destination_groups: groups.side(rule.name, 'destinations', rule.destinations),
    sources_excluded: false,
    destinations_excluded: false,
    services: checked(rule, 'services', services.of(rule)),
    profiles: ['ANY'],
    scope:
      scope.length === 0 ? ['ANY'] : checked(rule, 'groups in Applied To', [...new Set(scope)]),
    action: rule.action,
    direction: rule.direction,
    ip_protocol: rule.ipVersion,
    logged: rule.logged,
    tag: rule.tag,
    notes: report.cut(rule.notes, NSX_LIMITS.notes, `The note of ${what}`),
    disabled: rule.disabled,
  };
}

function writePolicies(policies: readonly Policy[], parts: Parts): readonly NsxPolicy[] {
  const identify = ({ id, name }: Policy | Rule) => ({
    name: id,
    identity: JSON.stringify([id, name]),
  });
  const ids = new IdRegister().takeAll(ID_PREFIX, policies.map(identify));
  const lastOf = new Map<Category, number>();
  return policies.map((policy, at) => {
    const sequence = (lastOf.get(policy.category) ?? 0) + stepFor(policies.length);
    lastOf.set(policy.category, sequence);
    const ruleIds = new IdRegister().takeAll('', policy.rules.map(identify));
    const step = stepFor(policy.rules.length);
    const what = `The name of policy ${quote(policy.name)}`;
    return {
      resource_type: 'SecurityPolicy',
      id: ids[at] ?? '',
      display_name: parts.report.cut(policy.name, NSX_LIMITS.displayName, what),
      category: policy.category,
      sequence_number: sequence,
      stateful: true,
      tcp_strict: true,
      scope: ['ANY'],
      rules: policy.rules.map((rule, index) =>
        writeRule(rule, ruleIds[index] ?? '', (index + 1) * step, parts),
      ),
    };
  });
}

function treeOf(
  domain: string,
  services: readonly NsxService[],
  groups: readonly NsxGroup[],
  policies: readonly NsxPolicy[],
) {
  return {
    resource_type: 'Infra',
    children: [
      ...services.map((service) => ({ resource_type: 'ChildService', Service: service })),
      {
        resource_type: 'ChildResourceReference',
        id: domain,
        target_type: 'Domain',
        children: [
          ...groups.map((group) => ({ resource_type: 'ChildGroup', Group: group })),
          ...policies.map((policy) => ({
            resource_type: 'ChildSecurityPolicy',
            SecurityPolicy: policy,
          })),
        ],
      },
    ],
  };
}

/**
 * Writes a ruleset as the body of one hierarchical NSX Policy API call
 * (`PATCH /policy/api/v1/infra`, NSX-T 3.1 and later): services, groups and policies in one tree.
 *
 * The same ruleset and inventory always give the same text, whatever the order of the inventory.
 *
 * @throws Failure `export-empty` where there is no rule, `export-impossible` where a rule cannot be said in NSX-T
 */
export function toNsxT(
  ruleset: Ruleset,
  inventory: Inventory,
  options: NsxTOptions = {},
): ExportDocument {
  const { domain = 'default' } = options;
  if (!/^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,254}$/.test(domain)) bug(`domain id "${domain}"`);
  const rules = rulesOf(ruleset);
  if (rules.length === 0) throw new Failure('export-empty');
  const report = new ExportReport();
  const membership = membershipOf(inventory);
  const groups = planGroups(ruleset, membership, domain, report);
  warnAbout(ruleset, groups.securityGroups, membership, report);
  const services = planServices(rules, report);
  const written = ruleset.policies.filter((policy) => policy.rules.length > 0);
  const policies = writePolicies(written, { groups, services, report });
  const entries = services.services.flatMap((service) => service.service_entries).length;
  const objects =
    1 + groups.groups.length + services.services.length + entries + policies.length + rules.length;
  if (objects > NSX_LIMITS.objectsPerCall) {
    report.warn(
      `The file holds ${objects} objects; one call to a manager takes ${NSX_LIMITS.objectsPerCall}. Split it by policy, groups and services first.`,
    );
  }
  const tree = treeOf(domain, services.services, groups.groups, policies);
  return {
    format: 'nsx-t',
    fileName: 'segwright-nsx-t.json',
    mediaType: 'application/json',
    text: `${JSON.stringify(tree, null, 2)}\n`,
    warnings: report.sentences,
    counts: {
      groups: groups.groups.length,
      services: services.services.length,
      policies: policies.length,
      rules: rules.length,
    },
  };
}
