import type { Exporter, ExportTask } from '../format.ts';
import { warnAboutDefault } from '../model/default-rule.ts';
import { refuseNegatedUnknown } from '../model/negated.ts';
import { quote } from '../model/report.ts';
import { warnAboutVips } from '../model/vip-legs.ts';
import { warnAboutNsxT, warnAboutRules } from '../model/warnings.ts';
import { DEFAULT_POLICY } from '../nsx-t/default-rule.ts';
import { addFindings, DOMAIN, nsxParts } from '../nsx-t/exporter.ts';
import { GROUP_TAG_SCOPE } from '../nsx-t/groups.ts';
import type { NsxPolicy, NsxRule } from '../nsx-t/objects.ts';
import { loadingTrees, type NsxParts } from '../nsx-t/tree.ts';
import { attribute, block, hclDocument, type HclBlock, type HclItem } from './hcl.ts';
import { groupBlock, reference, References, serviceBlock } from './objects.ts';

/** Rules one policy may have, by the provider's schema. */
const RULES_PER_POLICY = 1_000;

function ruleBlock(rule: NsxRule, references: References): HclBlock {
  const list = (name: string, paths: readonly string[]): readonly HclItem[] =>
    paths[0] === 'ANY' ? [] : [attribute(name, references.list(paths))];
  return block('rule', [
    attribute('display_name', rule.display_name),
    attribute('notes', rule.notes),
    attribute('sequence_number', rule.sequence_number),
    ...list('source_groups', rule.source_groups),
    ...list('destination_groups', rule.destination_groups),
    attribute('sources_excluded', rule.sources_excluded),
    attribute('destinations_excluded', rule.destinations_excluded),
    ...list('services', rule.services),
    ...list('scope', rule.scope),
    attribute('action', rule.action),
    attribute('direction', rule.direction),
    attribute('ip_version', rule.ip_protocol),
    attribute('logged', rule.logged),
    attribute('log_label', rule.tag),
    attribute('disabled', rule.disabled),
  ]);
}

function policyBlock(policy: NsxPolicy, name: string, references: References): HclBlock {
  return block(
    'resource',
    [
      attribute('nsx_id', policy.id),
      attribute('display_name', policy.display_name),
      attribute('category', policy.category),
      attribute('sequence_number', policy.sequence_number),
      attribute('stateful', policy.stateful),
      attribute('tcp_strict', policy.tcp_strict),
      ...policy.rules.map((rule) => ruleBlock(rule, references)),
      block('lifecycle', [attribute('create_before_destroy', true)]),
    ],
    ['nsxt_policy_security_policy', name],
  );
}

/**
 * Policies of at most 1,000 rules; what is cut off comes right after, before the next policy: for that all
 * sequence numbers grow.
 */
function splitPolicies(
  { report }: ExportTask,
  policies: readonly NsxPolicy[],
): readonly NsxPolicy[] {
  const isSplit = policies.some(({ rules }) => rules.length > RULES_PER_POLICY);
  if (!isSplit) return policies;
  return policies.flatMap((policy) => {
    const count = Math.ceil(policy.rules.length / RULES_PER_POLICY);
    if (count > 1)
      report.warn(
        `Policy ${quote(policy.display_name)} has ${policy.rules.length} rules; the provider takes ${RULES_PER_POLICY}, so it is ${count} policies that follow each other.`,
      );
    return Array.from({ length: count }, (_, at) => ({
      ...policy,
      id: at === 0 ? policy.id : `${policy.id}-${at + 1}`,
      display_name: at === 0 ? policy.display_name : `${policy.display_name} (${at + 1})`,
      sequence_number: policy.sequence_number * 100 + at,
      rules: policy.rules.slice(at * RULES_PER_POLICY, (at + 1) * RULES_PER_POLICY),
    }));
  });
}

function documentOf(task: ExportTask, parts: NsxParts, policies: readonly NsxPolicy[]): string {
  const references = new References();
  const blocks: HclBlock[] = [
    block('terraform', [
      block('required_providers', [
        {
          kind: 'attribute',
          name: 'nsxt',
          value: reference('{\n      source  = "vmware/nsxt"\n      version = ">= 3.8.0"\n    }'),
        },
      ]),
    ]),
  ];
  for (const { predefined } of task.model.services) {
    if (predefined === undefined) continue;
    const path = `/infra/services/${predefined.id}`;
    const name = references.add(path, 'data.nsxt_policy_service', predefined.id);
    const body = [attribute('display_name', predefined.name)];
    blocks.push(block('data', body, ['nsxt_policy_service', name]));
  }
  for (const service of parts.services) {
    const path = `/infra/services/${service.id}`;
    const name = references.add(path, 'nsxt_policy_service', service.id);
    blocks.push(serviceBlock(service, name, references));
  }
  for (const group of parts.groups) {
    const path = `/infra/domains/${DOMAIN}/groups/${group.id}`;
    const name = references.add(path, 'nsxt_policy_group', group.id);
    blocks.push(groupBlock(group, name, references));
  }
  for (const policy of policies) {
    const name = references.add(policy.id, 'nsxt_policy_security_policy', policy.id);
    blocks.push(policyBlock(policy, name, references));
  }
  return hclDocument(blocks);
}

/**
 * The default rule of every manager, in a file of its own: Terraform applies all files of a folder
 * together, so it is added when its time has come.
 */
function defaultRuleText(task: ExportTask): string | null {
  const { defaultRule } = task.model;
  if (defaultRule === null) return null;
  const own = block('default_rule', [
    attribute('action', defaultRule.action),
    attribute('logged', defaultRule.logged),
  ]);
  const path = attribute('path', `/infra/domains/${DOMAIN}/security-policies/${DEFAULT_POLICY}`);
  const labels = ['nsxt_policy_predefined_security_policy', 'default_layer3'];
  return hclDocument([block('resource', [path, own], labels)]);
}

/** Terraform with the provider vmware/nsxt: services, groups and policies as resources. */
export const terraformExporter: Exporter = {
  format: 'terraform',
  system: 'Terraform',
  needsRules: true,
  write(task) {
    const { model, report, input } = task;
    warnAboutNsxT(model, GROUP_TAG_SCOPE, report);
    warnAboutRules(model, report);
    warnAboutVips(model, input.inventory, report);
    refuseNegatedUnknown(model, report);
    warnAboutDefault(
      model,
      'It is in a file of its own, and in force as soon as that is in the folder.',
      report,
    );
    const parts = nsxParts(task);
    const policies = splitPolicies(task, parts.policies);
    const counts = {
      groups: parts.groups.length,
      services: parts.services.length,
      policies: policies.length,
      rules: policies.reduce((sum, { rules }) => sum + rules.length, 0),
    };
    if (report.hasErrors) return { files: [], counts };
    addFindings(task, loadingTrees(DOMAIN, parts));
    const text = documentOf(task, parts, policies);
    const last = defaultRuleText(task);
    const mediaType = 'text/plain';
    const files = [{ ending: '.tf', mediaType, text }];
    if (last !== null) files.push({ ending: '.default-rule.tf', mediaType, text: last });
    return { files, counts };
  },
};
