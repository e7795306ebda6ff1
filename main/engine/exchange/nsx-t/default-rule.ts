import type { DefaultRule } from '../../../../shared/domain/ruleset.ts';
import type { NsxRule, NsxTree } from './objects.ts';
import { treeOf } from './tree.ts';

/** The policy every manager ends with, and the rule in it that closes it (answers of the Policy API). */
export const DEFAULT_POLICY = 'default-layer3-section';
export const DEFAULT_RULE = 'default-layer3-rule';

/** The default rule's place: the last a number of the API can name. */
export const DEFAULT_SEQUENCE = 2 ** 31 - 1;

/** The body that changes the default rule, and nothing else: it is there already and cannot be deleted. */
export function defaultRuleTree(domain: string, { action, logged }: DefaultRule): NsxTree {
  const rule: NsxRule = {
    resource_type: 'Rule',
    id: DEFAULT_RULE,
    display_name: 'Default Layer3 Rule',
    sequence_number: DEFAULT_SEQUENCE,
    source_groups: ['ANY'],
    destination_groups: ['ANY'],
    sources_excluded: false,
    destinations_excluded: false,
    services: ['ANY'],
    profiles: ['ANY'],
    scope: ['ANY'],
    action,
    direction: 'IN_OUT',
    ip_protocol: 'IPV4_IPV6',
    logged,
    tag: '',
    notes: '',
    disabled: false,
  };
  const policy = {
    resource_type: 'ChildResourceReference',
    id: DEFAULT_POLICY,
    target_type: 'SecurityPolicy',
    children: [{ resource_type: 'ChildRule', Rule: rule }],
  } as const;
  return treeOf(domain, [], [policy]);
}
