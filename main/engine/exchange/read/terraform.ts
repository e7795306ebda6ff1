import { DEFAULT_POLICY, DEFAULT_RULE, DEFAULT_SEQUENCE } from '../nsx-t/default-rule.ts';
import { isObject, namesIn, objectsIn, textIn, textsIn, type JsonObject } from './json.ts';
import { moduleResources, planResources, type Resource } from './terraform-plan.ts';

function stateResources(document: JsonObject): readonly Resource[] {
  return objectsIn(document, 'resources').flatMap((resource) =>
    objectsIn(resource, 'instances').flatMap((instance): readonly Resource[] => {
      const values = instance['attributes'];
      const type = textIn(resource, 'type');
      const address = `${type}.${textIn(resource, 'name')}`;
      return isObject(values) ? [{ address, type, values }] : [];
    }),
  );
}

/** The resources of a state or of a plan; nothing where the document is neither. */
function resourcesOf(document: unknown): readonly Resource[] | undefined {
  if (!isObject(document)) return undefined;
  for (const field of ['planned_values', 'values']) {
    const values = document[field];
    if (isObject(values)) return moduleResources(values['root_module']);
  }
  return Array.isArray(document['resources']) ? stateResources(document) : undefined;
}

const idOf = (values: JsonObject) => textIn(values, 'nsx_id') || textIn(values, 'id');

function conditionOf(value: JsonObject): JsonObject {
  return { ...value, resource_type: 'Condition' };
}

const AND = { resource_type: 'ConjunctionOperator', conjunction_operator: 'AND' } as const;

function criterion(value: JsonObject): readonly JsonObject[] {
  const conditions = objectsIn(value, 'condition').map(conditionOf);
  const addresses = objectsIn(value, 'ipaddress_expression').map((each) => ({
    resource_type: 'IPAddressExpression',
    ip_addresses: textsIn(each, 'ip_addresses'),
  }));
  const paths = objectsIn(value, 'path_expression').map((each) => ({
    resource_type: 'PathExpression',
    paths: textsIn(each, 'member_paths'),
  }));
  const strange = ['macaddress_expression', 'external_id_expression'].flatMap((field) =>
    objectsIn(value, field).map((each) => ({ ...each, resource_type: field })),
  );
  const all: readonly JsonObject[] = [...conditions, ...addresses, ...paths, ...strange];
  return all.flatMap((each, at) => (at === 0 ? [each] : [AND, each]));
}

function groupOf(values: JsonObject): JsonObject {
  const conjunctions = objectsIn(values, 'conjunction').map((each) => textIn(each, 'operator'));
  const expression = objectsIn(values, 'criteria').flatMap((each, at) => {
    const conjunction = {
      resource_type: 'ConjunctionOperator',
      conjunction_operator: conjunctions[at - 1] ?? 'OR',
    };
    return at === 0 ? criterion(each) : [conjunction, ...criterion(each)];
  });
  const extended = objectsIn(values, 'extended_criteria');
  return {
    ...values,
    resource_type: 'Group',
    id: idOf(values),
    expression,
    extended_expression: extended,
  };
}

const ENTRY_TYPES: Readonly<Record<string, string>> = {
  l4_port_set_entry: 'L4PortSetServiceEntry',
  icmp_entry: 'ICMPTypeServiceEntry',
  igmp_entry: 'IGMPTypeServiceEntry',
  ip_protocol_entry: 'IPProtocolServiceEntry',
  algorithm_entry: 'ALGTypeServiceEntry',
  ether_type_entry: 'EtherTypeServiceEntry',
  nested_service_entry: 'NestedServiceServiceEntry',
};

function serviceOf(values: JsonObject): JsonObject {
  const entries = Object.entries(ENTRY_TYPES).flatMap(([field, type]) =>
    objectsIn(values, field).map((entry) => ({
      ...entry,
      resource_type: type,
      l4_protocol: entry['protocol'],
      protocol_number: entry['protocol'],
      alg: entry['algorithm'],
      ...(type === 'ALGTypeServiceEntry'
        ? { destination_ports: [textIn(entry, 'destination_port')] }
        : {}),
    })),
  );
  return { ...values, resource_type: 'Service', id: idOf(values), service_entries: entries };
}

function anyOr(values: JsonObject, field: string): readonly string[] {
  const list = namesIn(values, field);
  return list.length === 0 ? ['ANY'] : list;
}

function ruleOf(values: JsonObject, at: number, policy: string): JsonObject {
  const name = textIn(values, 'display_name');
  return {
    ...values,
    resource_type: 'Rule',
    id: idOf(values) || `${policy}-${at + 1}`,
    display_name: name,
    sequence_number: Number(values['sequence_number'] ?? 0) || at + 1,
    source_groups: anyOr(values, 'source_groups'),
    destination_groups: anyOr(values, 'destination_groups'),
    services: anyOr(values, 'services'),
    scope: anyOr(values, 'scope'),
    ip_protocol: values['ip_version'],
    tag: values['log_label'],
  };
}

function policyOf(values: JsonObject): JsonObject {
  const id = idOf(values);
  return {
    ...values,
    resource_type: 'SecurityPolicy',
    id,
    rules: objectsIn(values, 'rule').map((rule, at) => ruleOf(rule, at, id)),
  };
}

/** A policy every manager has, as `nsxt_policy_predefined_security_policy` changes it, with its closing rule. */
function predefinedOf(values: JsonObject): JsonObject {
  const path = textIn(values, 'path');
  const id = path.slice(path.lastIndexOf('/') + 1);
  const closing = objectsIn(values, 'default_rule').map((rule) => ({
    ...ruleOf(rule, 0, id),
    id: DEFAULT_RULE,
    is_default: true,
    sequence_number: DEFAULT_SEQUENCE,
  }));
  return {
    ...policyOf({ ...values, nsx_id: id }),
    category: id === DEFAULT_POLICY ? 'Application' : 'Ethernet',
    is_default: true,
    sequence_number: DEFAULT_SEQUENCE,
    rules: [...objectsIn(values, 'rule').map((rule, at) => ruleOf(rule, at, id)), ...closing],
  };
}

/** Whether a document is a state or a plan of Terraform. */
export function isTerraform(document: unknown): boolean {
  return resourcesOf(document)?.some(({ type }) => type.startsWith('nsxt_')) === true;
}

/**
 * The NSX resources of a state or plan, as objects of the Policy API.
 *
 * @throws PlanProblem where a plan leaves open what a rule matches
 */
export function terraformObjects(document: unknown): readonly JsonObject[] {
  const isPlan = isObject(document) && isObject(document['planned_values']);
  const resources = isPlan ? planResources(document) : (resourcesOf(document) ?? []);
  return resources.flatMap(({ address, type, values }): readonly JsonObject[] => {
    const named = { ...values, id: idOf(values) || address };
    if (type === 'nsxt_policy_group') return [groupOf(named)];
    if (type === 'nsxt_policy_service') return [serviceOf(named)];
    if (type === 'nsxt_policy_predefined_security_policy') return [predefinedOf(values)];
    return type === 'nsxt_policy_security_policy' ? [policyOf(named)] : [];
  });
}
